"""The narrow door to a database: two kinds of transaction, one way to run SQL."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from bot.storage.vault import Vault


class Transaction(Protocol):
    """An open transaction: the first argument of every store function. SQL names its values `:like_this`.

    `vault`: what seals the words of people before they become values, and reads them again.
    """

    @property
    def vault(self) -> Vault:
        """The keys of this database. Raises StorageError where it was opened without."""
        ...

    async def fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """All rows, each read by column name."""
        ...

    async def execute(self, sql: str, values: Mapping[str, Any]) -> int:
        """How many rows were changed."""
        ...


class Database(ABC):
    """One open database.

    `sole`: nobody else can work on it while this process lives, so every lease found at start is a dead one's.
    `vault`: the keys of the people in it.
    """

    sole: bool
    vault: Vault

    @abstractmethod
    def write(self, *, urgent: bool = False) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that may change rows: committed at the end, rolled back on any exception.

        `urgent`: short, and somebody outside waits for it; where writers queue it goes ahead. Raises StorageNotNow.
        """

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction on a steady view that changes nothing and waits for no writer."""

    async def scrub(self) -> None:
        """Let nothing that was deleted or changed lie in files of our own, as far as that can be done now."""
        return

    async def size(self) -> int:
        """Bytes of the file that `compact` writes anew; 0 where it does nothing."""
        return 0

    async def compact(self) -> None:
        """Write everything anew, without what was deleted or changed; others wait meanwhile. Raises StorageError."""
        return

    @abstractmethod
    async def close(self) -> None:
        """Give everything back. An open database keeps the process alive."""
