"""Broadcasts at work: a draft finds its audience and its yes, and a job tells one person after the other."""

import secrets
from collections import deque
from dataclasses import replace
from typing import Protocol

from bot.admin import store as audit
from bot.admin.store import Decision
from bot.broadcast import store
from bot.broadcast.rules import (
    ASKED_FOR,
    COUNT_LASTS,
    MOST_TRIES,
    TOLD_EVERY,
    Asked,
    Audience,
    Broadcast,
    Fate,
    Later,
    Letter,
    Order,
    Outcome,
    Reader,
    State,
    Unmet,
)
from bot.broadcast.store import BROADCAST
from bot.clock import Clock
from bot.errors import UserError
from bot.jobs import store as jobs
from bot.jobs.rules import backoff
from bot.jobs.runner import Handler, Lease, LeaseLost
from bot.storage.database import Database, Transaction
from bot.storage.patience import patiently
from bot.texts import Texts, Translator
from bot.users import store as users

# Seconds of one piece of work: short, so that a process that is asked to end does so between two people.
SLICE = 2.0
PAGE = 100
MOST_FORGOTTEN = 1000


class Broadcasts:
    """What admins do with them. `everybody`: the bot is there for everybody, and not for members only."""

    def __init__(self, texts: Texts, *, everybody: bool) -> None:
        self._texts = texts
        self._everybody = everybody

    async def draft(self, tx: Transaction, admin_id: int, letter: Letter, now: int) -> Broadcast:
        """A new one, for everybody so far. The last draft of this admin is forgotten."""
        broadcast_id = secrets.token_urlsafe(9)
        await store.add_draft(tx, broadcast_id, admin_id, letter, now)
        return Broadcast(broadcast_id, admin_id, letter, Audience(), State.DRAFT)

    async def people(self, tx: Transaction, audience: Audience, now: int) -> int:
        """How many can be told. That looks at everybody: not where writers wait for it."""
        found = await store.wishes(tx, audience.since(now), now, everybody=self._everybody)
        return sum(count for *wishes, count in found if is_meant(self._texts, audience, *wishes))

    async def unmet(self, tx: Transaction, now: int) -> int:
        """How many never wrote in private: the bot may not write to them, and does not try."""
        return await store.unmet(tx, now, everybody=self._everybody)

    async def aim(self, tx: Transaction, draft: Broadcast, what: str, value: str) -> Broadcast:
        """The draft for another audience, as a button says; as it is where that names nothing."""
        chosen = draft.audience.choose(what, value, [each.tag for each in self._texts.languages])
        if chosen is None or not await store.aim(tx, draft.broadcast_id, chosen):
            return draft
        return replace(draft, audience=chosen, total=0, told_at=0)

    async def count(self, tx: Transaction, draft: Broadcast, what: Asked, now: int) -> None:
        """Let a job count whom it would reach, and then show `what`."""
        await store.order(tx, draft.admin_id, Order(what, draft.broadcast_id, draft.audience), now)

    async def start(self, tx: Transaction, draft: Broadcast, asked_at: int, panel_id: int, now: int) -> bool:
        """Let it run, at the yes to a question. False: that was asked too long ago. Raises UserError."""
        if not 0 <= now - asked_at <= ASKED_FOR or not 0 <= asked_at - draft.told_at <= COUNT_LASTS:
            return False
        if other := await store.running(tx):
            raise UserError("broadcast-another", passed=other.counts.all, total=other.total)
        total = draft.total
        if not total or not await store.start(tx, draft.broadcast_id, total, panel_id, now):
            raise UserError("broadcast-nobody" if not total else "broadcast-over")
        await store.order(tx, draft.admin_id, None, now)
        await jobs.add(tx, BROADCAST, draft.broadcast_id, BROADCAST, now)
        await audit.write_down(tx, Decision(now, draft.admin_id, "broadcast", draft.broadcast_id, str(total)))
        return True

    async def stop(self, tx: Transaction, broadcast_id: str, by: int, now: int) -> bool:
        """Tell nobody more, as this admin wants. False: it had ended before."""
        if not await store.end(tx, broadcast_id, State.STOPPED, now):
            return False
        await audit.write_down(tx, Decision(now, by, "broadcast-stop", broadcast_id))
        return True


class Post(Protocol):
    """The way to people and back to the admin."""

    async def room(self, user_id: int) -> bool:
        """Wait for our own turn; whether then nobody else is kept waiting by one call to this person."""
        ...

    async def send(self, user_id: int, letter: Letter, t: Translator) -> Fate:
        """Tell one person, once."""
        ...

    async def tell(self, tx: Transaction, broadcast: Broadcast) -> None:
        """Let the admin's message say how it goes."""
        ...


