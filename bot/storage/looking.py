"""A look into the file of a bot that is running: for showing what it keeps, never for changing it."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.errors import StorageError
from bot.storage.backup import reading
from bot.storage.database import Transaction
from bot.storage.replace import FILE


@asynccontextmanager
async def looking(data_dir: Path) -> AsyncIterator[Transaction]:
    """A steady view of what was committed last; no writer waits for it.

    Raises StorageError, also when there is nothing to be seen yet.
    """
    try:
        async with reading(data_dir / FILE) as tx:
            await tx.execute("BEGIN", {})
            yield tx
    except sqlite3.Error as error:
        raise StorageError(f"{data_dir / FILE} cannot be read now ({error}).") from error
