"""Scenes with a horizon: mountains, a lake, dunes, the sea, a wood, a town."""

import math

from bot.providers.sketch.canvas import ACROSS, Canvas, jagged, wavy
from bot.providers.sketch.colors import Color, mix
from bot.providers.sketch.shape import Point, Shape
from bot.providers.sketch.water import path_of_light, sail, still_water, wave


def mountains(canvas: Canvas) -> None:
    """Ridge behind ridge, each darker than the one behind it, under a sun or moon."""
    _sky(canvas)
    _sun(canvas, 0.2, 0.4)
    layers = canvas.random.randint(4, 6)
    for layer in range(layers):
        at = layer / (layers - 1)
        if layer < layers - 2:
            _peaks(canvas, at, 0.44 + 0.36 * at)
        else:
            _hills(canvas, at, 0.44 + 0.42 * at)
    _firs(canvas, 0.9, 0.06, canvas.palette.deep)
    _birds(canvas)


def lake(canvas: Canvas) -> None:
    """Mountains that see themselves in still water."""
    horizon = canvas.between(0.58, 0.66)
    _sky(canvas)
    _sun(canvas, 0.16, 0.36)
    _peaks(canvas, 0.15, horizon - 0.16)
    _peaks(canvas, 0.4, horizon - 0.08)
    _hills(canvas, 0.7, horizon - 0.02)
    _firs(canvas, horizon, 0.03, canvas.palette.tone(0.1))
    still_water(canvas, horizon)
    _birds(canvas)


def dunes(canvas: Canvas) -> None:
    """Sand in long waves, lit from one side."""
    palette = canvas.palette
    canvas.fill([palette.tone(0.4), palette.tone(0.75), palette.glow])
    _sun(canvas, 0.16, 0.32)
    layers = canvas.random.randint(4, 5)
    for layer in range(layers):
        _dune(canvas, layer / (layers - 1))


def sea(canvas: Canvas) -> None:
    """Rows of waves, the way of light to the sun, a sail far out."""
    _sky(canvas)
    sun = _sun(canvas, 0.2, 0.36)
    rows = canvas.random.randint(7, 9)
    far = canvas.random.randint(1, 2)
    for row in range(rows):
        if row == far:
            sail(canvas, 0.47 + 0.5 * (row / (rows - 1)) ** 1.5)
        wave(canvas, row / (rows - 1))
    path_of_light(canvas, sun[0], 0.48)


def wood(canvas: Canvas) -> None:
    """Trunks that fade into a bright mist, and light falling between them."""
    palette = canvas.palette
    canvas.fill([palette.tone(0.68), palette.glow, palette.tone(0.8)])
    sun = (canvas.width * canvas.between(0.3, 0.7), canvas.height * canvas.between(0.2, 0.42))
    canvas.glow(sun, canvas.unit * 0.8, palette.glow, 0.95, 1.2)
    canvas.glow(sun, canvas.unit * 0.3, mix(palette.accent, palette.glow, 0.5), 0.85, 1.5)
    for layer in range(5):
        _trunks(canvas, layer / 4)
    _rays(canvas, sun)


def town(canvas: Canvas) -> None:
    """Houses and towers before the evening sky, with lit windows."""
    by_the_water = canvas.random.random() < 0.6
    ground = canvas.between(0.7, 0.78) if by_the_water else 1.0
    _sky(canvas)
    _sun(canvas, 0.25, 0.5)
    for layer in range(4):
        _houses(canvas, layer / 3, ground)
    if by_the_water:
        still_water(canvas, ground)


def _sky(canvas: Canvas) -> None:
    palette = canvas.palette
    start = 0.0 if palette.dark else canvas.between(0.15, 0.5)
    canvas.fill([palette.tone(start), palette.tone(start * 0.5 + 0.4), palette.light, palette.glow])
    if start < 0.3:
        canvas.stars(150, 0.45)
    _clouds(canvas)


def _clouds(canvas: Canvas) -> None:
    """A few long thin ones, each a heap of flat ovals, without hard edges."""
    shape = canvas.shape()
    for _ in range(canvas.random.randint(2, 5)):
        x, y = canvas.width * canvas.between(0, 1), canvas.height * canvas.between(0.06, 0.42)
        for _ in range(5):
            long, thick = canvas.unit * canvas.between(0.06, 0.22), canvas.unit * canvas.between(0.003, 0.009)
            left, top = x + canvas.unit * canvas.between(-0.2, 0.1), y + canvas.unit * canvas.between(-0.012, 0.012)
            shape.oval((left, top), (left + long, top + thick), canvas.random.randint(110, 230))
    canvas.lay(mix(canvas.palette.glow, canvas.palette.light, 0.3), shape.mask().soft(canvas.unit / 200), 0.6)


