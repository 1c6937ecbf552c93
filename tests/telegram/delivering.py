"""What tests of the delivery have in common: a picture that is ready, and who brings it."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram.methods import SendMessage

from bot.images import GeneratedImage
from bot.imagine import store
from bot.imagine.rules import Generation, Status
from bot.outgoing import Outgoing
from bot.sandbox.people import Talk
from bot.storage.database import Database
from bot.telegram.delivery import TelegramDelivery
from tests.telegram.conftest import Edge, cards_of
from tests.telegram.inmind import no_storage_chat
from tests.telegram.pictures import keep_generation

Decode = Callable[[GeneratedImage], Awaitable[None]]


class Decoder:
    """Says of each picture that it can be decoded, unless it was told what is wrong with them."""

    def __init__(self, wrong: Exception | None = None) -> None:
        self.asked: list[GeneratedImage] = []
        self._wrong = wrong

    async def __call__(self, picture: GeneratedImage) -> None:
        self.asked.append(picture)
        if self._wrong:
            raise self._wrong


def delivery_of(life: Edge, database: Database | None = None, decode: Decode | None = None) -> TelegramDelivery:
    cards, decode = cards_of(life), decode or Decoder()
    edge = (database or life.database, life.api, life.outbox, life.chats, cards)
    return TelegramDelivery(*edge, decode, life.clock, no_storage_chat())


async def ready(life: Edge, talk: Talk, *, note: bool = True, **changes: Any) -> Generation:
    """A generation whose picture is ready, with its note in the chat or on its way there."""
    await keep_generation(life.database, "g1", talk.chat_id, Status.DRAWING, **changes)
    async with life.database.write() as tx:
        await store.move(tx, "g1", Status.DRAWING, Status.READY, draw_ms=2345)
        if note:
            await life.outbox.add(tx, Outgoing(SendMessage(chat_id=talk.chat_id, text="Drawing"), note_of="g1"))
        generation = await store.get(tx, "g1")
    assert generation is not None
    return generation


def pictures(talk: Talk) -> list[Any]:
    return [message for message in talk.answers if message.picture]
