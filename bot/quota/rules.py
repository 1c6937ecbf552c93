"""Credits: what the words mean and when a day ends. Pure: no I/O, no clock."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST_CREDITS = 1_000_000_000
"""In one entry: far more than anybody needs, far less than a column holds."""

STEP_BACK = 3600
"""Seconds by which a clock may step back, and a day that has begun goes on."""

SECOND = "~"
"""Behind its date: the day that somebody has when a wrong clock brought that date before its time."""


class Kind(StrEnum):
    """The five verbs of the ledger.

    GRANT gives credits, HOLD sets them aside for one picture, SETTLE spends what was held, RELEASE gives it back,
    REVOKE takes unspent credits away.
    """

    GRANT = "grant"
    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger, never changed once written.

    `source` says for what: a generation's id, a day, a gift. With `kind` it is there once. `daily` credits belong to
    `day` and end with it, `kept` ones stay. `at` in Unix seconds.
    """

    source: str
    kind: Kind
    user_id: int
    day: str
    daily: int
    kept: int
    at: int

    def split(self, price: int | None) -> "tuple[Entry, Entry | None]":
        """Of a hold: what pays `price` (None: everything), daily credits first, and what is left over."""
        if price is None or price >= self.daily + self.kept:
            return self, None
        daily = min(price, self.daily)
        paid = replace(self, daily=daily, kept=price - daily)
        rest = replace(self, source=f"{self.source}:rest", daily=self.daily - daily, kept=self.kept - paid.kept)
        return paid, rest


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody may spend now: `daily` credits of `day` first, then `kept` ones; `held` is set aside."""

    user_id: int
    day: str
    daily: int
    kept: int
    held: int

    def split(self, price: int) -> tuple[int, int] | None:
        """Daily and kept credits that pay `price`, those that end with the day first. None: there are too few."""
        daily = min(price, self.daily)
        kept = price - daily
        return (daily, kept) if kept <= self.kept else None


@dataclass(frozen=True, slots=True)
class Balance:
    """An account with what was spent of its day, in credits."""

    day: str
    daily: int
    kept: int
    held: int
    spent_today: int

    @property
    def left(self) -> int:
        """What can still be spent today."""
        return self.daily + self.kept


def today(now: int, zone: ZoneInfo) -> str:
    """The day of an instant, such as 2026-11-21: the order of the text is the order of time."""
    return datetime.fromtimestamp(now, zone).date().isoformat()


def date_of(day: str) -> str:
    """The date of a day of somebody's, which may be the second one of its date: see `second`."""
    return day[:10]


def second(day: str) -> str:
    """The day that somebody has instead of one that a wrong clock brought before its time."""
    return f"{day}{SECOND}"


def lasts(day: str, now: int, zone: ZoneInfo) -> bool:
    """Whether the credits of `day` are still the ones to spend.

    Close to its end those of the next one are, too: a clock that steps back over midnight must not give a day twice.
    Those of a later one are not: it was a clock that ran ahead, and nobody waits until that day comes.
    """
    return today(now, zone) <= date_of(day) <= today(now + STEP_BACK, zone)


def day_at(now: int, zone: ZoneInfo) -> int:
    """The first second of the day, in Unix seconds."""
    midnight = datetime.combine(datetime.fromtimestamp(now, zone).date(), time.min, zone)
    return int(midnight.astimezone(UTC).timestamp())


def next_day_at(now: int, zone: ZoneInfo) -> int:
    """The first second of the next day, in Unix seconds, also where its midnight is skipped or comes twice."""
    tomorrow = datetime.fromtimestamp(now, zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time.min, zone)
    return int(midnight.astimezone(UTC).timestamp())
