"""Which model draws a wish: the one typed, else the one chosen, else the default. What is gone has a stand-in."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.images import AspectRatio, ImageModel
from bot.imagine import fit
from bot.imagine.rules import Wish
from bot.presets.rules import NONE
from bot.presets.service import Presets
from bot.providers import Providers
from bot.users.rules import Person


class NoModel(UserError):
    """No service is on, so nothing can be drawn."""

    def __init__(self) -> None:
        super().__init__("imagine-no-model")


@dataclass(frozen=True, slots=True)
class Choice:
    """The model that draws; `instead_of` is the key of the one that was wished, where this one stands in for it."""

    model: ImageModel
    instead_of: str | None = None


class Choosing:
    """Chooses among what the services offer now."""

    def __init__(self, providers: Providers, default_model: str) -> None:
        self._providers = providers
        self._default = default_model

    def of(self, person: Person, wish: Wish) -> Choice:
        """Who draws this wish of theirs. Raises WishError for a typed model that nobody knows, and NoModel."""
        if wish.model:
            return self._typed(wish, wish.model)
        # What a preset would like is no wish of its person: where it is not to be had nothing is said of it.
        liked = self._providers.model(wish.style.model or "") if wish.style else None
        if liked and fit.able(liked, wish):
            return Choice(liked)
        return self.by_key(person.model or self._any(wish).key, wish)

    def by_key(self, key: str, wish: Wish, price: int | None = None) -> Choice:
        """The model of this key, or what stands in for it: it is gone, or does not take these pictures.

        The stand-in costs no more than `price`, or than what the model cost when it was offered last. Raises NoModel,
        and a WishError that offers a dearer one where there is no other.
        """
        model = self._providers.model(key)
        if model and fit.takes(model, wish):
            return Choice(model)
        return Choice(self._stand_in(key, wish, price), key)

    def _typed(self, wish: Wish, words: str) -> Choice:
        nearest = self._providers.nearest(words)
        meant = self._providers.model(words) or (nearest if nearest and fit.means(words, nearest) else None)
        if meant is None and self._providers.known(words):
            return self.by_key(words, wish)
        if meant is None:
            raise fit.unknown_model(wish, nearest or self._any(wish), self._providers.models())
        if not fit.takes(meant, wish):
            raise fit.unfit(wish, meant, self._providers.models())
        return Choice(meant)

    def _stand_in(self, key: str, wish: Wish, price: int | None) -> ImageModel:
        """The nearest of the same service, else the default, else the nearest of any."""
        known = self._providers.known(key)
        if price is None:
            price = (known or self._any(wish)).price
        fits = _within(price, wish)
        nearest, default = self._providers.nearest_able(key, fits), self._providers.model(self._default)
        if nearest and nearest.provider == key.partition("/")[0]:
            return nearest
        found = default if default and fits(default) else nearest or self._any(wish)
        offered, is_dearer = self._providers.model(key), found.price > price
        if not fit.takes(found, wish) or (offered and is_dearer):
            raise fit.unfit(wish, offered or found, self._providers.models())
        if is_dearer:
            raise fit.Dearer(wish, known.title if known else key, found)
        return found

    def _any(self, wish: Wish) -> ImageModel:
        """The default, or where it is not offered the cheapest that is able. Raises NoModel."""
        if default := self._providers.model(self._default):
            return default
        models = self._providers.models()
        if not models:
            raise NoModel
        return min(models, key=lambda model: (not fit.able(model, wish), model.price))


def styled(presets: Presets, person: Person, wish: Wish) -> Wish:
    """With what its preset stands for now: the one typed, or for words alone that of the person.

    Raises WishError for a typed one that is not offered; one chosen for everything counts again when it is back.
    """
    if wish.preset is None:
        return replace(wish, style=None if wish.sources else presets.named(person.preset or NONE))
    style = presets.named(wish.preset)
    if style is None and wish.preset.casefold() != NONE:
        raise fit.unknown_preset(wish, presets)
    return replace(wish, style=style)


def shaped(wish: Wish) -> AspectRatio | None:
    """The ratio where none was typed: that of the picture to change, else of the preset, else that of the person."""
    return wish.shape or (wish.style.ratio if wish.style else None)


def _within(price: int, wish: Wish) -> Callable[[ImageModel], bool]:
    return lambda model: model.price <= price and fit.able(model, wish)
