"""Figures and the standing of services, as they are now."""

from collections import Counter
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.images import service_of
from bot.providers import Providers, Tally
from bot.stats import store
from bot.stats.rules import Calls, Figures, Period, Standing, edges, percentile, rounded
from bot.storage.database import Database


class Stats:
    """Reads for the operator. `zone` tells when a day begins."""

    def __init__(self, database: Database, providers: Providers, zone: ZoneInfo, clock: Clock) -> None:
        self._database = database
        self._providers = providers
        self._clock = clock
        self.zone = zone

    async def figures(self, period: Period) -> Figures:
        """A steady view of everything that ended in the period. Raises StorageError."""
        async with self._database.read() as tx:
            return await store.figures(tx, period, edges(period, self._clock.now(), self.zone))

    async def standings(self) -> list[Standing]:
        """How each service stands that is set up. Raises StorageError."""
        since, until = edges(Period.WEEK, self._clock.now(), self.zone)[-2:]
        spend = Counter[str]()
        async with self._database.read() as tx:
            for model, cost in (await store.spent(tx, since, until)).items():
                spend[service_of(model)] += cost
        return [self._standing(key, title, spend[key]) for key, title in self._providers.titles.items()]

    def _standing(self, key: str, title: str, spend: int) -> Standing:
        tally, switches = self._providers.tally(key), self._providers.switches
        return Standing(
            key=key,
            title=title,
            calls=_calls(tally),
            spend=spend,
            cap=self._providers.cap(key),
            resting=self._providers.breaker(key).open,
            off=key in switches.off,
            preferred=key == switches.preferred,
            trouble=tally.cause.value if tally.cause else None,
            troubled_at=tally.failed_at,
        )


def _calls(tally: Tally) -> Calls:
    calls = tally.lately()
    times = Counter(rounded(call.ms) for call in calls if call.error is None)
    return Calls(len(calls), times.total(), percentile(times, 50), percentile(times, 90))
