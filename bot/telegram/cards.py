"""What stands in a note and around a picture, in the language of whoever asked."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from aiogram.methods import EditMessageText

from bot.chats import store as chats
from bot.imagine import keyboards, views
from bot.imagine.rules import Extras, Generation, Status
from bot.imagine.service import Imagine
from bot.outgoing import Outgoing
from bot.posts import store as posts
from bot.posts import views as drafts
from bot.posts.rules import Post
from bot.quota.service import Ledger
from bot.storage.database import Database, Transaction
from bot.telegram.forms import Card
from bot.telegram.inline import note_of
from bot.telegram.wire import plain
from bot.texts import Texts, Translator
from bot.users import store as users
from bot.users.rules import Person


class Cards:
    """Looks up what a view needs: the person, the place in the queue, the credits."""

    def __init__(self, database: Database, imagine: Imagine, ledger: Ledger, texts: Texts) -> None:
        self._database = database
        self._imagine = imagine
        self._ledger = ledger
        self._texts = texts

    async def note(self, tx: Transaction, generation: Generation) -> Outgoing:
        """The edit that shows the present state of a generation in its note."""
        text, entities, markup = await self.note_view(tx, generation)
        method = EditMessageText(**note_of(generation), text=text, entities=entities, reply_markup=markup)
        of = generation.generation_id
        return Outgoing(method, note_of=of, chat_id=generation.chat_id, about=generation.user_id)

    async def places(self, tx: Transaction, generations: Iterable[Generation]) -> dict[str, int]:
        """The places in the queue, looked up only where one of these waits."""
        waits = any(generation.status is Status.QUEUED for generation in generations)
        return await self._imagine.places(tx) if waits else {}

    async def note_view(
        self, tx: Transaction, generation: Generation, places: Mapping[str, int] | None = None
    ) -> views.View:
        """Text, entities and buttons of a note; `places` as Imagine gives them, where they are known already."""
        t = await self._words(tx, generation, await users.get(tx, generation.user_id))
        return views.note(t, generation, await self._imagine.standing(tx, generation, places))

    async def picture(self, generation: Generation) -> tuple[Card, bool]:
        """What stands around the picture, and whether the person wants pictures as files."""
        async with self._database.read() as tx:
            person = await users.get(tx, generation.user_id)
            post = await posts.get(tx, generation.generation_id) if generation.private else None
            balance = await self._ledger.seen(tx, generation.user_id)
            t = await self._words(tx, generation, person)
        if post:
            return _draft(t, post, generation), False
        if balance is None:
            async with self._database.write() as tx:  # a new day has begun
                balance = await self._ledger.balance(tx, generation.user_id)
        left = balance.daily + balance.kept if generation.private else None
        model, wished = self._imagine.models.of(generation), self._imagine.models.wished_of(generation)
        caption, entities = views.caption(t, generation, model, left, wished)
        card = Card(
            caption=caption,
            entities=[plain(entity) for entity in entities],
            markup=partial(_buttons, t, generation, self._imagine.extras(generation)),
            thread_id=generation.thread_id,
            spoiler=generation.spoiler,
            reply_to=None if generation.private else generation.message_id,
        )
        return card, bool(person and person.as_file)

    async def _words(self, tx: Transaction, generation: Generation, person: Person | None) -> Translator:
        """In the language of the group, where it has chosen one, else in that of the person."""
        place = (await chats.get(tx, generation.chat_id)).language if generation.chat_id < 0 else None
        own = (person.language, person.client_language) if person else ()
        return self._texts.negotiate(place, *own)


def _draft(t: Translator, post: Post, generation: Generation) -> Card:
    """As its readers will see it."""
    caption, entities = drafts.words(post)
    return Card(
        caption=caption,
        entities=[plain(entity) for entity in entities],
        markup=lambda _: plain(drafts.markup(t, post)),
        thread_id=generation.thread_id,
        spoiler=generation.spoiler,
    )


def _buttons(t: Translator, generation: Generation, extras: Extras, kind: str) -> dict[str, Any]:
    if generation.posted:
        return {"inline_keyboard": []}
    buttons: dict[str, Any] = plain(keyboards.picture(t, replace(generation, shown_as=kind), extras))
    return buttons
