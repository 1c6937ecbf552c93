"""Telegram may bring updates late, twice and in any order: what comes of them is the same as of each once, in order.

The same means: of each person the books, the wishes and how they ended, the settings, and how many messages and
pictures are in the chat. What somebody does twice to one and the same thing depends on the order, and is not done here.
"""

import asyncio
import os
import random
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.providers import onlysq
from bot.sandbox.model import Query
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.telegram import limits
from bot.telegram.webhook import SECRET_HEADER
from tests.house import KEY, House
from tests.providers.fake import Answer, Call, FakeService, picture_answer
from tests.waiting import until

UPDATES = int(os.environ.get("UPDATES", "300"))
SECRET = "canary-secret-0123456789"
CONNECTIONS = 40  # that Telegram opens at once
MOST_TIMES = 5  # that one update comes
SAID = ("/imagine fox {}", "/imagine fox {} --ar 16:9", "/me", "/help", "/models")
PATIENCE = 300.0

Update = dict[str, Any]
State = dict[str, object]


class Town:
    """People who write and press, and the updates that tell of it, numbered as Telegram does."""

    def __init__(self, house: House, people: int) -> None:
        self.house = house
        self.talks = [house.sandbox.person(f"Person{number}").private(house.bot) for number in range(people)]
        for talk in self.talks:
            talk.chat.opened = True
        self._number = 0

    def say(self, talk: Talk, text: str) -> Update:
        """Somebody writes."""
        self._number += 1
        command = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
        message = {"message_id": 1_000_000 + self._number, "text": text, "entities": [command]}
        return self._update("message", {**message, "from": talk.user.wire(), "chat": talk.chat.wire()})

    def press(self, talk: Talk, label: str) -> Iterable[Update]:
        """Somebody presses every button of this kind, each once."""
        for seen in talk.answers:
            if (button := seen.button(label)) is not None and button.data:
                self._number += 1
                message = talk.chat.messages[seen.message_id]
                query = Query(str(self._number), self.house.bot, talk.user, message, button.data, self._now())
                self.house.sandbox.world.queries[query.query_id] = query
                content = {"id": query.query_id, "from": talk.user.wire(), "message": message.wire()}
                yield self._update("callback_query", {**content, "data": button.data, "chat_instance": "1"})

    def _update(self, kind: str, content: Update) -> Update:
        return {"update_id": self._number, kind: {"date": self._now(), **content}}

    def _now(self) -> int:
        return self.house.app.ground.clock.now()

    async def bring(self, updates: Iterable[Update], at_once: int = CONNECTIONS) -> None:
        """Each until it is acknowledged, so many at a time; then wait until all is done."""
        seats = asyncio.Semaphore(at_once)
        async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session, asyncio.TaskGroup() as group:
            for update in updates:
                await seats.acquire()
                group.create_task(self._bring(session, update)).add_done_callback(lambda _: seats.release())
        await until(self._nothing_waits, "everything is done", PATIENCE)

    async def _bring(self, session: aiohttp.ClientSession, update: Update) -> None:
        async def acknowledged() -> bool:
            async with session.post(f"{self.house.app.address}/telegram", json=update) as answer:
                assert answer.status in {200, 503}
                return answer.status == 200

        await until(acknowledged, "an update is taken in", PATIENCE)

    async def _nothing_waits(self) -> bool:
        inbox = "SELECT 1 AS one FROM inbox WHERE state = 'new'"
        rows = await self.house.rows(f"{inbox} UNION ALL SELECT 1 FROM outbox WHERE method <> '' LIMIT 1")
        return not rows and not await self.house.rows("SELECT 1 AS one FROM jobs WHERE kind = 'generate' LIMIT 1")

    async def state(self) -> State:
        """What has come of it all."""
        books = "SELECT user_id, kind, daily, kept, COUNT(*) AS times FROM entries GROUP BY 1, 2, 3, 4"
        wishes = "SELECT user_id, prompt, ratio, model, action, price, status, cause FROM generations"
        people = "SELECT user_id, language, model, ratio, as_file, plain_text, banned, gone FROM users"
        balances = "SELECT user_id, daily, kept, held FROM balances"
        found: State = {
            sql: Counter(map(_row, await self.house.rows(sql))) for sql in (books, wishes, people, balances)
        }
        return found | {str(talk.user.user_id): _seen(talk) for talk in self.talks}


