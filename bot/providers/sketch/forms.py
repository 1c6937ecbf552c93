"""Scenes without a horizon: planets, flowers, cut paper, tiles, currents, bubbles."""

import math

from PIL import Image, ImageChops

from bot.providers.sketch.canvas import Canvas, Line, radial, wavy
from bot.providers.sketch.colors import Color, mix
from bot.providers.sketch.shape import Mask, Point, Shape

GOLDEN = math.pi * (3 - math.sqrt(5))  # the angle by which sunflowers turn


def planets(canvas: Canvas) -> None:
    """A large planet with its bands and perhaps a ring, a moon or two, stars."""
    palette = canvas.palette
    night = mix(palette.deep, (0, 0, 0), 0.45)
    canvas.mesh([night, night, palette.deep, mix(palette.deep, palette.shade, 0.8)], 5, 5)
    canvas.stars(420, 1.0)
    light = canvas.between(-2.6, -0.6)
    center = (canvas.width * canvas.between(0.36, 0.64), canvas.height * canvas.between(0.42, 0.6))
    radius = canvas.unit * canvas.between(0.24, 0.34)
    canvas.glow(center, radius * 1.8, palette.middle, 0.5, 1.6)
    tilt = canvas.between(0.15, 0.5) * canvas.random.choice((-1, 1))
    ringed = canvas.random.random() < 0.65
    if ringed:
        _ring(canvas, center, radius, tilt, behind=True)
    _planet(canvas, center, radius, light, palette.tones()[1:])
    if ringed:
        _ring(canvas, center, radius, tilt, behind=False)
    for _ in range(canvas.random.randint(1, 3)):
        angle, far = canvas.between(0, 2 * math.pi), canvas.unit * canvas.between(0.4, 0.5)
        place = (center[0] + far * math.cos(angle), center[1] + far * math.sin(angle) * 0.8)
        _planet(canvas, place, canvas.unit * canvas.between(0.018, 0.05), light, [palette.accent, palette.light])


def flowers(canvas: Canvas) -> None:
    """Large blossoms of see-through petals over soft colours."""
    palette = canvas.palette
    soft = [palette.glow, palette.light, mix(palette.light, palette.glow, 0.5), mix(palette.middle, palette.light, 0.7)]
    canvas.mesh(soft, 4, 4)
    blossoms = canvas.random.randint(3, 5)
    places = [
        (canvas.width * canvas.between(0.1, 0.9), canvas.height * canvas.between(0.12, 0.88)) for _ in range(blossoms)
    ]
    for index, place in enumerate(places):
        size = canvas.unit * (0.4 - 0.22 * index / blossoms) * canvas.between(0.9, 1.15)
        _stem(canvas, place)
        _blossom(canvas, place, size)


def paper(canvas: Canvas) -> None:
    """Sheets of cut paper over each other, each with a smaller hole, down to a light."""
    palette = canvas.palette
    sheets = canvas.random.randint(5, 7)
    center = (canvas.width * canvas.between(0.4, 0.6), canvas.height * canvas.between(0.4, 0.6))
    rim = wavy(canvas.random, 1, 0.55)
    tones = [_sheet_color(canvas, sheet / (sheets - 1)) for sheet in range(sheets)]
    canvas.fill([mix(tones[-1], palette.glow, 0.08), tones[-1]])
    seen = Mask(Image.new("L", canvas.size, 255), (0, 0))
    for sheet in reversed(range(sheets)):
        seen = canvas.shape().polygon(_hole(canvas, center, sheet / (sheets - 1), rim)).mask().inside(seen)
        below = tones[sheet - 1] if sheet else palette.glow
        canvas.lay([below, mix(below, palette.accent, 0.08 if sheet else 0.3)], seen)
        edge = seen.without(seen.soft(canvas.unit * 0.022).moved(canvas.unit * 0.006, canvas.unit * 0.014))
        canvas.lay(mix(palette.deep, (0, 0, 0), 0.4), edge, 0.6)


def tiles(canvas: Canvas) -> None:
    """A grid of quarter circles, arcs, dots and stripes."""
    palette = canvas.palette
    count = canvas.random.choice((4, 5, 6))
    side = canvas.unit / count
    colors = [palette.deep, palette.shade, palette.middle, palette.light, palette.glow, palette.accent]
    for column in range(math.ceil(canvas.width / side)):
        for row in range(math.ceil(canvas.height / side)):
            _tile(canvas, (column * side, row * side), side, colors)


