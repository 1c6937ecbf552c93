"""Who may use an admin's commands, and how they are read. Pure: no I/O, no clock."""

from dataclasses import dataclass
from enum import IntEnum

from bot.errors import UserError
from bot.users.rules import Person

# In the order of the menu. Each has a description `command-<name>` in every language.
COMMANDS = (
    "admin",
    "allow",
    "disallow",
    "grant",
    "find",
    "ban",
    "unban",
    "limit",
    "moderator",
    "why",
    "price",
    "preset",
    "maintenance",
    "audit",
    "block",
    "unblock",
    "broadcast",
    "doctor",
)

# Those that only look: they may wait, and are done then.
FIGURES = ("stats", "providers")

# Those that moderators have, too.
FOR_MODERATORS = ("admin", "find", "ban", "unban", "why")

# Seconds after which an admin's command is not carried out, nor a yes to a question: what was meant then may not be
# meant now.
FRESH_SECONDS = 10 * 60

# More at once is a slip of the finger.
MOST_CREDITS = 1_000_000

# The largest id that Telegram says it may give: 52 significant bits.
LARGEST_ID = 2**52 - 1


# Telegram's numbers of groups are below this one, those of people above zero: nothing in between is anybody.
GROUPS_BELOW = -1000


class Role(IntEnum):
    """What somebody may do here: each may what the ones before may.

    A MODERATOR looks people up, bans them and asks why. An ADMIN runs the bot. The OWNER reads what others wrote, too.
    """

    NOBODY = 0
    MODERATOR = 1
    ADMIN = 2
    OWNER = 3


@dataclass(frozen=True, slots=True)
class Roles:
    """Who has which role. `admin_ids` are those of the settings, the owner first; admins name moderators."""

    admin_ids: tuple[int, ...]

    def of(self, person: Person) -> Role:
        """The role of a person."""
        if person.user_id in self.admin_ids:
            return Role.OWNER if person.user_id == self.admin_ids[0] else Role.ADMIN
        return Role.MODERATOR if person.moderator else Role.NOBODY

    def may_decide_about(self, role: Role, other: Person) -> bool:
        """Whether somebody of this role may shut the other one out: only who stands below, and nobody who runs the bot.

        The gate lets those through whatever is written about them, so it would only look like a ban.
        """
        return self.of(other) < min(role, Role.ADMIN)


class WrongCommand(UserError):
    """The words after a command are not what it takes."""


def named(words: str | None) -> int:
    """The person, or the group (a negative number), named after /allow or /disallow. Raises WrongCommand."""
    match (words or "").split():
        case [number] if (size := _whole(number.removeprefix("-"))) and size <= LARGEST_ID:
            if number.isdecimal() or -size < GROUPS_BELOW:
                return -size if number.startswith("-") else size
    raise WrongCommand("admin-needs-id")


def credits_in(words: str | None) -> int:
    """The credits named after /grant in a group, for its pot. Raises WrongCommand."""
    given = _whole((words or "").strip())
    if 0 < given <= MOST_CREDITS:
        return given
    raise WrongCommand("admin-needs-id-and-credits", most=MOST_CREDITS)


def _whole(word: str) -> int:
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= len(str(LARGEST_ID)) else 0
