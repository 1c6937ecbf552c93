"""What errors of SQLite are called outside of this package, and what the operator is told to do about them."""

import shutil
import sqlite3
from pathlib import Path

from bot.errors import StorageBusy, StorageDamaged, StorageError, StorageFailing, StorageFull

# Where copies of the file are kept.
BACKUPS = "backups"


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
