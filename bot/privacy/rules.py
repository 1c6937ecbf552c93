"""What everybody may ask about themselves, whoever they are and wherever. Pure: no I/O, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass

COMMANDS = ("privacy", "terms", "paysupport", "forget")
"""Answered to everybody: who is shut out or was never let in, and in groups where the bot does not work."""

FORGET = "forget"
EXPORT = "export"

FRESH = 3600
"""Seconds for which the page of /forget may be answered: later the numbers on it may be wrong."""

FLOOD = 10
"""In so many seconds the same question is answered once."""

LARGEST = 45_000_000
"""Bytes of a file with all that is kept about somebody; Telegram takes 50 MB from a bot."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator's settings make of the rules: said in /privacy, /terms and /paysupport.

    `contact`: whom to write to, empty where the operator named nobody. `hours` and `days`: how long pictures and words
    are kept; None: for as long as their person does not delete them. `judged`: a service looks at words first.
    """

    contact: str = ""
    terms_url: str = ""
    privacy_url: str = ""
    hours: int = 72
    days: int | None = None
    judged: bool = False
    public: bool = False
    services: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much is kept for somebody: counts, and credits. `known`: anything at all."""

    pictures: int
    favorites: int
    drafts: int
    unfinished: int
    credits: int
    known: bool


def asks(text: str | None) -> bool:
    """Whether a message may be one of these commands; for whom it is, is looked at later."""
    words = (text or "").split(maxsplit=1)
    return bool(words) and words[0].startswith("/") and words[0][1:].partition("@")[0].casefold() in COMMANDS


def lane(kind: str, user_id: int) -> str:
    """Where the jobs of these pages are done: each beside all else of the person. Their subjects tell nobody who."""
    return f"{kind}:{user_id}"


def person_of(lane: str) -> int:
    """Whose lane it is."""
    return int(lane.rpartition(":")[2])
