"""One story told to bots that die at a given step: a Telegram, a service and a data directory of its own."""

import asyncio
import base64
import random
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.telegram.spine import DEATHS
from tests.crash.births import KEY, TOKEN, Life, Mother
from tests.crash.mother import DIE_AT, LOG, TRAIL
from tests.providers.fake import PNG, Answer, Call, FakeService, silence
from tests.waiting import until

PATIENCE = 60.0
OPERATOR = 900_000_001
CLEAN = "nowhere"
"""A life that is not disturbed."""

# The first service of the story of failover never draws; nor does the second for who asks for it in this word.
BUSY, DRAWS = "/ai/imagen", "/v1/images/"
ENDLESS = "endless"
# The service that judges words is not sure about this one.
JUDGES, DOUBTFUL = "/moderations", "doubtful"

OPEN = """
SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'new') + (SELECT COUNT(*) FROM outbox WHERE method <> '')
     + (SELECT COUNT(*) FROM jobs WHERE kind NOT IN ('expire', 'take-away')
        AND NOT (kind = 'review' AND attempts > 0 AND leased_until IS NULL))
"""


@dataclass
class Scene:
    """What a story has to do with: people, the service that draws for them, and what became of the bots."""

    sandbox: Sandbox
    service: FakeService
    bot: Bot
    directory: Path
    storage: Talk
    talks: list[Talk] = field(default_factory=list)
    settings: Mapping[str, str] = field(default_factory=dict)
    """What the bots of this story are told beside the usual."""
    deaths: int = 0
    at_work: set[str] = field(default_factory=set)
    """Generations that were being drawn when a bot died."""

    @property
    def data_dir(self) -> Path:
        """Everything that the bots keep."""
        return self.directory / "data"

    @property
    def log(self) -> str:
        """What all bots have logged."""
        path = self.directory / "log"
        return path.read_text("utf-8") if path.exists() else ""

    @property
    def trail(self) -> list[str]:
        """The steps of all lives, in their order."""
        path = self.directory / "trail"
        return path.read_text("utf-8").splitlines() if path.exists() else []

    @property
    def paid_calls(self) -> int:
        """How often the service that bills was asked to draw."""
        return sum(call.method == "POST" and call.path.startswith(DRAWS) for call in self.service.calls)

    @property
    def polls(self) -> int:
        """How often bots asked for updates."""
        return len(self.sandbox.calls_of("getUpdates"))

    @property
    def suspicious(self) -> bool:
        """Whether so many bots died that an update may be given up."""
        return self.deaths >= DEATHS

    def talk(self, name: str = "Anna") -> Talk:
        """Somebody's chat with the bot."""
        self.talks.append(self.sandbox.person(name).private(self.bot))
        return self.talks[-1]

    async def polled(self, before: int = 0) -> None:
        """Wait until a bot has asked for updates once more than so often."""
        while self.polls <= before:
            await self.sandbox.world.feed.signal.next()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds now."""
        address = f"file:{self.data_dir / 'imagine.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=10)) as connection:
            return connection.execute(sql).fetchall()

    async def quiet(self) -> None:
        """Wait until nothing is left to do."""

        async def nothing_waits() -> bool:
            return not len(self.bot.updates) and self.rows(OPEN) == [(0,)]

        await until(nothing_waits, "everything is done", PATIENCE)

    async def born(self, mother: Mother, die_at: str) -> Life:
        """A bot that does not survive this step."""
        variables = {
            "TELEGRAM_API_BASE": self.sandbox.url,
            "DATA_DIR": str(self.data_dir),
            "ONLYSQ_BASE_URL": self.service.url,
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": self.service.url,
            "OPENAI_MODELS": "gpt-image-1-mini",
            "DEFAULT_MODEL": "openai/gpt-image-1-mini",
            "FALLBACKS": "openai",
            "STORAGE_CHAT_ID": str(self.storage.chat_id),
            "ADMIN_IDS": str(OPERATOR),
            DIE_AT: die_at,
            TRAIL: str(self.directory / "trail"),
            LOG: str(self.directory / "log"),
            **{name: value.format(service=self.service.url) for name, value in self.settings.items()},
        }
        return await mother.start(variables)

    def mourn(self) -> None:
        """Remember what was under way when a bot died."""
        self.deaths += 1
        self.at_work |= {row[0] for row in self.rows("SELECT generation_id FROM generations WHERE status = 'drawing'")}


Story = Callable[[Scene], Coroutine[Any, Any, None]]


@asynccontextmanager
async def open_scene(
    directory: Path, empty_data: Path, chances: random.Random, settings: Mapping[str, str]
) -> AsyncIterator[Scene]:
    """A stage on which nothing has happened yet."""
    shutil.copytree(empty_data, directory / "data")
    async with Sandbox() as sandbox, FakeService() as service:
        service.otherwise = answering(chances)
        bot = sandbox.add_bot(TOKEN, "crash_bot")
        storage = sandbox.person("Operator").private(bot)
        storage.chat.opened = True
        yield Scene(sandbox, service, bot, directory, storage, settings=settings)


def answering(chances: random.Random) -> Callable[[Call], Answer]:
    """Two services on one door: one that is busy for ever, and one that takes up to 30 ms for a picture."""
    picture = {"data": [{"b64_json": base64.b64encode(PNG).decode()}]}

    def answer(call: Call) -> Answer:
        if call.method != "POST":
            return Answer(json={})
        if call.path.endswith(JUDGES):
            scores = {"violence": 0.6 if DOUBTFUL.encode() in call.body else 0.1}
            return Answer(json={"results": [{"flagged": False, "category_scores": scores}]})
        if call.path.startswith(BUSY):
            return Answer(503, json={"error": "busy"})
        fault = silence if ENDLESS.encode() in call.body else None
        return Answer(json=picture, delay=chances.uniform(0, 0.03), fault=fault)

    return answer


async def tell(scene: Scene, mother: Mother, story: Story, deaths: Sequence[str]) -> None:
    """Let the story happen to one bot after the other; the last one may finish it. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        happening = group.create_task(story(scene))
        for die_at in [*deaths, CLEAN]:
            if await _lived(scene, mother, happening, die_at):
                return


async def _lived(scene: Scene, mother: Mother, happening: asyncio.Task[None], die_at: str) -> bool:
    """One life; whether everything was done when it was over."""
    polls = scene.polls
    life = await scene.born(mother, die_at)
    done = asyncio.create_task(_finished(scene, happening, polls))  # noqa: TID251  awaited or cancelled below
    try:
        await asyncio.wait((done, life.ended), return_when=asyncio.FIRST_COMPLETED)
        if done.done():
            done.result()
        how = await life.end(signal.SIGTERM)
    finally:
        done.cancel()
        if not life.ended.done():
            await life.end(signal.SIGKILL)
    assert how in ({"exit 0"} if die_at == CLEAN else {"exit 0", "signal 9"}), how
    if how == "signal 9":
        scene.mourn()
    return how == "exit 0"


async def _finished(scene: Scene, happening: asyncio.Task[None], polls: int) -> None:
    # One that has not asked for updates yet may not even hear that it is asked to end.
    await scene.polled(polls)
    await asyncio.shield(happening)
    await scene.quiet()
