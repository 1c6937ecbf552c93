"""Brings pictures that nobody has seen yet to those who decide about them."""

import math
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Any

from bot.admin.rules import Roles
from bot.clock import Clock
from bot.errors import Cause, DeliveryNotNow, DeliveryRefused
from bot.images import GeneratedImage
from bot.imagine.drawing import Delivery
from bot.imagine.shelf import Shelf
from bot.moderation.rules import LOOK
from bot.quota.service import Ledger
from bot.review.lane import Looking, Parts
from bot.review.views import Ask
from bot.storage.database import Database
from bot.telegram.api import Api, CallError, CallPaused, CallRefused
from bot.telegram.chats import Chats
from bot.telegram.forms import Card, Form, file_in, first_form, next_form, send_call, upload_of
from bot.telegram.verdicts import is_closed
from bot.telegram.wire import plain, to_wire
from bot.texts import Texts

__all__ = ["LOOK", "Bringer", "looking"]

LATER = 10


class Bringer:
    """The `Bringing` of the lane. A picture that comes twice harms nobody here: a call of unknown fate is repeated."""

    def __init__(self, api: Api, chats: Chats, clock: Clock) -> None:
        self._api = api
        self._chats = chats
        self._clock = clock

    async def bring(self, ask: Ask, picture: GeneratedImage | None) -> tuple[str, str]:
        """Send it, or upload it: its file, `photo` or `document`. Raises DeliveryRefused, DeliveryNotNow."""
        if picture is None:
            return await self._forward(ask)
        chat_id, entities = int(ask.chat_id), [plain(each) for each in ask.caption_entities or ()]
        markup = plain(ask.reply_markup)
        card = Card(caption=ask.caption or "", entities=entities, markup=lambda _: markup, spoiler=True)
        form = first_form(picture, as_file=False)
        async with self._chats.turn(chat_id):
            while form:
                if left := self._chats.pause_left(chat_id):
                    raise self._later(left)
                try:
                    return await self._send(chat_id, card, form, picture)
                except CallRefused as error:
                    form = self._other(form, error)
                except FileNotFoundError:
                    raise DeliveryRefused(Cause.PICTURE_GONE) from None
        raise DeliveryRefused(Cause.PICTURE_UNSENDABLE)

    async def _forward(self, ask: Ask) -> tuple[str, str]:
        """What Telegram has already."""
        chat_id, (method, params) = int(ask.chat_id), to_wire(ask)
        async with self._chats.turn(chat_id):
            if left := self._chats.pause_left(chat_id):
                raise self._later(left)
            try:
                return await self._made(chat_id, self._api.call(method, **params))
            except CallRefused as error:
                self._other(Form(photo=False, caption=False), error)
        raise DeliveryRefused(Cause.PICTURE_UNSENDABLE)

    async def _send(self, chat_id: int, card: Card, form: Form, picture: GeneratedImage) -> tuple[str, str]:
        method, params = send_call(chat_id, card, form)
        files = upload_of(picture, form)
        files = {name: replace(each, name=f"held{each.path.suffix}") for name, each in files.items()}
        return await self._made(chat_id, self._api.upload(method, params, files))

    async def _made(self, chat_id: int, call: Awaitable[Any]) -> tuple[str, str]:
        """The file in what comes of a call, once it is our turn. Raises CallRefused, DeliveryNotNow."""
        await self._chats.pace.turn(chat_id, edit=False)
        try:
            return file_in(await call)
        except CallPaused as pause:
            await self._chats.pause(chat_id, pause.seconds)
            raise self._later(pause.seconds) from None
        except CallRefused:
            raise
        except CallError as error:
            raise self._later(LATER, str(error)) from None

    def _other(self, form: Form, error: CallRefused) -> Form | None:
        """What to try after a refusal. Raises DeliveryRefused where this person is out of reach, DeliveryNotNow."""
        if error.code == 401:
            raise self._later(LATER)  # the poller sees it too, and stops the bot
        if is_closed(error):
            raise DeliveryRefused(Cause.CHAT_CLOSED, str(error)) from None
        return next_form(form, error)

    def _later(self, seconds: float, reason: str = "") -> DeliveryNotNow:
        return DeliveryNotNow(self._clock.now() + math.ceil(seconds) + 1, reason)


def looking(
    database: Database,
    api: Api,
    chats: Chats,
    ledger: Ledger,
    shelf: Shelf,
    delivery: Delivery,
    texts: Texts,
    clock: Clock,
    admin_ids: Sequence[int],
    hours: int,
) -> Looking:
    """The handler of `review` jobs, with all that it needs. `hours`: for so long a picture is held at most."""
    bringer, roles = Bringer(api, chats, clock), Roles(tuple(admin_ids))
    return Looking(Parts(database, ledger, shelf, delivery, bringer, texts, clock, roles, hours * 3600))
