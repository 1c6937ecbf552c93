"""What there is to switch and to price, a page at a time. Pure: no I/O, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.imagine.rules import model_ref
from bot.presets.rules import KEY, Preset
from bot.providers import Prices, Service, Switches
from bot.providers.prices import OFF

# So many are on one page: each model has a row of buttons.
PER_PAGE = 8
PRICES_PER_PAGE = 12
# By what a preset is switched, with its name behind.
PRESET = KEY

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Page(Generic[Thing]):
    """Some of many; the numbers of the pages around, None where there is none."""

    shown: Sequence[Thing]
    number: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class SetPrice:
    """What an admin set in the chat: credits a picture, None for not offered; when, in Unix seconds, and by whom."""

    price: int | None
    at: int
    by: int


def by_key(prices: Mapping[str, SetPrice]) -> Mapping[str, int | str]:
    """Such prices as a file would say them."""
    return {key: OFF if each.price is None else each.price for key, each in prices.items()}


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as it stands: `off` and `preferred` by hand.

    `price` is None where it is kept back; `rule` is the line of the file of prices that says so, None for its own
    price; `own` was set in the chat and counts over both.
    """

    key: str
    title: str
    price: int | None
    rule: str | None
    off: bool
    preferred: bool
    own: SetPrice | None = None

    @property
    def ref(self) -> str:
        """Its name on a button."""
        return model_ref(self.key)

    @property
    def state(self) -> str:
        """In one word."""
        if self.off:
            return "off"
        return "kept" if self.price is None else "preferred" if self.preferred else "on"


@dataclass(frozen=True, slots=True)
class Group:
    """A service with its models. `off`: the whole service is."""

    key: str
    title: str
    offers: Sequence[Offer]
    off: bool

    @property
    def ref(self) -> str:
        """Its name on a button."""
        return model_ref(self.key)

    @property
    def on(self) -> int:
        """How many of its models can be asked for."""
        return 0 if self.off else sum(offer.state in ("on", "preferred") for offer in self.offers)


def page_of(things: Sequence[Thing], number: int, size: int = PER_PAGE) -> Page[Thing]:
    """The page of this number; the last one where there are not so many any more."""
    last = max(0, (len(things) - 1) // size)
    number = max(0, min(number, last))
    shown = things[number * size : (number + 1) * size]
    return Page(shown, number, number - 1 if number else None, number + 1 if number < last else None)


def groups(
    services: Iterable[Service], prices: Prices, switches: Switches, own: Mapping[str, SetPrice] | None = None
) -> list[Group]:
    """Everything that the services list, as it stands; `prices` are those of the file, `own` those of the chat."""
    own = own or {}
    return [
        Group(service.key, service.title, _offers(service, prices, switches, own), service.key in switches.off)
        for service in services
    ]


def unlisted(found: Iterable[Group], own: Mapping[str, SetPrice]) -> list[Offer]:
    """Models for which a price was set in the chat, and which no service lists now."""
    listed = {offer.key for group in found for offer in group.offers}
    gone = {key: each for key, each in own.items() if key not in listed}
    return [Offer(key, key, each.price, None, off=False, preferred=False, own=each) for key, each in gone.items()]


def preset_key(preset: Preset) -> str:
    """By what a preset is switched."""
    return PRESET + preset.name


def presets_off(off: Iterable[str]) -> list[str]:
    """The names of presets among all that is switched off."""
    return [name.removeprefix(PRESET) for name in off if name.startswith(PRESET)]


def _offers(service: Service, file: Prices, switches: Switches, own: Mapping[str, SetPrice]) -> list[Offer]:
    offers, prices = [], file.under(by_key(own))
    for model in service.models:
        price, rule = prices.of(model)
        known = price if isinstance(price, int) else None
        off, preferred = model.key in switches.off, model.key == switches.preferred
        offers.append(Offer(model.key, model.title, known, rule, off, preferred, own.get(model.key)))
    return offers
