"""Hours in a second: a loop whose time jumps to the next thing that is due, and a database that needs no thread.

Nothing here may wait for the outside world: no socket, no process.
"""

import asyncio
import selectors
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.storage.database import Database, Transaction
from bot.storage.replace import FILE
from bot.storage.sqlite_errors import named
from bot.storage.statements import Statements, whole
from bot.storage.vault import Vault
from tests.vaults import opened, vault_in

Result = TypeVar("Result")

EPOCH = 1_800_000_000


class _Jump(selectors.SelectSelector):
    """Waits for nothing: tells the loop how long it would have slept."""

    def __init__(self) -> None:
        super().__init__()
        self.slept = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever happen")
        self.slept += max(0.0, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop of its own time, in seconds since it was made. What others give to a thread is done at once."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.slept

    def run_in_executor(  # type: ignore[override]  # a future that is done already is a future
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001  whoever awaits it gets it
            future.set_exception(error)
        return future


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Do all of `work`, and skip the waiting."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


class LoopClock:
    """The time of the loop. `jump` moves the wall clock only."""

    def __init__(self) -> None:
        self.jump = 0

    def now(self) -> int:
        return int(EPOCH + self.jump + self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


class InlineDatabase(Database):
    """The SQLite file of a data directory, read and written on the spot. One transaction at a time."""

    sole = True

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.row_factory = _as_dict
        self.vault = vault_in(data_dir)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def write(self, *, urgent: bool = False) -> AsyncIterator[Transaction]:
        async with self._turn, whole(_Inline(self._connection, self._path, self.vault), "BEGIN IMMEDIATE") as tx:
            yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        async with self._turn, whole(_Inline(self._connection, self._path, self.vault), "BEGIN") as tx:
            yield tx

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """Look into it."""
        async with self.read() as tx:
            return await opened(tx, await tx.fetch(sql, {}))

    async def close(self) -> None:
        self._connection.close()
        await self.vault.close()


class _Inline(Statements):
    def __init__(self, connection: sqlite3.Connection, path: Path, vault: Vault) -> None:
        super().__init__(vault)
        self._connection = connection
        self._path = path

    async def run_fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        return self._connection.execute(sql, values).fetchall()

    async def run_execute(self, sql: str, values: Mapping[str, Any]) -> int:
        return self._connection.execute(sql, values).rowcount

    async def commit(self) -> None:
        self._connection.commit()

    async def rollback(self) -> None:
        self._connection.rollback()

    def named(self, error: BaseException) -> BaseException:
        return named(error, self._path)


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