def _sun(canvas: Canvas, high: float, low: float) -> Point:
    """A sun or a moon somewhere between two heights; return its place."""
    palette = canvas.palette
    center = (canvas.width * canvas.between(0.2, 0.8), canvas.height * canvas.between(high, low))
    radius = canvas.unit * canvas.between(0.05, 0.13)
    red, green, blue = palette.accent
    body = mix(palette.accent, palette.glow, canvas.random.choice((0.0, 0.5, 0.9)) if red > max(green, blue) else 0.85)
    canvas.glow(center, radius * 6, palette.glow, 0.7, 2.2)
    canvas.glow(center, radius * 2.4, body, 0.45, 1.6)
    canvas.lay(body, canvas.shape().disc(center, radius))
    return center


def _peaks(canvas: Canvas, at: float, top: float) -> None:
    """A rugged range: `at` 0 is the farthest, 1 the nearest; `top` is where it runs, as a share of the height."""
    heights = _range(canvas, 0.13 - 0.02 * at)
    points = canvas.below(top, 1.0, lambda x: heights[round(x * ACROSS)])
    color = _slope(canvas, points, at)
    shape = canvas.shape()
    side = 1 if canvas.random.random() < 0.5 else -1
    for index in _summits([y for _, y in points[: ACROSS + 1]]):
        shape.polygon(_lit_face(canvas, points, index, side))
    canvas.lay([mix(color, canvas.palette.glow, 0.75), mix(color, canvas.palette.glow, 0.15)], shape, 0.6 - 0.2 * at)


def _range(canvas: Canvas, high: float) -> list[float]:
    """The line of a mountain range: pointed summits with ragged flanks, as shares of the picture's height."""
    summits = [
        (canvas.between(-0.05, 1.05), high * canvas.between(0.35, 1.0), canvas.between(0.9, 1.7))
        for _ in range(round(canvas.between(5, 8) * max(1.0, canvas.width / canvas.height)))
    ]
    ragged = jagged(canvas.random, 8, 0.55)
    slim = canvas.height / canvas.width
    line = []
    for step in range(ACROSS + 1):
        x = step / ACROSS
        flank = max(tall - abs(x - place) / slim * steep * 0.45 for place, tall, steep in summits)
        line.append(-max(flank, -high * 0.25) - 0.16 * high * ragged[step])
    return line


def _hills(canvas: Canvas, at: float, top: float) -> None:
    points = canvas.below(top, 0.045, wavy(canvas.random, 2, 0.4))
    _slope(canvas, points, at)


def _slope(canvas: Canvas, points: list[Point], at: float) -> Color:
    """Fill the land below a line, with mist at its foot; return its colour."""
    palette = canvas.palette
    color = palette.tone(0.72 - 0.68 * at)
    mist = mix(color, palette.glow, 0.7 * (1 - at) + 0.05)
    canvas.lay([color, mix(color, mist, 0.3), mist], canvas.shape().polygon(points))
    return color


def _summits(heights: list[float], span: int = 9) -> list[int]:
    """Where the line is higher than all around it; `heights` grow downwards, as places in pictures do."""
    inner = range(span, len(heights) - span)
    return [index for index in inner if heights[index] == min(heights[index - span : index + span + 1])]


def _lit_face(canvas: Canvas, points: list[Point], summit: int, side: int) -> list[Point]:
    """From the summit down the ridge on the sunny side, and back along a ragged line."""
    steps = range(summit, summit + side * canvas.random.randint(14, 26), side)
    edge = [points[index] for index in steps if 0 <= index <= ACROSS]
    (top_x, top_y), (end_x, end_y) = edge[0], edge[-1]
    fall = max(end_y - top_y, canvas.unit * 0.02)
    foot = (top_x + (end_x - top_x) * canvas.between(0.1, 0.4), end_y + fall * canvas.between(0.3, 1.0))
    back = []
    for step in range(1, 7):
        share = step / 7
        wander = canvas.unit * 0.011 * (-1) ** step * canvas.between(0.2, 1.0) * (1 - share)
        back.append((foot[0] + (top_x - foot[0]) * share + wander, foot[1] + (top_y - foot[1]) * share))
    return [*edge, (end_x + (foot[0] - end_x) * 0.4, end_y + fall * 0.25), foot, *back]


