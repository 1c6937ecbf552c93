"""A line on the terminal that tells how a drawing goes. Where there is no terminal it says nothing."""

import asyncio
import sys
from typing import Self, TextIO

from bot.providers import Sign

STEP = 0.2  # seconds between two looks at the clock
CELLS = 24


class Bar:
    """A context manager around the work; `hear` takes the signs of the service."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """`stream` is where the line goes; without one it is the standard error, if that is a terminal."""
        self._stream = stream or (sys.stderr if sys.stderr.isatty() else None)
        self._sign = Sign()
        self._which = ""
        self._began = 0.0
        self._tick: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        self._began = asyncio.get_running_loop().time()
        self._draw()
        return self

    def __exit__(self, *_: object) -> None:
        if self._tick:
            self._tick.cancel()
        self._write("")

    def begin(self, number: int, count: int) -> None:
        """The next of `count` pictures."""
        self._sign, self._which = Sign(), f"{number} of {count} · " if count > 1 else ""

    def hear(self, sign: Sign) -> None:
        """Show this from now on."""
        self._sign = sign

    def _draw(self) -> None:
        loop = asyncio.get_running_loop()
        self._write(self._which + line(self._sign, loop.time() - self._began))
        self._tick = loop.call_later(STEP, self._draw)

    def _write(self, text: str) -> None:
        if self._stream:
            self._stream.write(f"\r{text}\x1b[K")
            self._stream.flush()


def line(sign: Sign, elapsed: float) -> str:
    """How it goes, in one line. How much is done is told by the service, or guessed from the time that it expects."""
    part = sign.part
    if part is None and sign.seconds is not None:
        part = elapsed / max(1.0, elapsed + sign.seconds)
    facts = [] if part is None else [f"[{'#' * round(part * CELLS):<{CELLS}}] {part:4.0%}"]
    facts.append(f"{elapsed:.0f} s")
    if sign.place:
        facts.append(f"place {sign.place} in the queue")
    if sign.seconds is not None:
        facts.append(f"about {sign.seconds} s left")
    return " · ".join(facts)
