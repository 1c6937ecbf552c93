"""A connection to SQLite: statements where they are asked for, waiting elsewhere."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.storage.connection import Connection

COUNT = (
    "WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < :most) SELECT MAX(n) AS n FROM many"
)
LONG = 1_000_000


@asynccontextmanager
async def opened(path: Path, *, reading: bool, busy_seconds: float = 4.0) -> AsyncIterator[Connection]:
    connection = await Connection.open(str(path), busy_seconds, reading=reading)
    try:
        yield connection
    finally:
        await connection.close()


async def test_a_long_read_lets_others_work_and_comes_to_its_end(tmp_path: Path) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with opened(tmp_path / "f", reading=True) as connection, asyncio.TaskGroup() as group:
        task = group.create_task(others())
        assert await connection.fetch(COUNT, {"most": LONG}) == [{"n": LONG}]
        task.cancel()
    assert turns > 2


async def test_a_long_read_stays_within_its_steady_view(tmp_path: Path) -> None:
    async with opened(tmp_path / "f", reading=False) as writer, opened(tmp_path / "f", reading=True) as reader:
        await writer.execute("PRAGMA journal_mode = WAL", {})
        await writer.execute("CREATE TABLE t (n)", {})
        await reader.execute("BEGIN", {})
        assert await reader.fetch("SELECT n FROM t", {}) == []
        await writer.execute("INSERT INTO t VALUES (1)", {})
        await reader.fetch(COUNT, {"most": LONG})
        assert await reader.fetch("SELECT n FROM t", {}) == []
        await reader.commit()
        assert await reader.fetch("SELECT n FROM t", {}) == [{"n": 1}]


async def test_a_cancelled_long_read_ends_before_the_connection_is_used_again(tmp_path: Path) -> None:
    async with opened(tmp_path / "f", reading=True) as connection:
        task = asyncio.create_task(connection.fetch(COUNT, {"most": LONG}))  # noqa: TID251  awaited below
        await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert await connection.fetch(COUNT, {"most": 3}) == [{"n": 3}]


async def test_another_program_that_holds_the_file_is_waited_for_without_stopping_anybody(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "f", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with opened(tmp_path / "f", reading=False) as connection:
        waiting = asyncio.create_task(connection.execute("BEGIN IMMEDIATE", {}))  # noqa: TID251  awaited below
        await asyncio.sleep(0)
        assert not waiting.done()
        other.execute("COMMIT")
        await waiting
        await connection.rollback()
    other.close()


async def test_a_file_that_stays_held_is_given_up(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "f", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with opened(tmp_path / "f", reading=False, busy_seconds=0) as connection:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await connection.execute("BEGIN IMMEDIATE", {})
    other.close()


async def test_a_reader_that_began_a_hundred_thousand_times_begins_again(tmp_path: Path) -> None:
    connection = await Connection.open(str(tmp_path / "any.sqlite3"), 1.0, reading=True)
    for _ in range(100_000):
        await connection.execute("BEGIN", {})
        connection.end_reading()
    await connection.close()
