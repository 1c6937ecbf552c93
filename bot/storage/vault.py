"""What people write is kept sealed, with a key for each of them: destroying the key is forgetting, in every copy.

What is sealed is text again, so it fits where plain text was. Where the keys lie: `key_file.py`.
"""

import asyncio
import binascii
import sqlite3
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.storage.key_file import FILE, KeyFile, MasterKey, bound_to, copy_keys
from bot.storage.locks import locked, opened
from bot.storage.shield import carry_through
from bot.storage.sqlite_errors import named

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED = "sealed1:"
# The keys of so many people who wrote last stay in memory.
REMEMBERED = 10_000

Result = TypeVar("Result")


class Vault:
    """The keys of one data directory. Nothing is read or made before it is needed; the directory must be locked."""

    def __init__(self, data_dir: Path, master: MasterKey) -> None:
        self.path = data_dir / FILE
        self._master = master
        self._turn = asyncio.Lock()
        self._keys: OrderedDict[int, AESGCM] = OrderedDict()
        self._file: KeyFile | None = None

    async def seal(self, owner: int, text: str) -> str:
        """The text so that only this vault reads it. `owner` is whom it is about: a person, or else a chat.

        Raises StorageError where a new key cannot be kept.
        """
        key = self._keys.get(owner) or await self._key(owner, make=True)
        assert key is not None  # noqa: S101  made
        data = locked(key, text.encode("utf-8", "surrogatepass"), bound_to(owner))
        return SEALED + binascii.b2a_base64(data, newline=False).decode("ascii")

    async def unseal(self, owner: int, text: str) -> str | None:
        """What was sealed; None where its key was destroyed, or it is not what was sealed for this owner.

        What an earlier version of the bot kept as it was comes back as it is. Raises StorageError.
        """
        if not text.startswith(SEALED):
            return text
        key = self._keys.get(owner) or await self._key(owner, make=False)
        return _plain(key, owner, text) if key else None

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

    def _in_thread(self, work: Callable[[KeyFile], Result]) -> Awaitable[Result]:
        """Work on the file, which waits for the disk, to its end. Needs the turn."""
        return carry_through(asyncio.to_thread(self._on_file, work))

    def _on_file(self, work: Callable[[KeyFile], Result]) -> Result:
        try:
            self._file = self._file or KeyFile(self.path, self._master)
            return work(self._file)
        except sqlite3.Error as error:
            raise named(error, self.path) from error


def _plain(key: "AESGCM", owner: int, text: str) -> str | None:
    try:
        data = opened(key, binascii.a2b_base64(text.removeprefix(SEALED), strict_mode=True), bound_to(owner))
        return None if data is None else data.decode("utf-8", "surrogatepass")
    except ValueError:
        return None
