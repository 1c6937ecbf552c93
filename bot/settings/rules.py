"""What a person chose, and what counts where they chose nothing. Pure: no I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.images import AspectRatio, ImageModel
from bot.imagine.fit import fitting
from bot.imagine.rules import model_ref
from bot.users.rules import Person

MODELS_PER_PAGE = 16

# The value of a language button that follows the app.
AUTOMATIC = "auto"

Changes = Mapping[str, str | bool | None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What counts for the next picture of a person.

    `model` is None only while no service draws at all; `language` is None while it follows the app.
    """

    model: ImageModel | None
    ratio: AspectRatio
    as_file: bool
    plain_text: bool
    language: str | None

    @property
    def ratios(self) -> Sequence[AspectRatio]:
        """Only what the model can draw."""
        return self.model.ratios if self.model else tuple(AspectRatio)


def choices(person: Person, models: Sequence[ImageModel], model: str, ratio: AspectRatio) -> Choices:
    """What counts for `person`; `model` and `ratio` are the defaults of this bot."""
    chosen = _chosen_model(person.model, models, model)
    wished = AspectRatio(person.ratio) if person.ratio in set(AspectRatio) else ratio
    return Choices(
        model=chosen,
        ratio=fitting(wished, chosen) if chosen else wished,
        as_file=person.as_file,
        plain_text=person.plain_text,
        language=person.language,
    )


def changes(what: str, value: str, models: Sequence[ImageModel], languages: Sequence[str]) -> Changes:
    """The fields of a Person that a pressed button sets; empty where it names nothing that can be chosen today."""
    if what in ("as_file", "plain_text") and value in ("0", "1"):
        return {what: value == "1"}
    if what == "language" and value in (AUTOMATIC, *languages):
        return {what: None if value == AUTOMATIC else value}
    if what == "ratio" and value.replace("x", ":") in set(AspectRatio):
        return {what: value.replace("x", ":")}
    if what == "model" and (model := _referred(value, models)):
        return {what: model.key}
    return {}


def pages(models: Sequence[ImageModel]) -> int:
    """How many pages of buttons the models need; at least one."""
    return max(1, -(-len(models) // MODELS_PER_PAGE))


def page_of(models: Sequence[ImageModel], chosen: ImageModel | None) -> int:
    """The page, from 0, on which the chosen model stands."""
    keys = [model.key for model in models]
    return keys.index(chosen.key) // MODELS_PER_PAGE if chosen and chosen.key in keys else 0


def on_page(models: Sequence[ImageModel], page: int) -> Sequence[ImageModel]:
    """The models of one page, from 0; a page beyond the end is the last one."""
    start = min(max(page, 0), pages(models) - 1) * MODELS_PER_PAGE
    return models[start : start + MODELS_PER_PAGE]


def _referred(ref: str, models: Sequence[ImageModel]) -> ImageModel | None:
    return next((model for model in models if model_ref(model.key) == ref), None)


def _chosen_model(wished: str | None, models: Sequence[ImageModel], default: str) -> ImageModel | None:
    by_key = {model.key: model for model in models}
    return by_key.get(wished or "") or by_key.get(default) or next(iter(models), None)
