"""The job behind a look: it brings a picture to those who decide, and goes on with what was held for them.

Whoever never wrote to the bot in private cannot be written to, so nobody waits for them: the others are asked, and
where there are none yet the job looks again until somebody has come, or was named, or decided. A picture that is held
is shown, refused or given up by this job alone, each in one commit.
"""

import secrets
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.admin.rules import Roles
from bot.clock import Clock
from bot.errors import Cause, DeliveryNotNow, DeliveryRefused
from bot.images import GeneratedImage
from bot.imagine import store as generations
from bot.imagine.drawing import GENERATE, Delivery
from bot.imagine.rules import Generation, Status, lane
from bot.imagine.shelf import Shelf
from bot.jobs import store as jobs
from bot.jobs.runner import Lease, LeaseLost
from bot.moderation.rules import HELD, LOOK
from bot.quota.service import Ledger
from bot.review import store, views
from bot.review.rules import AGAIN, MORE, MOST_ASKED, Review, Verdict
from bot.review.service import may_decide
from bot.storage.database import Database, Transaction
from bot.texts import Texts
from bot.users import store as users
from bot.users.rules import Person

log = structlog.get_logger()


class Bringing(Protocol):
    """How a picture that nobody has seen yet reaches somebody who decides."""

    async def bring(self, ask: views.Ask, picture: GeneratedImage | None) -> tuple[str, str]:
        """Send it, with a `picture` upload it first: its file at Telegram, `photo` or `document`.

        Raises DeliveryRefused where this person cannot be reached, DeliveryNotNow.
        """
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the job works with. `patience` in seconds for a picture that is held."""

    database: Database
    ledger: Ledger
    shelf: Shelf
    delivery: Delivery
    bringing: Bringing
    texts: Texts
    clock: Clock
    roles: Roles
    patience: int


class Looking:
    """The handler of `review` jobs, and the `Holding` of drawing."""

    takes_no_hand = True

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._database = parts.database

    async def holds(self, lease: Lease, generation: Generation) -> bool:
        """Whether somebody has to look first; then a job of our own goes on, from one commit. Raises LeaseLost."""
        async with self._database.read() as tx:
            review = await store.get(tx, generation.generation_id)
        if review is None or not review.doubted or review.verdict is not None:
            return False
        now, generation_id = self._parts.clock.now(), generation.generation_id
        async with self._database.write() as tx:
            if not await lease.done(tx):
                raise LeaseLost
            if await generations.move(tx, generation_id, Status.READY, Status.READY, cause=Cause.HELD):
                await jobs.add(tx, LOOK, generation_id, HELD, now)
                await self._tell(tx, generation_id)
        log.info("held", generation_id=generation_id)
        return True

    async def __call__(self, lease: Lease) -> None:
        """Ask, or carry out what was decided."""
        async with self._database.read() as tx:
            generation = await generations.get(tx, lease.job.subject)
            review = await store.get(tx, lease.job.subject)
        if generation and review and generation.held:
            await self._go_on(lease, generation, review)
        elif generation and review and review.verdict is None and await self._is_shown(generation):
            await self._ask(lease, generation, review, self._parts.clock.now() + MORE)
        else:
            async with self._database.write() as tx:
                await lease.done(tx)

    async def _is_shown(self, generation: Generation) -> bool:
        if generation.status is not Status.DELIVERED:
            return False
        async with self._database.read() as tx:
            return await generations.get_owned(tx, generation.generation_id, generation.user_id) is not None

    async def _go_on(self, lease: Lease, generation: Generation, review: Review) -> None:
        """With a picture that is held."""
        now = self._parts.clock.now()
        ends_at = (generation.started_at or now) + self._parts.patience
        if review.verdict in (Verdict.ALLOW, Verdict.VEIL):
            await self._show(lease, generation)
        elif review.verdict is not None:
            await self._give_up(lease, generation, Cause.NOT_SHOWN)
        elif now >= ends_at:
            await self._give_up(lease, generation, Cause.NOT_LOOKED_AT)
        else:
            await self._ask(lease, generation, review, min(ends_at, now + MORE))

    async def _show(self, lease: Lease, generation: Generation) -> None:
        """From here on it is brought as any other."""
        generation_id, now = generation.generation_id, self._parts.clock.now()
        async with self._database.write() as tx:
            if await lease.done(tx) and await generations.move(tx, generation_id, Status.READY, Status.READY):
                await jobs.add(tx, GENERATE, generation_id, lane(generation.user_id), now)

    async def _give_up(self, lease: Lease, generation: Generation, cause: Cause) -> None:
        """It is not shown, so it is not paid for."""
        generation_id, now = generation.generation_id, self._parts.clock.now()
        error_id = f"{secrets.randbelow(10**8):08}"
        ended = generations.Changes(cause=cause, error_id=error_id, ended_at=now)
        async with self._database.write() as tx:
            if not await lease.done(tx):
                return
            if await generations.move(tx, generation_id, Status.READY, Status.FAILED, **ended):
                await self._parts.ledger.release(tx, generation_id)
                await self._parts.shelf.until(tx, generation_id, now)
                await self._tell(tx, generation_id)
        log.warning("not_shown", generation_id=generation_id, error_id=error_id, cause=cause)

    async def _tell(self, tx: Transaction, generation_id: str) -> None:
        if fresh := await generations.get(tx, generation_id):
            await self._parts.delivery.tell(tx, fresh)

    async def _ask(self, lease: Lease, generation: Generation, review: Review, more_at: int) -> None:
        """Ask whoever was not asked yet, and look again later: somebody may come, leave, or be named.

        Each is written down once they have it. Who had it when a process died gets it twice, which harms nobody.
        """
        now = self._parts.clock.now()
        asked = {int(each) for each in (lease.job.remote_id or "").split()}
        picture = await self._unseen(generation) if generation.held else None
        file = None if generation.held else (generation.file_id or "", generation.shown_as or "photo")
        due_at = more_at
        for each in await self._deciders(generation) if file or picture else ():
            if each.user_id in asked:
                continue
            question = self._question(generation, review, each, *(file or ("", "photo")))
            try:
                found = await self._brought(question, None if file else picture)
            except DeliveryNotNow as error:
                due_at = min(due_at, error.retry_at)
                continue
            if found:
                file, asked = file or found, asked | {each.user_id}
                await lease.keep(" ".join(map(str, sorted(asked))))
        await lease.put_back(due_at if asked else min(due_at, now + AGAIN))

    async def _unseen(self, generation: Generation) -> GeneratedImage | None:
        """The picture as it lies here, before Telegram has it."""
        async with self._database.read() as tx:
            return await self._parts.shelf.get(tx, generation.generation_id, generation.user_id)

    async def _deciders(self, generation: Generation) -> list[Person]:
        parts = self._parts
        async with self._database.read() as tx:
            found = await store.reachable(tx, parts.roles.admin_ids, parts.clock.now(), MOST_ASKED)
        return [each for each in found if may_decide(parts.roles, each, generation)]

    async def _brought(self, ask: views.Ask, picture: GeneratedImage | None) -> tuple[str, str] | None:
        """Its file at Telegram, once this person has it; None where they cannot be reached. Raises DeliveryNotNow."""
        try:
            return await self._parts.bringing.bring(ask, picture)
        except DeliveryRefused as error:
            log.info("moderator_away", chat_id=ask.chat_id, cause=error.cause)
            if error.cause is Cause.CHAT_CLOSED:
                async with self._database.write() as tx:
                    await users.set_gone(tx, int(ask.chat_id), True)
            return None

    def _question(self, generation: Generation, review: Review, person: Person, file_id: str, kind: str) -> views.Ask:
        t = self._parts.texts.negotiate(person.language, person.client_language)
        return views.question(t, generation, review, person.user_id, file_id, kind)