def currents(canvas: Canvas) -> None:
    """Thousands of strokes that follow one stream."""
    palette = canvas.palette
    dark = canvas.random.random() < 0.5
    ground = (
        [palette.deep, mix(palette.deep, palette.shade, 0.6)]
        if dark
        else [palette.glow, mix(palette.glow, palette.light, 0.5)]
    )
    canvas.mesh(ground, 4, 4)
    tones = [palette.tone(part / 5) for part in range(1, 6)] + [palette.accent]
    field = _Stream(canvas)
    for color in tones:
        shape = canvas.shape()
        for _ in range(48):
            field.follow(shape, (canvas.between(-0.1, 1.1) * canvas.width, canvas.between(-0.1, 1.1) * canvas.height))
        canvas.lay(color, shape, 0.85)


def bubbles(canvas: Canvas) -> None:
    """Glossy balls in soft light."""
    palette = canvas.palette
    canvas.mesh([palette.light, palette.glow, mix(palette.light, palette.middle, 0.4)], 3, 3)
    placed: list[tuple[Point, float]] = []
    for _ in range(60):
        radius = canvas.unit * canvas.random.choice((0.05, 0.08, 0.12, 0.17, 0.22)) * canvas.between(0.8, 1.1)
        place = (canvas.between(0, canvas.width), canvas.between(0, canvas.height))
        if all(math.dist(place, other) > radius + size * 0.9 for other, size in placed):
            placed.append((place, radius))
    tones = [palette.shade, palette.middle, palette.light, palette.accent, palette.accent]
    for place, radius in placed[:22]:
        _ball(canvas, place, radius, canvas.random.choice(tones))


def _planet(canvas: Canvas, center: Point, radius: float, light: float, tones: list[Color]) -> None:
    """A ball with bands; `light` is the angle that the sun stands at."""
    disc = canvas.shape().disc(center, radius).mask()
    side = round(radius * 2.9)
    strip = Image.new("RGB", (1, 14))
    strip.putdata([canvas.random.choice(tones) for _ in range(14)])
    bands = strip.resize((1, side), Image.Resampling.BICUBIC).resize((side, side), Image.Resampling.NEAREST)
    bands = bands.rotate(canvas.between(-35, 35), Image.Resampling.BILINEAR)
    fill = Image.new("RGB", disc.levels.size)
    fill.paste(bands, (round(center[0] - side / 2) - disc.place[0], round(center[1] - side / 2) - disc.place[1]))
    canvas.put(fill, disc)
    lit = (center[0] + radius * 0.8 * math.cos(light), center[1] + radius * 0.8 * math.sin(light))
    _shade_ball(canvas, disc, lit, radius * 1.9, mix(canvas.palette.deep, (0, 0, 0), 0.75))


def _shade_ball(canvas: Canvas, disc: Mask, lit: Point, reach: float, dark: Color) -> None:
    """Darken a ball away from its light."""
    night = Image.new("L", disc.levels.size, 255)
    falling = radial(lit, reach, lambda far: min(1.0, max(0.0, far * 1.25 - 0.28) ** 1.5))
    night.paste(falling.levels, (falling.place[0] - disc.place[0], falling.place[1] - disc.place[1]))
    canvas.lay(dark, Mask(ImageChops.multiply(night, disc.levels), disc.place), 0.95)


def _ring(canvas: Canvas, center: Point, radius: float, tilt: float, *, behind: bool) -> None:
    """Thin rings around a planet: the far half before it is painted, the near half after."""
    palette = canvas.palette
    state = canvas.random.getstate()
    for ring in range(9):
        far = radius * (1.35 + 0.075 * ring)
        arc = [math.pi * step / 60 + (math.pi if behind else 0) for step in range(61)]
        points = [_turned(center, far * math.cos(turn), far * 0.24 * math.sin(turn), tilt) for turn in arc]
        color = mix(palette.tone(0.9 - 0.05 * ring), palette.accent, canvas.between(0, 0.5))
        canvas.lay(color, canvas.shape().stroke(points, canvas.unit * canvas.between(0.001, 0.009)), 0.8)
    if behind:
        canvas.random.setstate(state)


def _turned(center: Point, x: float, y: float, angle: float) -> Point:
    return (
        center[0] + x * math.cos(angle) - y * math.sin(angle),
        center[1] + x * math.sin(angle) + y * math.cos(angle),
    )


