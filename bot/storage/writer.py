"""The one connection that writes. Transactions that wait for it at the same time share a COMMIT and its full sync.

Each is there as a whole or not at all, and none has ended before it is on the disk. The first of them opens the
transaction; those that wait for their turn meanwhile become parts of it, each behind a savepoint of its own; after
some, or when nobody waits, it is committed for all.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from bot.errors import StorageBusy, StorageError, StorageNotNow
from bot.steps import step
from bot.storage.connection import Connection
from bot.storage.sqlite_errors import named
from bot.storage.sqlite_statements import SQLiteStatements
from bot.storage.statements import Statements, whole
from bot.storage.vault import Vault

Result = TypeVar("Result")

# So many share a commit at most: the first of them waits for the last.
MOST = 16
# So many whom urgent ones passed go before the next urgent ones: on a slow disk there always are some.
FEW = 4
BESIDE = "A transaction beside this one failed, and both were undone."


class First(SQLiteStatements):
    """The first of those that share a commit. It stays open: whoever made it commits it for all."""

    OPENING = "BEGIN IMMEDIATE"

    async def commit(self) -> None:
        """Nothing yet."""


class Part(SQLiteStatements):
    """One of the others, which may fail without them."""

    OPENING = "SAVEPOINT part"

    async def commit(self) -> None:
        """Become part of the whole."""
        await self.connection.execute("RELEASE part", {})

    async def rollback(self) -> None:
        """Undo what this part did, unless SQLite has undone the whole already; where that fails, undo the whole."""
        if not self.connection.in_transaction:
            return
        try:
            await self.connection.execute("ROLLBACK TO part", {})
            await self.connection.execute("RELEASE part", {})
        except sqlite3.Error:
            await super().rollback()


class Shared:
    """What one COMMIT makes last. `error`: none of it will. `urgent`: it is not to wait for others."""

    def __init__(self) -> None:
        self.parts = 0
        self.urgent = False
        self.error: BaseException | None = None
        self._ended = asyncio.Event()

    def end(self, error: BaseException | None = None) -> None:
        """It is on the disk, or undone by an `error`."""
        self.error = error
        self._ended.set()

    async def wait(self) -> None:
        """Until it has ended; a cancellation meanwhile is raised afterwards."""
        cancelled: asyncio.CancelledError | None = None
        while not self._ended.is_set():
            try:
                await self._ended.wait()
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled from self.error


class Writer:
    """Gives transactions their turns: the urgent ones first, otherwise in the order in which they came.

    Urgent ones keep nobody out for ever: a few of those whom they passed are in the next commit.
    """

    def __init__(self, connection: Connection, path: Path, vault: Vault | None = None) -> None:
        self._connection = connection
        self._path = path
        self._vault = vault
        self._taken = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self._owed = 0
        self._shared: Shared | None = None
        self._writing: asyncio.Task[object] | None = None
        self._committing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self, *, urgent: bool = False) -> AsyncIterator[Statements]:
        """One of them. A cancellation during the COMMIT waits for it and is raised afterwards. Raises StorageError."""
        self._require_other_task()
        await self._turn(self._urgent if urgent else self._others)
        shared, kind = self._join(urgent=urgent)
        self._writing = asyncio.current_task()
        try:
            await self._clear()
            async with whole(kind(self._connection, self._path, self._vault), kind.OPENING, waits=False) as tx:
                yield tx
        except BaseException as error:
            self._find_undone(shared, error)
            raise
        finally:
            self._writing = None
            self._pass_on()
        await shared.wait()
        if shared.error:
            raise self._named(shared.error) from shared.error
        step("after commit")

    async def checkpoint(self) -> bool:
        """Bring what is in the write-ahead log into the file, and empty it; False: not all. Raises StorageError."""
        return await self._alone(self._connection.checkpoint)

    async def vacuum(self) -> None:
        """Write the whole file anew, while all others wait. Raises StorageError."""
        await self._alone(self._connection.vacuum)

    async def _alone(self, work: Callable[[], Awaitable[Result]]) -> Result:
        await self._turn(self._others)
        try:
            shared, self._shared = self._shared, None
            if shared:
                await self._commit(shared)
            return await work()
        except sqlite3.Error as error:
            raise named(error, self._path) from error
        finally:
            self._pass_on()

    async def close(self) -> None:
        """Close the connection after the transactions that are open or wait."""
        await self._turn(self._others)
        try:
            shared, self._shared = self._shared, None
            if shared:
                await self._commit(shared)
            await self._connection.close()
        finally:
            self._pass_on()  # whoever comes still hears that it is closed

    def _require_other_task(self) -> None:
        if self._writing is not None and self._writing is asyncio.current_task():
            raise StorageError("A write transaction is open in this task already: it would wait for itself.")

    async def _turn(self, queue: deque[asyncio.Future[None]]) -> None:
        """Wait until nobody else uses the connection."""
        if not self._taken:
            self._taken = True
            return
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()  # it was ours already
            raise

    def _pass_on(self) -> None:
        """Let the next one in, or commit first what nobody is to wait for any longer."""
        urgent, other = _first(self._urgent), _first(self._others)
        shared = self._shared
        others_turn = bool(other) and (self._owed > 0 or not (urgent or (shared and shared.urgent)))
        if shared and (shared.parts >= MOST or not (urgent or others_turn)):
            self._owed = FEW if other and shared.urgent else 0
            self._commit_aside(shared)
        elif other and (others_turn or not urgent):
            self._owed = max(0, self._owed - 1)
            self._others.popleft().set_result(None)
        elif urgent:
            self._urgent.popleft().set_result(None)
        else:
            self._taken = False

    def _join(self, *, urgent: bool) -> tuple[Shared, type[First] | type[Part]]:
        """What this transaction shares its commit with, and which part it has in it."""
        kind = Part if self._shared else First
        self._shared = self._shared or Shared()
        self._shared.parts += 1
        self._shared.urgent |= urgent
        return self._shared, kind

    def _find_undone(self, shared: Shared, error: BaseException) -> None:
        """The transaction of the first was undone, or that of a part and all before it, as SQLite does without room."""
        if not self._connection.in_transaction:
            self._shared = None
            shared.end(error if isinstance(error, StorageNotNow) else StorageBusy(BESIDE))

    def _commit_aside(self, shared: Shared) -> None:
        self._shared = None
        self._committing = asyncio.create_task(self._commit(shared))  # noqa: TID251  see Shared.wait
        self._committing.add_done_callback(lambda task: self._go_on(shared, task))

    def _go_on(self, shared: Shared, task: asyncio.Task[None]) -> None:
        if task.cancelled():  # the loop is being torn down: nobody may take it for written, or wait for it
            self._connection.spoil()
            shared.end(asyncio.CancelledError())
        self._pass_on()

    async def _commit(self, shared: Shared) -> None:
        try:
            step("before commit")
            await self._connection.commit()
        except Exception as error:  # noqa: BLE001  whatever it is, each who shared it hears of it
            try:
                await self._undo()
            finally:
                shared.end(error)
        else:
            shared.end()

    async def _undo(self) -> None:
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):  # whoever comes next tries again, and hears of it
                await self._connection.rollback()

    async def _clear(self) -> None:
        """Undo what could not be undone before. Raises StorageError."""
        if self._connection.spoiled:
            try:
                await self._connection.rollback()
            except sqlite3.Error as error:
                raise named(error, self._path) from error

    def _named(self, error: BaseException) -> BaseException:
        """The same for each who shared it, so that each may try again."""
        found = named(error, self._path)
        if isinstance(found, StorageError):
            return type(found)(*found.args)
        return StorageBusy(BESIDE)


def _first(queue: deque[asyncio.Future[None]]) -> asyncio.Future[None] | None:
    """Who is next, leaving out those who do not wait any more."""
    while queue and queue[0].done():
        del queue[0]
    return queue[0] if queue else None
