"""Colours for a sketch: chosen by the words of the prompt, mixed the way eyes do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

Color = tuple[int, int, int]


def parse(text: str) -> Color:
    """`#rrggbb` as three numbers."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(first: Color, second: Color, share: float) -> Color:
    """Between two colours, `share` of the second, in Oklab: halfway from blue to yellow is no mud.

    Björn Ottosson, "A perceptual color space for image processing".
    """
    one, two = _to_oklab(first), _to_oklab(second)
    return _from_oklab([a + (b - a) * share for a, b in zip(one, two, strict=True)])


def ramp(colors: Sequence[Color], at: float) -> Color:
    """The colour at this place, 0 to 1, of a gradient through all of them."""
    place = min(max(at, 0.0), 1.0) * (len(colors) - 1)
    index = min(int(place), len(colors) - 2)
    return mix(colors[index], colors[index + 1], place - index)


def luminance(color: Color) -> float:
    """How light a colour is, 0 to 1."""
    return _to_oklab(color)[0]


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colours: `deep` is the darkest, `glow` the light itself, `accent` the one that speaks."""

    deep: Color
    shade: Color
    middle: Color
    light: Color
    glow: Color
    accent: Color

    @property
    def dark(self) -> bool:
        """A night."""
        return luminance(self.light) < 0.55

    def tones(self) -> list[Color]:
        """From dark to light."""
        return [self.deep, self.shade, self.middle, self.light, self.glow]

    def tone(self, at: float) -> Color:
        """From `deep` (0) to `glow` (1)."""
        return ramp(self.tones(), at)


def _palette(text: str) -> Palette:
    return Palette(*(parse(word) for word in text.split()))


PALETTES = {
    "dawn": _palette("#2b2146 #6d4a7f #c9798b #f4b393 #fde8c8 #ef6f5e"),
    "sunset": _palette("#24183d #6a2c5b #c8484f #f39a4c #ffe0a1 #ffd166"),
    "ember": _palette("#1c0f13 #5b1a1e #b23a26 #ec8b3c #fbe3a6 #f25c05"),
    "desert": _palette("#4a2430 #8f4238 #d0784a #eeb678 #fbe8c5 #3f8f8b"),
    "autumn": _palette("#2c1d1a #6f3423 #b8612a #e3a345 #f8e3b0 #8a9a3b"),
    "peach": _palette("#5a3a52 #a8607a #e79a90 #fbcfae #fff3e0 #4f9d94"),
    "rose": _palette("#3a1730 #83264f #cf5d80 #f2a7ae #fde9e4 #f7c873"),
    "orchid": _palette("#241a47 #563a8a #9a67c0 #d9a9dc #f8e6f2 #ffb86b"),
    "dusk": _palette("#171c3a #3b3f77 #7d6aa6 #c99fbd #f5dcd6 #ff9e7a"),
    "night": _palette("#080d21 #14214a #2a3f78 #4d6aa5 #f3edd2 #f6c667"),
    "aurora": _palette("#07141f #0f3440 #17655f #3fa98a #d9f7c9 #9b7be0"),
    "neon": _palette("#0d0922 #2c1160 #7a1fa0 #e2377f #ffd9f0 #27e0e0"),
    "ice": _palette("#1f3650 #4b7397 #8fb5cd #cfe2ec #fbfdff #e76f51"),
    "ocean": _palette("#06263f #0d5070 #2289a0 #79c7c5 #f1f7e4 #ffb35c"),
    "lagoon": _palette("#0b3b4a #167a7f #4fb9a6 #a9e0c0 #fbf6d9 #ff7f6a"),
    "rain": _palette("#1e2a35 #42566a #7a92a3 #b7c7cf #eef2f2 #e8b04a"),
    "forest": _palette("#0e2420 #1f4a3a #4b7f5a #9dbb84 #f0eecb #e9a23b"),
    "meadow": _palette("#21402b #4c7b3f #8fb350 #cfdc8a #fdf8d8 #e8596c"),
    "moss": _palette("#23281d #4a5536 #868f58 #c2c08d #f3eed5 #b5543c"),
    "ink": _palette("#16181d #3a3f4a #757b86 #b9bcc0 #f4f1ea #c8412f"),
    "sepia": _palette("#2d2118 #6a4e38 #a9845f #d9bf97 #f8efdc #7a3b2e"),
    "candy": _palette("#3b2a6b #8a4fb5 #f06fa8 #ffb3a7 #fff4d6 #3ec6c0"),
}

# Whichever of these words comes first in a prompt decides.
MOODS = {
    "ice": "snow snowy ice icy winter frost arctic cold polar penguin glacier christmas",
    "night": "night midnight star moon galaxy space dream owl astronaut planet cosmos",
    "neon": "cyberpunk cyber neon robot synth disco future hacker arcade",
    "ember": "fire flame lava dragon volcano burn phoenix hell demon",
    "sunset": "sunset evening warm summer hot",
    "dawn": "sunrise dawn morning hope",
    "ocean": "sea ocean whale fish wave ship boat underwater shark",
    "lagoon": "beach island tropical lagoon coral surf palm dolphin",
    "forest": "forest wood jungle tree deer bear wolf elf",
    "meadow": "meadow grass spring field garden rabbit frog farm",
    "autumn": "autumn fall pumpkin leaf leaves harvest october",
    "desert": "desert sand dune camel egypt pyramid mars cactus canyon",
    "rain": "rain storm fog mist grey gray cloud london",
    "aurora": "aurora magic wizard alien north",
    "rose": "rose love heart flower wedding kiss valentine",
    "orchid": "fantasy fairy unicorn lavender orchid butterfly",
    "ink": "ink noir ninja samurai sumi pencil monochrome skull",
    "sepia": "old vintage coffee steam retro history book victorian",
    "candy": "candy cute kawaii cake pop ice-cream balloon toy baby",
    "peach": "peach pastel soft portrait girl",
    "moss": "stone ruin castle knight medieval moss turtle",
}

ACCENTS = {
    "red": "#d8402f", "orange": "#f0862c", "yellow": "#f6c445", "gold": "#e7b143", "green": "#4f9d57",
    "teal": "#2a9d8f", "cyan": "#35b8c9", "blue": "#3f74d1", "purple": "#8458c6", "violet": "#8458c6",
    "pink": "#ee7fa6", "white": "#fbf8f0", "black": "#191a1f", "silver": "#c9ccd1", "brown": "#8a5a3b",
}  # fmt: skip


def palette_for(prompt: str, random: Random) -> Palette:
    """By the first word that has a mood, else by chance; a colour that is named becomes the accent."""
    words = re.findall(r"[a-z-]+", prompt.casefold())
    mood = first_match(words, MOODS) or random.choice(sorted(PALETTES))
    palette = PALETTES[mood]
    accent = next((ACCENTS[word] for word in words if word in ACCENTS), None)
    return replace(palette, accent=parse(accent)) if accent else palette


def first_match(words: Sequence[str], table: dict[str, str]) -> str | None:
    """The entry of the table that has one of these words, alone or as a plural; the earliest of them counts."""
    names = {form: name for name, entry in table.items() for word in entry.split() for form in (word, word + "s")}
    return next((names[word] for word in words if word in names), None)


def _to_oklab(color: Color) -> tuple[float, float, float]:
    red, green, blue = (_linear(part / 255) for part in color)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lab: Sequence[float]) -> Color:
    lightness, a, b = lab
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _byte(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _byte(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _byte(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _byte(part: float) -> int:
    curved = 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
    return min(max(round(curved * 255), 0), 255)
