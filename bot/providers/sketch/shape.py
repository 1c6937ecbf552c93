"""Shapes with smooth edges. Only the part of the picture that a shape covers is ever worked on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SMOOTH = 2  # shapes are drawn so many times larger and made small: that is what makes their edges smooth
SOFT = 8  # blurred shapes are worked out so many times smaller

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mask:
    """Levels of 0 to 255 for a part of the picture whose upper left corner is `place`, in pixels."""

    levels: Image.Image
    place: tuple[int, int]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and lower edge in the picture."""
        (left, top), (width, height) = self.place, self.levels.size
        return left, top, left + width, top + height

    def weaker(self, strength: float) -> "Mask":
        """All levels multiplied by a share."""
        return Mask(self.levels.point([round(level * strength) for level in range(256)]), self.place)

    def moved(self, x: float, y: float) -> "Mask":
        """The same, elsewhere."""
        return Mask(self.levels, (self.place[0] + round(x), self.place[1] + round(y)))

    def inside(self, other: "Mask") -> "Mask":
        """Only what lies in the other mask, too."""
        return Mask(ImageChops.multiply(self.levels, other.cut(self.box)), self.place)

    def without(self, other: "Mask") -> "Mask":
        """Only what does not lie in the other mask."""
        return Mask(ImageChops.subtract(self.levels, other.cut(self.box)), self.place)

    def cut(self, box: tuple[int, int, int, int]) -> Image.Image:
        """The levels of a part of the picture; nothing where the mask does not reach."""
        left, top = self.place
        return self.levels.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))

    def soft(self, blur: float) -> "Mask":
        """Without its edges, and larger by them; `blur` in pixels."""
        width, height = self.levels.size
        rim = (int(blur * 2.5) // SOFT + 1) * SOFT
        wide = Image.new("L", (width + 2 * rim, height + 2 * rim))
        wide.paste(self.levels, (rim, rim))
        small = wide.reduce(SOFT).filter(ImageFilter.GaussianBlur(blur / SOFT))
        whole = (small.width * SOFT, small.height * SOFT)
        return Mask(small.resize(whole, Image.Resampling.BILINEAR), (self.place[0] - rim, self.place[1] - rim))


class Shape:
    """An area that grows by polygons, ovals and strokes; later ones are drawn over earlier ones."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._parts: list[tuple[str, Sequence[Point], int, float]] = []

    def polygon(self, points: Iterable[Point], level: int = 255) -> Self:
        """Add the area inside these points."""
        self._parts.append(("polygon", list(points), level, 0.0))
        return self

    def disc(self, center: Point, radius: float, level: int = 255) -> Self:
        """Add a circle."""
        return self.oval((center[0] - radius, center[1] - radius), (center[0] + radius, center[1] + radius), level)

    def oval(self, corner: Point, opposite: Point, level: int = 255) -> Self:
        """Add an ellipse between its upper left and its lower right corner."""
        self._parts.append(("oval", [corner, opposite], level, 0.0))
        return self

    def stroke(self, points: Iterable[Point], width: float, level: int = 255) -> Self:
        """Add a line of this width."""
        self._parts.append(("stroke", list(points), level, width))
        return self

    def mask(self) -> Mask:
        """The shape, as far as it lies in the picture."""
        left, top, right, low = self._bounds()
        large = Image.new("L", ((right - left) * SMOOTH, (low - top) * SMOOTH))
        drawing = ImageDraw.Draw(large)
        for kind, points, level, width in self._parts:
            places = [((x - left) * SMOOTH, (y - top) * SMOOTH) for x, y in points]
            if kind == "polygon":
                drawing.polygon(places, fill=level)
            elif kind == "oval":
                drawing.ellipse([*places[0], *places[1]], fill=level)
            else:
                drawing.line(places, fill=level, width=max(1, round(width * SMOOTH)), joint="curve")
        return Mask(large.reduce(SMOOTH), (left, top))

    def _bounds(self) -> tuple[int, int, int, int]:
        """At least one pixel, at most the picture."""
        across = [x + side * width for _, points, _, width in self._parts for x, _ in points for side in (-1, 1)]
        down = [y + side * width for _, points, _, width in self._parts for _, y in points for side in (-1, 1)]
        left, right = _clip(across, self._size[0])
        top, low = _clip(down, self._size[1])
        return left, top, right, low


def _clip(places: Sequence[float], end: int) -> tuple[int, int]:
    low = min(max(int(min(places, default=0)) - 1, 0), end - 1)
    high = min(max(int(max(places, default=0)) + 2, low + 1), end)
    return low, high
