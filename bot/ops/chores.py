"""What has to be done now and then: the books are checked, and what nobody needs is thrown away."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.errors import StorageDamaged, StorageError
from bot.imagine.rules import WORDS_KEPT
from bot.imagine.shelf import Shelf
from bot.jobs import store as jobs
from bot.ops import forgetting
from bot.ops.backup import Backups
from bot.ops.retention import Retention
from bot.ops.sealing import Sealing
from bot.providers.spending import Budget
from bot.quota.service import Ledger
from bot.storage.database import Database

AUDIT_EVERY = 60.0
# Of so many audits one looks at everybody, also at those who asked for nothing lately: that takes longer.
AUDIT_ALL = 60
SWEEP_EVERY = 3600.0
BACKUP_LOOK_EVERY = 300.0
# A chore that took long waits so many times as long: those of an old, large database take a twentieth of the time.
RESTS = 19


log = structlog.get_logger()


class Alarm(Protocol):
    """Who has to know what went wrong."""

    async def mismatch(self, found: list[str]) -> None:
        """The books do not balance."""
        ...

    async def no_backup(self) -> None:
        """A backup failed, the first after a good one."""
        ...


class Chores:
    """Each `run` goes on until cancelled."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        shelf: Shelf,
        budget: Budget,
        clock: Clock,
        *,
        alarm: Alarm,
        backups: Backups | None,
        words_kept: int = WORDS_KEPT,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._shelf = shelf
        self._budget = budget
        self._clock = clock
        self._alarm = alarm
        self._backups = backups
        self._retention = Retention(database, clock, words_kept)
        self._sealing = Sealing(database, clock)
        self._backup_failed = False
        self._audits = 0
        self._begun = clock.monotonic()
        self._done: dict[str, float] = {}

    async def run(self) -> None:
        """Do everything at its time."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._every(AUDIT_EVERY, self.audit))
            group.create_task(self._every(SWEEP_EVERY, self.sweep))
            group.create_task(self._every(SWEEP_EVERY, self._sealing.seal))
            group.create_task(self._every(BACKUP_LOOK_EVERY, self.back_up))

    def ages(self) -> dict[str, float]:
        """Seconds since each chore came to its end last, or since the start where it never did."""
        now, chores = self._clock.monotonic(), (self.audit, self.sweep, self.back_up)
        return {chore.__name__: now - self._done.get(chore.__name__, self._begun) for chore in chores}

    async def audit(self) -> None:
        """End the days that have not come, and recompute balances from the entries."""
        await self._end_early_days()
        everybody = self._audits % AUDIT_ALL == 0
        try:
            async with self._database.read() as tx:
                wrong = await self._ledger.audit(tx, everybody=everybody)
        except StorageDamaged as error:
            wrong = [str(error)]
        self._audits += 1
        if wrong:
            log.error("books_do_not_balance", found=wrong)
            await self._alarm.mismatch(wrong)

    async def _end_early_days(self) -> None:
        try:
            async with self._database.read() as tx:
                if not await self._ledger.early_days(tx):
                    return
            async with self._database.write() as tx:
                ended = await self._ledger.end_early_days(tx)
        except StorageError as error:
            log.warning("early_days_wait_for_storage", reason=str(error))
        else:
            if ended:
                log.warning("early_days_ended", people=ended)

    async def back_up(self) -> None:
        """Make the backup of this hour. One that fails is tried again at the next look, and stops nothing."""
        if self._backups is None:
            return
        try:
            await self._backups.keep_up()
            self._backup_failed = False
        except (StorageError, OSError) as error:
            log.warning("backup_failed", reason=str(error))
            first, self._backup_failed = not self._backup_failed, True
            if first:
                await self._alarm.no_backup()

    async def sweep(self) -> None:
        """Throw away pictures and words that are no longer kept, and what a crash left behind."""
        await self._retention.sweep()
        async with self._database.write() as tx:
            await self._budget.prune(tx)
            await jobs.prune_lanes(tx)
            await forgetting.prune(tx, self._ledger, self._clock.now())
        await forgetting.leave_chats(self._database, self._ledger, self._clock.now())
        if gone := await self._shelf.sweep(self._database, self._clock.now()):
            log.info("swept", files=gone)

    async def _every(self, seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            try:
                await chore()
            except StorageError as error:
                log.warning("chore_waits_for_storage", chore=chore.__name__, reason=str(error))
            else:
                self._done[chore.__name__] = self._clock.monotonic()
            await asyncio.sleep(max(seconds, RESTS * (loop.time() - begun)))
