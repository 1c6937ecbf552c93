"""Named SQL from a file beside its feature, run through the narrow door of `Transaction`.

aiosql reads the files. Its own drivers speak to one database each; the driver here speaks to a transaction, so the
same text serves both databases. `^` behind a name gives one row or None, `$` one value or None, `!` the number of
changed rows, and nothing behind it a list of rows.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosql
from aiosql.queries import Queries as NamedQueries

from bot.storage.database import Transaction


class Queries(NamedQueries):
    """The queries of one file, each a method: `await SQL.get_balance(tx, user_id=7)`."""

    if TYPE_CHECKING:  # the names stand in the file

        def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]: ...


class Driver:
    """Runs a named query in a transaction. aiosql hands on what these return, which is why they can be awaited."""

    is_aio_driver = False  # aiosql's own asynchronous way makes a generator of every list

    def process_sql(self, name: str, kind: object, sql: str) -> str:
        """The text as written: each database translates it for itself."""
        return sql

    async def select(
        self, tx: Transaction, name: str, sql: str, values: Mapping[str, Any], record_class: object = None
    ) -> Sequence[Mapping[str, Any]]:
        """All rows."""
        return await tx.fetch(sql, values)

    async def select_one(
        self, tx: Transaction, name: str, sql: str, values: Mapping[str, Any], record_class: object = None
    ) -> Mapping[str, Any] | None:
        """The first row, or None."""
        rows = await tx.fetch(sql, values)
        return rows[0] if rows else None

    async def select_value(self, tx: Transaction, name: str, sql: str, values: Mapping[str, Any]) -> Any:
        """The first column of the first row, or None."""
        rows = await tx.fetch(sql, values)
        return next(iter(rows[0].values())) if rows else None

    async def insert_update_delete(self, tx: Transaction, name: str, sql: str, values: Mapping[str, Any]) -> int:
        """How many rows were changed."""
        return await tx.execute(sql, values)


def load(path: Path) -> Queries:
    """Read the named queries of one file.

    Raises aiosql's SQLParseException for a file that cannot be read as such.
    """
    queries = aiosql.from_path(path, Driver, queries_cls=Queries, mandatory_parameters=False)  # type: ignore[arg-type]  # aiosql asks for a driver of every method, unused ones too
    assert isinstance(queries, Queries)  # noqa: S101  aiosql calls it by its base class
    return queries
