"""Works through the jobs in this process: a few at a time, one per lane, the table being the truth.

One loop claims, keeps the leases alive and notices cancelled jobs; every claimed job runs in a task that it owns.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.jobs import store
from bot.jobs.rules import Job, backoff
from bot.storage.database import Database, Transaction

LEASE_SECONDS = 30
BEAT_SECONDS = 5
POLL_SECONDS = 1.0
GRACE_SECONDS = 5.0

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """The job was cancelled or taken over: whatever was done for it must be thrown away."""


class Lease:
    """A job while we hold it. `ended`: done or put back. `lost`: cancelled or taken over."""

    def __init__(self, database: Database, job: Job) -> None:
        self._database = database
        self.job = job
        self.ended = False
        self.lost = False

    async def keep(self, remote_id: str) -> None:
        """Keep what a slow service gave us to come back with, at once.

        Raises LeaseLost.
        """
        async with self._database.write() as tx:
            kept = await store.remember(tx, self.job, remote_id)
        if not kept:
            raise LeaseLost
        self.job = replace(self.job, remote_id=remote_id)

    async def hold_on(self, tx: Transaction, now: int) -> None:
        """Make sure that the job is still ours, within the transaction that relies on it. Raises LeaseLost."""
        if not await store.extend(tx, self.job, now + LEASE_SECONDS):
            raise LeaseLost

    async def put_back(self, due_at: int, tx: Transaction | None = None) -> bool:
        """Give the job up until `due_at`, in `tx` or at once. False: it is not ours any more."""
        if tx is None:
            async with self._database.write() as own:
                return await self.put_back(due_at, own)
        self.ended = True
        return await store.put_back(tx, self.job, due_at)

    async def done(self, tx: Transaction) -> bool:
        """Remove the job in the transaction that holds its effects. False: it is not ours any more: roll back."""
        self.ended = True
        return await store.done(tx, self.job)


Handler = Callable[[Lease], Awaitable[None]]
"""Does one kind of work. One whose `takes_no_hand` is true mostly waits, or is done at once: it is no worker's."""


