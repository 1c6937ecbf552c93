"""Random transactions on a disk that fails at random: what was told is what is there, and nobody waits for ever."""

import asyncio
import os
import random
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import aiosqlite

from bot.errors import StorageNotNow
from bot.storage.connection import Connection
from bot.storage.writer import Writer

TRANSACTIONS = int(os.environ.get("TRANSACTIONS", "3000"))
SLOW = 60  # seconds after which whoever still waits does so for ever
CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR_FSYNC)
RATE = 0.04  # how often the disk fails
INSERT = "INSERT INTO t VALUES (:name, :row)"


class ItsOwn(Exception):
    """What a transaction raises by itself."""


class Failing(sqlite3.Connection):
    """Fails before each kind of statement; sometimes it has undone everything by then, as SQLite does."""

    chance: random.Random | None = None

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        self._fail()
        return super().execute(sql, *values)  # type: ignore[arg-type]  # whatever was given

    def commit(self) -> None:
        self._fail()
        super().commit()

    def rollback(self) -> None:
        self._fail()
        super().rollback()

    def _fail(self) -> None:
        if self.chance is None or self.chance.random() >= RATE:
            return
        if self.chance.random() < 0.5:
            super().rollback()
        error = sqlite3.OperationalError("injected")
        error.sqlite_errorcode = self.chance.choice(CODES)
        raise error


@dataclass
class Model:
    """Each transaction by its name: how many rows it writes, and how it ended."""

    writer: Writer
    chance: random.Random
    rows: dict[str, int] = field(default_factory=dict)
    ends: dict[str, BaseException | None] = field(default_factory=dict)

    async def run(self, name: str) -> None:
        self.rows[name] = self.chance.randrange(4)
        try:
            await self._write(name)
        except BaseException as error:
            self.ends[name] = error
            raise
        self.ends[name] = None

    async def _write(self, name: str) -> None:
        async with self.writer.transaction(urgent=self.chance.random() < 0.2) as tx:
            for row in range(self.rows[name]):
                await tx.execute(INSERT, {"name": name, "row": row})
                if self.chance.random() < 0.3:
                    await asyncio.sleep(0)
            if self.chance.random() < 0.1:
                raise ItsOwn

    async def crowd(self, first: int, count: int) -> None:
        """Some at once, of which some are cancelled at any point."""
        async with asyncio.timeout(SLOW):
            tasks = [asyncio.create_task(self.run(str(first + n))) for n in range(count)]  # noqa: TID251  awaited below
            for task in tasks:
                if self.chance.random() < 0.1:
                    for _ in range(self.chance.randrange(12)):
                        await asyncio.sleep(0)
                    task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def judge(self, there: dict[str, int]) -> None:
        for name, rows in self.rows.items():
            end = self.ends.get(name, asyncio.CancelledError())  # cancelled before it began
            kept = there.get(name, 0)
            if end is None:
                assert kept == rows, f"{name} was lost"
            elif isinstance(end, asyncio.CancelledError):
                assert kept in (0, rows), f"{name} is there in part"
            else:
                assert isinstance(end, StorageNotNow | ItsOwn), repr(end)
                assert kept == 0, f"{name} is there, though it ended with {end!r}"


async def test_what_was_told_is_there_and_nothing_else_whatever_fails(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")
    path, chance = tmp_path / "f", random.Random(seed)
    raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Failing)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = OFF")
    raw.execute("CREATE TABLE t (name, row)")
    raw.chance = chance
    writer = Writer(Connection(raw, await aiosqlite.Connection(lambda: raw, iter_chunk_size=64), 1.0), path)
    model = Model(writer, chance)
    begun = 0
    while begun < TRANSACTIONS:
        await model.crowd(begun, count := chance.choice((1, 2, 3, 8, 40)))
        begun += count
    raw.chance = None
    await writer.close()
    other = sqlite3.connect(path)
    model.judge(dict(other.execute("SELECT name, COUNT(*) FROM t GROUP BY name")))
    other.close()
