"""News from the operator: to whom, and what came of telling each. Pure: no I/O, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

# What can be chosen: people who spoke to the bot within so many days; 0 is everybody who ever started it.
DAYS = (0, 7, 30, 90)
DAY = 24 * 3600

# People a second at most: well below the 25 calls that Telegram takes of us, which are for pictures first.
A_SECOND = 10

# Seconds after which a yes is asked for once more: the number that was agreed to is not true for ever.
ASKED_FOR = 60

# Seconds for which the number of an audience is good enough to ask with, and to begin with a question later.
COUNT_LASTS = 60

# Seconds between two looks of the message that tells how it goes.
TOLD_EVERY = 15

# A person who cannot be told now is tried so often, and later each time: over an hour in all.
MOST_TRIES = 20


class State(StrEnum):
    """A draft is shown to its admin only. What was stopped is not taken up again."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class Outcome(StrEnum):
    """What came of telling one person. Whom nothing is known of may have heard it, and is not told again."""

    DELIVERED = "delivered"
    BLOCKED = "blocked"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Later:
    """Surely not told now. Again after `seconds`; `all` of them have to wait so long where Telegram said so."""

    seconds: float
    all: bool = True


@dataclass(frozen=True, slots=True)
class Unmet:
    """They never wrote to the bot in private, so it cannot write to them, and does not try again until they do."""


Fate = Outcome | Later | Unmet


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told: a Telegram method and its params, without the chat and the buttons.

    `plainer`: it had emoji of its writer's, which people see as ordinary ones.
    """

    method: str
    params: Mapping[str, Any]
    plainer: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """Whoever spoke to the bot within `days` (0: ever) and hears it in `language` (empty: in any)."""

    days: int = 0
    language: str = ""

    def since(self, now: int) -> int:
        """Unix seconds since when somebody must have spoken to the bot."""
        return now - self.days * DAY if self.days else 1

    def choose(self, what: str, value: str, languages: Iterable[str]) -> "Audience | None":
        """Another one, as a button says; None where it names nothing that can be chosen."""
        if what == "days" and value in map(str, DAYS):
            return replace(self, days=int(value))
        if what == "lang" and value in ("", *languages):
            return replace(self, language=value)
        return None


class Asked(StrEnum):
    """What its admin waits to see: whom it would reach, or whether it is really meant."""

    DRAFT = "draft"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody waits for the number of an audience. The same order twice is one."""

    what: Asked
    broadcast_id: str
    audience: Audience

    def __str__(self) -> str:
        return f"{self.what}:{self.broadcast_id}:{self.audience.days}:{self.audience.language}"

    @classmethod
    def read(cls, subject: str) -> Self | None:
        """The order in the subject of a job; None where that is a broadcast."""
        if ":" not in subject:
            return None
        what, broadcast_id, days, language = subject.split(":")
        return cls(Asked(what), broadcast_id, Audience(int(days), language))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were told, how many could not be, and of how many nothing is known."""

    delivered: int = 0
    blocked: int = 0
    failed: int = 0
    unknown: int = 0

    @property
    def all(self) -> int:
        """How many of the audience are behind us."""
        return self.delivered + self.blocked + self.failed + self.unknown


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One letter to many. Times in Unix seconds.

    `panel_id` is the message that tells its admin how it goes. `total`: how many it was to reach when it began; of a
    draft, how many it would reach, as they were counted at `told_at`. Everybody up to `passed_id` had their turn,
    people being taken in the order of their numbers. `troubles` in a row say how long to rest.
    """

    broadcast_id: str
    admin_id: int
    letter: Letter
    audience: Audience
    state: State
    counts: Counts = Counts()
    panel_id: int | None = None
    started_at: int = 0
    told_at: int = 0
    total: int = 0
    passed_id: int = 0
    troubles: int = 0

    def people(self, now: int) -> int | None:
        """How many a draft would reach; None where nobody counted them, or not lately."""
        return self.total if self.told_at and 0 <= now - self.told_at <= COUNT_LASTS else None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who can be told, and which languages they wish for."""

    user_id: int
    language: str | None
    client_language: str | None


def minutes(people: int, a_second: float) -> int:
    """How long it takes at least."""
    return max(1, round(people / a_second / 60))
