"""Whatever stands in an update, it ends: handled or set aside, and the next one is answered."""

import copy
from collections.abc import Iterator
from typing import Any

from aiogram import Router
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, Message

from bot.sandbox.model import Bot
from bot.sandbox.server import Sandbox
from tests.telegram.conftest import EdgeMaker
from tests.waiting import until

SENDER = {"id": 7, "is_bot": False, "first_name": "Anna", "language_code": "en"}
MESSAGE = {
    "message_id": 5,
    "date": 1_700_000_000,
    "from": SENDER,
    "chat": {"id": 7, "type": "private", "first_name": "Anna"},
    "text": "/imagine a fox",
    "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
    "reply_to_message": {"message_id": 4, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "before"},
}
BASES: tuple[dict[str, Any], ...] = (
    {"message": MESSAGE},
    {"callback_query": {"id": "1", "from": SENDER, "chat_instance": "x", "data": "again:abc", "message": MESSAGE}},
)
HOSTILE: tuple[Any, ...] = (
    None,
    True,
    -1,
    2**63 - 1,
    -(2**63),
    1e300,
    "",
    "\x00",
    "\ud800",
    "a\u0301" * 4000,
    "\u202e\u2066evil",
    [],
    [[]],
    {},
    {"id": {"id": {}}},
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a value."""
    if at:
        yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*at, key))


def mutants() -> Iterator[dict[str, Any]]:
    """Each base with one place put wrong or taken out."""
    for base in BASES:
        for path in paths(base):
            for hostile in HOSTILE:
                mutant = copy.deepcopy(base)
                place = mutant
                for key in path[:-1]:
                    place = place[key]
                place[path[-1]] = hostile
                yield mutant


async def test_no_value_in_an_update_stops_the_bot(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    router = Router()
    heard: list[object] = []

    @router.message()
    async def on_message(message: Message) -> SendMessage | None:
        heard.append(message.text)
        return message.answer("here") if message.text == "still there?" else None

    @router.callback_query()
    async def on_press(query: CallbackQuery) -> None:
        heard.append(query.data)

    life = edge(router)
    updates = [{"update_id": number, **mutant} for number, mutant in enumerate(mutants(), 1)]
    await life.inbox.accept(updates)
    talk = sandbox.person("Anna").private(bot)
    await talk.say("still there?")
    async with life.at_work():
        await talk.until(lambda chat: chat.answers, timeout=60)

        async def all_ended() -> bool:
            return not await life.rows("SELECT 1 AS one FROM inbox WHERE state = 'new'")

        await until(all_ended, "every update has ended", patience=60)
        ended = await life.rows("SELECT state, count(*) AS n FROM inbox GROUP BY state")
    counts = {row["state"]: row["n"] for row in ended}
    assert sum(counts.values()) >= len(updates) > 600
    assert counts["done"] > 100
    assert counts["set_aside"] > 100
    assert heard
    assert life.counts["handler_failures"] == 0
