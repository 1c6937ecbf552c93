"""Who may use an admin's commands, and how they are read. Pure: no I/O, no clock."""

from bot.errors import UserError

# In the order of the menu. Each has a description `command-<name>` in every language.
COMMANDS = ("allow", "disallow", "grant")

# Seconds after which an admin's command is not carried out: what was meant then may not be meant now.
FRESH_SECONDS = 10 * 60

# More at once is a slip of the finger.
MOST_CREDITS = 1_000_000

# The largest id that Telegram says it may give: 52 significant bits.
LARGEST_ID = 2**52 - 1


class WrongCommand(UserError):
    """The words after a command are not what it takes."""


def person_id(words: str | None) -> int:
    """The person named after /allow or /disallow. Raises WrongCommand."""
    match (words or "").split():
        case [person] if (number := _whole(person)) and number <= LARGEST_ID:
            return number
    raise WrongCommand("admin-needs-id")


def grant(words: str | None) -> tuple[int, int]:
    """Person and credits named after /grant. Raises WrongCommand."""
    match (words or "").split():
        case [person, amount] if (given := _whole(amount)) and given <= MOST_CREDITS:
            return person_id(person), given
    raise WrongCommand("admin-needs-id-and-credits", most=MOST_CREDITS)


def _whole(word: str) -> int:
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= len(str(LARGEST_ID)) else 0
