"""SQLite: one process, one writing connection, a few reading ones.

SQLite before 3.51.3 can damage a write-ahead log that two connections write at once; one writer removes the cause.
"""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiosqlite
import structlog

from bot.errors import StorageBusy, StorageDamaged, StorageError, StorageFailing, StorageFull
from bot.steps import step
from bot.storage.database import Database, Transaction
from bot.storage.lock import DirectoryLock
from bot.storage.replace import FILE, finish_restore
from bot.storage.schema import STORED_VERSION, is_current, migrate
from bot.storage.statements import Statements, whole

# Where copies of the file are kept.
BACKUPS = "backups"
READERS = 3
# A write in its thread cannot be called back: with the seconds that work in hand gets at a stop, this stays below the
# ten after which a process is killed.
BUSY_SECONDS = 4.0
# How long the start may look for damage: enough for about a hundred thousand pictures.
CHECK_SECONDS = 2.0

log = structlog.get_logger(__name__)

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_size_limit = 67108864",
)


async def open_sqlite(data_dir: Path, lock: DirectoryLock) -> "SQLiteDatabase":
    """Check the file in `data_dir`, bring its tables up to date and open it. The database frees `lock` when closed.

    Raises StorageBusy, StorageDamaged, StorageFull, StorageTooNew.
    """
    path = data_dir / FILE
    database = SQLiteDatabase(path, lock)
    try:
        await asyncio.to_thread(_prepare, path)
        await database.connect()
    except sqlite3.Error as error:
        await database.disconnect()
        raise named(error, path) from error
    except BaseException:
        await database.disconnect()
        raise
    return database


class SQLiteDatabase(Database):
    """One file. Writers queue in the order they came; readers see a steady view and wait for no writer."""

    sole = True

    def __init__(self, path: Path, lock: DirectoryLock) -> None:
        self._path = path
        self._lock = lock
        self._connections: list[aiosqlite.Connection] = []
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._turn = asyncio.Lock()
        self._writing: asyncio.Task[Any] | None = None

    async def connect(self) -> None:
        """Open the connections, the writing one first."""
        writer = await self._connect()
        for pragma in PRAGMAS:
            await writer.execute_fetchall(pragma)
        for _ in range(READERS):
            reader = await self._connect()
            await reader.execute_fetchall("PRAGMA query_only = ON")
            self._readers.put_nowait(reader)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that may change rows, one at a time."""
        task = asyncio.current_task()
        if self._writing is task:
            raise StorageError("A write transaction is open in this task already: it would wait for itself.")
        async with self._turn:
            self._writing = task
            try:
                async with whole(SQLiteStatements(self._connections[0], self._path), "BEGIN IMMEDIATE") as tx:
                    yield tx
                    step("before commit")
                step("after commit")
            finally:
                self._writing = None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction on a steady view that changes nothing and waits for no writer."""
        reader = await self._readers.get()
        try:
            async with whole(SQLiteStatements(reader, self._path), "BEGIN") as tx:
                yield tx
        finally:
            self._readers.put_nowait(reader)

    async def close(self) -> None:
        """Close the connections after the transaction in progress, and free the data directory."""
        async with self._turn:
            await self.disconnect()
        self._lock.free()

    async def disconnect(self) -> None:
        """Close the connections only."""
        while self._connections:
            await self._connections.pop().close()

    async def _connect(self) -> aiosqlite.Connection:
        connection = await aiosqlite.connect(self._path, isolation_level=None, timeout=BUSY_SECONDS)
        connection.row_factory = as_dict  # type: ignore[assignment]  # aiosqlite says a class, any maker of rows will do
        self._connections.append(connection)
        return connection


class SQLiteStatements(Statements):
    """An open transaction of one connection."""

    def __init__(self, connection: aiosqlite.Connection, path: Path) -> None:
        super().__init__()
        self._connection = connection
        self._path = path

    async def run_fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Run one statement and read all its rows, in one trip to the connection's thread."""
        return await self._connection.execute_fetchall(sql, values)  # type: ignore[return-value]  # rows by as_dict

    async def run_execute(self, sql: str, values: Mapping[str, Any]) -> int:
        """Run one statement and count the rows that it changed."""
        cursor = await self._connection.execute(sql, values)
        return cursor.rowcount

    async def commit(self) -> None:
        """Write it to the disk and wait until it is there."""
        await self._connection.commit()

    async def rollback(self) -> None:
        """Undo everything. A cancelled statement may still run in the thread: this queues up behind it."""
        try:
            await self._connection.rollback()
        except sqlite3.Error as error:
            raise self.named(error) from error

    def named(self, error: BaseException) -> BaseException:
        """What `error` is called outside of this package."""
        return named(error, self._path)


def named(error: BaseException, path: Path) -> BaseException:
    """The StorageError for an error of SQLite, a ValueError for a value that no column holds, or the error itself."""
    if isinstance(error, OverflowError):
        return ValueError("A whole number is too large for the database.")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF if isinstance(error, sqlite3.Error) else 0
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StorageBusy(f"Another program holds {path}.")
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_room(path)):
        return StorageFull(f"No room is left for {path}.")
    # What is no text any more where a text was kept has no code of its own.
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or "decode to UTF-8" in str(error):
        return damaged(path, str(error))
    if code == sqlite3.SQLITE_IOERR:
        return StorageFailing(f"The disk failed at {path} ({error}).")
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
        return StorageError(f"The disk does not let the bot use {path} ({error}).")
    return error


def damaged(path: Path, reason: str) -> StorageDamaged:
    """What the operator hears: what is wrong, and which command puts the last good backup in its place."""
    newest = max((path.parent / BACKUPS).glob("*.sqlite3"), default=None)
    advice = f"imagine-bot restore {newest}" if newest else "imagine-bot restore FILE"
    return StorageDamaged(f"{path} is damaged ({reason}). Restore the last good backup: {advice}. Nothing was deleted.")


def _no_room(path: Path) -> bool:
    """A full disk shows as a plain input/output error where SQLite grows its shared index."""
    return shutil.disk_usage(path.parent).free < 1024 * 1024


def as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    """A row by the names of its columns, as aiosqlite wants to be told it."""
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def _prepare(path: Path) -> None:
    """Check the file and bring its tables up to date. Blocks."""
    finish_restore(path.parent)
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        _check(connection, path)
        current = is_current(stored_version(connection))
    if not current:
        migrate(f"sqlite:///{path.absolute()}")
    path.chmod(0o600)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Look for damage as long as a start may take; a large file is looked through by each of its backups."""
    end = time.monotonic() + CHECK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        log.info("start_check_cut_short", size=path.stat().st_size)
        return
    except UnicodeDecodeError as error:  # damaged are the very words in which SQLite tells of it
        raise damaged(path, type(error).__name__) from error
    finally:
        connection.set_progress_handler(None, 0)
    if found != "ok":
        raise damaged(path, found)


def stored_version(connection: sqlite3.Connection) -> str | None:
    """Which tables are there; None for none."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute(STORED_VERSION).fetchone() if known else None
    return row[0] if row else None
