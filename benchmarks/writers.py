"""SQLite has one writer: how long everybody waits for it while something large is done, and how long that takes."""

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from benchmarks.report import Figure
from benchmarks.storage import DAY, HEAVY, NOW, _fill
from bot.broadcast import store as letters
from bot.broadcast.counting import Counting
from bot.broadcast.rules import Asked, Letter
from bot.broadcast.service import Broadcasts
from bot.jobs import store as jobs
from bot.jobs.runner import Lease
from bot.ops.chores import Chores
from bot.ops.leaving import Forgetting
from bot.outgoing import Outgoing
from bot.privacy.rules import FORGET, lane
from bot.providers.spending import Budget
from bot.storage import open_database
from bot.storage.database import Database, Transaction
from bot.storage.replace import FILE
from bot.texts import Texts
from bot.users.faces import Faces
from tests.features.workshop import Chat, Workshop
from tests.vaults import vault_in

PEOPLE = int(os.environ.get("PEOPLE", "1000000"))
PICTURES = int(os.environ.get("GENERATIONS", "1000000"))
OPERATOR = 900_000_001
COMMAND = "make bench ARGS=writers"
GOAL = 0.1  # seconds that somebody waits for the writer at most
GAP = 0.002

LAST = "SELECT COUNT(*) AS n FROM generations WHERE user_id = :heavy"


async def writers() -> list[Figure]:
    """People and pictures as many as PEOPLE and GENERATIONS say, a million each; somebody has a twentieth of these."""
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        await (await open_database("sqlite", data_dir, vault_in(data_dir))).close()
        await _fill(data_dir, PICTURES)
        _meet(data_dir)
        database = await open_database("sqlite", data_dir, vault_in(data_dir))
        try:
            return await _measure(_Large(database, data_dir))
        finally:
            await database.close()


class _Large:
    """A large installation, and what is done in it now and then."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self.database = database
        self.shop = Workshop(database, data_dir)
        self.shop.clock.seconds = float(NOW + DAY)
        self._data_dir = data_dir
        self._texts = Texts.load("en")

    async def preview(self) -> None:
        """As the command and its job do it."""
        broadcasts = Broadcasts(self._texts, everybody=True)
        async with self.database.write() as tx:
            draft = await broadcasts.draft(tx, OPERATOR, Letter("sendMessage", {"text": "news"}), NOW)
            await broadcasts.count(tx, draft, Asked.DRAFT, NOW)
        await Counting(self.database, broadcasts, self._texts, self.shop.clock, _add, lambda: None)(await self._claim())
        async with self.database.read() as tx:
            counted = await letters.get(tx, draft.broadcast_id)
        assert counted
        assert counted.total >= PEOPLE

    async def forget(self) -> None:
        """Whoever has a twentieth of all pictures leaves."""
        async with self.database.write() as tx:
            await jobs.add(tx, FORGET, "somebody", lane(FORGET, HEAVY), 0)
        parts = (self.shop.imagine, self.shop.ledger, Chat(), _Voice(), Faces(), self._data_dir, self.shop.clock)
        await Forgetting(self.database, *parts)(await self._claim())
        async with self.database.read() as tx:
            [left] = await tx.fetch(LAST, {"heavy": HEAVY})
            assert left["n"] == 0

    async def chores(self) -> None:
        """The audit of all books, which are to balance, and what is swept each hour."""
        budget = Budget(self.database, self.shop.ledger.today)
        parts = (self.shop.ledger, self.shop.shelf, budget, self.shop.clock)
        chores = Chores(self.database, *parts, alarm=_Alarm(), backups=None)
        await chores.audit()
        await chores.sweep()

    async def _claim(self) -> Lease:
        async with self.database.write() as tx:
            [job] = await jobs.claim(tx, NOW + DAY, NOW + 2 * DAY, 1)
        return Lease(self.database, job)


class _Alarm:
    async def mismatch(self, found: list[str]) -> None:
        raise AssertionError(found)

    async def no_backup(self) -> None:
        """There are none here."""


class _Voice:
    async def language(self, user_id: int) -> str:
        return "en"

    async def farewell(self, tx: Transaction, user_id: int, language: str) -> None:
        """Nobody is there to hear it."""


async def _measure(large: _Large) -> list[Figure]:
    heavy = PICTURES // 20
    done: list[tuple[str, Callable[[], Awaitable[None]]]] = [
        (f"the people of a broadcast are counted ({PEOPLE:,})", large.preview),
        (f"somebody with {heavy:,} pictures is forgotten", large.forget),
        (f"all books are checked, and what is over is swept ({PICTURES:,} pictures)", large.chores),
    ]
    figures = [await _waited(large.database, what, work) for what, work in done]
    begun = time.perf_counter()
    await large.database.compact()
    took = time.perf_counter() - begun
    name = f"writing the file of {PICTURES:,} pictures anew, at a start before anything is taken in"
    return [*figures, Figure(name, f"{took:.1f} s", "≤ 60 s", took <= 60, COMMAND)]


async def _waited(database: Database, what: str, work: Callable[[], Awaitable[None]]) -> Figure:
    """The longest wait of somebody else who writes all the time."""
    waits: list[float] = []
    async with asyncio.TaskGroup() as group:
        other = group.create_task(_write(database, waits))
        begun = time.perf_counter()
        await work()
        took = time.perf_counter() - begun
        other.cancel()
    longest, usual = max(waits), sorted(waits)[len(waits) // 2]
    measured = f"{longest * 1000:.0f} ms (usually {usual * 1000:.1f} ms), all done after {took:.1f} s"
    name = f"longest wait of another writer while {what}"
    return Figure(name, measured, f"≤ {GOAL * 1000:.0f} ms", longest <= GOAL, COMMAND)


async def _write(database: Database, waits: list[float]) -> None:
    while True:
        begun = time.perf_counter()
        async with database.write() as tx:
            await tx.execute("UPDATE balances SET held = held WHERE user_id = 3", {})
        waits.append(time.perf_counter() - begun)
        await asyncio.sleep(GAP)


async def _add(_tx: Transaction, _outgoing: Outgoing) -> None:
    """Nobody reads it."""


def _meet(data_dir: Path) -> None:
    """So many people who have all written in private."""
    rows = ((10_000_000 + number, ("en", "ru", "de")[number % 3], NOW, NOW) for number in range(PEOPLE))
    with closing(sqlite3.connect(data_dir / FILE)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        sql = "INSERT INTO users (user_id, client_language, created_at, talked_at) VALUES (?, ?, ?, ?)"
        connection.executemany(sql, rows)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (data_dir / FILE).open("rb+") as file:
        os.fsync(file.fileno())  # else the first sync of the bot waits for all of this
