"""Figures and the standing of services, as they are now."""

from collections import Counter
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.presets import store as own_presets
from bot.presets.rules import Preset
from bot.presets.service import Presets
from bot.providers import Providers, Switches, Tally
from bot.stats import store
from bot.stats.offers import store as offers
from bot.stats.offers.rules import by_key
from bot.stats.rules import Calls, Figures, Period, Standing, edges, percentile, presets_off, rounded, service_of
from bot.storage.database import Database, Transaction


class Stats:
    """Reads for the operator. `zone` tells when a day begins."""

    def __init__(
        self, database: Database, providers: Providers, zone: ZoneInfo, clock: Clock, presets: Presets | None = None
    ) -> None:
        self._database = database
        self._providers = providers
        self._clock = clock
        self._presets = presets or Presets()
        self._edition = 0
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

    async def switch(self) -> None:
        """Let count what was switched, and prices and presets that were set in the chat. Raises StorageError."""
        while True:
            before = self._edition
            async with self._database.read() as tx:
                found = await _set_by_hand(tx)
            if before == self._edition:  # else something newer was let count meanwhile
                return self._let_count(*found)

    async def let_count(self, tx: Transaction) -> None:
        """The same, as it stands in an open transaction that may write."""
        self._let_count(*await _set_by_hand(tx))

    def _let_count(self, switches: Switches, prices: Mapping[str, int | str], written: Sequence[Preset]) -> None:
        self._edition += 1
        self._providers.price(prices)
        self._presets.write(written)
        self._providers.switch(switches)
        self._presets.switch(presets_off(switches.off))

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


async def _set_by_hand(tx: Transaction) -> tuple[Switches, Mapping[str, int | str], Sequence[Preset]]:
    switches, prices = await store.switches(tx), by_key(await offers.prices(tx))
    return switches, prices, [each.preset for each in await own_presets.presets(tx)]


def _calls(tally: Tally) -> Calls:
    calls = tally.lately()
    times = Counter(rounded(call.ms) for call in calls if call.error is None)
    return Calls(len(calls), times.total(), percentile(times, 50), percentile(times, 90))
