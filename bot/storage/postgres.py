"""PostgreSQL: the same named SQL over a pool of connections."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import cache
from typing import Any

from bot.errors import SettingsError, StorageBusy, StorageDamaged, StorageFull
from bot.steps import step
from bot.storage.database import Database, Transaction
from bot.storage.lock import DirectoryLock
from bot.storage.schema import STORED_VERSION, is_current, migrate
from bot.storage.shield import carry_through
from bot.storage.statements import Statements, whole
from bot.storage.vault import Vault

try:
    import psycopg
    from psycopg.abc import Buffer
    from psycopg.adapt import Loader
    from psycopg.pq import TransactionStatus
    from psycopg.rows import DictRow, dict_row
    from psycopg_pool import AsyncConnectionPool, PoolTimeout
except ImportError as missing:
    raise SettingsError(
        "DATABASE_URL names PostgreSQL, whose driver is not installed: pip install 'imagine-bot[postgres]'."
    ) from missing

MOST_CONNECTIONS = 10
OPEN_SECONDS = 5.0
WAIT_SECONDS = 10.0

# Quoted text, comments and casts are left alone; a name after a colon is a value; a bare % must be doubled.
_PARTS = re.compile(r"'[^']*'|\"[^\"]*\"|--[^\n]*|::|:(?P<name>[A-Za-z_]\w*)|%")

# Seen from outside: these pass, and the work may be tried again.
_PASSING = (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout)

Connection = psycopg.AsyncConnection[DictRow]


async def open_postgres(url: str, vault: Vault, lock: DirectoryLock) -> "PostgresDatabase":
    """Bring the tables up to date and open the pool. The database frees `lock` when closed.

    Raises StorageBusy when the server cannot be reached within 5 s, StorageTooNew.
    """
    pool = _pool(url)
    try:
        await pool.open(wait=True, timeout=OPEN_SECONDS)
        if not is_current(await _stored_version(pool)):
            await asyncio.to_thread(migrate, _sqlalchemy_url(url))
    except BaseException as error:
        await pool.close()
        raise named(error) from error
    return PostgresDatabase(pool, vault, lock)


class PostgresDatabase(Database):
    """A pool of connections. What two processes must not do at once is guarded by rows, not by this class."""

    sole = False

    def __init__(self, pool: "AsyncConnectionPool[Connection]", vault: Vault, lock: DirectoryLock) -> None:
        self._pool = pool
        self.vault = vault
        self._lock = lock

    @asynccontextmanager
    async def write(self, *, urgent: bool = False) -> AsyncIterator[Transaction]:
        """A transaction that may change rows; nobody queues. Each statement sees what was committed before it."""
        async with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED") as tx:
            yield tx
            step("before commit")
        step("after commit")

    def read(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction on a steady view that changes nothing."""
        return self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    async def close(self) -> None:
        """Close the connections and free the data directory."""
        await self._pool.close()
        await self.vault.close()
        self._lock.free()

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[Transaction]:
        try:
            connection = await self._pool.getconn()
        except _PASSING as error:
            raise named(error) from error
        try:
            async with whole(PostgresStatements(connection, self.vault), begin) as tx:
                yield tx
        finally:
            await carry_through(self._pool.putconn(connection))


class PostgresStatements(Statements):
    """An open transaction of one connection."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        super().__init__(vault)
        self._connection = connection

    async def run_fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Run one statement and read all its rows."""
        cursor = await self._connection.execute(translated(sql), _fitting(values))
        return await cursor.fetchall()

    async def run_execute(self, sql: str, values: Mapping[str, Any]) -> int:
        """Run one statement and count the rows that it changed."""
        cursor = await self._connection.execute(translated(sql), _fitting(values))
        return cursor.rowcount

    async def commit(self) -> None:
        """Make it last."""
        await self._connection.execute("COMMIT")

    async def rollback(self) -> None:
        """Undo everything."""
        if self._connection.info.transaction_status != TransactionStatus.IDLE:
            # A connection that cannot even roll back is lost: the server rolls back, the pool opens another.
            with suppress(psycopg.Error):
                await self._connection.execute("ROLLBACK")

    def named(self, error: BaseException) -> BaseException:
        """What `error` is called outside of this package."""
        return named(error)


def named(error: BaseException) -> BaseException:
    """The StorageError for an error of PostgreSQL, a ValueError for a value that no column holds, or itself."""
    if isinstance(error, psycopg.errors.DiskFull):
        return StorageFull("PostgreSQL has no room left.")
    if isinstance(error, (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted)):
        return StorageDamaged("PostgreSQL reports damaged data. Restore the last good backup.")
    if isinstance(error, _PASSING):
        return StorageBusy(f"PostgreSQL cannot be used now ({type(error).__name__}).")
    if isinstance(error, psycopg.DataError):
        return ValueError("A value does not fit into the database.")
    return error


@cache
def translated(sql: str) -> bytes:
    """`:name` becomes `%(name)s`, as psycopg writes it. Every statement is written in a file, so few are kept."""
    return _PARTS.sub(_part, sql).encode()


def _part(found: re.Match[str]) -> str:
    name = found["name"]
    return f"%({name})s" if name else found[0].replace("%", "%%")


def _fitting(values: Mapping[str, Any]) -> dict[str, Any]:
    """Yes and no are kept as 1 and 0; PostgreSQL does not turn them into whole numbers by itself."""
    return {name: int(value) if isinstance(value, bool) else value for name, value in values.items()}


class WholeNumberLoader(Loader):
    """PostgreSQL widens a sum of whole numbers to `numeric`; here it stays a whole number."""

    def load(self, data: Buffer) -> int:
        """Read one value."""
        return int(bytes(data))


async def _configure(connection: Connection) -> None:
    connection.adapters.register_loader("numeric", WholeNumberLoader)


def _pool(url: str) -> "AsyncConnectionPool[Connection]":
    return AsyncConnectionPool(
        url,
        kwargs={"autocommit": True, "row_factory": dict_row, "connect_timeout": int(OPEN_SECONDS)},
        min_size=1,
        max_size=MOST_CONNECTIONS,
        timeout=WAIT_SECONDS,
        configure=_configure,
        check=AsyncConnectionPool.check_connection,
        open=False,
    )


async def stored_version_and_size(url: str) -> tuple[str | None, int]:
    """Which tables are there (None for none), and how many bytes they take, by a connection of its own.

    Raises StorageBusy when the server cannot be reached within 5 s.
    """
    try:
        connect = psycopg.AsyncConnection.connect(url, connect_timeout=int(OPEN_SECONDS), row_factory=dict_row)
        async with await connect as connection:
            cursor = await connection.execute("SELECT pg_database_size(current_database()) AS size")
            row = await cursor.fetchone()
            return await _version_of(connection), int(row["size"]) if row else 0
    except psycopg.Error as error:
        raise named(error) from error


async def _stored_version(pool: "AsyncConnectionPool[Connection]") -> str | None:
    async with pool.connection() as connection:
        return await _version_of(connection)


async def _version_of(connection: Connection) -> str | None:
    cursor = await connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL AS known")
    known = await cursor.fetchone()
    if not known or not known["known"]:
        return None
    row = await (await connection.execute(STORED_VERSION)).fetchone()
    return row["version_num"] if row else None


def _sqlalchemy_url(url: str) -> str:
    return "postgresql+psycopg:" + url.partition(":")[2]
