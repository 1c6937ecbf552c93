"""Pictures in inline messages, whose chats nobody tells us.

Telegram takes no uploads there. So the file goes to the storage chat first, as a message of its own, and then by its id
into the inline message, which is an edit and can be repeated. Where the upload has an unknown end it is made again: a
stray copy in the storage chat, which nobody but the operator sees, harms nobody.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import Cause, DeliveryNotNow, DeliveryRefused
from bot.images import GeneratedImage
from bot.imagine import store as generations
from bot.imagine.drawing import Shown
from bot.imagine.rules import Generation
from bot.inline.storage_chat import StorageChat
from bot.storage.database import Database
from bot.storage.patience import patiently
from bot.telegram.api import Api, CallError, CallMoved, CallNotSent, CallPaused, CallRefused, CallUnknown
from bot.telegram.chats import Chats
from bot.telegram.forms import NO_CAPTION, Card, Form, file_in, next_form, send_call, upload_of
from bot.telegram.verdicts import NOTE_GONE, UNCHANGED, is_closed, rest

log = structlog.get_logger(__name__)

# Tries of a call within one job; after them the job is put back, so that others get their turn.
TRIES = 4
LATER = 10

BARE = Card("", [], lambda _kind: {})

Check = Callable[[GeneratedImage], Awaitable[None]]
File = tuple[str, str]


async def may_post(api: Api, bot_id: int, chat_id: int) -> bool | None:
    """Whether the bot can send pictures to this chat; None where Telegram does not tell."""
    try:
        if chat_id > 0:  # nobody is told who blocked the bot, but it cannot even seem to be busy there
            return bool(await api.call("sendChatAction", chat_id=chat_id, action="upload_photo"))
        member = await api.call("getChatMember", chat_id=chat_id, user_id=bot_id)
    except CallRefused as error:
        return None if error.code == 401 else False
    except CallError:
        return None
    right = {"administrator": "can_post_messages", "restricted": "can_send_photos"}.get(member["status"], "is_member")
    return member["status"] not in ("left", "kicked") and bool(member.get(right, True))


def has_note(generation: Generation) -> bool:
    """Whether there is a message that can be edited."""
    return generation.note_id is not None or generation.inline_id is not None


def note_of(generation: Generation) -> dict[str, Any]:
    """The params that name its note, as far as it is known."""
    if generation.inline_id is not None:
        return {"inline_message_id": generation.inline_id}
    where = {"chat_id": generation.chat_id, "message_id": generation.note_id}
    return {name: value for name, value in where.items() if value is not None}


class InlineDelivery:
    """Turns inline messages into their pictures, by way of the storage chat."""

    def __init__(self, database: Database, api: Api, chats: Chats, clock: Clock, storage_chat: StorageChat) -> None:
        self._database = database
        self._api = api
        self._chats = chats
        self._clock = clock
        self._storage_chat = storage_chat

    async def show(
        self, generation: Generation, picture: GeneratedImage, card: Card, form: Form, check: Check
    ) -> Shown:
        """Put the picture into its inline message. `check` is asked before a file goes that Telegram does not decode.

        Raises DeliveryRefused, DeliveryNotNow, FileNotFoundError.
        """
        file = await self._file(generation, picture, form, check)
        media = {"type": file[1], "media": file[0], "caption": card.caption, "caption_entities": card.entities}
        params = {**note_of(generation), "media": media, "reply_markup": card.markup(file[1])}
        await self._edit(generation.chat_id, params)
        return Shown(*file, None)

    async def _file(self, generation: Generation, picture: GeneratedImage, form: Form, check: Check) -> File:
        """The file at Telegram: of an earlier try, or uploaded now and written down before anything else."""
        if generation.file_id and generation.shown_as:
            return generation.file_id, generation.shown_as
        if self._storage_chat.chat_id is None:
            raise DeliveryRefused(Cause.INTERNAL, "STORAGE_CHAT_ID is not set")
        file = await self._stored(self._storage_chat.chat_id, picture, replace(form, caption=False), check)
        await patiently(self._database, lambda tx: generations.set_file(tx, generation.generation_id, *file))
        return file

    async def _stored(self, chat_id: int, picture: GeneratedImage, form: Form, check: Check) -> File:
        while True:
            method, params = send_call(chat_id, BARE, form)
            params |= {"reply_markup": None, "disable_notification": True}
            try:
                call = partial(self._api.upload, method, params, upload_of(picture, form))
                return file_in(await self._insist(chat_id, call, edit=False))
            except CallMoved as moved:
                log.warning("storage_chat_moved", STORAGE_CHAT_ID=moved.chat_id)
                self._storage_chat.chat_id = chat_id = moved.chat_id
            except CallRefused as error:
                form = await self._other_form(picture, form, error, check)

    async def _other_form(self, picture: GeneratedImage, form: Form, error: CallRefused, check: Check) -> Form:
        """What to try after the storage chat refused. Raises DeliveryRefused when nothing is left."""
        if error.code == 401:
            raise self._later(LATER, str(error))  # the poller sees it too, and stops the bot
        if is_closed(error):
            log.error("storage_chat_closed", reason=str(error)[:200])
            self._storage_chat.refused()
            raise DeliveryRefused(Cause.INTERNAL, f"STORAGE_CHAT_ID: {error}")
        other = next_form(form, error)
        if other is None:
            raise DeliveryRefused(Cause.PICTURE_UNSENDABLE, str(error))
        await check(picture)
        return other

    async def _edit(self, chat_id: int, params: dict[str, Any]) -> None:
        while True:
            try:
                await self._insist(chat_id, partial(self._api.call, "editMessageMedia", **params), edit=True)
            except CallRefused as error:
                if error.says(*UNCHANGED):
                    return
                params = self._without_caption(params, error)
            else:
                return

    def _without_caption(self, params: dict[str, Any], error: CallRefused) -> dict[str, Any]:
        """What is left after a refusal. Raises DeliveryRefused where that is nothing: the message was deleted."""
        if error.code == 401:
            raise self._later(LATER, str(error))
        media = params["media"]
        if "caption" not in media or not error.says(*NO_CAPTION):
            gone = error.says(*NOTE_GONE) or error.code == 403
            raise DeliveryRefused(Cause.CHAT_CLOSED if gone else Cause.PICTURE_UNSENDABLE, str(error))
        return {**params, "media": {"type": media["type"], "media": media["media"]}}

    async def _insist(self, chat_id: int, call: Callable[[], Awaitable[Any]], *, edit: bool) -> Any:
        """Call until there is a clear answer, a few times at most. Raises DeliveryNotNow, CallRefused, CallMoved."""
        for failures in range(1, TRIES + 1):
            if left := self._chats.pause_left(chat_id):
                raise self._later(left, "the chat is paused")
            await self._chats.pace.turn(chat_id, edit=edit)
            try:
                return await call()
            except CallPaused as pause:
                await self._chats.pause(chat_id, pause.seconds)
            except (CallNotSent, CallUnknown) as error:
                log.info("inline_picture_waits", reason=str(error)[:200])
                await asyncio.sleep(rest(failures))
        raise self._later(LATER, "no clear answer")

    def _later(self, seconds: float, reason: str) -> DeliveryNotNow:
        # Due times are whole seconds of a clock that cuts off: one more, so that nothing comes early.
        return DeliveryNotNow(self._clock.now() + math.ceil(seconds) + 1, reason)
