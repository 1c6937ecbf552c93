"""A Telegram in miniature, a picture service on a socket, and the real bot as a process of its own."""

import asyncio
import os
import sqlite3
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.providers.fake import Answer, Call, FakeService, picture_answer

TOKEN = "4242:benchmark-token"
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Stage:
    """What a measurement plays on."""

    sandbox: Sandbox
    service: FakeService
    bot: Bot
    data_dir: Path
    environment: dict[str, str]

    @asynccontextmanager
    async def running(self, **settings: str) -> AsyncIterator[psutil.Process]:
        """The bot, from the moment of its first poll."""
        polls = self.polls()
        process = await self.spawn(**settings)
        try:
            await self.until(lambda: self.polls() > polls)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            await process.wait()

    async def spawn(self, **settings: str) -> Process:
        """Start the bot and do not wait."""
        command = (sys.executable, "-m", "bot", "run")
        environment = self.environment | settings
        return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stderr=DEVNULL)

    def polls(self) -> int:
        """How often the bot has asked for updates."""
        return len(self.sandbox.calls_of("getUpdates"))

    def talks(self, count: int, prefix: str = "Person") -> list[Talk]:
        """Private chats of so many new people."""
        return [self.sandbox.person(f"{prefix}{number}").private(self.bot) for number in range(count)]

    async def until(self, done: Callable[[], bool], patience: float = 120) -> None:
        """Wait until something is true of the chats."""
        async with asyncio.timeout(patience):
            while not done():
                await self.sandbox.world.feed.signal.next()

    def count(self, sql: str) -> int:
        """A number from the bot's database."""
        with sqlite3.connect(f"file:{self.data_dir / 'imagine.sqlite3'}?mode=ro", uri=True) as connection:
            return int(connection.execute(sql).fetchone()[0])


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    """Everything but the bot, which is started once so that its database is there."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder) / "data"
        async with Sandbox() as sandbox, FakeService() as service:
            service.otherwise = picture
            stage = Stage(sandbox, service, sandbox.add_bot(TOKEN, "bench_bot"), data_dir, {})
            stage.environment = _environment(stage)
            async with stage.running():
                pass
            yield stage


def _environment(stage: Stage) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE": stage.sandbox.url,
        "DATA_DIR": str(stage.data_dir),
        "ACCESS": "public",
        "DAILY_CREDITS": "100000",
        "ONLYSQ_API_KEY": "benchmark-key",
        "ONLYSQ_BASE_URL": stage.service.url,
        "HTTP_PORT": "0",
    }


def picture(call: Call) -> Answer:
    """A small picture at once; no list of models."""
    return Answer(json=picture_answer() if call.method == "POST" else {})


def pictures(talks: Iterable[Talk]) -> int:
    """How many pictures these people see."""
    return sum(1 for talk in talks for message in talk.answers if message.picture)
