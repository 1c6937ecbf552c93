"""What can be chosen in the panel, and how its commands are read. Pure: no I/O, no clock."""

import re
from dataclasses import dataclass

from bot.admin.rules import LARGEST_ID, MOST_CREDITS, WrongCommand, named

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
UNITS = {"m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
# Longer than that is for good.
LONGEST_BAN = 3650 * DAY
LONGEST_REASON = 200

# What stands on the buttons: credits, seconds of a ban (0: for good), credits of a day.
GIFTS = (10, 50, 200)
TAKINGS = (10, 50)
BANS = (DAY, 7 * DAY, 30 * DAY, 0)
LIMITS = (0, 5, 10, 20, 50, 100, 500)
# The value of a button that takes a limit back, and the word that does so in a command.
DEFAULT = "default"

# So many are on one page of a list.
PER_PAGE = 8


@dataclass(frozen=True, slots=True)
class Ban:
    """Whom to shut out, for how many seconds (None: for good), and why."""

    user_id: int
    seconds: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Today so far: pictures that came and that did not, people, credits; and what waits or is being drawn now.

    `unseen` were reported, or are held, and wait for somebody who decides.
    """

    pictures: int
    failures: int
    people: int
    credits: int
    queued: int
    drawing: int
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """Pictures that are on the way or held, and the credits that are set aside for them."""

    pictures: int
    credits: int


def person(words: str | None) -> int:
    """The person named after a command. Raises WrongCommand, for a group, too."""
    if (found := named(words)) > 0:
        return found
    raise WrongCommand("admin-needs-id")


def ban(words: str | None) -> Ban:
    """What is said after /ban: `123 2d too many at once`; without a time it is for good. Raises WrongCommand."""
    number, _, rest = (words or "").strip().partition(" ")
    first, _, after = rest.strip().partition(" ")
    seconds = duration(first)
    return Ban(person(number), seconds, reason(rest if seconds is None else after))


def duration(word: str) -> int | None:
    """The seconds of `30m`, `12h`, `2d` or `1w`; None for any other word, and for what lasts too long to end."""
    found = re.fullmatch(r"([1-9][0-9]{0,4})([mhdw])", word)
    seconds = int(found[1]) * UNITS[found[2]] if found else 0
    return seconds if 0 < seconds <= LONGEST_BAN else None


def reason(words: str) -> str:
    """Why, in one line that is not too long."""
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())[:LONGEST_REASON]


def change(words: str | None) -> tuple[int, int, str]:
    """Whom to give credits or, with a minus, take them from, how many, and why. Raises WrongCommand."""
    match (words or "").split(maxsplit=2):
        case [number, amount, *why] if size := _amount(amount.removeprefix("-")):
            return named(number), -size if amount.startswith("-") else size, reason(" ".join(why))
    raise WrongCommand("admin-needs-id-and-credits", most=MOST_CREDITS)


def limit(words: str | None) -> tuple[int, int | None]:
    """Whose credits of a day, and how many; None: as everybody. Raises WrongCommand."""
    match (words or "").split():
        case [number, amount] if amount.casefold() == DEFAULT or amount == "0" or _amount(amount):
            return named(number), int(amount) if amount.isdecimal() else None
    raise WrongCommand("panel-needs-limit", word=DEFAULT)


def appointment(words: str | None) -> tuple[int, bool]:
    """Whom to name a moderator, or with `off` behind the number no longer. Raises WrongCommand."""
    match (words or "").split():
        case [number]:
            return person(number), True
        case [number, word] if (on := switch(word)) is not None:
            return person(number), on
    raise WrongCommand("panel-needs-moderator")


def pardon(words: str | None) -> tuple[int, str]:
    """Whom to let in again, and why. Raises WrongCommand."""
    number, _, why = (words or "").strip().partition(" ")
    return person(number), reason(why)


def switch(words: str | None) -> bool | None:
    """On or off; None where neither was said."""
    return {"on": True, "off": False}.get((words or "").strip().casefold())


def subject(text: str) -> int | None:
    """The person or group that a button names; None for what no button of ours carries."""
    return int(text) if re.fullmatch(r"-?[1-9][0-9]{0,15}", text) and abs(int(text)) <= LARGEST_ID else None


def pressed(value: str) -> tuple[int, str] | None:
    """The amount of a button and the mark of its message, so that a double tap counts once; None for anything else."""
    found = re.fullmatch(r"([0-9]{1,9})-([0-9]{10})", value)
    return (int(found[1]), found[2]) if found else None


def _amount(word: str) -> int:
    """A whole number of credits that may be given at once, else 0."""
    size = int(word) if word.isascii() and word.isdecimal() and len(word) <= len(str(MOST_CREDITS)) else 0
    return size if size <= MOST_CREDITS else 0
