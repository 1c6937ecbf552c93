"""Tells the admins once when a service fails for good, and once when it is over, also across restarts."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from bot.clock import Clock
from bot.errors import Cause, ProviderError, StorageError
from bot.http import SERVICE_TROUBLE
from bot.providers import Providers
from bot.stats import store
from bot.stats.rules import Incident, Sight, Turn, turn
from bot.storage.database import Database, Transaction

LOOK = 5.0  # seconds between two looks: a service rests for thirty at least, so none is missed

log = structlog.get_logger()

# Told of: what it is, the incident, the title of the service, and the page where it can be paid or "".
Tell = Callable[[Transaction, Turn, Incident, str, str], Awaitable[None]]


class Incidents:
    """Looks at all services now and then. `tell` leaves a message for each admin, in the transaction it is given."""

    def __init__(
        self, database: Database, providers: Providers, clock: Clock, tell: Tell, ring: Callable[[], None]
    ) -> None:
        """`ring` wakes whoever sends what was left."""
        self._database = database
        self._providers = providers
        self._clock = clock
        self._tell = tell
        self._ring = ring
        self._open: dict[str, Incident] | None = None

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except StorageError as error:
                self._open = None
                log.warning("incidents_wait_for_storage", reason=str(error))
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Look once. Raises StorageError; what was not told then is told by the next look."""
        if self._open is None:
            async with self._database.read() as tx:
                self._open = {each.provider: each for each in await store.incidents(tx)}
        for key in {*self._providers.titles, *self._open}:
            await self._judge(key, self._open)

    async def _judge(self, key: str, known: dict[str, Incident]) -> None:
        incident, now = known.get(key), self._clock.now()
        if key not in self._providers.titles or key in self._providers.switches.off:
            if incident:  # nobody waits for a service that was turned off
                await self._write(known, Turn.CLOSED, incident, told=False)
            return
        seen = self._seen(key)
        what = turn(incident, seen, now)
        if what is not Turn.NOTHING:
            await self._write(known, what, _after(what, incident or Incident(key, seen.cause, now), seen, now))

    def _seen(self, key: str) -> Sight:
        breaker, tally = self._providers.breaker(key), self._providers.tally(key)
        cause = breaker.cause or tally.cause or Cause.UNAVAILABLE
        return Sight(breaker.open, cause, breaker.cause in SERVICE_TROUBLE, tally.worked_at)

    async def _write(self, known: dict[str, Incident], what: Turn, incident: Incident, *, told: bool = True) -> None:
        """Write it down together with what the admins are told."""
        async with self._database.write() as tx:
            changed = await _change(tx, what, incident)
            if changed and told and what in (Turn.OPENED, Turn.WORSE, Turn.CLOSED):
                await self._tell(tx, what, incident, *self._named(incident.provider))
        if what is Turn.CLOSED:
            known.pop(incident.provider, None)
        else:
            known[incident.provider] = incident
        log.warning("incident", provider=incident.provider, state=what.value, cause=incident.cause)
        self._ring()

    def _named(self, key: str) -> tuple[str, str]:
        error: ProviderError | None = self._providers.tally(key).error
        return self._providers.titles[key], (error.link if error else None) or ""


def _after(what: Turn, incident: Incident, seen: Sight, now: int) -> Incident:
    if what is Turn.WORSE:
        return replace(incident, cause=seen.cause, works_since=None)
    if what is Turn.WORKS:
        return replace(incident, works_since=now)
    return replace(incident, works_since=None) if what is Turn.RELAPSED else incident


async def _change(tx: Transaction, what: Turn, incident: Incident) -> bool:
    if what is Turn.OPENED:
        return await store.open_incident(tx, incident)
    if what is Turn.CLOSED:
        return await store.close_incident(tx, incident.provider)
    return await store.mark_incident(tx, incident)
