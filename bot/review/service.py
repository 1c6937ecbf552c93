"""Reported pictures: looked at once, decided once. What is decided and what comes of it is one transaction."""

from dataclasses import dataclass

from bot.admin import store as audit
from bot.admin.rules import Role, Roles
from bot.admin.store import Decision
from bot.imagine.rules import Generation
from bot.imagine.service import Imagine
from bot.jobs import store as jobs
from bot.moderation.rules import LOOK, REPORTED
from bot.moderation.service import Moderation
from bot.quota.service import Ledger
from bot.review import store
from bot.review.rules import DAY, MOST_REPORTS, Verdict
from bot.storage.database import Transaction
from bot.users.rules import Person


@dataclass(frozen=True, slots=True)
class Reviews:
    """For one update; `now` in Unix seconds."""

    imagine: Imagine
    moderation: Moderation
    ledger: Ledger
    roles: Roles
    now: int

    async def report(self, tx: Transaction, generation: Generation, reporter_id: int) -> None:
        """Let a picture be looked at: a job asks. Not where it was reported before, or by somebody tireless."""
        if await store.reported_by(tx, reporter_id, self.now - DAY) >= MOST_REPORTS:
            return
        if await store.report(tx, generation.generation_id, reporter_id, self.now):
            await jobs.add(tx, LOOK, generation.generation_id, REPORTED, self.now)

    def may_decide(self, person: Person, generation: Generation) -> bool:
        """Whether somebody may decide about this picture."""
        return may_decide(self.roles, person, generation)

    async def decide(self, tx: Transaction, generation: Generation, verdict: Verdict, moderator_id: int) -> bool:
        """Carry it out and write it down. False: somebody was quicker, and nothing is done.

        With what was not shown yet the job goes on, at once and in a lane of its own: nobody is asked any more.
        """
        if not await store.decide(tx, generation.generation_id, verdict, moderator_id, self.now):
            return False
        await jobs.cancel(tx, LOOK, generation.generation_id)
        if generation.held:
            await jobs.add(tx, LOOK, generation.generation_id, f"{LOOK}:{generation.generation_id}", self.now)
        if verdict is Verdict.VEIL:
            await store.veil(tx, generation.generation_id)
        elif verdict is not Verdict.ALLOW:
            await self._take_away(tx, generation, verdict)
        subject, owner = generation.generation_id, str(generation.user_id)
        await audit.write_down(tx, Decision(self.now, moderator_id, f"review-{verdict}", subject, owner))
        return True

    async def _take_away(self, tx: Transaction, generation: Generation, verdict: Verdict) -> None:
        if not generation.held:
            await self.imagine.delete(tx, generation.generation_id, generation.user_id)
        source = f"review:{generation.generation_id}"
        if verdict is Verdict.REFUSE:
            await self.moderation.strike(tx, generation.user_id, source)
        elif generation.price:
            await self.ledger.grant(tx, generation.payer_id or generation.user_id, generation.price, source)


def may_decide(roles: Roles, person: Person, generation: Generation) -> bool:
    """Whether somebody may decide about this picture: nobody about their own but the owner of the bot."""
    role = roles.of(person)
    return role >= Role.MODERATOR and (person.user_id != generation.user_id or role is Role.OWNER)
