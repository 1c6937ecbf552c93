"""Bots that are killed again and again, and the world that they live in."""

import asyncio
import random
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.crash.births import TOKEN, Life, Mother, warm_mother
from tests.providers.fake import Answer, Call, FakeService, picture_answer


@dataclass
class World:
    """Telegram, a picture service, people who write, and one bot after the other."""

    sandbox: Sandbox
    service: FakeService
    mother: Mother
    data_dir: Path
    chances: random.Random
    settings: Mapping[str, str]
    talks: list[Talk] = field(default_factory=list)
    asked: list[tuple[Talk, str]] = field(default_factory=list)

    async def ask(self, prompt: str) -> None:
        """Somebody wants a picture. Each prompt is used once: it tells whose picture is whose."""
        talk = self.chances.choice(self.talks)
        await talk.say(f"/imagine {prompt}")
        self.asked.append((talk, prompt))

    async def short_life(self, longest: float, how: signal.Signals) -> str:
        """One bot from its birth to its end after at most so many seconds; how it ended."""
        polls = len(self.sandbox.calls_of("getUpdates"))
        life = await self.born()
        if how is signal.SIGTERM:  # a polite end is asked of a bot that is at work
            while len(self.sandbox.calls_of("getUpdates")) == polls:
                await self.sandbox.world.feed.signal.next()
        moment = asyncio.get_running_loop().time() + self.chances.uniform(0, longest)
        await _until_then(moment)
        return await life.end(how)

    async def quiet_life(self, patience: float) -> str:
        """A bot that may finish everything before it is asked to end; how it ended."""
        born = self.sandbox.world.clock.monotonic()
        life = await self.born()
        try:
            async with asyncio.timeout(patience):
                # One that has not asked for updates yet may not even hear that it is asked to end.
                while not (self._has_polled(born) and self._all_done()):
                    await self.sandbox.world.feed.signal.next()
        finally:
            ended = await life.end(signal.SIGTERM)
        return ended

    async def born(self) -> Life:
        """A bot that begins to live."""
        variables = {
            "TELEGRAM_API_BASE": self.sandbox.url,
            "DATA_DIR": str(self.data_dir),
            "ONLYSQ_BASE_URL": self.service.url,
            **self.settings,
        }
        return await self.mother.start(variables)

    def _has_polled(self, since: float) -> bool:
        # With a webhook there is nothing to ask for but whether Telegram knows it.
        return any(record.since > since for record in self.sandbox.calls_of("getUpdates", "getWebhookInfo"))

    def _all_done(self) -> bool:
        return all(pictures(talk, prompt) for talk, prompt in self.asked) and not self.count(
            "SELECT COUNT(*) FROM jobs"
        )

    def faults(self) -> list[str]:
        """Requests with no picture or with more than one."""
        shown = [(talk, prompt, len(pictures(talk, prompt))) for talk, prompt in self.asked]
        return [
            f"{prompt!r} of {talk.user.first_name}: {count} pictures" for talk, prompt, count in shown if count != 1
        ]

    def count(self, sql: str) -> int:
        """A number from the database."""
        with sqlite3.connect(f"file:{self.data_dir / 'imagine.sqlite3'}?mode=ro", uri=True) as connection:
            return int(connection.execute(sql).fetchone()[0])


def pictures(talk: Talk, prompt: str) -> list[Seen]:
    """The messages that show the picture of one wish."""
    return [message for message in talk.answers if message.picture and message.text.partition("\n")[0] == prompt]


async def _until_then(moment: float) -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_at(moment, future.set_result, None)
    await future


def drawing(chances: random.Random) -> Callable[[Call], Answer]:
    """A service that takes up to 50 ms for a picture."""

    def answer(call: Call) -> Answer:
        return Answer(json=picture_answer() if call.method == "POST" else {}, delay=chances.uniform(0, 0.05))

    return answer


@asynccontextmanager
async def open_world(
    data_dir: Path, seed: int, people: int = 30, settings: Mapping[str, str] | None = None
) -> AsyncIterator[World]:
    """Everything but the bots, which have these `settings` besides the usual ones."""
    chances = random.Random(seed)
    async with Sandbox() as sandbox, FakeService() as service, warm_mother() as mother:
        service.otherwise = drawing(chances)
        bot = sandbox.add_bot(TOKEN, "crash_bot")
        world = World(sandbox, service, mother, data_dir, chances, dict(settings or {}))
        world.talks = [sandbox.person(f"Person{number}").private(bot) for number in range(people)]
        yield world
