"""What people write is kept sealed, with a key for each of them: destroying the key is forgetting, in every copy.

The keys lie in a file of their own beside the database, so no backup of the database holds one, and are locked with
a key from outside the data directory. What is sealed is text again, so it fits where plain text was.
"""

import asyncio
import binascii
import hmac
import secrets
import sqlite3
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot.errors import SettingsError, StorageError
from bot.steps import step
from bot.storage.replace import sync
from bot.storage.shield import carry_through
from bot.storage.sqlite_statements import named

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE = "keys.sqlite3"
SEALED = "sealed1:"
NONCE = 12  # bytes, as AES-GCM has them
KEY = 32  # bytes
# The keys of so many people who wrote last stay in memory.
REMEMBERED = 10_000
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

Result = TypeVar("Result")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MasterKey:
    """What the keys are locked with: any text that nobody can guess. `before`: with what they were until now."""

    now: str = field(repr=False)
    before: str = field(default="", repr=False)


class Vault:
    """The keys of one data directory. Nothing is read or made before it is needed; the directory must be locked."""

    def __init__(self, data_dir: Path, master: MasterKey) -> None:
        self.path = data_dir / FILE
        self._master = master
        self._turn = asyncio.Lock()
        self._keys: OrderedDict[int, AESGCM] = OrderedDict()
        self._file: _KeyFile | None = None

    async def seal(self, owner: int, text: str) -> str:
        """The text so that only this vault reads it. `owner` is whom it is about: a person, or else a chat.

        Raises StorageError where a new key cannot be kept.
        """
        key = self._keys.get(owner) or await self._key(owner, make=True)
        assert key is not None  # noqa: S101  made
        nonce = secrets.token_bytes(NONCE)
        locked = nonce + key.encrypt(nonce, text.encode("utf-8", "surrogatepass"), _bound(owner))
        return SEALED + binascii.b2a_base64(locked, newline=False).decode("ascii")

    async def unseal(self, owner: int, text: str) -> str | None:
        """What was sealed; None where its key was destroyed, or it is not what was sealed for this owner.

        What an earlier version of the bot kept as it was comes back as it is. Raises StorageError.
        """
        if not text.startswith(SEALED):
            return text
        key = self._keys.get(owner) or await self._key(owner, make=False)
        return _opened(key, owner, text) if key else None

    async def destroy(self, owner: int, now: int) -> None:
        """Make all that was sealed for this owner unreadable for ever, and remember when. Raises StorageError."""
        async with self._turn:
            # First, so that nothing is sealed meanwhile with a key that is about to be gone.
            self._keys.pop(owner, None)
            await self._in_thread(lambda file: file.destroy(owner, now))

    async def destroyed_at(self, owner: int) -> int | None:
        """When the last key of this owner was destroyed, in Unix seconds; None: never. Raises StorageError."""
        async with self._turn:
            return await self._in_thread(lambda file: file.destroyed_at(owner))

    async def destroyed_since(self, owners: Iterable[int], since: int) -> list[int]:
        """Those of them whose key was destroyed at this Unix time or later. Raises StorageError."""
        async with self._turn:
            return await self._in_thread(lambda file: file.destroyed_since(owners, since))

    async def mark(self, owner: int) -> str:
        """A word that stands for somebody: always the same, and nobody can tell for whom. Raises StorageError."""
        async with self._turn:
            return await self._in_thread(lambda file: file.mark(owner))

    async def copy(self, target: Path) -> None:
        """`copy_keys`, while no other key is made or destroyed by this vault."""
        async with self._turn:
            await copy_keys(self.path.parent, target)

    async def open(self) -> None:
        """Make sure that the master key fits the keys that there are. Raises SettingsError, StorageError."""
        async with self._turn:
            if self.path.exists():
                await self._in_thread(lambda file: None)

    async def close(self) -> None:
        """Give the file back."""
        async with self._turn:
            if self._file:
                self._file.close()
                self._file = None

    async def _key(self, owner: int, *, make: bool) -> "AESGCM | None":
        async with self._turn:
            found = await self._in_thread(lambda file: file.key(owner, make=make))
            if found:
                self._keys[owner] = found
                if len(self._keys) > REMEMBERED:
                    self._keys.popitem(last=False)
            return found

    def _in_thread(self, work: Callable[["_KeyFile"], Result]) -> Awaitable[Result]:
        """Work on the file, which waits for the disk, to its end. Needs the turn."""
        return carry_through(asyncio.to_thread(self._on_file, work))

    def _on_file(self, work: Callable[["_KeyFile"], Result]) -> Result:
        try:
            self._file = self._file or _KeyFile(self.path, self._master)
            return work(self._file)
        except sqlite3.Error as error:
            raise named(error, self.path) from error


