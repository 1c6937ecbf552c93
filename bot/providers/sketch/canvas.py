"""What the scenes paint with: gradients, smooth edges, light, soft shadows and grain. All of it seeded."""

import itertools
import math
from collections.abc import Callable, Sequence
from random import Random
from typing import cast

from PIL import Image, ImageDraw, ImageFont

from bot.providers.sketch.colors import Color, Palette, mix, ramp
from bot.providers.sketch.shape import Mask, Point, Shape

STEPS = 48  # colours in a gradient before it is stretched
GRAIN = 256
ACROSS = 256  # points of a line from side to side

Line = Callable[[float], float]


class Canvas:
    """A picture in the making. Places are in pixels; `unit` is its shorter side."""

    def __init__(self, size: tuple[int, int], palette: Palette, random: Random) -> None:
        self.width, self.height = size
        self.unit = min(size)
        self.palette = palette
        self.random = random
        self.image = Image.new("RGB", size)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    def between(self, low: float, high: float) -> float:
        """A number by chance."""
        return self.random.uniform(low, high)

    def fill(self, colors: Sequence[Color]) -> None:
        """Paint everything over, from the first colour at the top to the last at the bottom."""
        self.image = gradient(self.size, colors)

    def mesh(self, colors: Sequence[Color], across: int = 4, down: int = 4) -> None:
        """Paint everything over with colours that flow into each other, in chance order."""
        grid = Image.new("RGB", (across, down))
        grid.putdata([self.random.choice(colors) for _ in range(across * down)])
        self.image = grid.resize(self.size, Image.Resampling.BICUBIC)

    def shape(self) -> Shape:
        """An empty shape."""
        return Shape(self.size)

    def below(self, top: float, height: float, line: Line) -> list[Point]:
        """The area under a line that runs at `top` and moves by `height`, both shares of the picture's height."""
        places = [step / ACROSS for step in range(ACROSS + 1)]
        edge = [(at * self.width, self.height * (top + height * line(at))) for at in places]
        return [*edge, (self.width, self.height), (0, self.height)]

    def lay(self, colors: Color | Sequence[Color], shape: Shape | Mask, strength: float = 1.0) -> None:
        """Fill a shape with one colour, or with several from its upper to its lower edge."""
        mask = shape.mask() if isinstance(shape, Shape) else shape
        if strength < 1.0:
            mask = mask.weaker(strength)
        if isinstance(colors[0], int):
            self.image.paste(cast(Color, colors), mask.box, mask.levels)
        else:
            self.put(gradient(mask.levels.size, cast(Sequence[Color], colors)), mask)

    def put(self, picture: Image.Image, mask: Mask) -> None:
        """Lay a picture of the mask's size where the mask is."""
        self.image.paste(picture, mask.box, mask.levels)

    def glow(self, center: Point, radius: float, color: Color, strength: float = 1.0, fall: float = 2.0) -> None:
        """Light that fades with the distance; `fall` is how quickly."""
        self.lay(color, radial(center, radius, lambda far: strength * (1 - far) ** fall))

    def shadow(self, mask: Mask, offset: Point, blur: float, strength: float) -> None:
        """The soft shadow that a shape throws, laid before the shape itself."""
        self.lay(mix(self.palette.deep, (0, 0, 0), 0.4), mask.soft(blur).moved(*offset), strength)

    def stars(self, number: int, lowest: float) -> None:
        """Small lights above this share of the height."""
        drawing = ImageDraw.Draw(self.image)
        for _ in range(number):
            x, y = self.between(0, self.width), self.between(0, self.height * lowest)
            behind = cast(Color, self.image.getpixel((int(x), int(y))))
            color = mix(behind, self.palette.glow, self.between(0.2, 0.9))
            size = self.unit / 1024 * self.random.choice((0.6, 0.6, 1.0, 1.6))
            drawing.ellipse((x - size, y - size, x + size, y + size), fill=color)

    def finish(self) -> Image.Image:
        """Darker corners, paper grain, and the word that tells what this is."""
        self._darken_corners()
        self._grain()
        self._sign()
        return self.image

    def _darken_corners(self) -> None:
        levels = [round(70 * max(0.0, level / 255 - 0.45) ** 1.6) for level in range(256)]
        corners = Image.radial_gradient("L").point(levels).resize(self.size, Image.Resampling.BILINEAR)
        self.lay(mix(self.palette.deep, (0, 0, 0), 0.5), Mask(corners, (0, 0)))

    def _grain(self) -> None:
        tile = Image.frombytes("L", (GRAIN, GRAIN), self.random.randbytes(GRAIN * GRAIN))
        grain = Image.new("L", self.size)
        for x in range(0, self.width, GRAIN):
            for y in range(0, self.height, GRAIN):
                grain.paste(tile, (x, y))
        self.image = Image.blend(self.image, Image.merge("RGB", (grain,) * 3), 0.045)

    def _sign(self) -> None:
        """On a soft dark field, so that it can be read on everything."""
        font = ImageFont.load_default(round(self.unit / 38))
        right, low, letter = self.width - self.unit / 40, self.height - self.unit / 32, self.unit / 38
        field = self.shape().oval((right - letter * 4.4, low - letter * 1.2), (right + letter, low + letter * 0.7))
        self.lay((0, 0, 0), field.mask().soft(letter * 0.5), 0.4)
        ImageDraw.Draw(self.image).text((right, low), "sketch", fill=(255, 255, 255), font=font, anchor="rs")


def gradient(size: tuple[int, int], colors: Sequence[Color]) -> Image.Image:
    """From the first colour at the top to the last at the bottom."""
    strip = Image.new("RGB", (1, STEPS))
    strip.putdata([ramp(colors, step / (STEPS - 1)) for step in range(STEPS)])
    tall = strip.resize((1, size[1]), Image.Resampling.BICUBIC)
    return tall.resize(size, Image.Resampling.NEAREST)


def radial(center: Point, radius: float, strength: Line) -> Mask:
    """A round mask; `strength` tells the level, 0 to 1, for a distance of 0 (the centre) to 1 (the rim)."""
    side = max(2, round(radius * 2))
    # In Pillow's own gradient the rim of the circle has level 180: its corners reach 255.
    levels = [round(255 * strength(min(1.0, level / 180))) for level in range(256)]
    light = Image.radial_gradient("L").point(levels).resize((side, side), Image.Resampling.BILINEAR)
    return Mask(light, (round(center[0] - radius), round(center[1] - radius)))


def wavy(random: Random, waves: int, roughness: float = 0.5) -> Line:
    """A smooth line by chance: from 0..1 to about -1..1, with `waves` large waves and finer ones on them."""
    parts = [
        (roughness**octave, 2 * math.pi * waves * 1.9**octave * random.uniform(0.8, 1.2), random.uniform(0, 6.3))
        for octave in range(4)
    ]
    whole = sum(part[0] for part in parts)
    return lambda at: sum(height * math.sin(speed * at + phase) for height, speed, phase in parts) / whole


def jagged(random: Random, depth: int, roughness: float) -> list[float]:
    """A mountain line by chance, 2**depth + 1 heights of about -1..1, made by moving midpoints."""
    line = [random.uniform(-0.6, 0.6), random.uniform(-0.6, 0.6)]
    reach = 1.0
    for _ in range(depth):
        middles = [(a + b) / 2 + random.uniform(-reach, reach) for a, b in itertools.pairwise(line)]
        line = [height for pair in zip(line, middles, strict=False) for height in pair] + line[-1:]
        reach *= roughness
    return line
