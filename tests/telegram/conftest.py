"""The edge of the bot at work against the sandbox, with handlers that are made for one test."""

import asyncio
import io
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest
from pydantic import SecretStr

from bot.telegram import lazy_types

lazy_types.install()

from aiogram import Dispatcher, Router  # noqa: E402  after the types were made lazy

from bot.clock import Clock, SystemClock  # noqa: E402
from bot.ops.logging import configure  # noqa: E402
from bot.sandbox.model import Bot  # noqa: E402
from bot.sandbox.server import Sandbox  # noqa: E402
from bot.storage import open_database  # noqa: E402
from bot.storage.database import Database  # noqa: E402
from bot.telegram.api import Api  # noqa: E402
from bot.telegram.chats import Chats  # noqa: E402
from bot.telegram.gate import Gate  # noqa: E402
from bot.telegram.handler_bot import HandlerBot  # noqa: E402
from bot.telegram.inbox import Inbox  # noqa: E402
from bot.telegram.outbox import Outbox  # noqa: E402
from bot.telegram.poller import Poller  # noqa: E402
from bot.telegram.spine import Spine  # noqa: E402
from bot.texts import Texts  # noqa: E402
from tests.waiting import until  # noqa: E402


async def holds(check: Callable[[], object], what: str) -> None:
    """Wait until something is true that can be looked at without waiting."""

    async def look() -> object:
        return check()

    await until(look, what)


KINDS = ("message", "callback_query")
ADMIN = 4711


@pytest.fixture(autouse=True)
def _quiet_log() -> None:
    configure("debug", "json", [], stream=io.StringIO())


@pytest.fixture
async def database(data_dir: Path) -> AsyncIterator[Database]:
    """An empty database."""
    opened = await open_database("sqlite", data_dir)
    yield opened
    await opened.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Telegram in miniature; whatever it would not take fails the test."""
    async with Sandbox() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def bot(sandbox: Sandbox) -> Bot:
    """The bot as Telegram knows it."""
    return sandbox.add_bot()


@dataclass
class Edge:
    """One life of the edge: everything between Telegram and the handlers."""

    sandbox: Sandbox
    bot: Bot
    database: Database
    router: Router | None = None
    public: bool = True
    clock: Clock = field(default_factory=SystemClock)
    commits: int = 0

    def __post_init__(self) -> None:
        token = SecretStr(self.bot.token)
        self.texts = Texts.load(strict=True)
        self.api = Api(self.sandbox.url, token)
        self.chats = Chats(self.database, self.clock)
        self.counts: Counter[str] = Counter()
        self.outbox = Outbox(self.database, self.api, self.chats, self.clock, self.counts)
        self.handler_bot = HandlerBot(self.api, token)
        self.dispatcher = self._dispatcher()
        self.spine = Spine(
            self.database,
            self.api,
            self.handler_bot,
            self.dispatcher,
            self.outbox,
            self.texts,
            self.counts,
            self._committed,
        )
        self.inbox = Inbox(self.database, self.api.bot_id, self.clock, self.counts, self.spine.take)
        self.poller = Poller(self.api, self.inbox, self.clock, KINDS, self.handler_bot.me)

    def _dispatcher(self) -> Dispatcher:
        dispatcher = Dispatcher(disable_fsm=True)
        gate = Gate(self.texts, self.clock, frozenset({ADMIN}), public=self.public)
        dispatcher.update.outer_middleware(gate)
        if self.router is not None:
            dispatcher.include_router(self.router)
        return dispatcher

    def _committed(self) -> None:
        self.commits += 1

    @asynccontextmanager
    async def at_work(self, *, polling: bool = True) -> AsyncIterator[Self]:
        """Run until the end of the block, which is as sudden as a crash."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.api.close)
            group = await stack.enter_async_context(asyncio.TaskGroup())
            work = [self.outbox.run(), self.spine.run()]
            if polling:
                work.append(self.poller.run(self.spine.room))
            tasks = [group.create_task(each) for each in work]
            try:
                yield self
            finally:
                for task in tasks:
                    task.cancel()

    async def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Look into the database."""
        async with self.database.read() as tx:
            return [dict(row) for row in await tx.fetch(sql, values)]


EdgeMaker = Callable[..., Edge]


@pytest.fixture
def edge(sandbox: Sandbox, bot: Bot, database: Database) -> EdgeMaker:
    """Makes lives of the edge; each on the same database and the same Telegram."""

    def make(router: Router | None = None, **how: Any) -> Edge:
        return Edge(sandbox, bot, database, router, **how)

    return make
