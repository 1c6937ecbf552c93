"""What is found and what is kept while somebody types. Pure: no I/O, no clock."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

# Own pictures that are offered at once; Telegram takes at most fifty results.
MOST_FOUND = 24
# Own pictures that are searched, the newest first: a search must be quick, it happens with every letter.
SEARCHED = 1000
# What stands before the id of an own picture in the list of results.
OWN = "own"
# What a result and the button of its message carry: `draw:<wish>:<owner>`.
DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Found:
    """An own picture that Telegram has already; `shown_as` is `photo` or `document`."""

    generation_id: str
    prompt: str
    file_id: str
    shown_as: str


def matching(pictures: Iterable[Found], words: str) -> list[Found]:
    """Those that were asked for with all of these words, or with words that begin like them, whatever their case."""
    wanted = words.casefold().split()
    found = (each for each in pictures if all(word in each.prompt.casefold() for word in wanted))
    return [each for each, _ in zip(found, range(MOST_FOUND), strict=False)]


def wish_id(user_id: int, typed: str) -> str:
    """The same words of the same person are one kept wish, however often they are typed."""
    return hashlib.sha256(f"{user_id}:{typed}".encode()).hexdigest()[:16]


def without_name(text: str, username: str) -> str:
    """What was said to us, without our name."""
    name = f"@{username}".casefold()
    return " ".join(word for word in text.split() if word.casefold().rstrip(",:") != name)
