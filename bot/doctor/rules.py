"""What a look at the bot can find, and what it comes to. Pure: no I/O, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How it is with one thing. A note is nothing wrong, but something to know."""

    WRONG = "wrong"
    NOTE = "note"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and the sentence of the catalogue that says so and what to do."""

    about: str
    state: State
    text: str
    values: Mapping[str, str | int] = field(default_factory=dict)


def well(about: str, text: str, **values: str | int) -> Finding:
    """All is as it should be."""
    return Finding(about, State.WELL, text, values)


def note(about: str, text: str, **values: str | int) -> Finding:
    """Nothing is wrong, but whoever runs the bot should know."""
    return Finding(about, State.NOTE, text, values)


def wrong(about: str, text: str, **values: str | int) -> Finding:
    """Somebody has to do something."""
    return Finding(about, State.WRONG, text, values)


def count(findings: Iterable[Finding], state: State) -> int:
    """How many are in this state."""
    return sum(finding.state is state for finding in findings)


def exit_code(findings: Iterable[Finding]) -> int:
    """0 while nothing is wrong, else 1. Notes do not count."""
    return 1 if count(findings, State.WRONG) else 0