def _firs(canvas: Canvas, base: float, tall: float, color: Color) -> None:
    """A line of firs, now dense, now thin, and the ground they stand on."""
    shape = canvas.shape()
    ground, crowd = wavy(canvas.random, 1, 0.4), wavy(canvas.random, 2, 0.6)
    x = -0.01 * canvas.width
    while x < canvas.width * 1.01:
        at = x / canvas.width
        foot = canvas.height * (base + 0.012 * ground(at))
        height = canvas.unit * tall * canvas.between(0.5, 1.3) * (0.75 + 0.5 * crowd(at))
        if crowd(at) > -0.35 or canvas.random.random() < 0.3:
            _fir(shape, x, foot, height)
        x += canvas.unit * tall * canvas.between(0.12, 0.38)
    shape.polygon(canvas.below(base - 0.004, 0.012, ground))
    canvas.lay(color, shape)


def _fir(shape: Shape, x: float, foot: float, height: float) -> None:
    """Four skirts, the lowest the widest."""
    for tier in range(4):
        low, high = foot - height * 0.2 * tier, foot - height * (0.46 + 0.18 * tier)
        half = height * (0.21 - 0.042 * tier)
        shape.polygon([(x, high), (x + half, low), (x - half, low)])
    shape.polygon(
        [(x - height * 0.025, foot + height * 0.1), (x + height * 0.025, foot + height * 0.1), (x, foot - height)]
    )


def _birds(canvas: Canvas) -> None:
    """A few, far away."""
    shape = canvas.shape()
    x, y = canvas.width * canvas.between(0.2, 0.8), canvas.height * canvas.between(0.12, 0.3)
    for _ in range(canvas.random.randint(0, 7)):
        wing = canvas.unit * canvas.between(0.006, 0.013)
        bird = (x + canvas.unit * canvas.between(-0.12, 0.12), y + canvas.unit * canvas.between(-0.05, 0.05))
        lift = canvas.between(0.3, 0.8) * wing
        left = [(bird[0] - wing, bird[1] - lift), (bird[0] - wing * 0.4, bird[1] - lift * 0.9), bird]
        right = [bird, (bird[0] + wing * 0.4, bird[1] - lift * 0.9), (bird[0] + wing, bird[1] - lift)]
        shape.stroke(left, canvas.unit / 700).stroke(right, canvas.unit / 700)
    canvas.lay(canvas.palette.deep, shape, 0.8)


def _dune(canvas: Canvas, at: float) -> None:
    """One dune: its lit side to the ridge, its lee in shade."""
    palette = canvas.palette
    line, fold = wavy(canvas.random, 1, 0.25), wavy(canvas.random, 1, 0.4)
    top, height = 0.48 + 0.42 * at, 0.05 + 0.05 * at
    points = canvas.below(top, height, line)
    near = mix(palette.light, palette.middle, at)
    canvas.lay([near, near, mix(near, palette.shade, 0.55)], canvas.shape().polygon(points))
    ridge = points[: ACROSS + 1]
    lee = [(x, y + canvas.height * max(0.0, 0.03 + 0.11 * fold(x / canvas.width))) for x, y in reversed(ridge)]
    dark = mix(near, palette.deep, 0.5 + 0.2 * at)
    canvas.lay([dark, mix(dark, near, 0.3)], canvas.shape().polygon([*ridge, *lee]), 0.8)


def _trunks(canvas: Canvas, at: float) -> None:
    """A row of trees and the ground before them; `at` 0 is deepest in the mist."""
    palette = canvas.palette
    color = palette.tone(0.74 - 0.72 * at)
    shape = canvas.shape()
    for _ in range(round(12 - 8 * at)):
        wide = canvas.unit * (0.008 + 0.03 * at) * canvas.between(0.7, 1.4)
        x, lean = canvas.width * canvas.between(-0.02, 1.02), wide * canvas.between(-1.5, 1.5)
        shape.polygon(
            [(x - wide / 2 + lean, 0), (x + wide / 2 + lean, 0), (x + wide, canvas.height), (x - wide, canvas.height)]
        )
        for _ in range(4):
            _branch(canvas, shape, (x + lean * 0.6, canvas.height * canvas.between(0.05, 0.5)), wide)
    shape.polygon(canvas.below(0.72 + 0.19 * at, 0.02, wavy(canvas.random, 2, 0.5)))
    foot = mix(color, palette.glow, 0.5 * (1 - at))
    canvas.lay([color, color, mix(color, foot, 0.5), foot, color], shape)


