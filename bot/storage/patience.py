"""Writing down what has happened already: it cannot be taken back, so a storage that will not take it is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.errors import StorageNotNow
from bot.storage.database import Database, Transaction

# Seconds between two tries.
REST = 1.0

Result = TypeVar("Result")

log = structlog.get_logger(__name__)


async def nap(seconds: float) -> bool:
    """Wait, whatever happens; only a cancellation ends the patience."""
    await asyncio.sleep(seconds)
    return False


async def patiently(
    database: Database,
    change: Callable[[Transaction], Awaitable[Result]],
    rest: Callable[[float], Awaitable[bool]] = nap,
) -> Result:
    """Commit `change`, which is made anew at each try, and give its result.

    `rest` waits for so many seconds; it is True when waiting longer is of no use.
    Raises StorageNotNow only then; any other error at once.
    """
    while True:
        try:
            async with database.write() as tx:
                return await change(tx)
        except StorageNotNow as error:
            log.warning("outcome_waits_for_storage", reason=str(error))
            if await rest(REST):
                raise
