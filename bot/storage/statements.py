"""What both kinds of database have in common: an open transaction that goes wrong as a whole or not at all."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.errors import StorageError
from bot.storage.shield import carry_through
from bot.storage.vault import Vault


class Statements(ABC):
    """An open transaction. After one failed or cancelled statement it takes no further one and cannot be committed.

    PostgreSQL behaves so by itself. SQLite would go on, and after some failures it would even go on without a
    transaction, each further statement on its own.
    """

    def __init__(self, vault: Vault | None = None) -> None:
        self._vault = vault
        self._ended = False
        self._failure: BaseException | None = None

    @property
    def vault(self) -> Vault:
        """The keys of this database. Raises StorageError where it was opened without."""
        if self._vault is None:
            raise StorageError("This database was opened without its keys.")
        return self._vault

    @abstractmethod
    async def run_fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Run one statement and read all its rows."""

    @abstractmethod
    async def run_execute(self, sql: str, values: Mapping[str, Any]) -> int:
        """Run one statement and count the rows that it changed."""

    @abstractmethod
    async def commit(self) -> None:
        """Make it last."""

    @abstractmethod
    async def rollback(self) -> None:
        """Undo everything; nothing to undo is fine."""

    @abstractmethod
    def named(self, error: BaseException) -> BaseException:
        """What `error` is called outside of this package: a StorageError, a ValueError for a bad value, or itself."""

    async def fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """All rows, each read by column name."""
        self._require_open()
        try:
            return await self.run_fetch(sql, values)
        except BaseException as error:
            raise self._failed(error) from error

    async def execute(self, sql: str, values: Mapping[str, Any]) -> int:
        """How many rows were changed."""
        self._require_open()
        try:
            return await self.run_execute(sql, values)
        except BaseException as error:
            raise self._failed(error) from error

    def end(self) -> None:
        """Take no further statement."""
        self._ended = True

    async def commit_whole(self) -> None:
        """Commit, unless a statement failed and whoever ran it went on as if it had not.

        Raises StorageError.
        """
        if self._failure is not None:
            raise StorageError("A statement failed, so the whole transaction was rolled back.") from self._failure
        self.end()
        try:
            await self.commit()
        except Exception as error:
            raise self.named(error) from error

    def _require_open(self) -> None:
        if self._ended:
            raise StorageError("This transaction has ended.")
        if self._failure is not None:
            raise StorageError("A statement of this transaction failed before.") from self._failure

    def _failed(self, error: BaseException) -> BaseException:
        self._failure = self.named(error)
        return self._failure


@asynccontextmanager
async def whole(statements: Statements, begin: str, *, waits: bool = True) -> AsyncIterator[Statements]:
    """Run the block between `begin` and COMMIT; any exception, a cancellation included, rolls everything back.

    A cancellation during the COMMIT waits for it and is raised afterwards; none can come where it never `waits`.
    """
    try:
        await statements.execute(begin, {})
        yield statements
        if waits:
            await carry_through(statements.commit_whole())
        else:
            await statements.commit_whole()
    except BaseException:
        statements.end()
        await carry_through(statements.rollback())
        raise
