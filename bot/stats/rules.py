"""What the operator is told in figures: periods, sums, how long pictures take. Pure: no I/O, no clock."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.errors import Cause
from bot.images import service_of

HOUR = 3600
HOURS = 24


class Period(StrEnum):
    """How far back: 24 hours by the hour, 7 or 30 days by the day, each with the one that has begun."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


DAYS = {Period.WEEK: 7, Period.MONTH: 30}


@dataclass(frozen=True, slots=True)
class Ended:
    """Pictures of one model that ended alike in one part of a period.

    `drawn` came from the service and cost it `spend` credits, whether they reached anybody or not; `credits` are what
    those were paid that did.
    """

    slot: int
    model: str
    status: str
    cause: str
    count: int
    credits: int
    drawn: int
    spend: int


@dataclass(frozen=True, slots=True)
class Took:
    """So many pictures of one model took about so many milliseconds, to two digits."""

    model: str
    ms: int
    count: int


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """What one service did. `p50` and `p90`: milliseconds that half and nine tenths of its pictures took at most."""

    key: str
    delivered: int
    failed: int
    spend: int
    p50: int | None
    p90: int | None

    @property
    def success(self) -> int | None:
        """Of a hundred pictures that it delivered or failed to, how many it delivered; None where there were none."""
        ended = self.delivered + self.failed
        return round(100 * self.delivered / ended) if ended else None


@dataclass(frozen=True, slots=True)
class Figures:
    """A period in figures. `edges` are Unix seconds: one more than there are parts."""

    period: Period
    edges: tuple[int, ...]
    delivered: tuple[int, ...]
    failed: tuple[int, ...]
    people: int
    credits: int
    causes: tuple[tuple[str, int], ...]
    models: tuple[tuple[str, int], ...]
    services: tuple[ServiceFigures, ...]


def edges(period: Period, now: int, zone: ZoneInfo) -> tuple[int, ...]:
    """Where the parts of a period begin and where the last one ends, as the clocks of `zone` show it."""
    if period is Period.DAY:
        offset = int((datetime.fromtimestamp(now, zone).utcoffset() or timedelta()).total_seconds())
        begun = now - (now + offset) % HOUR
        return tuple(begun + HOUR * step for step in range(1 - HOURS, 2))
    today = datetime.fromtimestamp(now, zone).date()
    return tuple(_midnight(today + timedelta(days=step), zone) for step in range(1 - DAYS[period], 2))


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time.min, zone).astimezone(UTC).timestamp())


def fold(period: Period, parts: Sequence[int], ended: Iterable[Ended], took: Iterable[Took], people: int) -> Figures:
    """Add everything up. `parts` are the edges of the period."""
    rows = list(ended)
    delivered, failed = (tuple(_by_slot(rows, status, len(parts) - 1)) for status in ("delivered", "failed"))
    models = _counted((row.model, row.count) for row in rows if row.status == "delivered")
    return Figures(
        period=period,
        edges=tuple(parts),
        delivered=delivered,
        failed=failed,
        people=people,
        credits=sum(row.credits for row in rows if row.status == "delivered"),
        causes=_counted((row.cause, row.count) for row in rows if row.status == "failed"),
        models=models,
        services=_services(rows, list(took)),
    )


