"""Thousands of people come and go in virtual time: what is kept of each in memory is gone when it is of no use."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from aiogram import Dispatcher, Router
from aiogram.methods import SendMessage
from aiogram.types import Message
from pydantic import SecretStr

from bot.clock import Clock
from bot.telegram.api import CallError, CallNotSent, CallPaused, CallRefused
from bot.telegram.chats import Chats
from bot.telegram.fading import FEW, Fading
from bot.telegram.gate import Gate
from bot.telegram.handler_bot import HandlerBot
from bot.telegram.inbox import Inbox
from bot.telegram.outbox import Outbox
from bot.telegram.spine import Spine
from bot.texts import Texts
from tests.telegram.inmind import InMind
from tests.virtual import EPOCH, InlineDatabase, LoopClock, run

MANY = 10_000
PEOPLE = 3_000
AT_ONCE = 100
GATHERED = (dict, list, set, deque)


def test_what_is_over_goes_when_there_is_much_and_what_is_not_stays() -> None:
    kept: Fading[int, bool] = Fading(lambda over: over)
    for number in range(MANY):
        kept[number] = number % 10 != 0
    assert len(kept) <= 2 * FEW + MANY // 10
    assert all(number in kept for number in range(0, MANY, 10))


def test_looking_through_costs_each_entry_little_even_when_nothing_is_over() -> None:
    looks = Counter[str]()

    def over(_: int) -> bool:
        looks["all"] += 1
        return False

    kept: Fading[int, int] = Fading(over)
    for number in range(MANY):
        kept[number] = number
    assert len(kept) == MANY
    assert looks["all"] <= 2 * MANY


class Town:
    """The edge between Telegram and the handlers, and people of whom each says one thing.

    A fifth of them is asked to wait, a fifth is not reached at first and has blocked the bot then.
    """

    def __init__(self, data_dir: Path) -> None:
        self.clock: Clock = LoopClock()
        self.database = InlineDatabase(data_dir)
        self.counts = Counter[str]()
        self.calls = Counter[int]()
        self.api = InMind(self.clock, Random(1), before=self.answer)
        self.chats = Chats(self.database, self.clock)
        self.outbox = Outbox(self.database, self.api, self.chats, self.clock, self.counts)
        self.spine = self._spine()
        self.inbox = Inbox(self.database, 42, self.clock, self.counts, self.spine.take, lambda: None)

    def _spine(self) -> Spine:
        texts, dispatcher, router = Texts.load(), Dispatcher(disable_fsm=True), Router()
        router.message.register(_echo)
        dispatcher.update.outer_middleware(Gate(texts, self.clock, frozenset(), public=True))
        dispatcher.include_router(router)
        bot = HandlerBot(self.api, SecretStr("42:in-mind"))
        return Spine(self.database, self.api, bot, dispatcher, self.outbox, texts, self.counts, lambda: None)

    def answer(self, _: InMind, __: str, chat_id: int) -> CallError | None:
        self.calls[chat_id] += 1
        first = self.calls[chat_id] == 1
        if chat_id % 5 == 0:
            return CallPaused(2) if first else None
        if chat_id % 5 == 1:
            return CallNotSent("nobody there") if first else CallRefused(403, "Forbidden: bot was blocked by the user")
        return None

    async def live(self) -> None:
        """Everybody comes, is answered and goes."""
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(self.outbox.run())
            group.create_task(self.spine.run())
            for first in range(1, PEOPLE + 1, AT_ONCE):
                await self.spine.room()
                await self.inbox.accept([_update(number) for number in range(first, first + AT_ONCE)])
                await asyncio.wait((sending,), timeout=AT_ONCE / 20)
            while await self.database.rows("SELECT 1 AS one FROM outbox WHERE method <> ''"):
                await asyncio.wait((sending,), timeout=1.0)
            self.spine.close()
            self.outbox.close()


async def _echo(message: Message) -> SendMessage:
    return SendMessage(chat_id=message.chat.id, text="so it is")


def _update(number: int) -> dict[str, Any]:
    chat = {"id": number, "type": "private", "first_name": "A"}
    sender = {"id": number, "is_bot": False, "first_name": "A"}
    return {
        "update_id": number,
        "message": {"message_id": 1, "date": EPOCH, "chat": chat, "from": sender, "text": "hi"},
    }


def gathered(thing: object, path: str, seen: set[int]) -> Iterator[tuple[str, int]]:
    """Everything that can grow in an object of the bot and those that it holds: where it is, and how large."""
    if id(thing) in seen or not type(thing).__module__.startswith("bot."):
        return
    seen.add(id(thing))
    slots = {name: getattr(thing, name) for name in getattr(type(thing), "__slots__", ()) if hasattr(thing, name)}
    for name, value in {**getattr(thing, "__dict__", {}), **slots}.items():
        if isinstance(value, GATHERED) or hasattr(value, "data"):
            yield f"{path}.{name}", len(value)
        yield from gathered(value, f"{path}.{name}", seen)


def test_after_thousands_of_people_nothing_is_kept_of_most(data_dir: Path) -> None:
    town = run(_lived(data_dir))
    assert len(town.api.made) >= PEOPLE * 7 // 5
    sizes = {
        where: size
        for name in ("outbox", "spine", "inbox")
        for where, size in gathered(getattr(town, name), name, {id(town.api)})
    }
    assert {"outbox._chats._paused", "outbox._sender._failures", "spine._lanes"} <= set(sizes)
    assert {where: size for where, size in sizes.items() if size > FEW} == {}


async def _lived(data_dir: Path) -> Town:
    town = Town(data_dir)
    await town.live()
    await town.database.close()
    return town
