"""The job that counts the audience of a draft: read where no writer waits, then shown in the panel of its admin."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.broadcast import store, views
from bot.broadcast.rules import Asked, Order, State
from bot.broadcast.service import Broadcasts
from bot.clock import Clock
from bot.jobs.runner import Lease, LeaseLost
from bot.outgoing import Outgoing
from bot.storage.database import Database, Transaction
from bot.texts import Texts
from bot.users import store as users


class Counting:
    """The handler of orders. `add` puts a call into the outbox, `ring` wakes it."""

    def __init__(
        self,
        database: Database,
        broadcasts: Broadcasts,
        texts: Texts,
        clock: Clock,
        add: Callable[[Transaction, Outgoing], Awaitable[None]],
        ring: Callable[[], None],
    ) -> None:
        self._database = database
        self._broadcasts = broadcasts
        self._texts = texts
        self._clock = clock
        self._add = add
        self._ring = ring

    async def __call__(self, lease: Lease) -> None:
        """Count, and let the panel say it. A panel that is for somebody else by now is left to the next order."""
        order = Order.read(lease.job.subject)
        assert order is not None  # noqa: S101  looked at before
        now = self._clock.now()
        async with self._database.read() as tx:
            people = await self._broadcasts.people(tx, order.audience, now)
            panel = await self._panel(tx, order, people, now)
        async with self._database.write() as tx:
            if not await lease.done(tx):
                raise LeaseLost
            if await store.count(tx, order.broadcast_id, order.audience, people, now) and panel:
                await self._add(tx, panel)
        self._ring()

    async def _panel(self, tx: Transaction, order: Order, people: int, now: int) -> Outgoing | None:
        """What the panel is to say; None where there is no such draft any more."""
        draft = await store.get(tx, order.broadcast_id)
        if draft is None or draft.state is not State.DRAFT or not draft.letter.method:
            return None
        person = await users.get(tx, draft.admin_id)
        t = self._texts.negotiate(*((person.language, person.client_language) if person else ()))
        draft = replace(draft, audience=order.audience)
        if order.what is Asked.QUESTION and people:
            view = views.question(t, draft, self._texts.languages, people, now)
        else:
            unmet = await self._broadcasts.unmet(tx, now)
            view = views.draft(t, draft, self._texts.languages, people, unmet)
        # A panel that is still on its way out is found when the turn of its edit has come.
        return Outgoing(views.panel(draft, view), note_of=None if draft.panel_id else draft.broadcast_id)
