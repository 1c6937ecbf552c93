"""The services that draw: found by looking into this folder, asked through one door.

`Providers` is that door. It knows which models there are, leaves a service alone that is down, and tells the admins
when a key or an account is at its end. Retries belong to whoever asks.
"""

import asyncio
import difflib
import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.errors import Cause, ProviderError, Refused
from bot.http import SERVICE_TROUBLE, Http, Network, Spool
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.providers.base import Provider, ProviderSettings, Ticket
from bot.providers.breaker import Breaker
from bot.providers.remembered import read_models, write_models

__all__ = ["Provider", "ProviderSettings", "Providers", "Ticket", "adapters"]

HELPERS = frozenset({"base", "breaker", "remembered", "spending"})
LAST = "sketch"  # what is drawn here is offered after what is drawn by a service
FRESH = 3600.0  # seconds between two looks at the services' lists
SOON = 120.0  # seconds until a list is asked for again that did not come
QUIET = 3600.0  # seconds in which the admins hear of the same trouble once

Trouble = Callable[[str, Cause], Awaitable[None]]

log = structlog.get_logger()


def adapters() -> list[type[Provider]]:
    """Every provider there is, whether it is on or not, in the order in which they are offered."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if module.name not in HELPERS]
    found: list[type[Provider]] = [importlib.import_module(f"{__name__}.{name}").PROVIDER for name in names]
    return sorted(found, key=lambda adapter: (adapter.key == LAST, adapter.key))


class Providers:
    """The services that are on."""

    def __init__(
        self,
        providers: Iterable[Provider],
        clock: Clock,
        *,
        remembered: Path | None = None,
        on_trouble: Trouble | None = None,
    ) -> None:
        """`remembered` is a file for the models of last time, `on_trouble` gets a provider's title and the cause."""
        self._providers = {provider.key: provider for provider in providers}
        self._breakers = {key: Breaker(clock) for key in self._providers}
        self._clock = clock
        self._remembered = remembered
        self._on_trouble = on_trouble
        self._told: dict[str, float] = {}
        for key, models in (read_models(remembered) if remembered else {}).items():
            if key in self._providers:
                self._providers[key].remember(models)

    @classmethod
    def build(
        cls,
        settings: Mapping[str, ProviderSettings],
        network: Network,
        spool: Spool,
        *,
        seconds: float = 180.0,
        remembered: Path | None = None,
        on_trouble: Trouble | None = None,
    ) -> "Providers":
        """Those whose settings, by their key, are on. `seconds` is how long one call may take."""
        speaking = {adapter.Settings: adapter for adapter in adapters()}
        providers = [
            speaking[type(wishes)](Http(network, spool, wishes.address, wishes.headers(), seconds), wishes, key)
            for key, wishes in settings.items()
            if wishes.on
        ]
        return cls(providers, network.clock, remembered=remembered, on_trouble=on_trouble)

    def models(self) -> list[ImageModel]:
        """Everything that can be asked for."""
        return [model for provider in self._providers.values() for model in provider.models()]

    def model(self, key: str) -> ImageModel | None:
        """The model of this key, None when it is not offered now."""
        return next((model for model in self.models() if model.key == key), None)

    def nearest(self, words: str) -> ImageModel | None:
        """The model that someone may have meant: by key, by name without the service, or by title."""
        spellings = {
            spelling.casefold(): model
            for model in reversed(self.models())
            for spelling in (model.title, model.name, model.key)
        }
        close = difflib.get_close_matches(words.casefold(), spellings, n=1, cutoff=0.4)
        return spellings[close[0]] if close else None

    def repeatable(self, key: str) -> bool:
        """Whether asking this model (or service) twice costs nothing."""
        provider = self._providers.get(key.partition("/")[0])
        return provider is not None and provider.repeatable

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        """Ask the service of the model. Raises ProviderError."""
        key = request.model.provider
        if key not in self._providers:
            raise Refused(Cause.MODEL_GONE, f"no provider {key}")
        try:
            with self._breakers[key].watched():
                return await self._providers[key].generate(request, ticket)
        except Refused as error:
            await self._tell(key, error.cause)
            raise

    async def refresh(self) -> bool:
        """Ask every service for its models; whether all answered. What was known stays where one did not."""
        answered = [await self._refreshed(provider) for provider in self._providers.values()]
        if self._remembered:
            models = {key: list(provider.models()) for key, provider in self._providers.items()}
            await asyncio.to_thread(write_models, self._remembered, models)
        return all(answered)

    async def refresh_loop(self, asked: Callable[[], None]) -> None:
        """Keep the lists fresh until cancelled. `asked` is called once, when every service was asked for its list."""
        complete = await self.refresh()
        asked()
        while True:
            await asyncio.sleep(FRESH if complete else SOON)
            complete = await self.refresh()

    async def _refreshed(self, provider: Provider) -> bool:
        try:
            await provider.refresh()
        except ProviderError as error:
            log.warning("models_not_refreshed", provider=provider.key, cause=error.cause.value, detail=error.detail)
            return False
        except OSError as error:  # no room for the answer, no more sockets: the lists that are known stay
            log.warning("models_not_refreshed", provider=provider.key, detail=str(error))
            return False
        return True

    async def _tell(self, key: str, cause: Cause) -> None:
        now = self._clock.monotonic()
        if cause not in SERVICE_TROUBLE or self._told.get(key, -QUIET) > now - QUIET:
            return
        self._told[key] = now
        log.error("provider_rests", provider=key, cause=cause.value)
        if self._on_trouble:
            await self._on_trouble(self._providers[key].title, cause)
