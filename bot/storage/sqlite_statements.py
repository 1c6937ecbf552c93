"""SQL on an open connection to SQLite, and what its errors are called outside of this package."""

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from bot.errors import StorageBusy, StorageDamaged, StorageError, StorageFailing, StorageFull
from bot.storage.connection import Connection
from bot.storage.statements import Statements

if TYPE_CHECKING:
    from bot.storage.vault import Vault

# Where copies of the file are kept.
BACKUPS = "backups"


class SQLiteStatements(Statements):
    """An open transaction of one connection. `OPENING` opens it."""

    OPENING: ClassVar[str]

    def __init__(self, connection: Connection, path: Path, vault: "Vault | None" = None) -> None:
        super().__init__(vault)
        self.connection = connection
        self._path = path

    async def run_fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Run one statement and read all its rows."""
        return await self.connection.fetch(sql, values)

    async def run_execute(self, sql: str, values: Mapping[str, Any]) -> int:
        """Run one statement and count the rows that it changed."""
        return (await self.connection.execute(sql, values)).rowcount

    async def rollback(self) -> None:
        """Undo everything."""
        try:
            await self.connection.rollback()
        except sqlite3.Error as error:
            raise self.named(error) from error

    def named(self, error: BaseException) -> BaseException:
        """What `error` is called outside of this package."""
        return named(error, self._path)


class Reading(SQLiteStatements):
    """A steady view."""

    OPENING = "BEGIN"

    async def commit(self) -> None:
        """Let go of the view."""
        self.connection.end_reading()


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
