"""Each service, asked only for what costs nothing: its models, and what is left of the account."""

import asyncio
from collections.abc import AsyncIterator, Iterable

from bot.config import Settings
from bot.doctor.rules import Finding, note, well, wrong
from bot.errors import Cause, ProviderError
from bot.providers import Account, Provider, Providers

PATIENCE = 20.0  # seconds for one service
LONGEST_BALANCE = 60
# They pass by themselves.
PASSING = frozenset({Cause.RATE_LIMITED, Cause.UNAVAILABLE, Cause.SERVICE_ERROR})


async def look_at_services(settings: Settings, providers: Providers) -> AsyncIterator[Finding]:
    """A line for each service that is on, and what is said of models by name."""
    on = [provider for key in settings.providers if (provider := providers.service(key))]
    if not on:
        yield wrong("services", "doctor-services-none")
        return
    for finding in await asyncio.gather(*map(_look, on)):
        yield finding
    if providers.model(settings.default_model) is None:
        yield wrong("model", "doctor-model-unknown", model=settings.default_model)
    else:
        yield well("model", "doctor-model", model=settings.default_model)
    if strange := _strangers(settings.fallbacks, providers):
        yield note("fallbacks", "doctor-fallbacks-unknown", names=", ".join(strange))


def _strangers(names: Iterable[str], providers: Providers) -> list[str]:
    """Those that are no service and no model of one. Of a service that gave no list nobody knows."""
    listed = {service.key: {model.key for model in service.models} for service in providers.everything()}

    def known(name: str) -> bool:
        key, slash, _ = name.partition("/")
        return key in providers.titles and (not slash or name in listed.get(key, {name}))

    return [name for name in names if not known(name)]


async def _look(provider: Provider) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE):
            await provider.refresh()
            return _found(provider, await provider.account())
    except TimeoutError:
        return _failed(provider, ProviderError(Cause.TIMED_OUT))
    except ProviderError as error:
        return _failed(provider, error)


def _found(provider: Provider, account: Account | None) -> Finding:
    balance = account.balance[:LONGEST_BALANCE] if account else ""
    values: dict[str, str | int] = {"service": provider.title, "models": len(provider.models())}
    return well(provider.key, "doctor-service-account" if balance else "doctor-service", **values, balance=balance)


def _failed(provider: Provider, error: ProviderError) -> Finding:
    """Which service and why, as far as there is something to be done; its own words stay away."""
    state = note if error.cause in PASSING else wrong
    link = error.link or "none"
    return state(provider.key, "doctor-service-fails", service=provider.title, cause=error.cause.value, link=link)
