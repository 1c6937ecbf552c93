"""The models as people meet them: which are offered, what they can do, and which one draws for whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import UserError
from bot.images import AspectRatio, ImageModel
from bot.imagine import fit
from bot.imagine.choosing import Choice, Choosing, styled
from bot.imagine.making import same
from bot.imagine.rules import Generation, Wish
from bot.presets.service import Presets
from bot.providers import Providers, Service
from bot.users.rules import Person

WORDS = Wish("")


@dataclass(frozen=True, slots=True)
class Models:
    """Nothing is spent, kept or asked of a service here. `default_ratio` is for whoever chose none."""

    providers: Providers
    presets: Presets
    choosing: Choosing
    default_ratio: AspectRatio = AspectRatio.SQUARE

    def offered(self) -> Sequence[ImageModel]:
        """Every model that can be asked for."""
        return self.providers.models()

    def services(self, asked: Wish | Generation = WORDS) -> Sequence[Service]:
        """The same by service: who takes the pictures of what is asked, or words alone where there are none."""
        able = [
            replace(service, models=tuple(model for model in service.models if fit.takes(model, asked)))
            for service in self.providers.services()
        ]
        return [service for service in able if service.models]

    @property
    def can_edit(self) -> bool:
        """Whether one of them can change pictures."""
        return any(model.sources for model in self.offered())

    def publishes(self, generation: Generation) -> bool:
        """Whether the service that drew it can show it to everybody who has its link."""
        return self.providers.publishes(generation.model)

    def known(self, key: str) -> ImageModel | None:
        """A model that is offered, or was once; None where nobody remembers it."""
        return self.providers.known(key)

    def of(self, generation: Generation) -> ImageModel | None:
        """The model that drew it, also when it is not offered any more; None where nobody remembers it."""
        return self.known(generation.model)

    def wished_of(self, generation: Generation) -> ImageModel | None:
        """The model that was wished where another one drew, as far as it is remembered."""
        return self.known(generation.wished.model) if generation.wished.model else None

    def choice_of(self, person: Person) -> Choice | None:
        """Who draws what they ask for without naming a model; None while nobody draws from words at all."""
        if chosen := self.providers.model(person.model or ""):
            return Choice(chosen)  # also one that only changes pictures: it is what they chose
        try:
            return self.choosing.of(person, WORDS)
        except fit.Dearer as error:
            return Choice(error.model, person.model)
        except UserError:
            return None

    def drawer_for(self, person: Person, wish: Wish) -> ImageModel:
        """The model that would draw a wish of theirs. Raises WishError and NoModel."""
        wish = styled(self.presets, person, wish)
        return fit.order(wish, self.choosing.of(person, wish).model, self.ratio_for(person)).model

    def drawer_of(self, generation: Generation) -> ImageModel:
        """The model that would draw it again: the same, or what stands in for it, also for more. Raises NoModel."""
        try:
            return self.choosing.by_key(generation.model, same(generation, generation.model), generation.price).model
        except fit.Dearer as error:
            return error.model

    def ratio_for(self, person: Person) -> AspectRatio:
        """The ratio of whoever types none."""
        return AspectRatio(person.ratio) if person.ratio in set(AspectRatio) else self.default_ratio
