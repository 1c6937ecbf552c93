"""A database that is sometimes in use by somebody else."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.errors import StorageBusy, StorageError
from bot.storage.database import Database, Transaction


class BusyDatabase(Database):
    """Another database, whose next writes end as `coming` says: None for well. Reads are not disturbed."""

    def __init__(self, inner: Database, *coming: StorageError | None) -> None:
        self.sole = inner.sole
        self.vault = inner.vault
        self.coming = deque(coming)
        self._inner = inner

    @asynccontextmanager
    async def write(self, *, urgent: bool = False) -> AsyncIterator[Transaction]:
        trouble = self.coming.popleft() if self.coming else None
        if trouble:
            raise trouble
        async with self._inner.write() as tx:
            yield tx

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        return self._inner.read()

    async def compact(self) -> None:
        await self._inner.compact()

    async def close(self) -> None:
        await self._inner.close()

    def lock(self, writes: int) -> None:
        """Be in use for so many writes from now on."""
        self.coming = deque([StorageBusy("Another program holds it.")] * writes)
