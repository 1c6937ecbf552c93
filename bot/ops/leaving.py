"""The job behind /forget: ends what is under way, forgets piece by piece, clears up and says so."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.http import remove
from bot.imagine import store as generations
from bot.imagine.drawing import EXPIRE, GENERATE, Delivery
from bot.imagine.publishing import PUBLISH
from bot.imagine.rules import Status
from bot.imagine.service import Imagine
from bot.jobs import store as jobs
from bot.jobs.runner import Lease
from bot.moderation.rules import LOOK
from bot.ops.forgetting import SQL, Before, forget
from bot.ops.pieces import Pieces, Progress, begin
from bot.privacy.rules import EXPORT, person_of
from bot.quota.service import Ledger
from bot.steps import step
from bot.storage.database import Database, Transaction
from bot.storage.key_file import FILE
from bot.storage.patience import patiently
from bot.users.faces import Faces

# Tries, of a second each: what is being shown now may come to its end, and what is sent out may arrive first.
SHOWN_BY = 4
SENT_BY = 20

log = structlog.get_logger()


class Voice(Protocol):
    """How people hear of it."""

    async def language(self, user_id: int) -> str:
        """The language of somebody about whom something is known still."""
        ...

    async def farewell(self, tx: Transaction, user_id: int, language: str) -> None:
        """Add to the outbox that all is forgotten."""
        ...


class Forgetting:
    """The handler of `forget` jobs; who it is, their lane says. It goes on where a process died."""

    def __init__(
        self,
        database: Database,
        imagine: Imagine,
        ledger: Ledger,
        delivery: Delivery,
        voice: Voice,
        faces: Faces,
        data_dir: Path,
        clock: Clock,
    ) -> None:
        self._database = database
        self._imagine = imagine
        self._ledger = ledger
        self._delivery = delivery
        self._voice = voice
        self._faces = faces
        self._data_dir = data_dir
        self._clock = clock

    async def __call__(self, lease: Lease) -> None:
        """Do what is left to do: end what is under way, forget, clear up, say so."""
        user_id = person_of(lease.job.lane)
        progress = await self._go_on(lease, user_id, Progress.read(lease.job.remote_id))
        if progress is None or not progress.over:
            await lease.put_back(self._clock.now() + 1)
            return
        await self._clear_up(user_id, progress)
        async with self._database.write() as tx:
            if await lease.done(tx):
                await SQL.drop_lanes(tx, in_lane=f"%:{user_id}")
                await self._voice.farewell(tx, user_id, progress.language)
        log.info("forgotten")
        await self._scrub()

    async def _go_on(self, lease: Lease, user_id: int, progress: Progress | None) -> Progress | None:
        """Forget as far as that can be done now; it is not over where something is under way."""
        if progress is None:
            if not await self._has_ended(lease, user_id):
                return None
            progress = await patiently(self._database, lambda tx: self._begin(tx, lease, user_id))
        if progress is None or progress.over:
            return progress
        pieces = (self._database, self._ledger, self._clock, lease, user_id, self._remove, self._copy_keys)
        progress = await Pieces(*pieces).work(progress)
        if not await self._has_ended(lease, user_id):
            return progress
        told = replace(progress, language=await self._voice.language(user_id))
        return await patiently(self._database, partial(self._forget, lease, user_id, told))

    async def _begin(self, tx: Transaction, lease: Lease, user_id: int) -> Progress | None:
        return await begin(tx, self._ledger, lease, user_id, self._clock.now())

    async def _has_ended(self, lease: Lease, user_id: int) -> bool:
        """End what can be ended at once; whether nothing is left. Notes have a moment to say so."""
        attempts = lease.job.attempts
        async with self._database.write() as tx:
            if await self._is_waited_for(tx, lease, user_id):
                return False
            rows = await SQL.unfinished(tx, user_id=user_id)
            for row in rows:
                await self._end(tx, row["generation_id"], Status(row["status"]), user_id, attempts)
        return not rows

    async def _is_waited_for(self, tx: Transaction, lease: Lease, user_id: int) -> bool:
        """A file with everything; or a picture to where everybody can see it: until it is there nobody can say which.

        Its copy could never be taken back. Neither is waited for without end.
        """
        if lease.job.attempts >= SENT_BY:
            return False
        if await jobs.is_there(tx, EXPORT, lease.job.subject):
            return True
        return bool(await SQL.being_published(tx, user_id=user_id, publish=PUBLISH))

    async def _end(self, tx: Transaction, generation_id: str, status: Status, user_id: int, attempts: int) -> None:
        if status is Status.READY:
            shown_now = await SQL.held_job(tx, kind=GENERATE, subject=generation_id)
            if shown_now and attempts < SHOWN_BY:
                return
            now = self._clock.now()
            await generations.move(tx, generation_id, Status.READY, Status.EXPIRED, ended_at=now)
            await self._ledger.release(tx, generation_id)
            for kind in (GENERATE, EXPIRE, LOOK):
                await jobs.cancel(tx, kind, generation_id)
        else:
            await self._imagine.cancel(tx, generation_id, user_id)
        ended = await generations.get(tx, generation_id)
        if ended:
            await self._delivery.tell(tx, ended)

    async def _forget(self, lease: Lease, user_id: int, progress: Progress, tx: Transaction) -> Progress:
        """All that is left, in one commit; not where something has begun meanwhile. Raises LeaseLost."""
        now = self._clock.now()
        await lease.hold_on(tx, now)
        if await SQL.unfinished(tx, user_id=user_id) or await self._is_waited_for(tx, lease, user_id):
            return progress
        before = Before(progress.name, progress.since, progress.shared)
        files = await forget(tx, self._ledger, user_id, now, before)
        progress = replace(progress, files=files, over=True)
        await progress.keep(tx, lease)
        return progress

    async def _clear_up(self, user_id: int, progress: Progress) -> None:
        """Nothing here needs the database, and all may be done twice."""
        step("before files are forgotten")
        self._remove(progress.files)
        step("after files are forgotten")
        self._faces.forget(user_id)
        await self._copy_keys()

    def _remove(self, files: Sequence[str]) -> None:
        remove(*(self._data_dir / "shelf" / name for name in files))

    async def _copy_keys(self) -> None:
        """A copy of the keys knows what is destroyed."""
        copied = self._data_dir / "backups" / FILE
        if copied.exists():
            await self._database.vault.copy(copied)

    async def _scrub(self) -> None:
        """The last of it in the database's own file: the number in the job that is just done."""
        try:
            await self._database.scrub()
        except StorageError as error:  # no words are in there, and what is free is written over in time
            log.warning("free_pages_not_cleared", reason=str(error))
