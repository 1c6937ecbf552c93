"""The services that draw: found by looking into this folder, asked through one door.

`Providers` is that door. It knows which models there are, leaves a service alone that is down, and tells the admins
when a key or an account is at its end. Retries belong to whoever asks.
"""

import asyncio
import importlib
import operator
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.errors import Cause, ProviderError, Refused, StorageError
from bot.http import SERVICE_TROUBLE, Http, Network, Spool
from bot.images import GeneratedImage, ImageModel, ImageRequest, service_of
from bot.providers.base import Account, Provider, ProviderSettings, ServiceSettings, Sign, Ticket
from bot.providers.breaker import Breaker
from bot.providers.catalogue import DRAWN_HERE, Catalogue, Service
from bot.providers.prices import PriceFile, Prices
from bot.providers.remembered import Memory, read_models, write_models
from bot.providers.switches import Switches
from bot.providers.tally import Tally
from bot.providers.unsaid import unsaid

__all__ = [
    "Account",
    "PriceFile",
    "Prices",
    "Provider",
    "ProviderSettings",
    "Providers",
    "Service",
    "Sign",
    "Switches",
    "Tally",
    "Ticket",
    "adapters",
]

HELPERS = frozenset({"base", "breaker", "catalogue", "prices", "remembered", "spending", "switches", "tally", "unsaid"})
FRESH = 3600.0  # seconds between two looks at the services' lists
SOON = 120.0  # seconds until a list is asked for again that did not come
QUIET = 3600.0  # seconds in which the admins hear of the same trouble once

FOR_ADMINS = SERVICE_TROUBLE | {Cause.SPENT_TODAY}

Trouble = Callable[[str, ProviderError], Awaitable[None]]

log = structlog.get_logger()


