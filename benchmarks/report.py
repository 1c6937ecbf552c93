"""A figure, the machine it was measured on, and the page that shows both."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`; one row alone by the command in its last column. The machine is shared and noisy: read ratios
and orders of magnitude. `reached` compares the measured value with the goal beside it; no test asserts any of this.
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number: what it is, what came out, what it should be, and how to repeat it."""

    name: str
    measured: str
    goal: str
    reached: bool
    command: str


def facts() -> list[str]:
    """What the numbers depend on, a line each."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("aiogram", "aiohttp", "pydantic", "aiosqlite"))
    return [
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {packages}",
        f"measured on {datetime.now(UTC):%Y-%m-%d}",  # noqa: TID251  the date of the page
    ]


def write(figures: Sequence[Figure]) -> None:
    """Replace the page by these figures."""
    rows = [f"| {' | '.join(_cells(figure))} |" for figure in figures]
    table = ["| what | measured | goal | reached | repeat |", "| --- | --- | --- | --- | --- |", *rows]
    machine = [f"- {fact}" for fact in facts()]
    PAGE.write_text("\n".join([HEAD, *machine, "", *table, ""]), encoding="utf-8")


def _cells(figure: Figure) -> tuple[str, ...]:
    return figure.name, figure.measured, figure.goal, "yes" if figure.reached else "**no**", f"`{figure.command}`"
