"""A draft for a channel through its life, its caption and its time. Pure: no I/O, no clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.texts import utf16_len

# UTF-16 units that Telegram takes below a picture, and that a signature may have of them.
CAPTION = 1024
SIGNATURE = 64
# Seconds from now, as the buttons offer them.
SOON = (3600, 3 * 3600)
# The hour of the next day that a button offers.
MORNING = 9
# Nothing is planned for later than this, in seconds.
FARTHEST = 365 * 24 * 3600
# After so many tries that surely did not arrive a post is given back to its person.
TRIES = 15
LONGEST_WAIT = 120
# Seconds behind its time from which on a planned post is given back instead.
LATEST = 6 * 3600
# Seconds that a draft is kept once nothing happened to it.
DRAFT_KEPT = 90 * 24 * 3600

TYPED = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})[ T]+)?(\d{1,2}):(\d{2})")

Entity = Mapping[str, Any]


class State(StrEnum):
    """Where a draft is. Moved only from the expected one.

    DRAFT ⇄ PLANNED → SENDING → BEGUN → PUBLISHED; a refusal leads back to DRAFT, an unknown end to UNSURE, and from
    there a press to SENDING again. DISCARDED from all but those that may be in the channel soon.
    """

    DRAFT = "draft"
    PLANNED = "planned"
    SENDING = "sending"
    BEGUN = "begun"
    PUBLISHED = "published"
    UNSURE = "unsure"
    DISCARDED = "discarded"


class News(StrEnum):
    """What became of a post: each value has one sentence `post-news-<value>`."""

    PUBLISHED = "published"
    UNSURE = "unsure"
    NOT_ADMIN = "not-admin"
    NO_RIGHT = "no-right"
    REFUSED = "refused"
    SILENCE = "silence"
    LATE = "late"


class Asked(StrEnum):
    """What an answer of its person is waited for: each value has a question `post-ask-<value>`."""

    CAPTION = "caption"
    TIME = "time"
    SIGNATURE = "signature"


OPEN = frozenset({State.DRAFT, State.PLANNED, State.UNSURE})
"""A person can change it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What Telegram says of a channel and one of its people. `title` and `username` are the channel's.

    `leads`: the person is one of its admins who may post. `posts`: the bot is.
    """

    leads: bool = False
    posts: bool = False
    title: str = ""
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A picture of a person on its way into a channel; `post_id` is the id of its generation.

    `entities` format the caption, as Telegram writes them. `signature` stands below it. `asked`: an answer is waited
    for, and `question_id` is the message that asks, once it was sent. `due_at` is when it is published, `message_id`
    and `link` where it was. Times in Unix seconds.
    """

    post_id: str
    user_id: int
    chat_id: int
    title: str
    created_at: int
    changed_at: int
    caption: str = ""
    entities: tuple[Entity, ...] = ()
    signature: str | None = None
    state: State = State.DRAFT
    asked: Asked | None = None
    due_at: int | None = None
    message_id: int | None = None
    link: str | None = None
    question_id: int | None = None

    @property
    def words(self) -> tuple[str, list[Entity]]:
        """Caption and signature as they stand below the picture."""
        return signed(self.caption, self.entities, self.signature)


class TooLong(UserError):
    """Caption and signature do not fit below a picture."""

    def __init__(self, caption: str, signature: str | None) -> None:
        units = utf16_len(signed(caption, (), signature)[0])
        super().__init__("post-too-long", units=str(units), most=str(CAPTION))


class NotATime(UserError):
    """It was not written as a time, or it is over, or far away."""


def signed(caption: str, entities: Sequence[Entity], signature: str | None) -> tuple[str, list[Entity]]:
    """The caption with the signature in a line of its own, set apart."""
    if not signature:
        return caption, list(entities)
    before = f"{caption}\n\n" if caption else ""
    mark = {"type": "italic", "offset": utf16_len(before), "length": utf16_len(signature)}
    return before + signature, [*entities, mark]


def fitting(caption: str, signature: str | None) -> None:
    """Raises TooLong for what Telegram would not take."""
    if utf16_len(signed(caption, (), signature)[0]) > CAPTION:
        raise TooLong(caption, signature)


def a_signature(typed: str) -> str | None:
    """One line, cut to what a signature may have; None for a dash, which takes it away."""
    line = " ".join(typed.split())
    if utf16_len(line) > SIGNATURE:
        raise UserError("post-signature-long", most=str(SIGNATURE))
    return None if line in ("", "-", "–", "—") else line


def morning(now: int, zone: ZoneInfo) -> int:
    """Tomorrow's MORNING in this zone, in Unix seconds."""
    tomorrow = datetime.fromtimestamp(now, zone) + timedelta(days=1)
    return int(tomorrow.replace(hour=MORNING, minute=0, second=0, microsecond=0).timestamp())


def moment(typed: str, now: int, zone: ZoneInfo) -> int:
    """The time that was typed as `2026-12-31 18:30`, or `18:30` for the next one. Raises NotATime."""
    found = TYPED.fullmatch(typed.strip())
    if found is None:
        raise NotATime("post-time-unread")
    here = datetime.fromtimestamp(now, zone)
    year, month, day, hour, minute = (None if part is None else int(part) for part in found.groups())
    try:
        wanted = here.replace(
            year=year or here.year,
            month=month or here.month,
            day=day or here.day,
            hour=hour or 0,
            minute=minute or 0,
            second=0,
            microsecond=0,
            fold=0,
        )
        at = int(wanted.timestamp())
        if year is None and at <= now:
            at = int((wanted + timedelta(days=1)).timestamp())
    except (ValueError, OverflowError):
        raise NotATime("post-time-unread") from None
    return checked(at, now)


def checked(at: int, now: int) -> int:
    """A time that can be planned for. Raises NotATime."""
    if at <= now:
        raise NotATime("post-time-over")
    if at > now + FARTHEST:
        raise NotATime("post-time-far")
    return at


def link_to(chat_id: int, username: str | None, message_id: int) -> str:
    """Where a post can be seen: by everybody, or in a private channel by its readers."""
    if username:
        return f"https://t.me/{username}/{message_id}"
    return f"https://t.me/c/{str(chat_id).removeprefix('-100')}/{message_id}"


def wait_seconds(attempts: int) -> int:
    """Seconds until the next try."""
    return int(min(2**attempts, LONGEST_WAIT))
