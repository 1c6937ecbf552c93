"""The file of keys: one for each person, locked with a key from outside the data directory.

It lies beside the database, so no backup of the database holds a key. Its copy is one of this moment, never an older.
"""

import asyncio
import hmac
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.errors import SettingsError, StorageError
from bot.steps import step
from bot.storage.locks import lock, lock_of, locked, new_key, opened
from bot.storage.replace import sync
from bot.storage.shield import carry_through
from bot.storage.sqlite_errors import named

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE = "keys.sqlite3"
BUSY_SECONDS = 4.0
# Not a key of anybody: what marks are made with.
PEPPER = "pepper"

PRAGMAS = ("PRAGMA journal_mode = DELETE", "PRAGMA synchronous = EXTRA", "PRAGMA secure_delete = ON")
TABLES = (
    # Named by what the pepper makes of their number: the file tells of nobody that they wrote.
    "CREATE TABLE IF NOT EXISTS keys (name TEXT NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS own (name TEXT NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL)",
    # Nobody can tell from a mark whose key it was; but whoever asks for somebody learns that it is gone.
    "CREATE TABLE IF NOT EXISTS destroyed (mark TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL)",
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MasterKey:
    """What the keys are locked with: any text that nobody can guess. `before`: with what they were until now."""

    now: str = field(repr=False)
    before: str = field(default="", repr=False)


class KeyFile:
    """The file, open. Everything in it is locked; nothing that was deleted stays in it. Blocks.

    Opening it raises SettingsError where the master key does not fit; everything raises errors of SQLite as they are.
    """

    def __init__(self, path: Path, master: MasterKey) -> None:
        self._file = _connected(path)
        try:
            self._lock, self._pepper = self._unlocked(path, master)
        except BaseException:
            self._file.close()
            raise

    def key(self, owner: int, *, make: bool) -> "AESGCM | None":
        """What locks and opens for this owner; where there is none it is made, if `make` says so."""
        name = self._name(owner)
        row = self._file.execute("SELECT wrapped FROM keys WHERE name = ?", (name,)).fetchone()
        if row and (key := opened(self._lock, row[0], name.encode())):
            return lock(key)
        if row:  # one bit of it is enough; nobody else is to stand still for that
            log.error("key_damaged")
        return self._made(name) if make else None

    def destroy(self, owner: int, now: int) -> None:
        """Delete the key of this owner, and note when."""
        step("before a key is destroyed")
        with _changing(self._file):
            self._file.execute("DELETE FROM keys WHERE name = ?", (self._name(owner),))
            self._file.execute("INSERT OR REPLACE INTO destroyed (mark, at) VALUES (?, ?)", (self.mark(owner), now))
        step("after a key was destroyed")

    def destroyed_at(self, owner: int) -> int | None:
        """When that happened last, in Unix seconds; None: never."""
        row = self._file.execute("SELECT at FROM destroyed WHERE mark = ?", (self.mark(owner),)).fetchone()
        return row[0] if row else None

    def destroyed_since(self, owners: Iterable[int], since: int) -> list[int]:
        """Those of them to whom it happened at this Unix time or later."""
        marks = {mark for (mark,) in self._file.execute("SELECT mark FROM destroyed WHERE at >= ?", (since,))}
        return [owner for owner in owners if self.mark(owner) in marks] if marks else []

    def mark(self, owner: int) -> str:
        """A word that stands for somebody: always the same, and without the pepper nobody can tell for whom."""
        return hmac.digest(self._pepper, bound_to(owner), "sha256").hex()

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _name(self, owner: int) -> str:
        """Another word than the mark, which is kept in more places."""
        return hmac.digest(self._pepper, b"key of " + bound_to(owner), "sha256").hex()

    def _made(self, name: str) -> "AESGCM":
        key = new_key()
        step("before a key is made")
        wrapped = locked(self._lock, key, name.encode())
        self._file.execute("INSERT OR REPLACE INTO keys (name, wrapped) VALUES (?, ?)", (name, wrapped))
        step("after a key was made")
        return lock(key)

    def _unlocked(self, path: Path, master: MasterKey) -> tuple["AESGCM", bytes]:
        """What all is locked with, and the pepper; locks everything anew where the master key has changed."""
        now = lock_of(master.now)
        row = self._file.execute("SELECT wrapped FROM own WHERE name = ?", (PEPPER,)).fetchone()
        if row is None:
            return now, self._begin(now)
        if pepper := opened(now, row[0], PEPPER.encode()):
            return now, pepper
        before = lock_of(master.before) if master.before else None
        if before and (pepper := opened(before, row[0], PEPPER.encode())):
            self._lock_anew(before, now)
            return now, pepper
        raise SettingsError(
            f"{path} was locked with another MASTER_KEY (BOT_TOKEN counts where none is set): "
            "set it to what it was, or MASTER_KEY_BEFORE if it is new."
        )

    def _begin(self, now: "AESGCM") -> bytes:
        pepper = new_key()
        wrapped = locked(now, pepper, PEPPER.encode())
        self._file.execute("INSERT INTO own (name, wrapped) VALUES (?, ?)", (PEPPER, wrapped))
        return pepper

    def _lock_anew(self, before: "AESGCM", now: "AESGCM") -> None:
        step("before keys are locked anew")
        with _changing(self._file):
            for table in ("own", "keys"):
                rows = self._file.execute(f"SELECT name, wrapped FROM {table}").fetchall()  # noqa: S608  named above
                keys = ((opened(before, wrapped, name.encode()), name) for name, wrapped in rows)
                anew = [(locked(now, key, name.encode()), name) for key, name in keys if key]
                self._file.executemany(f"UPDATE {table} SET wrapped = ? WHERE name = ?", anew)  # noqa: S608  as above
        step("after keys were locked anew")


def bound_to(owner: int) -> bytes:
    """What a sealed text is bound to, so that in another's row it is worth nothing."""
    return str(owner).encode()


def fits(data_dir: Path, master: MasterKey) -> bool | None:
    """Whether the keys open with the master key, or the one before; None where there are none. Makes nothing. Blocks.

    An empty file is how an operator says to go on without keys. Raises StorageError.
    """
    path = data_dir / FILE
    if not path.exists() or not path.stat().st_size:
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)) as file:
            row = file.execute("SELECT wrapped FROM own WHERE name = ?", (PEPPER,)).fetchone()
    except sqlite3.Error as error:
        raise named(error, path) from error
    known = [key for key in (master.now, master.before) if key]
    return row is None or any(opened(lock_of(key), row[0], PEPPER.encode()) for key in known)


