"""Presets as admins write them in the chat. Pure: no I/O, no clock."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from bot.errors import UserError
from bot.images import AspectRatio
from bot.imagine.grammar import NoPrompt, WishError, parse
from bot.imagine.rules import Wish, model_ref
from bot.presets.rules import LONGEST, MOST, NAME, NONE, PROMPT, SHIPPED, OwnPreset, Preset

# What a preset takes of the flags of a wish.
FLAGS = "--ar --model --no"


@dataclass(frozen=True, slots=True)
class Look:
    """A preset by its name: what counts, if anything does, and what counts where that of the chat is deleted."""

    name: str
    now: Preset | None
    own: OwnPreset | None
    without: Preset | None

    @property
    def ref(self) -> str:
        """Its name on a button."""
        return model_ref(self.name)


def look(name: str, written: Sequence[Preset], own: Sequence[OwnPreset]) -> Look:
    """The one of this name among those of the file and those of the chat."""
    mine = next((each for each in own if each.preset.name == name), None)
    without = next((each for each in written if each.name == name), None)
    return Look(name, mine.preset if mine else without, mine, without)


def named(word: str) -> str:
    """The name of a preset, as it is kept. Raises UserError."""
    name = word.casefold()  # which may be longer, and of other letters
    if not NAME.fullmatch(name):
        raise UserError("look-bad-name")
    if name == NONE:
        raise UserError("look-none")
    return name


def wished(text: str) -> tuple[Wish, WishError | None]:
    """What is written after the name, in the grammar of a wish; or the nearest to it, and what is wrong with it.

    Raises UserError where nothing is near.
    """
    try:
        return _read(text), None
    except WishError as error:
        if error.wish is None:
            raise UserError(error.text, **error.values) from None
        return error.wish, error


def preset(name: str, wish: Wish, model: str | None) -> Preset:
    """The preset that a wish stands for. Raises UserError for what a preset does not take."""
    if wish.count != 1 or wish.seed is not None or wish.preset is not None:
        raise UserError("look-flags", allowed=FLAGS)
    longest = max(len(wish.prompt), len(wish.negative or ""))
    if longest > LONGEST:
        raise UserError("look-too-long", most=LONGEST, length=longest)
    words = wish.prompt if PROMPT in wish.prompt else f"{PROMPT}, {wish.prompt}"
    return Preset(name, words, wish.negative, wish.ratio, model)


def require_room(presets: Sequence[Preset], name: str) -> None:
    """Raises UserError where there are too many for another one."""
    if len(presets) >= MOST and name not in {each.name for each in presets}:
        raise UserError("look-too-many", most=MOST)


def typed(preset: Preset | None) -> str:
    """How it is written in the chat, without its name; empty for none."""
    if preset is None:
        return ""
    flags = [f"--ar {preset.ratio}"] if preset.ratio else []
    flags += [f"--model {preset.model}"] if preset.model else []
    flags += ['--no "{}"'.format(preset.negative.replace('"', "'"))] if preset.negative else []
    return " ".join((preset.words, *flags))


def is_shipped(preset: Preset) -> bool:
    """Whether every language has a sentence about it."""
    return preset in SHIPPED


def packed(seen: Preset | None, wanted: Preset | None) -> str:
    """What a question is about: what it saw, and what it would put in its place; None deletes."""
    return json.dumps([typed(seen), asdict(wanted) if wanted else None], ensure_ascii=False)


def unpacked(text: str) -> tuple[str, Preset | None]:
    """The same again."""
    seen, wanted = json.loads(text)
    return seen, _preset(wanted) if wanted else None


def _preset(values: Mapping[str, str | None]) -> Preset:
    ratio = AspectRatio(values["ratio"]) if values["ratio"] else None
    name, words = values["name"] or "", values["words"] or PROMPT
    return Preset(name, words, values["negative"], ratio, values["model"])


def _read(text: str) -> Wish:
    try:
        return parse(text)
    except NoPrompt:
        return parse(f"{PROMPT} {text}")
