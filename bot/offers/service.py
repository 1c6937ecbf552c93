"""What is switched, priced and written in the chat counts at once, also for whoever wished before it was committed."""

from collections.abc import Mapping, Sequence

from bot.jobs import store as jobs
from bot.jobs.runner import Lease
from bot.offers import store
from bot.offers.rules import by_key, presets_off
from bot.presets import store as own_presets
from bot.presets.rules import Preset
from bot.presets.service import Presets
from bot.providers import Providers, Switches
from bot.storage.database import Database, Transaction

OFFERS = "offers"


async def put(tx: Transaction, cause: str, now: int) -> None:
    """Leave the job behind what was changed; `cause` tells the change from others, so that twice the same is once."""
    await jobs.add(tx, OFFERS, cause, OFFERS, now)


class Offers:
    """What services and presets are told of the rows that admins changed; also the handler of `offers` jobs."""

    takes_no_hand = True

    def __init__(self, database: Database, providers: Providers, presets: Presets) -> None:
        self._database = database
        self._providers = providers
        self._presets = presets
        self._edition = 0

    async def load(self) -> None:
        """Let count what the rows say. Raises StorageError."""
        while True:
            before = self._edition
            async with self._database.read() as tx:
                found = await _set_by_hand(tx)
            if before == self._edition:  # else something newer was let count meanwhile
                return self._take(*found)

    async def let_count(self, tx: Transaction) -> None:
        """The same, as it stands in an open transaction that may write."""
        self._take(*await _set_by_hand(tx))

    async def __call__(self, lease: Lease) -> None:
        """The same, in one transaction with the end of the job: what is changed meanwhile leaves a job of its own."""
        async with self._database.write() as tx:
            if await lease.done(tx):
                await self.let_count(tx)

    def _take(self, switches: Switches, prices: Mapping[str, int | str], written: Sequence[Preset]) -> None:
        self._edition += 1
        self._providers.price(prices)
        self._presets.write(written)
        self._providers.switch(switches)
        self._presets.switch(presets_off(switches.off))


async def _set_by_hand(tx: Transaction) -> tuple[Switches, Mapping[str, int | str], Sequence[Preset]]:
    switches, prices = await store.switches(tx), by_key(await store.prices(tx))
    return switches, prices, [each.preset for each in await own_presets.presets(tx)]