def _branch(canvas: Canvas, shape: Shape, start: Point, wide: float) -> None:
    """A bough that bends upwards, with a twig on it."""
    side = canvas.random.choice((-1, 1))
    long, rise = wide * canvas.between(3, 9), canvas.between(0.2, 0.7)
    bough = [(start[0] + side * long * part, start[1] - long * rise * part**1.6) for part in (0, 0.3, 0.6, 0.85, 1)]
    shape.stroke(bough[:3], wide * 0.3).stroke(bough[1:4], wide * 0.2).stroke(bough[2:], wide * 0.12)
    twig = (bough[2][0] + side * long * 0.15, bough[2][1] - long * 0.35)
    shape.stroke([bough[2], twig], wide * 0.1)


def _rays(canvas: Canvas, sun: Point) -> None:
    """Light that falls between the trees."""
    shape = canvas.shape()
    for _ in range(7):
        angle = canvas.between(0.15, 0.85) * math.pi
        spread, far = canvas.between(0.01, 0.05), 2.0 * max(canvas.size)
        ends = [(sun[0] + far * math.cos(turn), sun[1] + far * math.sin(turn)) for turn in (angle, angle + spread)]
        shape.polygon([sun, *ends], canvas.random.randint(40, 110))
    canvas.lay(canvas.palette.glow, shape.mask().soft(canvas.unit / 60), 0.55)


def _houses(canvas: Canvas, at: float, ground: float) -> None:
    """A row of houses: `at` 0 is the farthest."""
    palette = canvas.palette
    color = palette.tone(0.62 - 0.58 * at)
    shape, lights = canvas.shape(), canvas.shape()
    foot, x = canvas.height * ground, -canvas.unit * 0.03
    swell = wavy(canvas.random, 1, 0.6)
    while x < canvas.width:
        wide = canvas.unit * canvas.between(0.035, 0.1) * (0.7 + 0.5 * at)
        tall = canvas.unit * (0.42 - 0.25 * at) * canvas.between(0.45, 1.2) * (1 + 0.35 * swell(x / canvas.width))
        _house(canvas, shape, (x, foot - tall), wide, foot)
        if at > 0.3:
            _windows(canvas, lights, (x, foot - tall), wide, foot)
        x += wide * canvas.between(0.9, 1.5)
    haze = mix(color, palette.glow, 0.55 * (1 - at))
    canvas.lay([color, color, haze], shape)
    canvas.lay(mix(palette.accent, palette.glow, 0.6), lights, 0.9)


def _house(canvas: Canvas, shape: Shape, corner: Point, wide: float, foot: float) -> None:
    """A block with a roof of its own: flat, pitched, stepped, or with a mast."""
    x, top = corner
    shape.polygon([(x, top), (x + wide, top), (x + wide, foot), (x, foot)])
    roof = canvas.random.randrange(5)
    if roof == 0:
        shape.polygon([(x, top), (x + wide / 2, top - wide * canvas.between(0.3, 0.9)), (x + wide, top)])
    elif roof == 1:
        shape.polygon([(x, top), (x, top - wide * 0.4), (x + wide, top)])
    elif roof == 2:
        inner, up = wide * 0.22, wide * 0.35
        shape.polygon([(x + inner, top), (x + inner, top - up), (x + wide - inner, top - up), (x + wide - inner, top)])
    elif roof == 3:
        shape.stroke([(x + wide / 2, top), (x + wide / 2, top - wide * 0.9)], canvas.unit / 300)


def _windows(canvas: Canvas, lights: Shape, corner: Point, wide: float, foot: float) -> None:
    """Some are lit."""
    pane, gap = canvas.unit / 130, canvas.unit / 70
    columns, rows = int((wide - pane) / gap), int((foot - corner[1] - 2 * pane) / (gap * 1.4))
    left = corner[0] + (wide - columns * gap + gap - pane) / 2
    for column in range(columns):
        for row in range(rows):
            if canvas.random.random() < 0.28:
                x, y = left + column * gap, corner[1] + 1.5 * pane + row * gap * 1.4
                box = [(x, y), (x + pane, y), (x + pane, y + pane * 1.5), (x, y + pane * 1.5)]
                lights.polygon(box, canvas.random.randint(90, 255))
