"""Bots that are killed again and again, and the world that they live in."""

import asyncio
import os
import random
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.views import Seen
from tests.providers.fake import Answer, Call, FakeService, picture_answer

TOKEN = "4242:crash-test-token"
ROOT = Path(__file__).resolve().parents[2]


class Mother:
    """The warm process, and the bots that it bears."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def start(self) -> int:
        """Bear a bot; its process id."""
        return int(await self._ask("start"))

    async def end(self, pid: int, how: signal.Signals) -> str:
        """Send a bot a signal, and how it ended."""
        os.kill(pid, how)
        return await self._ask(f"reap {pid}")

    async def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()
        answer = await self._process.stdout.readline()
        assert answer, "the mother process is gone"
        return answer.decode().strip()


@dataclass
class World:
    """Telegram, a picture service, people who write, and one bot after the other."""

    sandbox: Sandbox
    service: FakeService
    mother: Mother
    data_dir: Path
    chances: random.Random
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
        pid = await self.mother.start()
        if how is signal.SIGTERM:  # a polite end is asked of a bot that is at work
            while len(self.sandbox.calls_of("getUpdates")) == polls:
                await self.sandbox.world.feed.signal.next()
        moment = asyncio.get_running_loop().time() + self.chances.uniform(0, longest)
        await _until_then(moment)
        return await self.mother.end(pid, how)

    async def quiet_life(self, patience: float) -> str:
        """A bot that may finish everything before it is asked to end; how it ended."""
        born = self.sandbox.world.clock.monotonic()
        pid = await self.mother.start()
        try:
            async with asyncio.timeout(patience):
                # One that has not asked for updates yet may not even hear that it is asked to end.
                while not (self._has_polled(born) and self._all_done()):
                    await self.sandbox.world.feed.signal.next()
        finally:
            ended = await self.mother.end(pid, signal.SIGTERM)
        return ended

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
    async with Sandbox() as sandbox, FakeService() as service:
        service.otherwise = drawing(chances)
        bot = sandbox.add_bot(TOKEN, "crash_bot")
        process = await _bear_mother(data_dir, sandbox.url, service.url, settings or {})
        world = World(sandbox, service, Mother(process), data_dir, chances)
        world.talks = [sandbox.person(f"Person{number}").private(bot) for number in range(people)]
        try:
            yield world
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()


async def _bear_mother(data_dir: Path, telegram: str, service: str, settings: Mapping[str, str]) -> Process:
    environment = {
        "PATH": os.environ["PATH"],
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": telegram,
        "DATA_DIR": str(data_dir),
        "ACCESS": "public",
        "DAILY_CREDITS": "1000000",
        "ONLYSQ_API_KEY": "crash-test-key",
        "ONLYSQ_BASE_URL": service,
        "HTTP_PORT": "0",
        **settings,
    }
    command = (sys.executable, "-m", "tests.crash.mother")
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert (await process.stdout.readline()).strip() == b"ready"
    return process
