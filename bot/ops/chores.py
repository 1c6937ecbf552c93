"""What has to be done now and then: the books are checked, and what nobody needs is thrown away."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.clock import Clock
from bot.errors import StorageDamaged, StorageError
from bot.imagine import store as generations
from bot.imagine.rules import WISH_KEPT
from bot.imagine.shelf import Shelf
from bot.providers.spending import Budget
from bot.quota.service import Ledger
from bot.storage.database import Database

AUDIT_EVERY = 60.0
SWEEP_EVERY = 3600.0


log = structlog.get_logger()


class Chores:
    """Each `run` goes on until cancelled. `on_mismatch` hears of books that do not balance."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        shelf: Shelf,
        budget: Budget,
        clock: Clock,
        on_mismatch: Callable[[list[str]], Awaitable[None]],
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._shelf = shelf
        self._budget = budget
        self._clock = clock
        self._on_mismatch = on_mismatch

    async def run(self) -> None:
        """Do everything at its time."""
        async with asyncio.TaskGroup() as group:
            group.create_task(_every(AUDIT_EVERY, self.audit))
            group.create_task(_every(SWEEP_EVERY, self.sweep))

    async def audit(self) -> None:
        """Recompute all balances from the entries."""
        try:
            async with self._database.read() as tx:
                wrong = await self._ledger.audit(tx)
        except StorageDamaged as error:
            wrong = [str(error)]
        if wrong:
            log.error("books_do_not_balance", found=wrong)
            await self._on_mismatch(wrong)

    async def sweep(self) -> None:
        """Throw away pictures that are no longer needed, what a crash left behind, and wishes nobody came back for."""
        async with self._database.write() as tx:
            await generations.prune_wishes(tx, self._clock.now() - WISH_KEPT)
            await self._budget.prune(tx)
        if gone := await self._shelf.sweep(self._database, self._clock.now()):
            log.info("swept", files=gone)


async def _every(seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await chore()
        except StorageError as error:
            log.warning("chore_waits_for_storage", chore=chore.__name__, reason=str(error))
        await asyncio.sleep(seconds)