def adapters() -> list[type[Provider]]:
    """Every provider there is, whether it is on or not, in the order in which they are offered."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if module.name not in HELPERS]
    found: list[type[Provider]] = [importlib.import_module(f"{__name__}.{name}").PROVIDER for name in names]
    return sorted(found, key=lambda adapter: (adapter.key == DRAWN_HERE, adapter.key))


class Providers:
    """The services that are on."""

    def __init__(
        self,
        providers: Iterable[Provider],
        clock: Clock,
        *,
        remembered: Path | None = None,
        prices: PriceFile | None = None,
        on_trouble: Trouble | None = None,
    ) -> None:
        """`remembered` is a file for the models of last time, `on_trouble` gets a provider's title and the error."""
        self._providers = {provider.key: provider for provider in providers}
        self._breakers = {key: Breaker(clock) for key in self._providers}
        self._tallies = {key: Tally(clock) for key in self._providers}
        self._switches = Switches()
        self._own_prices: Mapping[str, int | str] = {}
        self._clock = clock
        self._remembered = remembered
        self._on_trouble = on_trouble
        self._told: dict[tuple[str, Cause], float] = {}
        self.price_file = prices or PriceFile()
        self._made_of: list[object] = []
        self._cost: dict[str, int] = {}
        memory = read_models(remembered) if remembered else Memory()
        for key, provider in self._providers.items():
            provider.remember(memory.offered.get(key, ()))
        self._memory = memory.after(self._lists())

    @classmethod
    def build(
        cls,
        settings: Mapping[str, ProviderSettings],
        network: Network,
        spool: Spool,
        *,
        seconds: float = 180.0,
        remembered: Path | None = None,
        prices: PriceFile | None = None,
        on_trouble: Trouble | None = None,
    ) -> "Providers":
        """Those whose settings, by their key, are on. `seconds` is how long one call may take."""
        speaking = {adapter.Settings: adapter for adapter in adapters()}
        providers = [
            adapter(Http(network, spool, wishes.address, wishes.headers(), seconds, adapter.pages), wishes, key)
            for key, wishes in settings.items()
            if wishes.on and (adapter := speaking[type(wishes)])
        ]
        return cls(providers, network.clock, remembered=remembered, prices=prices, on_trouble=on_trouble)

    def service(self, key: str) -> Provider | None:
        """The service of this key by itself: what it says is neither watched nor told to anybody."""
        return self._providers.get(key)

    @property
    def titles(self) -> Mapping[str, str]:
        """What the services are called, by their keys: all that are set up, also those that are off."""
        return {key: provider.title for key, provider in self._providers.items()}

    @property
    def switches(self) -> Switches:
        """What is off or preferred by the operator's hand."""
        return self._switches

    def switch(self, switches: Switches) -> None:
        """From now on these count. What was ordered already is still fetched."""
        if switches != self._switches:
            self._switches = switches

    def price(self, own: Mapping[str, int | str]) -> None:
        """From now on these prices, by the keys of models, count over those of the file."""
        if own != self._own_prices:
            self._own_prices = own

    def breaker(self, key: str) -> Breaker:
        """What stands before this service, which must be set up."""
        return self._breakers[key]

    def tally(self, key: str) -> Tally:
        """What became of the calls to this service, which must be set up."""
        return self._tallies[key]

    def models(self) -> Sequence[ImageModel]:
        """Everything that can be asked for."""
        return self._catalogue().models

    def services(self) -> Sequence[Service]:
        """The same by service; one that offers nothing is left out."""
        return self._catalogue().services

    def everything(self) -> Sequence[Service]:
        """All that the services list, at their own prices, whatever is switched off."""
        return Catalogue(self._listed(), Prices()).services

    def nearest_listed(self, words: str) -> ImageModel | None:
        """The model that an admin may have meant: also one that is not offered."""
        return Catalogue(self._listed(), Prices()).nearest(words)

    def offers_with(self, switches: Switches, own: Mapping[str, int | str]) -> bool:
        """Whether anything could be asked for with these, and with these prices over those of the file."""
        return bool(Catalogue(switches.applied(self._listed()), self.price_file.prices.under(own)).models)

    def model(self, key: str) -> ImageModel | None:
        """The model of this key, None when it is not offered now."""
        return self._catalogue().model(key)

    def known(self, key: str) -> ImageModel | None:
        """The model of this key as it is, or as it was when it was offered last; None where nobody remembers it."""
        found, gone = self.model(key), self._memory.known(key)
        return found or (replace(gone, price=self._cost_of(gone)) if gone else None)

    def withdrawn(self, key: str) -> bool:
        """Whether this model is not offered because its operator does not want it: no list that comes changes that."""
        service = service_of(key)
        if service not in self._providers or not self._switches.off.isdisjoint((service, key)):
            return True
        listed = any(model.key == key for model in self._providers[service].models())
        return listed and self.model(key) is None

    def nearest(self, words: str) -> ImageModel | None:
        """The model that someone may have meant: by key, by name without the service, or by title."""
        return self._catalogue().nearest(words)

    def nearest_able(self, wished: str, able: Callable[[ImageModel], bool]) -> ImageModel | None:
        """What stands in for the model of this key: the nearest other one that is `able`, of the same service first."""
        return self._catalogue().nearest_able(wished, able)

    def repeatable(self, key: str) -> bool:
        """Whether asking this model (or service) twice costs nothing."""
        provider = self._providers.get(service_of(key))
        return provider is not None and provider.repeatable

    def rests(self, key: str) -> bool:
        """Whether the service of this model is being left alone now."""
        breaker = self._breakers.get(service_of(key))
        return breaker is not None and breaker.rests

    def patience(self, key: str) -> float:
        """How many seconds a picture of this model may take, where the operator allows fewer."""
        provider = self._providers.get(service_of(key))
        return provider.patience if provider else 0.0

    def cap(self, key: str) -> int | None:
        """The most that the service of this model may draw in a day, in credits; None without end."""
        provider = self._providers.get(service_of(key))
        settings = provider.settings if provider else None
        return settings.daily_cap if isinstance(settings, ServiceSettings) else None

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """Ask the service of the model; for what was ordered before also while it rests. Raises ProviderError."""
        async with self._service(request.model.key, ordered=ticket.remote_id is not None) as provider:
            with self._tallies[provider.key].counted(), _in_other_words(request):
                return await provider.generate(request, ticket)

    async def take_back(self, key: str, remote_id: str) -> None:
        """Tell the service of this model that nobody comes back for an order, also while it rests.

        Raises ProviderError.
        """
        async with self._service(key, ordered=True) as provider:
            await provider.take_back(remote_id)

    def given_up(self, key: str, error: ProviderError) -> None:
        """Nobody waits any longer for this model: hanging is a way of being down that the service's door cannot see."""
        if breaker := self._breakers.get(service := service_of(key)):
            breaker.judge(error)
            self._tallies[service].note(error, 0.0)

    def publishes(self, key: str) -> bool:
        """Whether the service of this model can show a picture to everybody who has its link."""
        provider = self._providers.get(service_of(key))
        return provider is not None and provider.publishes

    async def publish(self, key: str, picture: Path, content_type: str, ticket: Ticket) -> str:
        """Let the service of this model show a picture to everybody; the link. Raises ProviderError."""
        async with self._service(key) as provider:
            return await provider.publish(picture, content_type, ticket)

    async def withdraw(self, key: str, remote_id: str) -> None:
        """Take back what was published under the id that its ticket kept, also while it rests. Raises ProviderError."""
        async with self._service(key, ordered=True) as provider:
            await provider.withdraw(remote_id)

    async def refresh(self) -> bool:
        """Ask every service for its models; whether all answered. What was known stays where one did not."""
        answered = await asyncio.gather(*map(self._refreshed, self._providers.values()))
        self._memory = self._memory.after(self._lists())
        if self._remembered:
            await asyncio.to_thread(write_models, self._remembered, self._memory)
        return all(answered)

    async def refresh_loop(self, asked: Callable[[], None]) -> None:
        """Keep lists fresh until cancelled. `asked` is called once, when every service was asked."""
        complete = await self.refresh()
        asked()
        while True:
            await asyncio.sleep(FRESH if complete else SOON)
            complete = await self.refresh()

    @asynccontextmanager
    async def _service(self, model: str, *, ordered: bool = False) -> AsyncIterator[Provider]:
        """The service of a model, unless it rests; the admins hear of what only they can mend."""
        key = service_of(model)
        if key not in self._providers:
            raise Refused(Cause.MODEL_GONE, f"no provider {key}")
        try:
            with self._breakers[key].watched(ordered=ordered):
                yield self._providers[key]
        except Refused as error:
            await self.report(key, error)
            raise

    def _catalogue(self) -> Catalogue:
        """Made anew when a list or a price is another one."""
        lists, prices = self._lists(), self.price_file.prices
        made_of = [*lists.values(), prices, self._own_prices, self._switches]
        if not (len(made_of) == len(self._made_of) and all(map(operator.is_, made_of, self._made_of))):
            priced = prices.under(self._own_prices)
            self._made, self._made_of = Catalogue(self._switches.applied(self._listed()), priced), made_of
            self._cost.update((model.key, model.price) for model in self._made.models)
        return self._made

    def _cost_of(self, gone: ImageModel) -> int:
        """What a model cost here that is not offered now: in this life, or by what is said of it, or by its service."""
        file = self.price_file.prices
        said = (prices.of(gone)[0] for prices in (file.under(self._own_prices), file))
        return self._cost.get(gone.key, next((price for price in said if isinstance(price, int)), gone.price))

    def _listed(self) -> list[Service]:
        return [Service(key, self._providers[key].title, models) for key, models in self._lists().items()]

    def _lists(self) -> dict[str, Sequence[ImageModel]]:
        return {key: provider.models() for key, provider in self._providers.items()}

    async def _refreshed(self, provider: Provider) -> bool:
        try:
            await provider.refresh()
        except ProviderError as error:
            log.warning("models_not_refreshed", provider=provider.key, cause=error.cause.value, detail=error.detail)
            return False
        except OSError as error:  # no room for the answer, no more sockets: the lists that are known stay
            log.warning("models_not_refreshed", provider=provider.key, detail=str(error))
            return False
        except Exception:  # a list that its adapter did not foresee harms neither the bot nor the other services
            log.exception("models_not_refreshed", provider=provider.key)
            return False
        return True

    async def report(self, key: str, error: ProviderError) -> None:
        """Tell the admins of what only they can mend; of the same trouble once in a while."""
        now, about = self._clock.monotonic(), (key, error.cause)
        if error.cause not in FOR_ADMINS or self._told.get(about, -QUIET) > now - QUIET:
            return
        self._told[about] = now
        log.error("provider_rests", provider=key, cause=error.cause.value)
        if self._on_trouble is None:
            return
        try:
            await self._on_trouble(self._providers[key].title, error)
        except StorageError as reason:  # the next one tells them; what the service said still goes to its asker
            del self._told[about]
            log.warning("trouble_not_told", provider=key, reason=str(reason))


@contextmanager
def _in_other_words(request: ImageRequest) -> Iterator[None]:
    """Services repeat in their errors what they were asked."""
    try:
        yield
    except ProviderError as error:
        error.retell(unsaid(error.detail, request))
        raise
