"""Water: still and mirroring, or in waves, with light and sails on it."""

from PIL import Image

from bot.providers.sketch.canvas import Canvas, wavy
from bot.providers.sketch.colors import mix
from bot.providers.sketch.shape import Mask


def still_water(canvas: Canvas, horizon: float) -> None:
    """Mirror what is above, darker and torn by ripples that grow towards us."""
    top = round(canvas.height * horizon)
    deep = canvas.height - top
    mirrored = canvas.image.crop((0, max(0, top - deep), canvas.width, top)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirrored = mirrored.resize((canvas.width, deep))
    canvas.image.paste(mirrored, (0, top))
    ripple = wavy(canvas.random, 9, 0.8)
    step = max(2, canvas.unit // 340)
    for y in range(0, deep, step):
        at = y / deep
        shift = round(canvas.unit * (0.002 + 0.012 * at) * ripple(at**0.6))
        canvas.image.paste(mirrored.crop((0, y, canvas.width, y + step)), (shift, top + y))
    levels = Image.linear_gradient("L").point([50 + round(level * 0.45) for level in range(256)])
    tint = [canvas.palette.tone(0.45), canvas.palette.tone(0.2), canvas.palette.deep]
    canvas.lay(tint, Mask(levels.resize((canvas.width, deep)), (0, top)))
    _glints(canvas, top)


def _glints(canvas: Canvas, top: int, strokes: int = 70) -> None:
    """Short bright strokes on water, dense at the horizon."""
    shape = canvas.shape()
    for _ in range(strokes):
        near = canvas.random.random() ** 2.2
        x, y = canvas.between(0, canvas.width), top + (canvas.height - top) * near
        long = canvas.unit * (0.006 + 0.05 * near) * canvas.between(0.4, 1.5)
        shape.oval((x - long, y), (x + long, y + canvas.unit * (0.001 + 0.0022 * near)), canvas.random.randint(50, 170))
    canvas.lay(canvas.palette.glow, shape, 0.7)


def path_of_light(canvas: Canvas, x: float, top: float) -> None:
    """The sun on the sea: strokes that scatter more the nearer they are."""
    shape = canvas.shape()
    for _ in range(150):
        near = canvas.random.random() ** 1.5
        place = canvas.random.gauss(x, canvas.unit * (0.02 + 0.07 * near)), canvas.height * (top + (1 - top) * near)
        long = canvas.unit * (0.004 + 0.03 * near) * canvas.between(0.3, 1.4)
        thick = canvas.unit * (0.0012 + 0.0035 * near)
        shape.oval((place[0] - long, place[1]), (place[0] + long, place[1] + thick), canvas.random.randint(90, 255))
    canvas.lay(mix(canvas.palette.glow, (255, 255, 255), 0.3), shape, 0.75)


def wave(canvas: Canvas, at: float) -> None:
    """One row of the sea: `at` 0 is the horizon."""
    palette = canvas.palette
    line = wavy(canvas.random, 1 + round(5 * (1 - at)), 0.3)
    thick = wavy(canvas.random, 3 + round(6 * (1 - at)), 0.5)
    points = canvas.below(0.47 + 0.5 * at**1.5, 0.0004 + 0.05 * at**1.5, line)
    body = palette.tone(0.72 - 0.5 * at)
    canvas.lay(mix(body, palette.glow, 0.85), canvas.shape().polygon(points), 0.95 - 0.3 * at)
    lower = [(x, y + canvas.unit * (0.0012 + 0.016 * at * max(0.06, thick(x / canvas.width)))) for x, y in points]
    canvas.lay([mix(body, palette.glow, 0.12), body, mix(body, palette.deep, 0.75)], canvas.shape().polygon(lower))


def sail(canvas: Canvas, top: float) -> None:
    """A boat with two sails."""
    x, y, size = canvas.width * canvas.between(0.2, 0.8), canvas.height * top, canvas.unit * canvas.between(0.04, 0.07)
    hull = [(x - size * 0.5, y - size * 0.1), (x + size * 0.55, y - size * 0.1), (x + size * 0.3, y + size * 0.12)]
    canvas.lay(canvas.palette.deep, canvas.shape().polygon([*hull, (x - size * 0.35, y + size * 0.12)]))
    shape = canvas.shape().polygon([(x, y - size * 1.3), (x, y - size * 0.16), (x + size * 0.5, y - size * 0.16)])
    shape.polygon([(x - size * 0.06, y - size), (x - size * 0.06, y - size * 0.16), (x - size * 0.4, y - size * 0.16)])
    canvas.lay(mix(canvas.palette.accent, canvas.palette.glow, 0.35), shape)
