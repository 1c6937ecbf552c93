"""Brings a post into its channel, by the file that Telegram has already, and tells its person what became of it."""

import math
from collections.abc import Collection
from typing import Any

from aiogram.methods import EditMessageReplyMarkup, SendMessage
from aiogram.types import LinkPreviewOptions, ReplyParameters

from bot.chats.service import Means
from bot.clock import Clock
from bot.errors import Cause, DeliveryNotNow, DeliveryRefused, DeliveryUnknown
from bot.imagine.rules import Generation
from bot.imagine.service import Imagine
from bot.jobs.runner import Handler
from bot.outgoing import Outgoing
from bot.posts import views
from bot.posts.posting import Begin, Posting
from bot.posts.rules import News, Post, link_to
from bot.posts.service import POST, POST_LATER, Posts
from bot.posts.standings import Standings
from bot.storage.database import Database, Transaction
from bot.telegram.api import Api, CallError, CallNotSent, CallPaused, CallRefused
from bot.telegram.chats import Chats
from bot.telegram.outbox import Outbox
from bot.telegram.roles import standing_of
from bot.telegram.wire import plain
from bot.texts import Texts
from bot.users import store as users

LATER = 10


class ChannelPress:
    """The `Press` of the jobs."""

    def __init__(self, api: Api, chats: Chats, outbox: Outbox, texts: Texts, clock: Clock) -> None:
        self._api = api
        self._chats = chats
        self._outbox = outbox
        self._texts = texts
        self._clock = clock

    async def publish(self, post: Post, picture: Generation, username: str | None, begin: Begin) -> tuple[int, str]:
        """The number of the message in the channel, and its link. Raises DeliveryError."""
        async with self._chats.turn(post.chat_id):
            if left := self._chats.pause_left(post.chat_id):
                raise self._later(left)
            await self._chats.pace.turn(post.chat_id, edit=False)
            await begin()
            try:
                message_id = await self._send(post, picture)
            except CallPaused as pause:
                await self._chats.pause(post.chat_id, pause.seconds)
                raise self._later(pause.seconds) from None
            except CallNotSent as error:
                raise self._later(LATER, str(error)) from None
            except CallRefused as error:
                raise self._refused(error) from None
            except CallError as error:
                raise DeliveryUnknown(str(error)) from None
        return message_id, link_to(post.chat_id, username, message_id)

    async def tell(self, tx: Transaction, post: Post, picture: Generation, news: News) -> None:
        """Add to the outbox: what became of it, and its buttons as they are now."""
        person = await users.get(tx, post.user_id)
        t = self._texts.negotiate(person.language, person.client_language) if person else self._texts.negotiate()
        chat_id, message_id = picture.chat_id, picture.note_id
        if message_id is not None:
            markup = views.markup(t, post)
            edit = EditMessageReplyMarkup(chat_id=chat_id, message_id=message_id, reply_markup=markup)
            await self._outbox.add(tx, Outgoing(edit))
        text, entities = views.news(t, post, news)
        answered = message_id and ReplyParameters(message_id=message_id, allow_sending_without_reply=True)
        said = SendMessage(
            chat_id=chat_id,
            text=text,
            entities=entities or None,
            reply_parameters=answered or None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        await self._outbox.add(tx, Outgoing(said))

    async def _send(self, post: Post, picture: Generation) -> int:
        caption, entities = views.words(post)
        file = {"photo": picture.file_id, "has_spoiler": picture.spoiler or None}
        method = "sendPhoto"
        if picture.shown_as != "photo":
            method, file = "sendDocument", {"document": picture.file_id}
        words = {"caption": caption, "caption_entities": [plain(each) for each in entities] or None}
        params: dict[str, Any] = {"chat_id": post.chat_id, **file, **words}
        message = await self._api.call(method, **params)
        return int(message["message_id"])

    def _refused(self, error: CallRefused) -> DeliveryNotNow | DeliveryRefused:
        if error.code == 401:
            return self._later(LATER)  # the poller sees it too, and stops the bot
        return DeliveryRefused(Cause.PICTURE_UNSENDABLE, str(error))

    def _later(self, seconds: float, reason: str = "") -> DeliveryNotNow:
        return DeliveryNotNow(self._clock.now() + math.ceil(seconds) + 1, reason)


class PostOffice:
    """Everything between drafts and their channels, put together. `public`: everybody may use the bot."""

    def __init__(
        self,
        database: Database,
        api: Api,
        chats: Chats,
        outbox: Outbox,
        texts: Texts,
        clock: Clock,
        *,
        public: bool,
        admin_ids: Collection[int],
    ) -> None:
        self._public = public
        self._standings = Standings(standing_of(api), clock)
        press = ChannelPress(api, chats, outbox, texts, clock)
        posting = Posting(
            database, self._standings, press, clock, trusted=lambda user_id: public or user_id in admin_ids
        )
        self.jobs: dict[str, Handler] = {POST: posting, POST_LATER: posting}

    def desk(self, imagine: Imagine, means: Means) -> Posts:
        """What handlers ask for as `posts`."""
        return Posts(imagine, means, self._standings, public=self._public)
