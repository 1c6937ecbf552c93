"""A look into the file of a bot that is running: for showing what it keeps, never for changing it."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StorageError
from bot.storage.backup import reading
from bot.storage.database import Transaction
from bot.storage.migrations import HEAD
from bot.storage.replace import FILE
from bot.storage.schema import STORED_VERSION, is_current
from bot.storage.sqlite import stored_version


@asynccontextmanager
async def looking(data_dir: Path) -> AsyncIterator[Transaction]:
    """A steady view of what was committed last; no writer waits for it.

    Raises StorageError, also when there is nothing to be seen yet.
    """
    try:
        async with reading(data_dir / FILE) as tx:
            await tx.execute("BEGIN", {})
            yield tx
    except sqlite3.Error as error:
        raise StorageError(f"{data_dir / FILE} cannot be read now ({error}).") from error


@dataclass(frozen=True, slots=True)
class Seen:
    """What a database looks like from outside: its version (None: no tables yet), its bytes, and those of its log."""

    version: str | None
    size: int
    log: int = 0

    @property
    def current(self) -> bool:
        """Whether this bot can use it as it is. Raises StorageTooNew."""
        return is_current(self.version)


async def look_at(url: str, data_dir: Path) -> Seen | None:
    """Look at a database that somebody else may be using, without a lock and without waiting; None where none is.

    Raises StorageError, SettingsError.
    """
    if url != "sqlite":
        from bot.storage.postgres import stored_version_and_size

        return Seen(*await stored_version_and_size(url))
    file = data_dir / FILE
    if not file.exists():
        return None
    log = file.with_name(file.name + "-wal")
    return Seen(await _version(data_dir), file.stat().st_size, log.stat().st_size if log.exists() else 0)


def version_in(file: Path) -> str:
    """Which tables a copy of a database has; of one that cannot be read nobody knows, and it says nothing. Blocks."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return stored_version(connection) or HEAD
    except sqlite3.Error:
        return HEAD


def sqlite_version() -> str:
    """Which SQLite Python brought along."""
    return sqlite3.sqlite_version


async def _version(data_dir: Path) -> str | None:
    async with looking(data_dir) as tx:
        if not await tx.fetch("SELECT 1 AS one FROM sqlite_master WHERE name = 'alembic_version'", {}):
            return None
        rows = await tx.fetch(STORED_VERSION, {})
        return str(rows[0]["version_num"]) if rows else None
