"""What is decided about reported pictures, and how /block is read. Pure: no I/O, no clock."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import UserError
from bot.imagine.rules import DELETABLE, Generation, Status
from bot.moderation.rules import EVERYWHERE, Kind, Rule, rule_of

# Pictures that one person can report in a day; what comes beyond is thanked for and left.
MOST_REPORTS = 10
DAY = 24 * 3600
# Seconds for which it is remembered that a picture was reported, and what was decided.
KEPT = 90 * DAY
# A report that reached nobody is tried again after so many seconds; one that did, for whoever may decide by then.
AGAIN = 300
MORE = 3600
# Moderators who are asked about each picture.
MOST_ASKED = 50
# Rules on one page of the list.
ON_A_PAGE = 25

# Phones make one long dash of two hyphens.
_WHERE = re.compile(r"(?<!\S)(?:--|[–—])in\b[\s=]*(?P<kinds>[a-z, ]*)\Z", re.IGNORECASE)


class Verdict(StrEnum):
    """Each has a button `review-<value>` and a sentence `review-is-<value>`.

    REFUSE takes the picture away, and it counts against its owner. RETURN takes it away, too, and gives the credits
    back: nobody could know what the model would make of these words.
    """

    ALLOW = "allow"
    VEIL = "veil"
    REFUSE = "refuse"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Review:
    """A reported picture, and what was decided about it; None: nothing yet. `doubted`: the judge was not sure."""

    generation_id: str
    verdict: Verdict | None
    moderator_id: int | None
    doubted: bool = False


def choices(generation: Generation) -> tuple[Verdict, ...]:
    """What can be decided: a file cannot be veiled, and what cost nothing cannot be given back.

    What is not shown yet is not paid for.
    """
    if generation.status is not Status.DELIVERED:
        return Verdict.ALLOW, Verdict.VEIL, Verdict.REFUSE
    left_out = {Verdict.VEIL} if generation.shown_as != "photo" else set()
    left_out |= set() if generation.price else {Verdict.RETURN}
    return tuple(each for each in Verdict if each not in left_out)


def is_deletable(generation: Generation, now: int) -> bool:
    """Whether Telegram lets the bot take back its message without any right in the group."""
    return now - (generation.ended_at or 0) < DELETABLE


def block_of(typed: str | None) -> tuple[Rule, tuple[Kind, ...]]:
    """The rule and the kinds of chats behind /block. Raises BadRule, and UserError for a kind that is none."""
    words = (typed or "").strip()
    found = _WHERE.search(words)
    if found is None:
        return rule_of(words), EVERYWHERE
    named = found["kinds"].casefold().replace(",", " ").split()
    if not named or any(name not in EVERYWHERE for name in named):
        raise UserError("moderation-unknown-kind", kinds=", ".join(EVERYWHERE))
    return rule_of(words[: found.start()]), tuple(kind for kind in Kind if kind in named)
