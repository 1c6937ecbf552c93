"""SQL on an open connection to SQLite."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from bot.storage.connection import Connection
from bot.storage.sqlite_errors import named
from bot.storage.statements import Statements
from bot.storage.vault import Vault


class SQLiteStatements(Statements):
    """An open transaction of one connection. `OPENING` opens it."""

    OPENING: ClassVar[str]

    def __init__(self, connection: Connection, path: Path, vault: Vault | None = None) -> None:
        super().__init__(vault)
        self.connection = connection
        self._path = path

    async def run_fetch(self, sql: str, values: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """Run one statement and read all its rows."""
        return await self.connection.fetch(sql, values)

    async def run_execute(self, sql: str, values: Mapping[str, Any]) -> int:
        """Run one statement and count the rows that it changed."""
        return (await self.connection.execute(sql, values)).rowcount

    async def rollback(self) -> None:
        """Undo everything."""
        try:
            await self.connection.rollback()
        except sqlite3.Error as error:
            raise self.named(error) from error

    def named(self, error: BaseException) -> BaseException:
        """What `error` is called outside of this package."""
        return named(error, self._path)


class Reading(SQLiteStatements):
    """A steady view."""

    OPENING = "BEGIN"

    async def commit(self) -> None:
        """Let go of the view."""
        self.connection.end_reading()
