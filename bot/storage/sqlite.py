"""SQLite: one process, one writing connection, a few reading ones.

SQLite before 3.51.3 can damage a write-ahead log that two connections write at once; one writer removes the cause.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

import structlog

from bot.errors import StorageBusy
from bot.storage.connection import Connection
from bot.storage.database import Database, Transaction
from bot.storage.lock import DirectoryLock
from bot.storage.replace import FILE, finish_restore
from bot.storage.schema import STORED_VERSION, is_current, migrate
from bot.storage.sqlite_errors import damaged, named
from bot.storage.sqlite_statements import Reading
from bot.storage.statements import whole
from bot.storage.vault import Vault
from bot.storage.writer import Writer

READERS = 3
# Pages that each connection keeps, in KiB. What is read again soon is in the memory of the system anyway; SQLite's own
# default of 2,000 would fill for hours, and look like a leak.
CACHE = 512
# A write in its thread cannot be called back: with the seconds that work in hand gets at a stop, this stays below the
# ten after which a process is killed.
BUSY_SECONDS = 4.0
# Bytes of a file that is written anew within half a second, for which everybody else waits.
SMALL = 32 * 1024 * 1024
# How long the start may look for damage: enough for about a hundred thousand pictures.
CHECK_SECONDS = 2.0

# Tries to empty the log between two readers, and seconds between two tries.
TRIES = 50
REST = 0.1

log = structlog.get_logger(__name__)

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_size_limit = 67108864",
)
CACHE_SIZE = f"PRAGMA cache_size = -{CACHE}"


async def open_sqlite(data_dir: Path, vault: Vault, lock: DirectoryLock) -> "SQLiteDatabase":
    """Check the file in `data_dir`, bring its tables up to date and open it. The database frees `lock` when closed.

    Raises StorageBusy, StorageDamaged, StorageFull, StorageTooNew.
    """
    path = data_dir / FILE
    database = SQLiteDatabase(path, vault, lock)
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

    def __init__(self, path: Path, vault: Vault, lock: DirectoryLock) -> None:
        self._path = path
        self.vault = vault
        self._lock = lock
        self._writer: Writer | None = None
        self._readers: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        self._opened: list[Connection] = []

    async def connect(self) -> None:
        """Open the connections, the writing one first."""
        writer = await Connection.open(str(self._path), BUSY_SECONDS, reading=False)
        self._writer = Writer(writer, self._path, self.vault)
        for pragma in (*PRAGMAS, CACHE_SIZE):
            await writer.execute(pragma, {})
        for _ in range(READERS):
            reader = await Connection.open(str(self._path), BUSY_SECONDS, reading=True)
            self._opened.append(reader)
            await reader.execute(CACHE_SIZE, {})
            self._readers.put_nowait(reader)

    def write(self, *, urgent: bool = False) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that may change rows, one at a time."""
        assert self._writer is not None  # noqa: S101  connected
        return self._writer.transaction(urgent=urgent)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction on a steady view that changes nothing and waits for no writer."""
        reader = await self._readers.get()
        try:
            async with whole(Reading(reader, self._path, self.vault), Reading.OPENING, waits=False) as tx:
                yield tx
        finally:
            self._readers.put_nowait(reader)

    async def scrub(self) -> None:
        """Write the file anew where it is small, and empty the write-ahead log.

        SQLite leaves copies of rows that it moved between its pages, also with `secure_delete`. Raises StorageError.
        """
        assert self._writer is not None  # noqa: S101  connected
        if await self.size() <= SMALL:
            await self.compact()
        else:
            await self._empty_log(self._writer)

    async def size(self) -> int:
        """Bytes of the file, without its log."""
        return await asyncio.to_thread(lambda: self._path.stat().st_size)

    async def compact(self) -> None:
        """Write the file anew, without free pages, and empty its log. Raises StorageError, StorageBusy for the log."""
        assert self._writer is not None  # noqa: S101  connected
        try:
            await self._writer.vacuum()
        finally:  # for want of room, mostly: what one that failed has written is to leave it to the work
            await self._empty_log(self._writer)

    async def _empty_log(self, writer: Writer) -> None:
        for _ in range(TRIES):
            if await writer.checkpoint():
                return
            await asyncio.sleep(REST)
        raise StorageBusy("The log of the database is read all the time, and cannot be emptied.")

    async def close(self) -> None:
        """Close the connections after the transaction in progress, and free the data directory."""
        await self.disconnect()
        await self.vault.close()
        self._lock.free()

    async def disconnect(self) -> None:
        """Close the connections only."""
        if self._writer:
            await self._writer.close()
            self._writer = None
        while self._opened:
            await self._opened.pop().close()


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
