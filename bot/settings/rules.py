"""What a person chose, and what counts where they chose nothing. Pure: no I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.images import AspectRatio, ImageModel
from bot.imagine.choosing import Choice
from bot.imagine.fit import fitting
from bot.imagine.rules import model_ref
from bot.users.rules import Person

# The value of a language button that follows the app.
AUTOMATIC = "auto"

Changes = Mapping[str, str | bool | None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What counts for the next picture of a person.

    `model` is None only while no service draws at all; it stands in for the one of the key `instead_of` where that one
    was chosen and is not offered now. `language` is None while it follows the app.
    """

    model: ImageModel | None
    instead_of: str | None
    ratio: AspectRatio
    as_file: bool
    plain_text: bool
    language: str | None

    @property
    def ratios(self) -> Sequence[AspectRatio]:
        """Only what the model can draw."""
        return self.model.ratios if self.model else tuple(AspectRatio)


def choices(person: Person, drawn_by: Choice | None, ratio: AspectRatio) -> Choices:
    """What counts for `person`: who draws what they ask for, and in which ratio where the model has it."""
    model = drawn_by.model if drawn_by else None
    return Choices(
        model=model,
        instead_of=drawn_by.instead_of if drawn_by else None,
        ratio=fitting(ratio, model) if model else ratio,
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


def _referred(ref: str, models: Sequence[ImageModel]) -> ImageModel | None:
    return next((model for model in models if model_ref(model.key) == ref), None)
