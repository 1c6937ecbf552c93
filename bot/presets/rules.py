"""Looks with a name: words around a prompt, what should not be there, a ratio, a model. Pure: no I/O, no clock."""

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.edited import line_of
from bot.errors import SettingsError
from bot.images import AspectRatio

# What stands before the name of a preset among those of models and services: no key of theirs looks so.
KEY = "preset:"
# Where the words of a person stand among those of a preset.
PROMPT = "{prompt}"
# What somebody types who wants none this once.
NONE = "none"
MOST = 200
LONGEST = 1000  # letters of the words
# How much of a name must be alike to be taken for the one that was meant, from 0 to 1.
ALIKE = 0.4

NAME = re.compile(r"[\w-]{1,32}")
HOW = 'a preset looks like [watercolor] and below it prompt = "{prompt}, soft watercolor on rough paper"'

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class Preset:
    """A look. `words` hold the prompt where they say so; `negative` is what should not be there besides.

    `ratio` and `model`, by its key, count where nothing else was typed. `about` tells people what it looks like: it is
    empty for those that the bot comes with, of which every language has its own sentence.
    """

    name: str
    words: str = PROMPT
    negative: str | None = None
    ratio: AspectRatio | None = None
    model: str | None = None
    about: str = ""

    def around(self, prompt: str) -> str:
        """The whole prompt, as a service gets it."""
        return self.words.replace(PROMPT, prompt)


@dataclass(frozen=True, slots=True)
class OwnPreset:
    """One that an admin wrote in the chat; when, in Unix seconds, and by whom."""

    preset: Preset
    at: int
    by: int


class _Entry(BaseModel):
    """A preset as it is written down."""

    model_config = ConfigDict(extra="forbid", strict=True)

    prompt: Line = PROMPT
    negative: Line | None = None
    ratio: str | None = None
    model: Line | None = None
    about: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""


SHIPPED = (
    Preset("photo", "{prompt}, photograph, natural light, fine detail, 50 mm lens", "drawing, painting, illustration"),
    Preset("watercolor", "{prompt}, soft watercolor on rough paper, loose brushwork", "photograph, 3d render"),
    Preset("ink", "{prompt}, ink drawing, confident black lines on white paper, hatching", "color, photograph"),
    Preset("pixel", "{prompt}, pixel art, small palette, crisp square pixels", "blur, photograph", AspectRatio.SQUARE),
    Preset("clay", "{prompt}, clay figures on a tabletop set, soft studio light, macro photograph"),
    Preset("poster", "{prompt}, screen-printed poster, flat shapes, bold colors", ratio=AspectRatio.CLASSIC_TALL),
)
"""What there is while the operator has written none."""


def prompt_of(style: Preset | None, prompt: str) -> str:
    """What a service is asked for."""
    return style.around(prompt) if style else prompt


def negative_of(style: Preset | None, negative: str | None) -> str | None:
    """What should not be there, by the person and by the preset."""
    return ", ".join(filter(None, (negative, style.negative if style else None))) or None


def nearest(name: str, presets: Iterable[Preset]) -> Preset | None:
    """The one that somebody may have meant."""
    by_name = {preset.name: preset for preset in presets}
    close = difflib.get_close_matches(name.casefold(), by_name, n=1, cutoff=ALIKE)
    return by_name[close[0]] if close else None


def merged(written: Iterable[Preset], own: Iterable[Preset]) -> list[Preset]:
    """Those of the file with those of the chat: each in the place of the one of its name, or behind all of them."""
    by_name = {preset.name: preset for preset in written}
    return list((by_name | {preset.name: preset for preset in own}).values())


def kept(style: Preset | None) -> str | None:
    """What is kept of it with a picture: how it asks. What it chose besides is the picture's own."""
    if style is None:
        return None
    words = {"name": style.name, "words": style.words, "negative": style.negative}
    return json.dumps({name: value for name, value in words.items() if value is not None}, ensure_ascii=False)


def of_kept(text: str | None) -> Preset | None:
    """The same from such a text."""
    return Preset(**json.loads(text)) if text else None


def read_presets(file: str, text: str) -> Sequence[Preset]:
    """The presets in the text of a file, in its order. Raises SettingsError with the line that is wrong."""
    try:
        entries = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also what TOML allows and Python does not read
        raise SettingsError(f"PRESETS_FILE: {file}: {error}; {HOW}") from None
    if len(entries) > MOST:
        raise SettingsError(f"PRESETS_FILE: {file}: more than {MOST} presets")
    found: dict[str, Preset] = {}
    for name, entry in entries.items():
        try:
            preset = _preset(name, entry)
            if preset.name in found:
                raise ValueError("there is another one of this name")
        except ValueError as error:
            raise SettingsError(f"PRESETS_FILE: {file}{line_of(name, text)}: {name}: {error}; {HOW}") from None
        found[preset.name] = preset
    return tuple(found.values())


def _preset(name: str, entry: Any) -> Preset:
    """Raises ValueError with what is wrong."""
    if not NAME.fullmatch(name):
        raise ValueError("a name has letters, digits, - and _, 32 at most")
    if name.casefold() == NONE:
        raise ValueError("this name stands for no preset at all")
    if not isinstance(entry, Mapping):
        raise ValueError("that is no preset")
    try:
        written = _Entry.model_validate(entry)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = " ".join(map(str, problem["loc"]))
        raise ValueError(f"{where}: {problem['msg'][0].lower()}{problem['msg'][1:]}") from None
    if written.ratio is not None and written.ratio not in set(AspectRatio):
        raise ValueError(f"ratio: one of {' '.join(AspectRatio)}")
    words = written.prompt if PROMPT in written.prompt else f"{PROMPT}, {written.prompt}"
    ratio = AspectRatio(written.ratio) if written.ratio else None
    return Preset(name.casefold(), words, written.negative, ratio, written.model, written.about)
