"""Brings the picture into the chat, exactly once.

The note is edited into the picture, because an edit can be repeated until there is a clear answer: the worst that
happens is that the same message becomes the same picture again. A new message is sent only where there is no note to
edit. It is fenced: that it was begun is committed first, and if its fate stays unknown it is not sent again by itself.

Telegram decodes photos and refuses what is none. Files it takes as they are, so they are decoded here before they go.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import Cause, DeliveryNotNow, DeliveryRefused, DeliveryUnknown, Refused, Unknown
from bot.images import GeneratedImage
from bot.imagine import store as generations
from bot.imagine.drawing import Shown
from bot.imagine.rules import Generation, Status
from bot.inline.storage_chat import StorageChat
from bot.storage.database import Database, Transaction
from bot.storage.patience import patiently
from bot.telegram.api import Api, CallError, CallMoved, CallNotSent, CallPaused, CallRefused, CallUnknown
from bot.telegram.cards import Cards
from bot.telegram.chats import Chats
from bot.telegram.crowd import Crowd, Crowded
from bot.telegram.forms import NO_FILE, Card, Form, edit_params, file_in, first_form, next_form, send_call, upload_of
from bot.telegram.inline import InlineDelivery
from bot.telegram.limits import GROUP
from bot.telegram.outbox import Outbox
from bot.telegram.progress import MOVING
from bot.telegram.upload import Upload
from bot.telegram.verdicts import NOTE_GONE, UNCHANGED, is_closed, rest

log = structlog.get_logger(__name__)

# Seconds for which a picture waits for its note to be sent before the job is put back.
NOTE_PATIENCE = 30.0
# In a group, messages before the note that are as good as sent; and seconds between two of them.
NEAR = 2
SENT_APART = GROUP.seconds / GROUP.calls
# Tries of an edit within one job; after them the job is put back, so that others get their turn.
TRIES = 4
LATER = 10


class TelegramDelivery:
    """The `Delivery` of the jobs."""

    def __init__(
        self,
        database: Database,
        api: Api,
        outbox: Outbox,
        chats: Chats,
        cards: Cards,
        decode: Callable[[GeneratedImage], Awaitable[None]],
        clock: Clock,
        storage_chat: StorageChat,
    ) -> None:
        """`decode` raises Refused for what is no picture, and Unknown where that could not be told.

        `storage_chat` is where pictures of inline messages are uploaded.
        """
        self._database = database
        self._api = api
        self._outbox = outbox
        self._chats = chats
        self._cards = cards
        self._decode = decode
        self._clock = clock
        self._crowd = Crowd(clock)
        self._inline = InlineDelivery(database, api, chats, clock, storage_chat)

    async def tell(self, tx: Transaction, generation: Generation) -> None:
        """Add to the outbox: the note as it should look in the present state of the generation.

        In a group one edit on the way is enough, and that one is for `Progress` to make.
        """
        if generation.chat_id < 0 and generation.status in MOVING:
            return
        await self._outbox.add(tx, await self._cards.note(tx, generation))

    async def show(self, generation: Generation, picture: GeneratedImage) -> Shown:
        """Put the picture into the chat. Raises DeliveryRefused, DeliveryNotNow, DeliveryUnknown."""
        self._check_pause(generation.chat_id)
        try:
            await self._check_crowd(generation)
            with self._crowd.alone(generation.chat_id, generation.generation_id):
                return await self._in_order(generation, picture)
        except Crowded as crowd:
            raise self._later(crowd.seconds, str(crowd)) from None

    async def _in_order(self, generation: Generation, picture: GeneratedImage) -> Shown:
        """Behind its note, and behind what else is said in the chat."""
        if not await self._outbox.until_sent(generation.generation_id, NOTE_PATIENCE):
            raise self._later(LATER, "the note is not sent yet")
        async with self._chats.turn(generation.chat_id):
            self._check_pause(generation.chat_id)
            return await self._show(await self._fresh(generation), picture)

    async def _check_crowd(self, generation: Generation) -> None:
        """In a group that is asked much its note may be far from being sent: then somebody else's turn is now."""
        if generation.chat_id > 0:
            return
        ahead = await self._outbox.ahead(generation.chat_id, generation.generation_id)
        if ahead > NEAR:
            raise Crowded((ahead - NEAR) * SENT_APART)

    def _check_pause(self, chat_id: int) -> None:
        if left := self._chats.pause_left(chat_id):
            raise self._later(left, "the chat is paused")

    async def _fresh(self, generation: Generation) -> Generation:
        """The generation as it is now: its note was sent meanwhile. Raises DeliveryUnknown where a try was begun."""
        async with self._database.read() as tx:
            fresh = await generations.get(tx, generation.generation_id)
        if fresh is None or fresh.status is not Status.READY or fresh.fenced:
            raise DeliveryUnknown("begun before, or ended by somebody else")
        return fresh

    async def _show(self, generation: Generation, picture: GeneratedImage) -> Shown:
        card, as_file = await self._cards.picture(generation)
        form = first_form(picture, as_file=as_file)
        if form is None:
            raise DeliveryRefused(Cause.PICTURE_UNSENDABLE, f"{picture.size} bytes")
        if not form.photo:
            await self._check(picture)
        try:
            if generation.inline_id is not None:
                return await self._inline.show(generation, picture, card, form, self._check)
            if generation.note_id is None:
                return await self._send_fenced(generation, picture, card, form)
            return await self._edit(generation, generation.note_id, picture, card, form)
        except FileNotFoundError:
            raise DeliveryRefused(Cause.PICTURE_GONE) from None

    async def _edit(
        self, generation: Generation, note_id: int, picture: GeneratedImage, card: Card, form: Form
    ) -> Shown:
        """Turn the note into the picture."""
        failures = 0
        while True:
            params = edit_params(generation.chat_id, note_id, card, form)
            try:
                return await self._call("editMessageMedia", params, generation, upload_of(picture, form))
            except (CallNotSent, CallUnknown) as error:
                failures += 1
                await self._rest(failures, error)
            except CallRefused as error:
                if error.says(*NOTE_GONE):
                    return await self._send_fenced(generation, picture, card, form)
                if error.says(*UNCHANGED):
                    return await self._as_it_is(generation.chat_id, note_id, card.markup(form.kind))
                form = await self._other_form(generation, picture, form, error)

    async def _as_it_is(self, chat_id: int, note_id: int, markup: dict[str, Any] | None) -> Shown:
        """The note is this picture already. Take its buttons off and on again, because that tells its file."""
        where = {"chat_id": chat_id, "message_id": note_id}
        try:
            await self._api.call("editMessageReplyMarkup", **where)
        except CallRefused:
            pass  # it had none
        except CallError as error:
            raise self._later(LATER, str(error)) from None
        try:
            return _shown(await self._api.call("editMessageReplyMarkup", **where, reply_markup=markup))
        except CallError as error:
            raise self._later(LATER, str(error)) from None

    async def _send_fenced(self, generation: Generation, picture: GeneratedImage, card: Card, form: Form) -> Shown:
        """Send the picture as a new message, once. A clear no opens the fence again."""
        await self._fence(generation, True)
        try:
            return await self._send(generation, picture, card, form)
        except CallUnknown as error:
            raise DeliveryUnknown(str(error)) from None
        except CallNotSent as error:
            await self._fence(generation, False)
            raise self._later(LATER, str(error)) from None
        except (DeliveryNotNow, DeliveryRefused, FileNotFoundError):
            await self._fence(generation, False)
            raise

    async def _send(self, generation: Generation, picture: GeneratedImage, card: Card, form: Form) -> Shown:
        while True:
            method, params = send_call(generation.chat_id, card, form)
            try:
                return await self._call(method, params, generation, upload_of(picture, form))
            except CallRefused as error:
                # A refusal did nothing, so the next form is still the first message.
                form = await self._other_form(generation, picture, form, error)

    async def _call(
        self, method: str, params: Mapping[str, Any], generation: Generation, files: dict[str, Upload]
    ) -> Shown:
        """One try. Raises DeliveryNotNow where Telegram names a time or a new place, else CallError."""
        chat_id = generation.chat_id
        await self._chats.pace.turn(chat_id, edit=method == "editMessageMedia")
        try:
            message = await self._api.upload(method, params, files)
        except CallPaused as pause:
            await self._chats.pause(chat_id, pause.seconds)
            raise self._later(self._chats.pause_left(chat_id)) from None
        except CallMoved as moved:
            await self._outbox.move_chat(chat_id, moved.chat_id)
            raise self._later(0) from None
        return _shown(message)

    async def _other_form(
        self, generation: Generation, picture: GeneratedImage, form: Form, error: CallRefused
    ) -> Form:
        """What to try after a refusal. Raises DeliveryRefused when nothing is left."""
        log.info("picture_refused", generation_id=generation.generation_id, form=form.kind, reason=str(error)[:200])
        if error.code == 401:
            raise self._later(LATER)  # the poller sees it too, and stops the bot
        if is_closed(error):
            await self._outbox.close_chat(generation.chat_id, str(error))
            raise DeliveryRefused(Cause.CHAT_CLOSED, str(error))
        other = next_form(form, error)
        if other is None:
            barred = error.says(*NO_FILE)
            raise DeliveryRefused(Cause.PICTURES_BARRED if barred else Cause.PICTURE_UNSENDABLE, str(error))
        if form.photo and not other.photo:
            await self._check(picture)
        return other

    async def _check(self, picture: GeneratedImage) -> None:
        """Nobody is shown, or pays for, a file that is no picture. Raises DeliveryRefused, DeliveryNotNow."""
        try:
            await self._decode(picture)
        except Refused as error:
            raise DeliveryRefused(error.cause, error.detail) from error
        except FileNotFoundError:
            raise DeliveryRefused(Cause.PICTURE_GONE) from None
        except (Unknown, OSError) as error:
            raise self._later(LATER, str(error)) from error

    async def _fence(self, generation: Generation, fenced: bool) -> None:
        """Patient, because a fence that stays closed by mistake makes a person ask for a picture that never left."""

        async def change(tx: Transaction) -> bool:
            return await generations.set_fenced(tx, generation.generation_id, fenced)

        if not await patiently(self._database, change):
            raise DeliveryUnknown("ended by somebody else")

    async def _rest(self, failures: int, error: CallError) -> None:
        if failures >= TRIES:
            raise self._later(LATER, str(error)) from None
        await asyncio.sleep(rest(failures))

    def _later(self, seconds: float, reason: str = "") -> DeliveryNotNow:
        # Due times are whole seconds of a clock that cuts off: one more, so that nothing comes early.
        return DeliveryNotNow(self._clock.now() + (math.ceil(seconds) + 1 if seconds else 0), reason)


def _shown(message: Mapping[str, Any]) -> Shown:
    file_id, shown_as = file_in(message)
    return Shown(file_id, shown_as, message["message_id"])
