"""Drafts for channels: begun in private by those who may post there, changed, published or planned by a press."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.chats import store as chats
from bot.chats.service import Host, Means
from bot.chats.service import barred as barred_in
from bot.errors import UserError
from bot.images import ImageModel
from bot.imagine.rules import Generation, Place, Wish
from bot.imagine.service import Imagine
from bot.jobs import store as jobs
from bot.moderation.rules import Kind
from bot.posts import store
from bot.posts.newsroom import Newsroom
from bot.posts.rules import OPEN, Asked, Entity, Post, Standing, State, checked, fitting
from bot.posts.standings import Standings
from bot.storage.database import Transaction
from bot.users.rules import Person

# Publishes at once, and when its time has come.
POST = "post"
POST_LATER = "post-later"
# So many channels are asked about at most before one must be named.
MOST_ASKED = 20


class NotYourChannel(UserError):
    """There is no such channel, or this person may not post in it, or the bot may not."""

    def __init__(self) -> None:
        super().__init__("post-not-your-channel")


class Moved(UserError):
    """The draft is elsewhere by now: pressed twice, or on its way."""

    mild = True

    def __init__(self, post: Post) -> None:
        super().__init__(f"post-state-{post.state}")


class Posts:
    """All functions take the open transaction first. A UserError may be raised after rows were written."""

    def __init__(self, imagine: Imagine, means: Means, standings: Standings, *, public: bool) -> None:
        """`public`: the bot works in every channel that was not turned out."""
        self._imagine = imagine
        self._means = means
        self._standings = standings
        self._public = public

    async def channels(self, tx: Transaction, person: Person) -> list[tuple[int, Standing]]:
        """Where this person may publish, as far as the bot knows. Raises Errand."""
        wanted = await store.candidates(tx, person.user_id, MOST_ASKED)
        found = self._standings.among(wanted, person.user_id)
        return [
            (chat_id, standing)
            for chat_id, (_, standing) in zip(wanted, found, strict=True)
            if await self._may(tx, chat_id, standing)
        ]

    async def named(self, tx: Transaction, person: Person, name: int | str) -> tuple[int, Standing]:
        """The channel of this number or @name. Raises NotYourChannel, Errand."""
        chat_id, standing = self._standings.of(name, person.user_id)
        if chat_id is None or not await self._may(tx, chat_id, standing):
            raise NotYourChannel
        return chat_id, standing

    async def begin(
        self, tx: Transaction, person: Person, channel: int, place: Place, wish: Wish, key: str
    ) -> list[Generation]:
        """Draw for a channel under its rules, as drafts in a private chat; as Imagine.submit. Raises NotYourChannel."""
        chat_id, standing = await self.named(tx, person, channel)
        chat = await chats.get(tx, chat_id)
        made = await (await self.under(tx, chat_id)).submit(tx, person, place, wish, key)
        now = self._means.clock.now()
        for each in made:
            draft = Post(each.generation_id, person.user_id, chat_id, standing.title, now, now)
            await store.insert(tx, replace(draft, signature=chat.signature))
        # Several at once: each was let in before the others counted as drafts.
        await Host(chat, self._means).keep_limit(tx)
        return made

    async def under(self, tx: Transaction, chat_id: int) -> Imagine:
        """Drawing under the rules of a channel."""
        return self._imagine.under(Newsroom(Host(await chats.get(tx, chat_id), self._means)))

    async def like(self, tx: Transaction, post: Post, post_id: str) -> None:
        """A draft for another picture that says what this one says."""
        now = self._means.clock.now()
        draft = Post(post_id, post.user_id, post.chat_id, post.title, now, now)
        await store.insert(tx, replace(draft, caption=post.caption, entities=post.entities, signature=post.signature))

    async def require(self, tx: Transaction, post: Post) -> None:
        """Raises NotYourChannel where its person may not post there any more, and Errand."""
        await self.named(tx, Person(post.user_id), post.chat_id)

    async def publish(self, tx: Transaction, post: Post) -> Post:
        """Leave it to be published at once; a press that comes twice publishes once. Raises Moved, and as `say`."""
        now = self._means.clock.now()
        await self._look(tx, post, post.caption, post.signature)
        sent = await self._change(tx, post, state=State.SENDING, asked=None, due_at=None)
        await jobs.cancel(tx, POST_LATER, post.post_id)
        await jobs.add(tx, POST, post.post_id, _lane(post), now)
        return sent

    async def plan(self, tx: Transaction, post: Post, at: int) -> Post:
        """Leave it to be published at this time. Raises Moved, NotATime, and as `say`."""
        due_at = checked(at, self._means.clock.now())
        await self._look(tx, post, post.caption, post.signature)
        planned = await self._change(tx, post, state=State.PLANNED, asked=None, due_at=due_at)
        await jobs.cancel(tx, POST_LATER, post.post_id)
        await jobs.add(tx, POST_LATER, post.post_id, _lane(post), due_at)
        return planned

    async def take_back(self, tx: Transaction, post: Post) -> Post:
        """Make what was planned a draft again. Raises Moved."""
        if post.state is not State.PLANNED:
            raise Moved(post)
        draft = await self._change(tx, post, state=State.DRAFT, asked=None, due_at=None)
        await jobs.cancel(tx, POST_LATER, post.post_id)
        return draft

    async def ask(self, tx: Transaction, post: Post, asked: Asked | None) -> Post:
        """Wait for an answer, or no longer. Raises Moved."""
        return await self._change(tx, post, asked=asked)

    async def say(self, tx: Transaction, post: Post, caption: str, entities: Sequence[Entity]) -> Post:
        """Other words below the picture. Raises TooLong, Moved; NotHere, Paused, Unsaid and Errand as a prompt does."""
        fitting(caption, post.signature)
        await self._look(tx, post, caption)
        return await self._change(tx, post, caption=caption, entities=tuple(entities), asked=None)

    async def sign(self, tx: Transaction, post: Post, signature: str | None) -> Post:
        """Another signature below them. Raises as `say`."""
        fitting(post.caption, signature)
        await self._look(tx, post, signature)
        return await self._change(tx, post, signature=signature, asked=None)

    async def sign_all(self, tx: Transaction, post: Post, signature: str | None) -> Post:
        """The same for every new draft for its channel. Raises TooLong, Moved, NotYourChannel, Errand."""
        await self.require(tx, post)
        await chats.change(tx, post.chat_id, signature=signature)
        return await self.sign(tx, post, signature)

    async def signature_of(self, tx: Transaction, post: Post) -> str | None:
        """What the admins of its channel sign with."""
        return (await chats.get(tx, post.chat_id)).signature

    async def settle(self, tx: Transaction, post: Post) -> Post:
        """Its person has seen it in the channel. Raises Moved."""
        if post.state is not State.UNSURE:
            raise Moved(post)
        return await self._change(tx, post, state=State.PUBLISHED)

    async def discard(self, tx: Transaction, post: Post) -> Post:
        """Nothing becomes of it; the picture stays in the history. Raises Moved."""
        gone = await self._change(tx, post, state=State.DISCARDED, asked=None, due_at=None)
        await jobs.cancel(tx, POST_LATER, post.post_id)
        return gone

    async def zone(self, tx: Transaction, post: Post) -> ZoneInfo:
        """In which times for this channel are typed: that of its settings, or the bot's own."""
        chosen = (await chats.get(tx, post.chat_id)).zone
        return ZoneInfo(chosen) if chosen else self._means.zone

    async def _look(self, tx: Transaction, post: Post, *words: str | None) -> None:
        """What a channel is to read is looked at as what is to be drawn for it; the same words count once."""
        texts, moderation = [each for each in words if each], self._imagine.moderation
        if texts and moderation:
            name = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
            await moderation.require(tx, post.user_id, Kind.CHANNELS, texts, f"post:{post.post_id}:{name}")

    async def _change(self, tx: Transaction, post: Post, **changes: object) -> Post:
        changed = None
        if post.state in OPEN:
            changed = await store.change(tx, post, self._means.clock.now(), **changes)
        if changed is None:
            raise Moved(post)
        return changed

    async def _may(self, tx: Transaction, chat_id: int, standing: Standing) -> bool:
        chat = await chats.get(tx, chat_id)
        return standing.leads and standing.posts and chat.is_let_in(public=self._public)


async def barred(tx: Transaction, generation: Generation, models: Sequence[ImageModel]) -> Collection[str]:
    """Those of the models, by key, that may not draw it: the rules of a channel count for drafts, too."""
    if generation.chat_id < 0:
        return await barred_in(tx, generation.chat_id, models)
    post = await store.get(tx, generation.generation_id)
    return await barred_in(tx, post.chat_id, models) if post else ()


def _lane(post: Post) -> str:
    """One post after the other in each channel, and none waits for pictures."""
    return f"channel:{post.chat_id}"