class _KeyFile:
    """The file. Everything in it is locked; nothing that was deleted stays in it. Blocks."""

    def __init__(self, path: Path, master: MasterKey) -> None:
        self._file = _connected(path)
        try:
            self._lock, self._pepper = self._unlocked(path, master)
        except BaseException:
            self._file.close()
            raise

    def key(self, owner: int, *, make: bool) -> "AESGCM | None":
        name = self._name(owner)
        row = self._file.execute("SELECT wrapped FROM keys WHERE name = ?", (name,)).fetchone()
        if row and (key := _tried(self._lock, row[0], name)):
            return _cipher(key)
        if row:  # one bit of it is enough; nobody else is to stand still for that
            log.error("key_damaged")
        return self._made(name) if make else None

    def destroy(self, owner: int, now: int) -> None:
        step("before a key is destroyed")
        with _changing(self._file):
            self._file.execute("DELETE FROM keys WHERE name = ?", (self._name(owner),))
            self._file.execute("INSERT OR REPLACE INTO destroyed (mark, at) VALUES (?, ?)", (self.mark(owner), now))
        step("after a key was destroyed")

    def destroyed_at(self, owner: int) -> int | None:
        row = self._file.execute("SELECT at FROM destroyed WHERE mark = ?", (self.mark(owner),)).fetchone()
        return row[0] if row else None

    def destroyed_since(self, owners: Iterable[int], since: int) -> list[int]:
        marks = {mark for (mark,) in self._file.execute("SELECT mark FROM destroyed WHERE at >= ?", (since,))}
        return [owner for owner in owners if self.mark(owner) in marks] if marks else []

    def mark(self, owner: int) -> str:
        return hmac.digest(self._pepper, _bound(owner), "sha256").hex()

    def _name(self, owner: int) -> str:
        """Another word than the mark, which is kept in more places."""
        return hmac.digest(self._pepper, b"key of " + _bound(owner), "sha256").hex()

    def close(self) -> None:
        self._file.close()

    def _made(self, name: str) -> "AESGCM":
        key = secrets.token_bytes(KEY)
        step("before a key is made")
        wrapped = _wrapped(self._lock, key, name)
        self._file.execute("INSERT OR REPLACE INTO keys (name, wrapped) VALUES (?, ?)", (name, wrapped))
        step("after a key was made")
        return _cipher(key)

    def _unlocked(self, path: Path, master: MasterKey) -> tuple["AESGCM", bytes]:
        """What all is locked with, and the pepper; locks everything anew where the master key has changed."""
        lock = _lock_of(master.now)
        row = self._file.execute("SELECT wrapped FROM own WHERE name = ?", (PEPPER,)).fetchone()
        if row is None:
            return lock, self._begin(lock)
        if pepper := _tried(lock, row[0], PEPPER):
            return lock, pepper
        before = _lock_of(master.before) if master.before else None
        if before and (pepper := _tried(before, row[0], PEPPER)):
            self._lock_anew(before, lock)
            return lock, pepper
        raise SettingsError(
            f"{path} was locked with another MASTER_KEY (BOT_TOKEN counts where none is set): "
            "set it to what it was, or MASTER_KEY_BEFORE if it is new."
        )

    def _begin(self, lock: "AESGCM") -> bytes:
        pepper = secrets.token_bytes(KEY)
        wrapped = _wrapped(lock, pepper, PEPPER)
        self._file.execute("INSERT INTO own (name, wrapped) VALUES (?, ?)", (PEPPER, wrapped))
        return pepper

    def _lock_anew(self, before: "AESGCM", now: "AESGCM") -> None:
        step("before keys are locked anew")
        with _changing(self._file):
            for table in ("own", "keys"):
                rows = self._file.execute(f"SELECT name, wrapped FROM {table}").fetchall()  # noqa: S608  named above
                keys = ((_tried(before, wrapped, name), name) for name, wrapped in rows)
                anew = [(_wrapped(now, key, name), name) for key, name in keys if key]
                self._file.executemany(f"UPDATE {table} SET wrapped = ? WHERE name = ?", anew)  # noqa: S608  as above
        step("after keys were locked anew")


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
    return row is None or any(_tried(_lock_of(key), row[0], PEPPER) for key in known)


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


def _lock_of(master: str) -> "AESGCM":
    """The key that wraps keys, from a master key of any length: HKDF with SHA-256 (RFC 5869), one block of it."""
    drawn = hmac.digest(b"imagine-bot", master.encode(), "sha256")
    return _cipher(hmac.digest(drawn, b"keys of people\x01", "sha256"))


def _wrapped(lock: "AESGCM", key: bytes, name: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + lock.encrypt(nonce, key, name.encode())


def _tried(lock: "AESGCM", wrapped: bytes, name: str) -> bytes | None:
    from cryptography.exceptions import InvalidTag

    try:
        return lock.decrypt(wrapped[:NONCE], wrapped[NONCE:], name.encode())
    except (InvalidTag, ValueError):
        return None


def _opened(key: "AESGCM", owner: int, text: str) -> str | None:
    from cryptography.exceptions import InvalidTag

    try:
        locked = binascii.a2b_base64(text.removeprefix(SEALED), strict_mode=True)
        return key.decrypt(locked[:NONCE], locked[NONCE:], _bound(owner)).decode("utf-8", "surrogatepass")
    except (InvalidTag, ValueError):
        return None


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _bound(owner: int) -> bytes:
    """What a sealed text is bound to, so that in another's row it is worth nothing."""
    return str(owner).encode()