def _row(row: Update) -> tuple[object, ...]:
    return tuple(row.values())


def _seen(talk: Talk) -> tuple[int, int]:
    """How many messages of the bot are in the chat, and how many of them are pictures."""
    return len(talk.answers), sum(message.picture is not None for message in talk.answers)


@asynccontextmanager
async def opened(data_dir: Path, people: int) -> AsyncIterator[Town]:
    """A bot behind a webhook, a service that draws at once, and people."""
    async with Sandbox() as sandbox, FakeService() as service:
        service.otherwise = _draw
        house = House(sandbox, data_dir)
        options: Any = {"api_key": KEY, "base_url": service.url}
        await house.start(
            webhook_url="https://bot.example.org/telegram",
            webhook_secret=SECRET,
            default_model="onlysq/flux",
            providers={"onlysq": onlysq.Settings(**options)},
        )
        await until(partial(_announced, house), "the webhook is announced")
        yield Town(house, people)
        assert await house.stop() == []


async def _announced(house: House) -> bool:
    return house.bot.webhook is not None


def _draw(call: Call) -> Answer:
    return Answer(json=picture_answer() if call.method == "POST" else {})


def as_they_came(updates: Sequence[Update], _: Sequence[Update]) -> list[Update]:
    return list(updates)


class Shuffled:
    """Each update one to five times, in any order; and some of those that were done with long ago."""

    def __init__(self, chances: random.Random) -> None:
        self._chances = chances

    def __call__(self, updates: Sequence[Update], before: Sequence[Update]) -> list[Update]:
        found = [update for update in updates for _ in range(self._chances.randint(1, MOST_TIMES))]
        found += self._chances.sample(before, len(before) // 2)
        self._chances.shuffle(found)
        return found


async def story(data_dir: Path, order: Any, at_once: int) -> State:
    """Everybody looks around, wishes and asks, and then has each picture drawn again."""
    done: list[Update] = []
    async with opened(data_dir, people=max(2, UPDATES // (3 + len(SAID) + 2))) as town:
        for act in (_look_around, _ask, _draw_again):
            updates = act(town)
            await town.bring(order(updates, done), at_once)
            done += updates
        return await town.state()


def _look_around(town: Town) -> list[Update]:
    return [town.say(talk, text) for talk in town.talks for text in ("/start", "/settings")]


def _ask(town: Town) -> list[Update]:
    said = [town.say(talk, text.format(n)) for n, text in enumerate(SAID) for talk in town.talks]
    return [*said, *(update for talk in town.talks for update in town.press(talk, "Pictures come as photos"))]


def _draw_again(town: Town) -> list[Update]:
    return [update for talk in town.talks for update in town.press(talk, "Again")]


async def test_updates_shuffled_and_repeated_end_as_each_once_in_order(
    empty_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed} UPDATES={UPDATES}")
    for name in ("ALL", "PRIVATE", "ALL_EDITS", "PRIVATE_EDITS"):  # hours of Telegram's pace prove nothing here
        monkeypatch.setattr(limits, name, limits.Rate(1_000_000, 1, burst=1_000_000))
    shuffled = Shuffled(random.Random(seed))
    first, second = (Path(shutil.copytree(empty_data, tmp_path / name)) for name in ("in-order", "shuffled"))
    wanted = await story(first, as_they_came, at_once=1)
    assert await story(second, shuffled, at_once=CONNECTIONS) == wanted
