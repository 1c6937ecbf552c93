"""Change a picture in the way of a sketch: its light and colours become those of the words, and their weather falls."""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageOps

from bot.providers.sketch.canvas import Canvas
from bot.providers.sketch.colors import MOODS, Color, first_match, mix, palette_for
from bot.providers.sketch.painting import QUALITY

LEVELS = 256
# How much of the picture's own colours is left.
NIGHT, DAY = 0.3, 0.45


def repaint(prompt: str, seed: int, source: Path, size: tuple[int, int], path: Path) -> None:
    """Write the picture at `source` as a JPEG of this size, changed by the words. The same always gives the same."""
    words = " ".join(prompt.casefold().split())
    mood = Random(hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest())  # noqa: S311  not a secret
    canvas = Canvas(size, palette_for(words, mood), Random(seed))  # noqa: S311  likewise
    canvas.image = _graded(canvas, _opened(source, size))
    name = first_match(re.findall(r"[a-z-]+", words), MOODS)
    WEATHER.get(name or "", _light)(canvas)
    canvas.finish().save(path, "JPEG", quality=QUALITY)


def _opened(source: Path, size: tuple[int, int]) -> Image.Image:
    """The picture, cut to the shape that was asked for."""
    with Image.open(source, formats=["png", "jpeg"]) as picture:
        picture.draft("RGB", size)
        return ImageOps.fit(picture.convert("RGB"), size)


def _graded(canvas: Canvas, picture: Image.Image) -> Image.Image:
    """Every brightness gets the colour that the palette has for it; at night there is less of all light."""
    dark = canvas.palette.dark
    # The brightest tone of a night is its moon: nothing that was there before shines so.
    tones = [canvas.palette.tone(0.6 * (level / 255) ** 1.4 if dark else level / 255) for level in range(LEVELS)]
    gray = ImageOps.autocontrast(picture.convert("L"), cutoff=1)
    toned = Image.merge("RGB", [gray.point([tone[part] for tone in tones]) for part in range(3)])
    own = picture.point([round(level * (0.5 if dark else 1.0)) for level in range(LEVELS)] * 3)
    return Image.blend(toned, own, NIGHT if dark else DAY)


def _light(canvas: Canvas) -> None:
    """Light from one of the upper corners."""
    side = canvas.random.choice((0.1, 0.9))
    canvas.glow((canvas.width * side, canvas.height * 0.05), canvas.unit * 0.9, canvas.palette.glow, 0.55)


def _night(canvas: Canvas) -> None:
    """A moon and stars."""
    canvas.stars(160, 0.5)
    center = (canvas.width * canvas.between(0.68, 0.85), canvas.height * canvas.between(0.12, 0.2))
    canvas.glow(center, canvas.unit * 0.32, canvas.palette.glow, 0.5)
    canvas.lay(canvas.palette.glow, canvas.shape().disc(center, canvas.unit * 0.055))


def _snow(canvas: Canvas) -> None:
    """Flakes, near and far."""
    _falling(canvas, 420, (250, 252, 255), lambda size: (0.0, 0.0), largest=5.0)


def _rain(canvas: Canvas) -> None:
    """Slanting streaks."""
    _falling(canvas, 380, mix(canvas.palette.light, (255, 255, 255), 0.4), lambda size: (-size * 3, size * 14), 2.0)


def _sparks(canvas: Canvas) -> None:
    """Embers, and a fire somewhere below."""
    canvas.glow((canvas.width * 0.5, canvas.height * 1.05), canvas.unit * 1.1, canvas.palette.accent, 0.75)
    _falling(canvas, 160, canvas.palette.glow, lambda size: (0.0, 0.0), largest=3.0)


def _sun(canvas: Canvas) -> None:
    """A low sun."""
    center = (canvas.width * canvas.between(0.25, 0.75), canvas.height * 0.3)
    canvas.glow(center, canvas.unit * 0.9, canvas.palette.glow, 0.7)
    canvas.lay(mix(canvas.palette.glow, (255, 255, 255), 0.5), canvas.shape().disc(center, canvas.unit * 0.07), 0.9)


WEATHER: Mapping[str, Callable[[Canvas], None]] = {
    "night": _night,
    "aurora": _night,
    "neon": _night,
    "ice": _snow,
    "rain": _rain,
    "ember": _sparks,
    "sunset": _sun,
    "dawn": _sun,
}


def _falling(
    canvas: Canvas, number: int, color: Color, reach: Callable[[float], tuple[float, float]], largest: float
) -> None:
    """Many small things by chance, each a dot or, where `reach` leads somewhere from it, a line."""
    drawing = ImageDraw.Draw(canvas.image, "RGBA")
    for _ in range(number):
        x, y = canvas.between(0, canvas.width), canvas.between(0, canvas.height)
        size = canvas.unit / 1024 * canvas.between(0.8, largest)
        right, down = reach(size)
        paint = (*color, round(canvas.between(90, 220)))
        if right or down:
            drawing.line((x, y, x + right, y + down), fill=paint, width=max(1, round(size)))
        else:
            drawing.ellipse((x - size, y - size, x + size, y + size), fill=paint)
