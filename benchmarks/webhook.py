"""Two hundred updates a second through the webhook: how soon each is safe and acknowledged."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import aiohttp

from benchmarks.load.contenders import BOT_CORE
from benchmarks.load.drive import quantile
from benchmarks.report import Figure
from benchmarks.stage import ROOT, Stage, open_stage
from bot.sandbox.people import Talk
from bot.telegram.webhook import SECRET_HEADER

RATE = 200  # updates a second
CONNECTIONS = 40  # that Telegram opens when a bot does not ask for more
PEOPLE = 2000
GOAL = 50.0  # milliseconds, for 99 in a hundred
SECRET = "benchmark-secret-0123456789"
SERVERS = {
    "an empty aiohttp handler": ("-m", "benchmarks.floors.webhook"),
    "one that commits each update": ("-m", "benchmarks.floors.webhook", "keep"),
    "this bot": ("-m", "bot", "run"),
}


@dataclass
class Answers:
    """What came back: milliseconds from the moment an update was due to its 200, and how often which status."""

    waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def __str__(self) -> str:
        p50, p99 = (quantile(self.waits, share) for share in (0.5, 0.99))
        others = {status: count for status, count in self.statuses.items() if status != 200}
        return f"p50 {p50:.1f} ms, p99 {p99:.1f} ms" + (f", and {others} instead of 200" if others else "")


async def webhook() -> list[Figure]:
    """For so many seconds as WEBHOOK_SECONDS says, a minute by default: the bot, and the floors below it."""
    seconds = float(os.environ.get("WEBHOOK_SECONDS", "60"))
    found = {name: await _measured(arguments, seconds) for name, arguments in SERVERS.items()}
    bot = found.pop("this bot")
    floors = "; ".join(f"{name}: {answers}" for name, answers in found.items())
    reached = quantile(bot.waits, 0.99) <= GOAL and set(bot.statuses) == {200}
    name = f"webhook at {RATE} updates/s for {seconds:g} s: from an update to its 200, which is after its commit"
    goal = f"p99 ≤ {GOAL:g} ms, every one a 200"
    return [Figure(name, f"{bot} ({floors})", goal, reached, f"make bench ARGS=webhook WEBHOOK_SECONDS={seconds:g}")]


async def _measured(arguments: Sequence[str], seconds: float) -> Answers:
    async with open_stage() as stage, _serving(stage, arguments) as url:
        updates = cycle(stage.talks(PEOPLE))
        await _bring(url, updates, 2.0)  # what is imported and built on first use is not counted
        answers = await _bring(url, updates, seconds, after=int(2.0 * RATE))
        if arguments[1] == "bot":
            kept = stage.count("SELECT COUNT(*) FROM inbox")
            assert kept >= answers.statuses[200], "an update was acknowledged and not kept"
        return answers


@asynccontextmanager
async def _serving(stage: Stage, arguments: Sequence[str]) -> AsyncIterator[str]:
    """Something that takes updates on a core of its own; where it listens."""
    port = _free_port()
    hook = {"WEBHOOK_URL": "https://bot.example.org/telegram", "WEBHOOK_SECRET": SECRET, "HTTP_PORT": str(port)}
    line = ("taskset", "-c", str(BOT_CORE), sys.executable, *arguments)
    process = await asyncio.create_subprocess_exec(*line, cwd=ROOT, env=stage.environment | hook, stderr=DEVNULL)
    url = f"http://127.0.0.1:{port}/telegram"
    try:
        await _listening(url)
        yield url
    finally:
        process.terminate()
        await process.wait()


async def _listening(url: str) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        while True:
            with suppress(aiohttp.ClientConnectionError):
                async with session.post(url, json={}, headers={SECRET_HEADER: SECRET}):
                    return
            await asyncio.sleep(0.05)


async def _bring(url: str, talks: "cycle[Talk]", seconds: float, after: int = 0) -> Answers:
    """Open loop: each update leaves at its time, however long the ones before it take."""
    answers, loop = Answers(), asyncio.get_running_loop()
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        begun = loop.time()
        for number in range(int(seconds * RATE)):
            due = begun + number / RATE
            await asyncio.sleep(due - loop.time())
            group.create_task(_post(session, url, _update(next(talks), 1 + after + number), due, answers))
    return answers


async def _post(session: aiohttp.ClientSession, url: str, update: dict[str, Any], due: float, answers: Answers) -> None:
    async with session.post(url, json=update, headers={SECRET_HEADER: SECRET}) as answer:
        await answer.read()
    answers.statuses[answer.status] += 1
    answers.waits.append((asyncio.get_running_loop().time() - due) * 1000)


def _update(talk: Talk, number: int) -> dict[str, Any]:
    """Somebody asks what is left of the credits: read, decided, written down and answered."""
    mark = {"type": "bot_command", "offset": 0, "length": 3}
    message = {"message_id": number, "date": 1_800_000_000, "from": talk.user.wire(), "chat": talk.chat.wire()}
    return {"update_id": number, "message": {**message, "text": "/me", "entities": [mark]}}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
