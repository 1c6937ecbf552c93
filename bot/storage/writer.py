"""The one connection that writes. Transactions that wait for it at the same time share a COMMIT and its full sync.

Each is there as a whole or not at all, and none has ended before it is on the disk. The first of them opens the
transaction and commits it; those that were waiting meanwhile are parts of it, each behind a savepoint of its own.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.errors import StorageBusy, StorageError
from bot.steps import step
from bot.storage.connection import Connection
from bot.storage.shield import carry_through
from bot.storage.sqlite_statements import First, Part, named
from bot.storage.statements import Statements, whole


class Shared:
    """What one COMMIT makes last. `error`: none of it will."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self._ended = asyncio.Event()

    def end(self, error: BaseException | None = None) -> None:
        """It is on the disk, or undone by an `error`."""
        self.error = error
        self._ended.set()

    async def wait(self) -> None:
        """Until it has ended."""
        await self._ended.wait()


class Writer:
    """Gives transactions their turns, in the order in which they came."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._turn = asyncio.Lock()
        self._shared: Shared | None = None
        self._task: asyncio.Task[object] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Statements]:
        """One of them. A cancellation during the COMMIT waits for it and is raised afterwards. Raises StorageError."""
        self._require_other_task()
        async with self._turn:
            shared, first = self._join()
            kind = First if first else Part
            self._task = asyncio.current_task()
            try:
                async with whole(kind(self._connection, self._path), kind.BEGIN, waits=False) as tx:
                    yield tx
            except BaseException as error:
                self._spoiled(shared, error)
                raise
            finally:
                self._task = None
        await carry_through(self._commit(shared) if first else shared.wait())
        if shared.error:
            raise self._named(shared.error) from shared.error
        step("after commit")

    async def close(self) -> None:
        """Close the connection after the transaction in progress."""
        if self._shared:
            await self._commit(self._shared)
        async with self._turn:
            await self._connection.close()

    def _require_other_task(self) -> None:
        if self._task is not None and self._task is asyncio.current_task():
            raise StorageError("A write transaction is open in this task already: it would wait for itself.")

    def _join(self) -> tuple[Shared, bool]:
        """What this transaction shares its commit with, and whether it is the first there."""
        if self._shared:
            return self._shared, False
        self._shared = Shared()
        return self._shared, True

    def _spoiled(self, shared: Shared, error: BaseException) -> None:
        """The transaction of the first was undone, or that of a part and all before it, as SQLite does without room."""
        if not self._connection.in_transaction:
            shared.end(error)
            self._shared = None

    def _named(self, error: BaseException) -> BaseException:
        """The same for each who shared it, so that each may try again."""
        found = named(error, self._path)
        if isinstance(found, StorageError):
            return type(found)(*found.args)
        return StorageBusy("A transaction beside this one failed, and both were undone.")

    async def _commit(self, shared: Shared) -> None:
        """After those who are waiting now: they become parts of it."""
        async with self._turn:
            if self._shared is not shared:
                return  # undone meanwhile
            self._shared = None
            try:
                step("before commit")
                await self._connection.commit()
            except Exception as error:  # noqa: BLE001  whatever it is, each who shared it hears of it
                await self._connection.rollback()
                shared.end(error)
            else:
                shared.end()
