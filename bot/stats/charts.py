"""Figures as a picture for a phone: bars on white, with digits and Latin letters only.

The typeface that comes with Pillow knows no others, so words stand in the caption, beside the same letters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH = 1080
MARGIN = 48
GAP = 40
HEAD = 64
PLOT = 420
LINE = 64

PAPER, INK, FAINT, GRID = "#FFFFFF", "#1F2430", "#6B7280", "#E3E6EB"
GOOD, BAD, SLOW, SPENT = "#2F6FDE", "#D9483B", "#A9C4F5", "#E0A030"

TEXT, SMALL, LETTER = 34, 28, 44
NAMED = 260  # pixels for the name of a service
STEPS = (1, 2, 5)
LINES = 4  # of the grid, at most


@dataclass(frozen=True, slots=True)
class Bar:
    """A service: milliseconds that half and nine tenths of its pictures took, and the credits that it cost."""

    name: str
    p50: int | None
    p90: int | None
    spend: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn. Every part of the period has a label and counts; `causes` are counts, the largest first."""

    labels: Sequence[str]
    delivered: Sequence[int]
    failed: Sequence[int]
    causes: Sequence[int]
    services: Sequence[Bar]


def save(chart: Chart, path: Path) -> None:
    """Draw into a PNG file. Blocks: call it in a thread. Raises OSError."""
    draw(chart).save(path, "PNG", optimize=True)


def draw(chart: Chart) -> Image.Image:
    """The picture: A pictures over time, B failures by cause, C how long services took, D what they cost."""
    rows = (len(chart.causes), len(chart.services), len(chart.services))
    height = 2 * MARGIN + HEAD + PLOT + SMALL + sum(GAP + HEAD + LINE * max(1, count) for count in rows)
    sheet = _Sheet(height)
    sheet.columns(chart)
    sheet.causes(chart.causes)
    sheet.times(chart.services)
    sheet.spend(chart.services)
    return sheet.image


def step_of(most: int, lines: int = LINES) -> int:
    """How far apart the lines of a grid stand that reaches `most`: 1, 2 or 5 with noughts."""
    power = 1
    while True:
        for step in STEPS:
            if most <= step * power * lines:
                return step * power
        power *= 10


def printable(name: str, limit: int) -> str:
    """What the typeface can show of a name."""
    plain = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= limit else plain[: limit - 2] + ".."


class _Sheet:
    """A sheet that is filled from top to bottom."""

    def __init__(self, height: int) -> None:
        self.image = Image.new("RGB", (WIDTH, height), PAPER)
        self._pen = ImageDraw.Draw(self.image)
        self._y = MARGIN

    def columns(self, chart: Chart) -> None:
        """Pictures over time, failures on top of them."""
        self._head("A")
        totals = [good + bad for good, bad in zip(chart.delivered, chart.failed, strict=True)]
        step = step_of(max([*totals, 1]))
        top = -(-max([*totals, 1]) // step) * step
        left = MARGIN + self._grid(step, top)
        width = (WIDTH - MARGIN - left) / len(totals)
        for number, (good, bad) in enumerate(zip(chart.delivered, chart.failed, strict=True)):
            self._column(left + width * number, width, good, bad, top)
        self._labels(chart.labels, left, width)
        self._y += PLOT + SMALL + GAP

    def _grid(self, step: int, top: int) -> float:
        """Lines with their numbers; how much room those take."""
        room = max(self._length(f"{top}", SMALL) + 16, 40)
        for value in range(0, top + 1, step):
            y = self._height(value, top)
            self._pen.line((MARGIN + room, y, WIDTH - MARGIN, y), GRID, 2)
            self._text((MARGIN + room - 12, y), f"{value}", SMALL, FAINT, "rm")
        return room

    def _column(self, left: float, width: float, good: int, bad: int, top: int) -> None:
        inner = (left + width * 0.14, left + width * 0.86)
        middle, upper = self._height(good, top), self._height(good + bad, top)
        if good:
            self._pen.rectangle((inner[0], middle, inner[1], self._height(0, top)), GOOD)
        if bad:
            self._pen.rectangle((inner[0], min(upper, middle - 3), inner[1], middle), BAD)

    def _labels(self, labels: Sequence[str], left: float, width: float) -> None:
        """Below the columns, as many as find room; the last one always."""
        every = max(1, -(-int(max(self._length(label, SMALL) for label in labels) + 14) // int(width)))
        for number, label in enumerate(labels):
            if (len(labels) - 1 - number) % every == 0:
                middle = left + width * (number + 0.5)
                self._text((middle, self._y + PLOT + 10), label, SMALL, FAINT, "mt")

    def causes(self, causes: Sequence[int]) -> None:
        """Failures by cause, numbered as in the caption."""
        self._head("B")
        for number, count in enumerate(causes, 1):
            self._line(f"{number}", 60, [(count, BAD)], max(causes), f"{count}")
        self._end(causes)

    def times(self, services: Sequence[Bar]) -> None:
        """How long pictures took: half of them the dark part, nine tenths all of it."""
        self._head("C")
        most = max((bar.p90 or 0 for bar in services), default=0)
        for bar in services:
            told = f"{_seconds(bar.p50)} / {_seconds(bar.p90)} s"
            self._line(bar.name, NAMED, [(bar.p90 or 0, SLOW), (bar.p50 or 0, GOOD)], most, told)
        self._end(services)

    def spend(self, services: Sequence[Bar]) -> None:
        """What services cost, in credits."""
        self._head("D")
        most = max((bar.spend for bar in services), default=0)
        for bar in services:
            self._line(bar.name, NAMED, [(bar.spend, SPENT)], most, f"{bar.spend}")
        self._end(services)

    def _line(self, name: str, room: int, bars: Sequence[tuple[int, str]], most: int, told: str) -> None:
        """A name, bars over each other, and the number behind them."""
        left, middle = MARGIN + room, self._y + LINE / 2
        width = WIDTH - MARGIN - left - self._length(told, TEXT) - 20
        self._text((MARGIN, middle), printable(name, room // 17), TEXT, INK, "lm")
        longest = 0.0
        for value, color in bars:
            length = max(4.0, width * value / most) if most and value else 0.0
            longest = max(longest, length)
            if length:
                self._pen.rectangle((left, middle - 20, left + length, middle + 20), color)
        self._text((left + longest + 16, middle), told, TEXT, INK, "lm")
        self._y += LINE

    def _end(self, rows: Sequence[object]) -> None:
        if not rows:
            self._text((MARGIN, self._y + LINE / 2), "0", TEXT, FAINT, "lm")
            self._y += LINE
        self._y += GAP

    def _head(self, letter: str) -> None:
        self._text((MARGIN, self._y + LETTER / 2), letter, LETTER, INK, "lm")
        self._y += HEAD

    def _height(self, value: int, top: int) -> float:
        return self._y + PLOT - (PLOT - 16) * value / top

    def _length(self, text: str, size: int) -> float:
        return ImageFont.load_default(size).getlength(text)

    def _text(self, where: tuple[float, float], text: str, size: int, color: str, anchor: str) -> None:
        self._pen.text(where, text, color, ImageFont.load_default(size), anchor)


def _seconds(ms: int | None) -> str:
    if ms is None:
        return "-"
    return f"{ms / 1000:.1f}" if ms < 10_000 else f"{ms // 1000}"
