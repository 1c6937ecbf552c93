"""The job behind a picture: draw it, keep it, bring it, and only then let it be paid for.

Each commit is a point that a crash does not go behind: QUEUED → DRAWING, picture on the shelf (READY), picture in
the chat and paid (DELIVERED). Every move is from the expected status, and every write of a job that is not ours any
more is refused by its lease.
"""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.errors import (
    Cause,
    DeliveryNotNow,
    DeliveryRefused,
    DeliveryUnknown,
)
from bot.images import GeneratedImage
from bot.imagine import orders, store
from bot.imagine.asking import Asking, NotDrawn
from bot.imagine.rules import (
    MAY_COME_BACK,
    READY_KEPT,
    TELL_AFTER,
    UNFINISHED,
    Generation,
    Status,
    Step,
    after_error,
    interrupted_for_good,
    wait_seconds,
)
from bot.imagine.shelf import Shelf
from bot.jobs import store as jobs
from bot.jobs.runner import Lease, LeaseLost
from bot.quota.service import Ledger
from bot.storage.database import Database, Transaction
from bot.storage.patience import patiently
from bot.storage.shield import carry_through
from bot.users import store as users

GENERATE = "generate"
EXPIRE = "expire"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that is in the chat: its file at Telegram, `photo` or `document`, and the message that holds it.

    An inline message has no number.
    """

    file_id: str
    shown_as: str
    message_id: int | None


class Delivery(Protocol):
    """How a result reaches a person."""

    async def show(self, generation: Generation, picture: GeneratedImage) -> Shown:
        """Put the picture into the chat. Raises DeliveryRefused, DeliveryNotNow, DeliveryUnknown."""
        ...

    async def tell(self, tx: Transaction, generation: Generation) -> None:
        """Add to the outbox: the note as it should look in the present state of the generation."""
        ...


class Holding(Protocol):
    """Keeps pictures back that somebody has to look at first."""

    async def holds(self, lease: Lease, generation: Generation) -> bool:
        """Whether a ready picture must not be shown now. Its job is then done; another one goes on with it."""
        ...


class Drawing:
    """The handler of `generate` jobs; their subject is the id of a generation."""

    def __init__(
        self,
        database: Database,
        asking: Asking,
        ledger: Ledger,
        shelf: Shelf,
        delivery: Delivery,
        clock: Clock,
        holding: Holding | None = None,
    ) -> None:
        self._database = database
        self._asking = asking
        self._ledger = ledger
        self._shelf = shelf
        self._delivery = delivery
        self._clock = clock
        self._holding = holding

    async def __call__(self, lease: Lease) -> None:
        """Do what is left to do for one generation."""
        generation = await self._begin(lease)
        if generation and generation.status is Status.DRAWING:
            generation = await self._draw(lease, generation)
        if generation and not (self._holding and await self._holding.holds(lease, generation)):
            await self._deliver(lease, generation)

    async def _begin(self, lease: Lease) -> Generation | None:
        """Look where the generation is; a queued one begins to be drawn. None when nothing is left to do."""
        now, attempts = self._clock.now(), lease.job.attempts
        async with self._database.write() as tx:
            generation = await store.get(tx, lease.job.subject)
            if generation is None or generation.status not in UNFINISHED:
                await lease.done(tx)
                return None
            if generation.status is Status.READY:
                return await self._still_wanted(tx, lease, generation, now)
            free = self._asking.free(generation, lease.job.remote_id)
            if not generation.prompt:  # its person was forgotten while it waited
                await self._fail(tx, lease, generation, Cause.INTERNAL)
                return None
            if interrupted_for_good(generation, attempts, free=free):
                await self._fail(tx, lease, generation, Cause.INTERRUPTED)
                return None
            begun = store.Changes(started_at=now, tries=attempts)
            if generation.status is Status.DRAWING:
                # A mark for the next process: this one may die while drawing, as the one before did.
                begun["interrupted"] = 1
            await store.move(tx, generation.generation_id, generation.status, Status.DRAWING, **begun)
            return await store.get(tx, generation.generation_id)

    async def _still_wanted(self, tx: Transaction, lease: Lease, generation: Generation, now: int) -> Generation | None:
        if now < (generation.started_at or now) + READY_KEPT:
            return generation
        if await lease.done(tx):
            await _expire(tx, self._ledger, self._shelf, self._delivery, generation, now)
        return None

    async def _draw(self, lease: Lease, generation: Generation) -> Generation | None:
        """From DRAWING to READY; None when there is no picture, or somebody else went on with it."""
        started = self._clock.monotonic()
        try:
            drawn, picture = await self._asking.ask(lease, generation)
        except NotDrawn as failure:
            await self._not_drawn(lease, failure, self._ms_since(started))
            return None
        return await self._ready(lease, drawn, picture, self._ms_since(started))

    async def _ready(
        self, lease: Lease, generation: Generation, picture: GeneratedImage, draw_ms: int
    ) -> Generation | None:
        """From here on nobody pays twice. A picture that comes after a cancel or a rescue is thrown away.

        Raises LeaseLost.
        """
        try:
            return await patiently(self._database, lambda tx: self._shelved(tx, lease, generation, picture, draw_ms))
        except (LeaseLost, asyncio.CancelledError):
            # A cancellation may also come once everything is committed: only then is there a row.
            await carry_through(self._shelf.forget(self._database, picture))
            raise

    async def _shelved(
        self, tx: Transaction, lease: Lease, generation: Generation, picture: GeneratedImage, draw_ms: int
    ) -> Generation | None:
        generation_id = generation.generation_id
        seen = store.Changes(draw_ms=draw_ms, width=picture.width, height=picture.height, price=generation.price)
        await lease.hold_on(tx, self._clock.now())
        if not await store.move(tx, generation_id, Status.DRAWING, Status.READY, **seen):
            raise LeaseLost  # it was ended otherwise
        await self._shelf.put(tx, generation_id, generation.user_id, picture, self._clock.now())
        return await store.get(tx, generation_id)

    async def _not_drawn(self, lease: Lease, failure: NotDrawn, draw_ms: int) -> None:
        generation, error = failure.generation, failure.error
        now, attempts, spent_ms = self._clock.now(), lease.job.attempts, (generation.draw_ms or 0) + draw_ms
        seconds = self._asking.seconds(generation)
        step = after_error(error, generation, attempts, now, free=failure.free, patience=round(seconds))
        if step is Step.FAIL or spent_ms >= seconds * 1000:
            await patiently(self._database, lambda tx: self._fail(tx, lease, generation, error.cause, error.detail))
            return
        log.info("drawing_waits", generation_id=generation.generation_id, cause=error.cause, detail=error.detail)
        wait = wait_seconds(error, attempts)
        hitch = store.Changes(cause=error.cause, draw_ms=spent_ms)
        await patiently(
            self._database,
            lambda tx: self._wait(tx, lease, generation.generation_id, hitch, now + wait, tell=wait >= TELL_AFTER),
        )

    async def _wait(
        self, tx: Transaction, lease: Lease, generation_id: str, hitch: store.Changes, due_at: int, *, tell: bool
    ) -> None:
        """Back to QUEUED until the next try, which has the time that is left."""
        if not await lease.put_back(due_at, tx):
            return
        await store.move(tx, generation_id, Status.DRAWING, Status.QUEUED, **hitch)
        if tell:
            await self._tell(tx, generation_id)

    async def _deliver(self, lease: Lease, generation: Generation) -> None:
        async with self._database.read() as tx:
            picture = await self._shelf.get(tx, generation.generation_id, generation.user_id)
        if picture is None or not picture.path.exists():
            return await self._undelivered(lease, generation, DeliveryRefused(Cause.PICTURE_GONE))
        try:
            shown = await self._delivery.show(generation, picture)
        except DeliveryNotNow as error:
            await lease.put_back(error.retry_at)
        except DeliveryRefused as error:
            await self._undelivered(lease, generation, error)
        except DeliveryUnknown:
            await self._unsure(lease, generation)
        else:
            await self._delivered(lease, generation, shown)

    async def _delivered(self, lease: Lease, generation: Generation, shown: Shown) -> None:
        """The picture is in the chat: that is written down, however long it takes."""
        await patiently(self._database, lambda tx: self._pay(tx, lease, generation, shown))
        log.info(
            "delivered",
            generation_id=generation.generation_id,
            model=generation.model,
            draw_ms=generation.draw_ms,
        )

    async def _pay(self, tx: Transaction, lease: Lease, generation: Generation, shown: Shown) -> None:
        """Paid, done, and for a while kept for the Original button: one commit.

        Not fenced: the picture is in the chat, whoever brought it. The move lets it be paid for once.
        """
        generation_id, now = generation.generation_id, self._clock.now()
        moved = await store.move(
            tx,
            generation_id,
            Status.READY,
            Status.DELIVERED,
            ended_at=now,
            shown_as=shown.shown_as,
            file_id=shown.file_id,
            original_id=shown.file_id if shown.shown_as == "document" else None,
            note_id=shown.message_id,
        )
        if moved:
            await self._ledger.settle(tx, generation_id, generation.price)
            await self._shelf.until(tx, generation_id, now + self._shelf.kept)
        await lease.done(tx)

    async def _undelivered(self, lease: Lease, generation: Generation, error: DeliveryRefused) -> None:
        async def change(tx: Transaction) -> None:
            await self._fail(tx, lease, generation, error.cause, error.detail)
            if error.cause is Cause.CHAT_CLOSED and generation.private:
                await users.set_gone(tx, generation.user_id, True)

        await patiently(self._database, change)

    async def _unsure(self, lease: Lease, generation: Generation) -> None:
        """Sent anew with an unknown end: never again by itself. The person gets a button, and a day to press it."""
        generation_id, due_at = generation.generation_id, self._clock.now() + READY_KEPT

        async def change(tx: Transaction) -> None:
            if await lease.done(tx) and await store.set_fenced(tx, generation_id, True):
                await jobs.add(tx, EXPIRE, generation_id, EXPIRE, due_at)
                await self._tell(tx, generation_id)

        log.warning("delivery_unknown", generation_id=generation_id)
        await patiently(self._database, change)

    async def _fail(
        self, tx: Transaction, lease: Lease, generation: Generation, cause: Cause, detail: str = ""
    ) -> None:
        """The end without a picture: credits back, a sentence for the person, an id for the admin."""
        generation_id, now, error_id = generation.generation_id, self._clock.now(), f"{secrets.randbelow(10**8):08}"
        if not await lease.done(tx):
            return
        before = generation.status
        if not await store.move(tx, generation_id, before, Status.FAILED, cause=cause, error_id=error_id, ended_at=now):
            return
        await self._ledger.release(tx, generation_id)
        if before is not Status.READY:
            await orders.take_back(tx, generation.model, lease.job.remote_id, generation.user_id, now)
        # Whoever blocked the bot may come back for the picture, and rights may come back, too.
        await self._shelf.until(tx, generation_id, now + (READY_KEPT if cause in MAY_COME_BACK else 0))
        log.warning("drawing_failed", generation_id=generation_id, error_id=error_id, cause=cause, detail=detail)
        if cause is not Cause.CHAT_CLOSED:
            await self._tell(tx, generation_id)

    async def _tell(self, tx: Transaction, generation_id: str) -> None:
        """Say in the note what is true now."""
        generation = await store.get(tx, generation_id)
        if generation:
            await self._delivery.tell(tx, generation)

    def _ms_since(self, started: float) -> int:
        return max(1, round((self._clock.monotonic() - started) * 1000))


class Expiry:
    """The handler of `expire` jobs: a ready picture that nobody asked to be shown is given up, and not paid for."""

    def __init__(self, database: Database, ledger: Ledger, shelf: Shelf, delivery: Delivery, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._shelf = shelf
        self._delivery = delivery
        self._clock = clock

    async def __call__(self, lease: Lease) -> None:
        """End one wait."""
        async with self._database.write() as tx:
            generation = await store.get(tx, lease.job.subject)
            if await lease.done(tx) and generation and generation.unsure:
                await _expire(tx, self._ledger, self._shelf, self._delivery, generation, self._clock.now())


async def _expire(
    tx: Transaction, ledger: Ledger, shelf: Shelf, delivery: Delivery, generation: Generation, now: int
) -> None:
    if not await store.move(tx, generation.generation_id, Status.READY, Status.EXPIRED, ended_at=now):
        return
    await ledger.release(tx, generation.generation_id)
    await shelf.until(tx, generation.generation_id, now)
    expired = await store.get(tx, generation.generation_id)
    if expired:
        await delivery.tell(tx, expired)
