"""Every model of every service in one list, with the operator's prices. A snapshot, made anew when one changes."""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.images import ImageModel
from bot.providers.prices import Prices

# How much of a name must be alike to be taken for the one that was meant, from 0 to 1.
ALIKE = 0.4

# What is drawn on this machine is offered after the services, and stands in for their work where none of them can.
DRAWN_HERE = "sketch"

# Letters. A caption holds two titles besides everything else.
LONGEST_KEY = 120
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Service:
    """One service and what it offers."""

    key: str
    title: str
    models: Sequence[ImageModel]


class Catalogue:
    """What can be asked for, in the order in which it is shown."""

    def __init__(self, services: Iterable[Service], prices: Prices) -> None:
        offered = [replace(service, models=tuple(prices.applied(_presentable(service.models)))) for service in services]
        self.services: Sequence[Service] = tuple(_told_apart([service for service in offered if service.models]))
        self.models: Sequence[ImageModel] = tuple(model for service in self.services for model in service.models)
        self._by_key: Mapping[str, ImageModel] = {model.key: model for model in self.models}

    def model(self, key: str) -> ImageModel | None:
        """The model of this key, None when it is not offered."""
        return self._by_key.get(key)

    def nearest(self, words: str) -> ImageModel | None:
        """The model that someone may have meant: by key, by name without the service, or by title."""
        close = difflib.get_close_matches(words.casefold(), self._spellings, n=1, cutoff=ALIKE)
        return self._spellings[close[0]] if close else None

    def nearest_able(self, wished: str, able: Callable[[ImageModel], bool]) -> ImageModel | None:
        """The model that comes closest to the one of this key: of the same service, or at least of a service."""
        service, _, name = wished.partition("/")
        matcher = difflib.SequenceMatcher(b=name.casefold())

        def closeness(model: ImageModel) -> tuple[bool, bool, float]:
            matcher.set_seq1(model.name.casefold())
            return model.provider == service, model.provider != DRAWN_HERE, matcher.ratio()

        others = (model for model in self.models if model.key != wished and able(model))
        return max(others, key=closeness, default=None)

    @cached_property
    def _spellings(self) -> dict[str, ImageModel]:
        """Every way to write a model; of two that are written alike the first one offered counts."""
        return {
            spelling.casefold(): model
            for model in reversed(self.models)
            for spelling in (model.title, model.name, model.key)
        }


def _presentable(models: Iterable[ImageModel]) -> Sequence[ImageModel]:
    """Models as they may stand in a chat: titles that are not too long, and no letters that nobody sees."""
    fit = (model for model in models if len(model.key) <= LONGEST_KEY and model.key.isprintable())
    return [replace(model, title=_cleaned(model.title) or model.name[:LONGEST_TITLE]) for model in fit]


def _cleaned(title: str) -> str:
    return "".join(letter for letter in title if letter.isprintable()).strip()[:LONGEST_TITLE]


def _told_apart(services: Sequence[Service]) -> Iterable[Service]:
    """The same services, where two models of one title say whose they are, and within a service which."""
    titles = Counter(model.title for service in services for model in service.models)
    for service in services:
        here = Counter(model.title for model in service.models)
        models = [_titled(model, service, titles[model.title], here[model.title]) for model in service.models]
        yield replace(service, models=tuple(models))


def _titled(model: ImageModel, service: Service, everywhere: int, here: int) -> ImageModel:
    if everywhere == 1:
        return model
    apart = service.title if here == 1 else model.name if here == everywhere else model.key
    return replace(model, title=f"{model.title} ({apart})")