def _stem(canvas: Canvas, top: Point) -> None:
    """From the blossom down and out of the picture, with leaves."""
    bend = canvas.unit * canvas.between(-0.12, 0.12)
    points = [
        (top[0] + bend * math.sin(part * math.pi / 2), top[1] + (canvas.height * 1.05 - top[1]) * part)
        for part in (step / 20 for step in range(21))
    ]
    color = mix(canvas.palette.shade, canvas.palette.middle, 0.3)
    canvas.lay(color, canvas.shape().stroke(points, canvas.unit / 130), 0.9)
    for place in canvas.random.sample(points[6:16], 2):
        turn = canvas.random.choice((-0.5, math.pi + 0.5)) + canvas.between(-0.3, 0.3)
        leaf = canvas.shape().polygon(_petal(place, canvas.unit * canvas.between(0.12, 0.2), turn, 0.2))
        canvas.lay([mix(color, canvas.palette.light, 0.3), color], leaf, 0.9)


def _blossom(canvas: Canvas, center: Point, size: float) -> None:
    """Rings of petals, each turned by the golden angle, from dark outside to light inside."""
    palette = canvas.palette
    first = canvas.between(0, 2 * math.pi)
    outer = canvas.random.choice((palette.accent, palette.middle, palette.shade, palette.accent))
    petals = canvas.random.choice((5, 6, 8))
    plump = canvas.between(0.28, 0.42)
    for ring in range(4):
        reach = size * (1 - 0.23 * ring)
        color = mix(outer, palette.glow, 0.1 + 0.24 * ring)
        turns = [first + ring * GOLDEN + 2 * math.pi * petal / petals for petal in range(petals)]
        behind, before = canvas.shape(), canvas.shape()
        for index, turn in enumerate(turns):
            (before if index % 2 else behind).polygon(_petal(center, reach, turn, plump))
        if ring < 3:
            canvas.shadow(behind.mask(), (0, size * 0.025), size * 0.06, 0.3)
        canvas.lay(mix(color, palette.deep, 0.14), behind, 0.92)
        canvas.lay(color, before, 0.88)
    heart = canvas.shape().disc(center, size * 0.1).mask()
    canvas.shadow(heart, (0, size * 0.015), size * 0.04, 0.4)
    canvas.lay(mix(palette.deep, palette.shade, 0.4), heart)
    canvas.lay(palette.glow, _seeds(canvas, center, size * 0.085))


def _petal(center: Point, reach: float, turn: float, plump: float) -> list[Point]:
    """A leaf shape from the centre outwards."""
    steps = [step / 14 for step in range(15)]
    half = [(reach * part, reach * plump * max(0.0, math.sin(math.pi * part**1.35)) ** 0.8) for part in steps]
    return [_turned(center, x, y, turn) for x, y in [*half, *[(x, -y) for x, y in reversed(half)]]]


def _seeds(canvas: Canvas, center: Point, reach: float) -> Shape:
    shape = canvas.shape()
    for seed in range(40):
        far = reach * math.sqrt(seed / 40)
        place = (center[0] + far * math.cos(seed * GOLDEN), center[1] + far * math.sin(seed * GOLDEN))
        shape.disc(place, reach * 0.07)
    return shape


def _sheet_color(canvas: Canvas, at: float) -> Color:
    """The colour of a sheet: `at` 0 is the lowest, the lightest."""
    palette = canvas.palette
    return mix(mix(palette.light, palette.middle, min(1.0, at * 2)), palette.deep, max(0.0, at * 1.5 - 0.55))


def _hole(canvas: Canvas, center: Point, at: float, rim: Line) -> list[Point]:
    """The hole in a sheet: `at` 0 is the smallest; `rim` is the shape that all holes share."""
    ripple = wavy(canvas.random, 2, 0.5)
    reach = (0.14 + 0.62 * at**1.1) * canvas.unit
    stretch = canvas.width / canvas.unit * 0.5 + 0.5, canvas.height / canvas.unit * 0.5 + 0.5
    edge = []
    for step in range(181):
        # The line runs there and back, so that its two ends meet.
        along = abs(step / 90 - 1)
        far = reach * (1 + rim(along) * 0.3 + ripple(along) * 0.14)
        angle = math.pi * step / 90 + 0.5
        edge.append((center[0] + far * math.cos(angle) * stretch[0], center[1] + far * math.sin(angle) * stretch[1]))
    return edge


def _tile(canvas: Canvas, corner: Point, side: float, colors: list[Color]) -> None:
    """One field of the grid: a ground and a figure in another colour."""
    ground, figure, extra = canvas.random.sample(colors, 3)
    x, y = corner
    box = (round(x), round(y), round(x + side), round(y + side))
    size = box[2] - box[0], box[3] - box[1]
    shape, small = Shape(size), Shape(size)
    canvas.random.choice(FIGURES)(canvas, shape, small, float(size[0]))
    canvas.image.paste(ground, box)
    canvas.lay(figure, shape.mask().moved(*box[:2]))
    canvas.lay(extra, small.mask().moved(*box[:2]))