class Mailing:
    """The handler of `broadcast` jobs. Each call of it works for a moment and puts the job back.

    Orders are left to `counting`.
    """

    takes_no_hand = True

    def __init__(
        self, database: Database, post: Post, texts: Texts, clock: Clock, counting: Handler, *, everybody: bool
    ) -> None:
        self._counting = counting
        self._database = database
        self._post = post
        self._texts = texts
        self._clock = clock
        self._everybody = everybody

    async def __call__(self, lease: Lease) -> None:
        """Go on where the last piece of work ended, be it of this process or of one that died."""
        if Order.read(lease.job.subject):
            await self._counting(lease)
            return
        broadcast = await self._taken_up(lease)
        if broadcast is None or broadcast.state is not State.RUNNING:
            await self._wind_up(lease)
            return
        turn = Turn(self, broadcast, self._clock.monotonic() + SLICE)
        rest = await turn.work()
        if rest is None:
            await self._finish(lease, broadcast)
        else:
            await self._leave(lease, turn, rest)

    async def _taken_up(self, lease: Lease) -> Broadcast | None:
        async with self._database.write() as tx:
            await lease.hold_on(tx, self._clock.now())
            await store.settle_begun(tx, lease.job.subject)
            broadcast = await store.get(tx, lease.job.subject)
            if broadcast and not broadcast.letter.method:
                await store.end(tx, broadcast.broadcast_id, State.STOPPED, self._clock.now())
                return None
            return broadcast

    async def next_page(self, broadcast: Broadcast, after: int) -> list[Reader]:
        """Whose turn it is after this person, whether meant or not."""
        async with self._database.read() as tx:
            now = self._clock.now()
            return await store.page(tx, broadcast, after, now, PAGE, everybody=self._everybody)

    def is_over(self, ends_at: float) -> bool:
        """Whether the time of a piece of work is over."""
        return self._clock.monotonic() >= ends_at

    def is_meant(self, broadcast: Broadcast, reader: Reader) -> bool:
        """Whether somebody belongs to the audience."""
        return is_meant(self._texts, broadcast.audience, reader.language, reader.client_language)

    async def next_postponed(self, broadcast: Broadcast) -> tuple[Reader, int] | None:
        """Somebody who could not be told in their turn, with the number of their tries."""
        async with self._database.read() as tx:
            return await store.postponed(tx, broadcast.broadcast_id)

    async def tell(self, broadcast: Broadcast, reader: Reader, *, again: bool = False) -> Fate | None:
        """Tell one person: that it was begun is written down before, what came of it after. None: not any more."""
        if not await self._begun(broadcast, reader, again=again):
            return None
        t = self._texts.negotiate(reader.language, reader.client_language)
        fate = await self._post.send(reader.user_id, broadcast.letter, t)
        await patiently(self._database, lambda tx: self._settle(tx, broadcast, reader, fate))
        return fate

    async def room(self, reader: Reader) -> bool:
        """Wait for a turn; False where others go first."""
        return await self._post.room(reader.user_id)

    async def give_up(self, broadcast: Broadcast, reader: Reader) -> None:
        """Somebody could not be told for too long."""
        async with self._database.write() as tx:
            if await store.begin(tx, broadcast.broadcast_id, reader.user_id, self._clock.now(), again=True):
                await store.settle(tx, broadcast.broadcast_id, reader.user_id, Outcome.FAILED)

    async def _begun(self, broadcast: Broadcast, reader: Reader, *, again: bool) -> bool:
        broadcast_id, user_id = broadcast.broadcast_id, reader.user_id
        async with self._database.write() as tx:
            begun = await store.begin(tx, broadcast_id, user_id, self._clock.now(), again=again)
            if not again:
                await store.pass_by(tx, broadcast_id, user_id)
            elif not begun:
                await store.leave_out(tx, broadcast_id, user_id)
        return begun

    async def _settle(self, tx: Transaction, broadcast: Broadcast, reader: Reader, fate: Fate) -> None:
        outcome = Outcome.FAILED if isinstance(fate, Unmet) else fate if isinstance(fate, Outcome) else None
        await store.settle(tx, broadcast.broadcast_id, reader.user_id, outcome)
        if outcome is Outcome.BLOCKED:
            await users.set_gone(tx, reader.user_id, True)
        elif isinstance(fate, Unmet):
            await store.unmeet(tx, reader.user_id)

    async def _leave(self, lease: Lease, turn: "Turn", rest: float) -> None:
        """Put the job back, and now and then tell how it goes."""
        now = self._clock.now()
        async with self._database.write() as tx:
            # Due times are whole seconds of a clock that cuts off: one more, so that nothing comes early.
            if not await lease.put_back(now + (int(rest) + 1 if rest else 0), tx):
                raise LeaseLost
            await store.pass_by(tx, lease.job.subject, turn.passed_id)
            # Nobody up to there is told again: that they were told need not be known, and would be counted each time.
            await store.forget_people(tx, lease.job.subject, MOST_FORGOTTEN, open_too=False)
            await store.set_troubles(tx, lease.job.subject, turn.troubles)
            if abs(now - turn.broadcast.told_at) >= TOLD_EVERY:
                await self._report(tx, lease.job.subject, now)

    async def _finish(self, lease: Lease, broadcast: Broadcast) -> None:
        async with self._database.write() as tx:
            await store.end(tx, broadcast.broadcast_id, State.DONE, self._clock.now())
        await self._wind_up(lease)

    async def _wind_up(self, lease: Lease) -> None:
        """Tell how it went, and forget who was told."""
        while await self._forget_some(lease.job.subject) == MOST_FORGOTTEN:
            pass
        async with self._database.write() as tx:
            if not await lease.done(tx):
                raise LeaseLost
            await self._report(tx, lease.job.subject, self._clock.now())

    async def _forget_some(self, broadcast_id: str) -> int:
        async with self._database.write() as tx:
            return await store.forget_people(tx, broadcast_id, MOST_FORGOTTEN)

    async def _report(self, tx: Transaction, broadcast_id: str, now: int) -> None:
        broadcast = await store.get(tx, broadcast_id)
        if broadcast:
            await store.mark_told(tx, broadcast_id, now)
            await self._post.tell(tx, broadcast)


