"""One connection to a SQLite file, used from the event loop.

A statement takes some five microseconds, a trip to a thread and back seven times as many, and a picture needs sixty of
them: so they run where they are. What waits for the disk goes to the connection's own thread: COMMIT, and a read that
turns out to be long, which is stopped and begun anew there.
"""

import asyncio
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import aiosqlite

from bot.storage.shield import carry_through

# Steps of SQLite's own machine after which a read is long: a few milliseconds.
LONG = 100_000
# Seconds between two tries where another program holds the file.
REST = 0.01


class Connection:
    """`reading`: nothing is changed through it, so what it does may be begun anew. Not for two tasks at once."""

    def __init__(self, raw: sqlite3.Connection, slow: aiosqlite.Connection, busy_seconds: float) -> None:
        """`slow` is the same connection, by way of its thread."""
        self._raw = raw
        self._slow = slow
        self._busy_seconds = busy_seconds
        self._patient = False
        self._spoiled = False
        # SQLite counts the steps of a statement over all its runs: the one that begins a read has made many after a
        # day. Only what is fetched may be found too long, because only that is begun anew.
        self._fetching = False

    @classmethod
    async def open(cls, name: str, busy_seconds: float, *, reading: bool) -> "Connection":
        """Open a file by its path or URI; whoever waits for another program that holds it, does for `busy_seconds`."""
        raw = sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False, timeout=0)
        connection = cls(raw, await aiosqlite.Connection(lambda: raw, iter_chunk_size=64), busy_seconds)
        if reading:
            raw.execute("PRAGMA query_only = ON")
            raw.set_progress_handler(connection._is_too_long, LONG)
        return connection

    @property
    def in_transaction(self) -> bool:
        """Whether there is something to commit.

        False also where SQLite itself has undone everything, as it does when it finds no room, or undoing failed.
        """
        return self._raw.in_transaction and not self._spoiled

    @property
    def spoiled(self) -> bool:
        """What was to be undone may still be there: nothing may be begun or committed before it is undone."""
        return self._spoiled

    def spoil(self) -> None:
        """Say that a COMMIT may have gone on without whoever asked for it, or never begun."""
        self._spoiled = True

    async def fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Run one statement and read all its rows. Raises sqlite3.Error."""
        self._fetching = True
        try:
            return _rows(await self.execute(sql, values))
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_INTERRUPT:
                raise
            return await self._fetch_patiently(sql, values)
        finally:
            self._fetching = False

    async def execute(self, sql: str, values: Mapping[str, Any]) -> sqlite3.Cursor:
        """Run one statement, waiting for other programs. Raises sqlite3.Error."""
        began = self._raw.in_transaction
        try:
            return self._raw.execute(sql, values)
        except sqlite3.OperationalError as error:
            # A statement must not be tried again by itself where what came before it was undone.
            if not _is_busy(error) or self._raw.in_transaction != began:
                raise
        return await self._execute_patiently(sql, values)

    def end_reading(self) -> None:
        """Let go of the steady view; there is nothing to write."""
        self._raw.commit()

    async def commit(self) -> None:
        """Make it last. Raises sqlite3.Error."""
        await self._slow.commit()

    async def rollback(self) -> None:
        """Undo everything, after whatever still runs in the thread. Raises sqlite3.Error."""
        self._spoiled = True
        await self._slow.rollback()
        self._spoiled = False

    async def checkpoint(self) -> bool:
        """Bring the write-ahead log into the file and empty it; False: somebody reads from it. Raises sqlite3.Error."""
        async with self._slow.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
            row = await cursor.fetchone()
        return row is not None and row[0] == 0

    async def vacuum(self) -> None:
        """Write the whole file anew. Raises sqlite3.Error."""
        await (await self._slow.execute("VACUUM")).close()

    async def close(self) -> None:
        """Give the file back."""
        await self._slow.close()

    async def _execute_patiently(self, sql: str, values: Mapping[str, Any]) -> sqlite3.Cursor:
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._busy_seconds
        while True:
            try:
                return self._raw.execute(sql, values)
            except sqlite3.OperationalError as error:
                if not _is_busy(error) or loop.time() >= ends:
                    raise
            await asyncio.sleep(REST)

    async def _fetch_patiently(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        self._patient = True
        work = asyncio.create_task(self._fetch_aside(sql, values))  # noqa: TID251  owned here, and awaited to its end
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            self._patient = False  # the thread notices soon, and nobody else may use the connection before
            await carry_through(_ended(work))
            raise
        finally:
            self._patient = False

    async def _fetch_aside(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        cursor = await self._slow.execute(sql, values)
        return _named(cursor.description, await cursor.fetchall())

    def _is_too_long(self) -> bool:
        return self._fetching and not self._patient


async def _ended(work: asyncio.Task[Any]) -> None:
    await asyncio.wait((work,))
    work.exception()  # nobody asks for it any more


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return _code(error) == sqlite3.SQLITE_BUSY


def _code(error: sqlite3.OperationalError) -> int:
    """The kind of error; a text that is none in the database has no code."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _rows(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    return _named(cursor.description, cursor.fetchall())


def _named(description: Any, rows: Iterable[Iterable[Any]]) -> list[dict[str, Any]]:
    """Each row by the names of its columns, which are read once."""
    names = [column[0] for column in description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows]