def _quarter(canvas: Canvas, shape: Shape, small: Shape, side: float) -> None:
    corner = canvas.random.choice(((0.0, 0.0), (side, 0.0), (0.0, side), (side, side)))
    shape.disc(corner, side)
    small.disc(corner, side * 0.5)


def _arcs(canvas: Canvas, shape: Shape, small: Shape, side: float) -> None:
    corner = canvas.random.choice(((0.0, 0.0), (side, 0.0), (0.0, side), (side, side)))
    for share in (1.0, 0.8, 0.6, 0.4, 0.2):
        shape.disc(corner, side * share, 255 if round(share * 5) % 2 else 0)
    small.disc(corner, side * 0.2)


def _halves(canvas: Canvas, shape: Shape, small: Shape, side: float) -> None:
    if canvas.random.random() < 0.5:
        shape.disc((side / 2, 0), side / 2)
        small.disc((side / 2, side), side / 2)
    else:
        shape.disc((0, side / 2), side / 2)
        small.disc((side, side / 2), side / 2)


def _leaf(canvas: Canvas, shape: Shape, small: Shape, side: float) -> None:
    steps = [math.pi / 2 * step / 24 for step in range(25)]
    first = [(side * math.sin(turn), side - side * math.cos(turn)) for turn in steps]
    second = [(side - side * math.sin(turn), side * math.cos(turn)) for turn in steps]
    leaf = [*first, *second]
    if canvas.random.random() < 0.5:
        leaf = [(side - x, y) for x, y in leaf]
    shape.polygon(leaf)
    small.disc((side / 2, side / 2), side * 0.1)


def _target(canvas: Canvas, shape: Shape, small: Shape, side: float) -> None:
    middle = (side / 2, side / 2)
    shape.disc(middle, side * 0.5)
    small.disc(middle, side * canvas.random.choice((0.12, 0.25, 0.33)))


def _stripes(canvas: Canvas, shape: Shape, small: Shape, side: float) -> None:
    upright = canvas.random.random() < 0.5
    for stripe in range(0, 6, 2):
        low, high = side * stripe / 6, side * (stripe + 1) / 6
        box = [(low, 0.0), (high, 0.0), (high, side), (low, side)]
        shape.polygon(box if upright else [(y, x) for x, y in box])
    small.disc((side / 2, side / 2), side * 0.22)


def _wedge(canvas: Canvas, shape: Shape, small: Shape, side: float) -> None:
    corners = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)]
    turn = canvas.random.randrange(4)
    ordered = corners[turn:] + corners[:turn]
    shape.polygon(ordered[:3])
    small.disc(ordered[3], side * 0.3)


FIGURES = (_quarter, _quarter, _arcs, _halves, _leaf, _target, _stripes, _wedge)


class _Stream:
    """A field of directions, smooth everywhere, with a few whirls."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._turns = [
            (canvas.between(0.6, 1.6), canvas.between(-3, 3), canvas.between(-3, 3), canvas.between(0, 6.3))
            for _ in range(4)
        ]
        self._heading = canvas.between(-0.6, 0.6)

    def follow(self, shape: Shape, start: Point) -> None:
        """One stroke that swims with the stream, thick in the middle of its way."""
        unit = self._canvas.unit
        points = [start]
        for _ in range(self._canvas.random.randint(14, 34)):
            x, y = points[-1]
            angle = self._angle(x / unit, y / unit)
            points.append((x + math.cos(angle) * unit * 0.016, y + math.sin(angle) * unit * 0.016))
        shape.stroke(points, unit * self._canvas.random.choice((0.0012, 0.002, 0.004, 0.007)))

    def _angle(self, x: float, y: float) -> float:
        return self._heading + sum(
            strength * math.sin(across * x + down * y + phase) for strength, across, down, phase in self._turns
        )


def _ball(canvas: Canvas, center: Point, radius: float, color: Color) -> None:
    """A ball with its shadow on the ground, light from above left, and a shine."""
    palette = canvas.palette
    disc = canvas.shape().disc(center, radius).mask()
    canvas.shadow(disc, (radius * 0.22, radius * 0.34), radius * 0.22, 0.35)
    canvas.lay(color, disc)
    lit = (center[0] - radius * 0.4, center[1] - radius * 0.45)
    _shade_ball(canvas, disc, lit, radius * 2.2, mix(color, palette.deep, 0.8))
    bright = canvas.shape().disc((center[0] - radius * 0.36, center[1] - radius * 0.42), radius * 0.2)
    canvas.lay(mix(color, (255, 255, 255), 0.85), bright.mask().soft(radius * 0.12), 0.75)
