"""Whose turn it is to draw: the model that was wished, then the operator's list, within the price that is held."""

from collections.abc import Callable, Collection, Sequence

from bot.errors import Cause, ProviderError
from bot.images import ImageModel
from bot.imagine import fit
from bot.imagine.rules import Generation
from bot.providers import Providers


class Turns:
    """Chooses among the models that can do what was wished. `fallbacks` are models or whole services, by key."""

    def __init__(self, providers: Providers, fallbacks: Sequence[str] = ()) -> None:
        self._providers = providers
        self._fallbacks = fallbacks

    def first(self, generation: Generation, barred: Collection[str] = ()) -> ImageModel | None:
        """The wished model; the one that stands in for it already where the wished one cannot. None: both are gone.

        Those that are `barred`, by key, are not for the place of the wish.
        """
        able = _able(generation, barred)
        return self._found(generation.wished.model, able) or self._accepted(generation, barred)

    def next(self, generation: Generation, asked: Collection[str], error: ProviderError) -> ImageModel | None:
        """The next of the list that is not resting, after those that were `asked` in vain. None: nobody is left."""
        able = _able(generation, asked)
        found = (self._found(key, lambda model: able(model) and not self._rests(model)) for key in self._order())
        chosen = next(filter(None, found), None)
        if chosen is None and error.cause is Cause.MODEL_GONE:
            return self.stand_in(generation, asked)
        return chosen

    def stand_in(self, generation: Generation, asked: Collection[str] = ()) -> ImageModel | None:
        """The nearest to a model that is gone."""
        return self._providers.nearest_able(generation.model, _able(generation, asked))

    def _accepted(self, generation: Generation, barred: Collection[str]) -> ImageModel | None:
        """The accepted model: it draws for what it cost then, whatever it costs by now."""
        model = self._providers.model(generation.model)
        return model if model and model.key not in barred and fit.able(model, generation) else None

    def _found(self, key: str | None, able: Callable[[ImageModel], bool]) -> ImageModel | None:
        """The model of this key, or the first able one of this service."""
        models = self._providers.models() if key and "/" not in key else [self._providers.model(key or "")]
        named = (model for model in models if model and key in (model.key, model.provider))
        return next(filter(able, named), None)

    def _order(self) -> Sequence[str]:
        """The service that the operator prefers, then the list."""
        preferred = self._providers.switches.preferred
        return [preferred, *self._fallbacks] if preferred else self._fallbacks

    def _rests(self, model: ImageModel) -> bool:
        return self._providers.rests(model.key)


def _able(generation: Generation, asked: Collection[str]) -> Callable[[ImageModel], bool]:
    def able(model: ImageModel) -> bool:
        return model.key not in asked and model.price <= generation.price and fit.able(model, generation)

    return able