class Turn:
    """One piece of work. It ends by itself after a moment, and early where everybody has to wait."""

    def __init__(self, mailing: Mailing, broadcast: Broadcast, ends_at: float) -> None:
        self.broadcast = broadcast
        self.passed_id = broadcast.passed_id
        self.troubles = broadcast.troubles
        self._mailing = mailing
        self._ends_at = ends_at
        self._page: deque[Reader] = deque()
        self._at_end = False

    async def work(self) -> float | None:
        """Seconds to rest before the next piece; None when nobody is left."""
        while not self._mailing.is_over(self._ends_at):
            await self._look_on()
            if self._page:
                rest = await self._tell(self._page[0])
            elif not self._at_end:
                continue
            elif found := await self._mailing.next_postponed(self.broadcast):
                rest = await self._tell_again(*found)
            else:
                return None
            if rest is not None:
                return rest
        return 0.0

    async def _look_on(self) -> None:
        """Find whose first turn it is. Of many people there may be nobody who is meant: that is no piece of work."""
        if not self._page:
            self._page.extend(await self._mailing.next_page(self.broadcast, self.passed_id))
            self._at_end = not self._page
            self._pass_by()

    def _pass_by(self) -> None:
        """Leave out who is not of the audience."""
        while self._page and not self._mailing.is_meant(self.broadcast, self._page[0]):
            self.passed_id = self._page.popleft().user_id

    async def _tell(self, reader: Reader) -> float | None:
        if not await self._mailing.room(reader):
            return None
        fate = await self._mailing.tell(self.broadcast, reader)
        self.passed_id = self._page.popleft().user_id
        self._pass_by()
        return None if isinstance(fate, Later) and not fate.all else self._rest(fate)

    async def _tell_again(self, reader: Reader, tries: int) -> float | None:
        if tries >= MOST_TRIES:
            await self._mailing.give_up(self.broadcast, reader)
            return None
        if not await self._mailing.room(reader):
            return None
        fate = await self._mailing.tell(self.broadcast, reader, again=True)
        rest = self._rest(fate)
        return max(rest or 0.0, backoff(tries)) if isinstance(fate, Later) else rest

    def _rest(self, fate: Fate | None) -> float | None:
        """How long everybody waits after this; None where nobody has to."""
        if fate is None:
            return 0.0  # it was stopped, or this person left: look anew
        if isinstance(fate, Later) and fate.seconds:
            return fate.seconds
        if fate is Outcome.UNKNOWN or isinstance(fate, Later):
            self.troubles += 1
            return backoff(self.troubles)
        self.troubles = 0
        return None


def is_meant(texts: Texts, audience: Audience, *wishes: str | None) -> bool:
    """Whether somebody with these wishes for a language is of the audience."""
    return not audience.language or texts.negotiate(*wishes).language == audience.language
