"""What a group or channel allows, and how long it is quiet. Pure: no I/O, no clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# What can be chosen with a button. Prices and shares in credits, gaps in seconds, hours of the day.
CEILINGS = (1, 2, 5, 10, 20, 50)
GAPS = (10, 30, 60, 300, 3600)
SHARES = (1, 2, 5, 10, 20, 50)
QUIET = ((20, 8), (21, 7), (22, 7), (22, 8), (23, 7), (0, 6), (0, 8))
ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Kyiv",
    "Europe/Moscow",
    "Asia/Yekaterinburg",
    "Asia/Almaty",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
)
# Telegram's number of the topic that every forum has. Messages in it carry none.
GENERAL = 1
# The value of a button that takes a choice back.
NONE = "none"

SWITCHES = frozenset({"admins_only", "spoiler", "tidy"})

Value = str | int | bool | None
Changes = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Chat:
    """What the admins of a group or channel chose. None: nothing, the default counts.

    `allowed`: an admin of the bot let it in (True) or turned it out (False). `models` by their keys; `ceiling` is the
    dearest picture in credits. `thread_id`: pictures are drawn in this topic only. `tidy`: a command goes once it was
    taken. `gap`: seconds between two wishes of one person. From the hour `quiet_from` until `quiet_to` in `zone`
    nothing is drawn. `pot_id` is the account that pays for everybody, up to `share` credits a day for each.
    `daily`: what all pictures here may cost in a day, as an admin of the bot decided.
    """

    chat_id: int
    allowed: bool | None = None
    admins_only: bool = False
    models: tuple[str, ...] | None = None
    ceiling: int | None = None
    spoiler: bool = False
    thread_id: int | None = None
    tidy: bool = False
    gap: int = 0
    quiet_from: int | None = None
    quiet_to: int | None = None
    zone: str | None = None
    language: str | None = None
    pot_id: int | None = None
    share: int | None = None
    signature: str | None = None
    daily: int | None = None

    def is_let_in(self, *, public: bool) -> bool:
        """Whether the bot works here: where everybody may draw, it does unless the chat was turned out."""
        return self.allowed is not False if public else self.allowed is True

    def quiet_until(self, now: int, zone: ZoneInfo) -> int | None:
        """The end of the quiet hours that are now, in Unix seconds; None outside of them. `zone` is the bot's own."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        here = datetime.fromtimestamp(now, ZoneInfo(self.zone) if self.zone else zone)
        if not _within(here.hour, self.quiet_from, self.quiet_to):
            return None
        end = here.replace(hour=self.quiet_to, minute=0, second=0, microsecond=0)
        return int((end if end > here else end + timedelta(days=1)).timestamp())


def changes(what: str, value: str, languages: Collection[str]) -> Changes:
    """The fields of a Chat that a pressed button sets; empty where it names nothing that can be chosen."""
    if what in SWITCHES and value in ("0", "1"):
        return {what: value == "1"}
    if what == "quiet":
        return _quiet(value)
    choices: Mapping[str, Collection[str]] = {
        "ceiling": _words(CEILINGS),
        "gap": _words(GAPS),
        "share": _words(SHARES),
        "zone": ZONES,
        "language": languages,
    }
    if what not in choices or value not in (NONE, *choices[what]):
        return {}
    return {what: _none(what) if value == NONE else int(value) if value.isdecimal() else value}


def quiet_word(hours: tuple[int, int]) -> str:
    """Quiet hours as a button carries and shows them, such as 22-7."""
    return f"{hours[0]}-{hours[1]}"


def toggled(models: tuple[str, ...] | None, key: str) -> tuple[str, ...] | None:
    """The allowed models once this one was pressed. When the last one goes, all may draw."""
    if models is None:
        return (key,)
    return tuple(each for each in (*models, key) if each != key or key not in models) or None


def _within(hour: int, start: int, end: int) -> bool:
    return start <= hour < end if start < end else hour >= start or hour < end


def _quiet(value: str) -> Changes:
    if value == NONE:
        return {"quiet_from": None, "quiet_to": None}
    hours = {quiet_word(each): each for each in QUIET}.get(value)
    return {"quiet_from": hours[0], "quiet_to": hours[1]} if hours else {}


def _none(what: str) -> int | None:
    return 0 if what == "gap" else None


def _words(numbers: Collection[int]) -> Collection[str]:
    return [str(number) for number in numbers]
