"""What is found and what is kept while somebody types. Pure: no I/O, no clock."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Own pictures of one page; Telegram takes at most fifty results, and asks for more once somebody has come to the last.
PAGE = 24
# Own pictures that are searched, the newest first: a search must be quick, it happens with every letter.
SEARCHED = 1000
# Typed words are kept for a button that somebody may press: for so many seconds, and so many of one person.
TYPED_KEPT = 3600
MOST_TYPED = 20
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
    return [each for each in pictures if all(word in each.prompt.casefold() for word in wanted)]


def page(found: Sequence[Found], after: str) -> tuple[list[Found], str]:
    """Those that follow the picture `after`, from the first one where that is empty; and where the next page begins.

    That is empty at the end, and there is no page behind a picture that was not found.
    """
    known = [each.generation_id for each in found]
    if after and after not in known:
        return [], ""
    start = known.index(after) + 1 if after else 0
    shown = list(found[start : start + PAGE])
    return shown, shown[-1].generation_id if len(found) > start + PAGE else ""


def wish_id(mark: str, typed: str) -> str:
    """The same words of the same person are one kept wish, however often they are typed.

    `mark` stands for the person and is known to nobody outside: else whoever guesses words could look for their id.
    """
    return hashlib.sha256(f"{mark}:{typed}".encode("utf-8", "replace")).hexdigest()[:16]


def without_name(text: str, username: str) -> str:
    """What was said to us, without our name."""
    name = f"@{username}".casefold()
    return " ".join(word for word in text.split() if word.casefold().rstrip(",:") != name)