class Runner:
    """Claims jobs and hands each to the handler of its kind.

    Somebody waits for jobs of the `awaited` kinds: none is left for later than LONGEST_WAIT by a clock that was ahead.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        clock: Clock,
        workers: int,
        awaited: Collection[str] = (),
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._clock = clock
        self._workers = workers
        self._awaited = awaited
        self._looked_at: int | None = None
        self._bell = asyncio.Event()
        self._stopping = False
        self._running: dict[Lease, asyncio.Task[None]] = {}
        self._beaten_at = 0
        self._freed = False
        self._ailing = False

    @property
    def running(self) -> int:
        """How many jobs are being worked on."""
        return len(self._running)

    def ring(self) -> None:
        """Something was committed: look at once whether there is a new job, or one was cancelled."""
        self._bell.set()

    def stop(self) -> None:
        """Claim nothing more; `run` returns once the jobs in hand have ended, after 5 s at the latest."""
        self._stopping = True
        self._bell.set()

    async def run(self) -> None:
        """Work until `stop`. Jobs of handlers that had to be cancelled stay leased: the next start frees them."""
        try:
            while not self._stopping:
                await self._look()
                await self._rest()
            if self._running:
                await asyncio.wait(self._running.values(), timeout=GRACE_SECONDS)
        finally:
            await self._end_all()

    async def _look(self) -> None:
        """Keep what is ours, take what is due. A database that cannot be used now is tried again, for ever."""
        # One reading of the clock for both: a lease that was just extended cannot look run out to the claim.
        now = self._clock.now()
        try:
            await self._free_the_dead()
            await self._mind_the_clock(now)
            await self._keep_leases(now)
            await self._start_due(now)
            self._ailing = False
        except StorageError as error:
            if not self._ailing:
                log.warning("jobs wait for the database", reason=str(error))
            self._ailing = True

    async def _free_the_dead(self) -> None:
        """Once, at the start: the lock of the data directory proves that whoever held a lease is gone."""
        if self._database.sole and not self._freed:
            async with self._database.write() as tx:
                await store.free_all(tx)
        self._freed = True

    async def _mind_the_clock(self, now: int) -> None:
        """At the start, and whenever the clock steps back: what it had put off is not left until it is there again."""
        if self._looked_at is None or now < self._looked_at:
            async with self._database.write() as tx:
                for kind in self._awaited:
                    await store.hasten(tx, kind, now)
        self._looked_at = now

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._bell.wait()
        except TimeoutError:
            return
        finally:
            self._bell.clear()

    async def _start_due(self, now: int) -> None:
        """Take as many as there are hands for, in one commit; what takes none does not wait for a free one."""
        free = self._workers - sum(not self._takes_no_hand(lease.job.kind) for lease in self._running)
        if self._stopping:
            return
        if free > 0:
            await self._claim(now, free)
            return
        async with self._database.read() as tx:
            handless = filter(self._takes_no_hand, self._handlers)
            due = [kind for kind in handless if await store.is_due(tx, kind, now)]
        for kind in due:
            await self._claim(now, 1, kind)

    async def _claim(self, now: int, most: int, kind: str | None = None) -> None:
        async with self._database.write() as tx:
            jobs = await store.claim(tx, now, now + LEASE_SECONDS, most, kind)
        for job in jobs:
            self._start(Lease(self._database, job))
        if any(self._takes_no_hand(job.kind) for job in jobs):
            self._bell.set()  # there may be work for the hand that it left free

    def _takes_no_hand(self, kind: str) -> bool:
        return getattr(self._handlers.get(kind), "takes_no_hand", False)

    def _start(self, lease: Lease) -> None:
        task = asyncio.create_task(self._work(lease), name=f"job {lease.job.job_id}")  # noqa: TID251  see _end_all
        self._running[lease] = task
        task.add_done_callback(lambda _: self._ended(lease))

    def _ended(self, lease: Lease) -> None:
        del self._running[lease]
        self._bell.set()

    async def _keep_leases(self, now: int) -> None:
        """Before every claim: after a sleep of the machine our own leases must not look like those of the dead."""
        held = list(self._running)
        if not held:
            return
        if 0 <= now - self._beaten_at < BEAT_SECONDS:
            await self._notice_cancelled(held)
        else:
            await self._beat(held, now)
            self._beaten_at = now

    async def _notice_cancelled(self, held: list[Lease]) -> None:
        async with self._database.read() as tx:
            leased = await store.leased(tx)
        for lease in held:
            if (lease.job.job_id, lease.job.attempts) not in leased:
                self._drop(lease)

    async def _beat(self, held: list[Lease], now: int) -> None:
        async with self._database.write() as tx:
            kept = [await store.extend(tx, lease.job, now + LEASE_SECONDS) for lease in held]
        for lease, ours in zip(held, kept, strict=True):
            if not ours:
                self._drop(lease)

    def _drop(self, lease: Lease) -> None:
        task = self._running.get(lease)
        if task is not None and not lease.ended:
            lease.lost = True
            task.cancel()

    async def _work(self, lease: Lease) -> None:
        try:
            await self._handlers[lease.job.kind](lease)
        except LeaseLost:
            log.info("came_too_late", kind=lease.job.kind, subject=lease.job.subject)
        except Exception as error:  # noqa: BLE001  whatever went wrong, the job is not lost
            self._complain("job failed", lease.job, error)
            await self._try_later(lease)
        else:
            if not lease.ended:
                self._complain("job was left without an end", lease.job)
                await self._try_later(lease)

    def _complain(self, what: str, job: Job, error: Exception | None = None) -> None:
        log.error(what, kind=job.kind, subject=job.subject, attempts=job.attempts, exc_info=error)

    async def _try_later(self, lease: Lease) -> None:
        job = lease.job
        try:
            await lease.put_back(self._clock.now() + backoff(job.attempts))
        except StorageError as reason:
            log.warning("job stays leased until its lease ends", subject=job.subject, reason=str(reason))

    async def _end_all(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
