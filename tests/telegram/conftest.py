"""The edge of the bot at work against the sandbox, with handlers that are made for one test."""

import asyncio
import io
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest
from aiogram import Dispatcher, Router
from pydantic import SecretStr

from bot.clock import Clock, SystemClock
from bot.http import Spool
from bot.imagine.service import Imagine
from bot.imagine.shelf import Shelf
from bot.ops.logging import configure
from bot.providers import Providers
from bot.quota.service import Ledger
from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.storage import open_database
from bot.storage.database import Database
from bot.telegram.api import Api
from bot.telegram.cards import Cards
from bot.telegram.chats import Chats
from bot.telegram.gate import Gate
from bot.telegram.handler_bot import HandlerBot
from bot.telegram.inbox import Inbox
from bot.telegram.outbox import Outbox
from bot.telegram.poller import Poller
from bot.telegram.spine import Spine
from bot.texts import Texts
from tests.vaults import vault_in
from tests.waiting import until


async def holds(check: Callable[[], object], what: str) -> None:
    """Wait until something is true that can be looked at without waiting."""

    async def look() -> object:
        return check()

    await until(look, what)


KINDS = ("message", "callback_query")
ADMIN = 4711


@pytest.fixture(autouse=True)
def _quiet_log() -> None:
    configure("info", "json", [], stream=io.StringIO())


@pytest.fixture
async def database(data_dir: Path) -> AsyncIterator[Database]:
    """An empty database."""
    opened = await open_database("sqlite", data_dir, vault_in(data_dir))
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
    check_room: Callable[[], None] = lambda: None

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
        self.inbox = Inbox(self.database, self.api.bot_id, self.clock, self.counts, self.spine.take, self.check_room)
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


def cards_of(life: Edge) -> Cards:
    """Cards about generations of models that nobody offers."""
    folder = Path("unused")
    ledger = Ledger(20, ZoneInfo("UTC"), life.clock)
    shelf = Shelf(folder, Spool(folder))
    imagine = Imagine(Providers([], life.clock), ledger, shelf, life.clock, default_model="sketch/default")
    return Cards(life.database, imagine, ledger, life.texts)


@pytest.fixture
async def talk(sandbox: Sandbox, bot: Bot) -> Talk:
    """A private chat in which something was asked; the update is not there to be fetched."""
    talk = sandbox.person("Anna").private(bot)
    await talk.say("/imagine a red fox")
    bot.updates.clear()
    return talk


@pytest.fixture
async def life(edge: EdgeMaker) -> AsyncIterator[Edge]:
    """The edge at work, fetching nothing."""
    async with edge().at_work(polling=False) as life:
        yield life