async def copy_keys(data_dir: Path, target: Path) -> bool:
    """Copy the keys, locked as they are, over `target`: an older copy would keep what was destroyed.

    Whether there were any. Needs no master key and no lock. Raises StorageError.
    """
    return await carry_through(asyncio.to_thread(_copied, data_dir / FILE, target))


def _copied(source: Path, target: Path) -> bool:
    if not source.exists():
        return False
    part = target.with_name(target.name + ".part")
    try:
        # Nobody, of another process neither, destroys a key that is in a copy which is still to take its place.
        with closing(_connected(source)) as guard, _changing(guard):
            part.unlink(missing_ok=True)
            with closing(_connected(source)) as file, closing(_connected(part)) as copied:
                file.backup(copied)
            sync(part)
            step("before a copy of the keys takes its place")
            part.replace(target)
            sync(target.parent)
    except sqlite3.Error as error:
        raise named(error, source) from error
    except OSError as error:
        raise StorageError(f"{target} cannot be written ({error.strerror}).") from error
    return True


def _connected(path: Path) -> sqlite3.Connection:
    """Its log is deleted with each commit and deleted rows are written over, so what was destroyed is nowhere."""
    path.touch(mode=0o600)
    file = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    for statement in (*PRAGMAS, *TABLES):
        file.execute(statement)
    return file


@contextmanager
def _changing(file: sqlite3.Connection) -> Iterator[None]:
    """All or nothing. One that stayed open where it failed would swallow every key that is made after it."""
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
        file.execute("COMMIT")
    finally:
        if file.in_transaction:
            file.execute("ROLLBACK")