def percentile(times: Mapping[int, int], percent: int) -> int | None:
    """The least of `times` (value → how often) that so many of a hundred do not exceed; None where there are none."""
    rank = -(-sum(times.values()) * percent // 100)
    for value in sorted(times):
        rank -= times[value]
        if rank <= 0:
            return value
    return None


def rounded(ms: int) -> int:
    """Milliseconds as they are counted: to 0.1 s below ten seconds, to 1 s below a hundred, to 10 s above."""
    step = 100 if ms < 10_000 else 1000 if ms < 100_000 else 10_000
    return ms // step * step


def _by_slot(rows: Iterable[Ended], status: str, slots: int) -> Iterable[int]:
    counts = Counter[int]()
    for row in rows:
        if row.status == status:
            counts[row.slot] += row.count
    return (counts[slot] for slot in range(slots))


def _counted(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Sums by name, the largest first."""
    sums = Counter[str]()
    for name, count in pairs:
        sums[name] += count
    return tuple(sorted(sums.items(), key=lambda each: (-each[1], each[0])))


def _services(rows: Sequence[Ended], took: Sequence[Took]) -> tuple[ServiceFigures, ...]:
    keys = {service_of(row.model) for row in rows if row.status in ("delivered", "failed") or row.drawn}
    services = (_service(key, [row for row in rows if service_of(row.model) == key], took) for key in keys)
    return tuple(sorted(services, key=lambda each: (-each.delivered, -each.failed, each.key)))


# The service had done its part, or was not asked: the chat, a moderator or the bot itself ended these.
NOT_ITS_OWN = frozenset(
    {
        Cause.SOURCE_GONE,
        Cause.SOURCE_UNFIT,
        Cause.SPENT_TODAY,
        Cause.PICTURE_UNSENDABLE,
        Cause.CHAT_CLOSED,
        Cause.PICTURES_BARRED,
        Cause.HELD,
        Cause.NOT_SHOWN,
        Cause.NOT_LOOKED_AT,
        Cause.INTERRUPTED,
        Cause.RESTORED,
        Cause.STORAGE_FULL,
        Cause.INTERNAL,
    }
)


def _service(key: str, rows: Iterable[Ended], took: Iterable[Took]) -> ServiceFigures:
    counts, times = Counter[str](), Counter[int]()
    for row in rows:
        counts["spend"] += row.spend
        if row.cause not in NOT_ITS_OWN:
            counts[row.status] += row.count
    for each in took:
        if service_of(each.model) == key:
            times[each.ms] += each.count
    p50, p90 = percentile(times, 50), percentile(times, 90)
    return ServiceFigures(key, counts["delivered"], counts["failed"], counts["spend"], p50, p90)


@dataclass(frozen=True, slots=True)
class Calls:
    """What became of the calls to a service lately. `answered` of `made` it did its part of; times as above."""

    made: int
    answered: int
    p50: int | None
    p90: int | None

    @property
    def success(self) -> int | None:
        """Of a hundred calls, how many the service did its part of; None where nobody called."""
        return round(100 * self.answered / self.made) if self.made else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a service stands. `resting`: it is left alone now. `trouble`: its last one, at `troubled_at` in Unix seconds.

    `spend` is what it cost today in credits, `cap` the most that it may cost.
    """

    key: str
    title: str
    calls: Calls
    spend: int
    cap: int | None
    resting: bool
    off: bool
    preferred: bool
    trouble: str | None
    troubled_at: int | None


# Seconds for which a service must work until its trouble counts as over: what comes and goes is one incident.
STEADY = 600


@dataclass(frozen=True, slots=True)
class Incident:
    """The trouble of one service that the admins were told of, until it is over. Times in Unix seconds."""

    provider: str
    cause: str
    opened_at: int
    works_since: int | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of a service. `grave`: only the operator can mend the cause. `worked_at`: its last good call."""

    open: bool
    cause: str
    grave: bool
    worked_at: int | None


class Turn(StrEnum):
    """What has changed about an incident."""

    NOTHING = "nothing"
    OPENED = "opened"
    WORSE = "worse"
    WORKS = "works"
    RELAPSED = "relapsed"
    CLOSED = "closed"


def turn(incident: Incident | None, seen: Sight, now: int) -> Turn:
    """What there is to do about a service that looks so. Admins are told of what opened, got worse or closed."""
    if incident is None:
        return Turn.OPENED if seen.open else Turn.NOTHING
    if seen.open:
        return _while_open(incident, seen)
    if incident.works_since is None:
        # After a restart nothing rests, and that says nothing: only a picture does.
        worked = seen.worked_at is not None and seen.worked_at >= incident.opened_at
        return Turn.WORKS if worked else Turn.NOTHING
    return Turn.CLOSED if now - incident.works_since >= STEADY else Turn.NOTHING


def _while_open(incident: Incident, seen: Sight) -> Turn:
    if seen.grave and seen.cause != incident.cause:
        return Turn.WORSE
    return Turn.NOTHING if incident.works_since is None else Turn.RELAPSED
