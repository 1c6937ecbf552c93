"""Rows of work. Whoever holds a job writes with its attempt number: a late write of an earlier try changes nothing."""

from collections.abc import Awaitable
from pathlib import Path

from bot.jobs.rules import LONGEST_WAIT, Job
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))

CLAIM_TRIES = 5
"""How often a claim looks again after another process was quicker."""


async def add(tx: Transaction, kind: str, subject: str, lane: str, due_at: int) -> bool:
    """Leave work for later. False: it is waiting or being done already, and stays as it is."""
    return bool(await SQL.add(tx, kind=kind, subject=subject, lane=lane, due_at=due_at))


async def claim(tx: Transaction, now: int, lease_until: int, most: int, kind: str | None = None) -> list[Job]:
    """Take the next jobs whose lanes are free, until `lease_until`; their tries are counted in the same transaction.

    Lanes take turns. None are taken where nothing is due, or only in lanes where somebody works; `kind`: only those.
    """
    taken: list[Job] = []
    while len(taken) < most and (job := await _claim_one(tx, now, lease_until, kind)):
        taken.append(job)
    return taken


async def _claim_one(tx: Transaction, now: int, lease_until: int, kind: str | None) -> Job | None:
    for _ in range(CLAIM_TRIES):
        row = await SQL.get_next(tx, now=now, kind=kind)
        if row is None:
            return None
        job = Job(**row)
        await SQL.serve(tx, lane=job.lane)
        if await _lease(tx, job, now, lease_until):
            return Job(**{**row, "attempts": job.attempts + 1})
    return None


async def extend(tx: Transaction, job: Job, lease_until: int) -> bool:
    """Hold it longer. False: it was cancelled, or somebody else has it."""
    return await _fenced(SQL.extend(tx, job_id=job.job_id, attempts=job.attempts, lease_until=lease_until))


async def remember(tx: Transaction, job: Job, remote_id: str) -> bool:
    """Keep what a slow service gave us to come back with. False: the job is not ours any more."""
    return await _fenced(SQL.remember(tx, job_id=job.job_id, attempts=job.attempts, remote_id=remote_id))


async def put_back(tx: Transaction, job: Job, due_at: int) -> bool:
    """Give it up until `due_at`. False: the job is not ours any more."""
    return await _fenced(SQL.put_back(tx, job_id=job.job_id, attempts=job.attempts, due_at=due_at))


async def done(tx: Transaction, job: Job) -> bool:
    """Remove it. False: the job is not ours any more, so what was done for it must not count."""
    return await _fenced(SQL.done(tx, job_id=job.job_id, attempts=job.attempts))


async def cancel(tx: Transaction, kind: str, subject: str) -> Job | None:
    """Remove work whoever holds it; that one finds out by its next write. The job as it was; None: there was none."""
    row = await SQL.cancel(tx, kind=kind, subject=subject)
    return Job(**row) if row else None


async def is_due(tx: Transaction, kind: str, now: int) -> bool:
    """Whether work of this kind waits for somebody to begin."""
    return bool(await SQL.is_due(tx, kind=kind, now=now))


async def is_there(tx: Transaction, kind: str, subject: str) -> bool:
    """Whether such work is waiting or being done."""
    return bool(await SQL.is_there(tx, kind=kind, subject=subject))


async def free_all(tx: Transaction) -> int:
    """Take every lease away, where the lock of the directory proves that their holders are dead."""
    return int(await SQL.free_all(tx))


async def hasten(tx: Transaction, kind: str, now: int) -> int:
    """Let no job of a kind wait longer than LONGEST_WAIT, and none that was never tried; how many did."""
    return int(await SQL.hasten(tx, kind=kind, now=now, latest=now + LONGEST_WAIT))


async def leased(tx: Transaction) -> set[tuple[int, int]]:
    """Job id and attempt number of all jobs that somebody holds."""
    return {(row["job_id"], row["attempts"]) for row in await SQL.get_leased(tx)}


async def waiting(tx: Transaction, kind: str) -> list[tuple[str, str]]:
    """Lane and subject of the jobs of a kind that nobody holds, in the order that `rules.places` wants."""
    return [(row["lane"], row["subject"]) for row in await SQL.get_waiting(tx, kind=kind)]


async def prune_lanes(tx: Transaction) -> int:
    """Forget when lanes were served in which nothing waits: they come first again, as whoever is new."""
    return int(await SQL.prune_lanes(tx))


async def count_in_lane(tx: Transaction, kind: str, lane: str) -> int:
    """How many jobs of a kind wait in a lane, or are being done there."""
    return int(await SQL.count_in_lane(tx, kind=kind, lane=lane))


async def _lease(tx: Transaction, job: Job, now: int, lease_until: int) -> bool:
    changed = await SQL.lease(
        tx, job_id=job.job_id, attempts=job.attempts, lane=job.lane, now=now, lease_until=lease_until
    )
    return bool(changed)


async def _fenced(changed: Awaitable[int]) -> bool:
    return bool(await changed)
