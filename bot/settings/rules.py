"""What a person chose, and what counts where they chose nothing. Pure: no I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.images import AspectRatio, ImageModel
from bot.imagine.choosing import Choice
from bot.imagine.fit import fitting
from bot.imagine.rules import model_ref
from bot.presets.rules import NONE, Preset
from bot.users.rules import Person

# So many presets are on one page.
PER_PAGE = 8

# The value of a language button that follows the app.
AUTOMATIC = "auto"

Changes = Mapping[str, str | bool | None]


@dataclass(frozen=True, slots=True)
class Choices:
    """What counts for the next picture of a person.

    `model` is None only while no service draws at all; it stands in for the one of the key `instead_of` where that one
    was chosen and is not offered now. `language` is None while it follows the app. `preset` is a name, None for none.
    """

    model: ImageModel | None
    instead_of: str | None
    ratio: AspectRatio
    as_file: bool
    plain_text: bool
    language: str | None
    preset: str | None = None

    @property
    def ratios(self) -> Sequence[AspectRatio]:
        """Only what the model can draw."""
        return self.model.ratios if self.model else tuple(AspectRatio)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the presets, and the numbers of the pages around, None where there is none."""

    shown: Sequence[Preset]
    before: int | None
    after: int | None


def page_of(presets: Sequence[Preset], value: str) -> Page:
    """The page that a button names; the last one where there are not so many any more."""
    last = max(0, (len(presets) - 1) // PER_PAGE)
    number = min(int(value), last) if value.isascii() and value.isdecimal() and len(value) < 5 else 0
    shown = presets[number * PER_PAGE : (number + 1) * PER_PAGE]
    return Page(shown, number - 1 if number else None, number + 1 if number < last else None)


def choices(person: Person, drawn_by: Choice | None, ratio: AspectRatio, presets: Sequence[Preset] = ()) -> Choices:
    """What counts for `person`: who draws what they ask for, in which ratio where the model has it, in which look."""
    model = drawn_by.model if drawn_by else None
    return Choices(
        model=model,
        instead_of=drawn_by.instead_of if drawn_by else None,
        ratio=fitting(ratio, model) if model else ratio,
        as_file=person.as_file,
        plain_text=person.plain_text,
        language=person.language,
        preset=next((each.name for each in presets if each.name == person.preset), None),
    )


def changes(
    what: str, value: str, models: Sequence[ImageModel], languages: Sequence[str], presets: Sequence[Preset] = ()
) -> Changes:
    """The fields of a Person that a pressed button sets; empty where it names nothing that can be chosen today."""
    if what in ("as_file", "plain_text") and value in ("0", "1"):
        return {what: value == "1"}
    if what == "language" and value in (AUTOMATIC, *languages):
        return {what: None if value == AUTOMATIC else value}
    if what == "ratio" and value.replace("x", ":") in set(AspectRatio):
        return {what: value.replace("x", ":")}
    if what == "model" and (model := _referred(value, models)):
        return {what: model.key}
    if what == "preset" and value == NONE:
        return {what: None}
    if what == "preset" and (preset := next((one for one in presets if model_ref(one.name) == value), None)):
        return {what: preset.name}
    return {}


def _referred(ref: str, models: Sequence[ImageModel]) -> ImageModel | None:
    return next((model for model in models if model_ref(model.key) == ref), None)
