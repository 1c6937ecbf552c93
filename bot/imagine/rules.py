"""A wish through its life. Pure: no I/O, no clock."""

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import Cause
from bot.images import AspectRatio


class Status(StrEnum):
    """Where a generation is. Moved only from the expected one.

    QUEUED → DRAWING → READY → DELIVERED, or FAILED · CANCELLED · EXPIRED from any of the first three.
    """

    QUEUED = "queued"
    DRAWING = "drawing"
    READY = "ready"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


UNFINISHED = (Status.QUEUED, Status.DRAWING, Status.READY)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed, before defaults. Only the prompt must be there."""

    prompt: str
    negative: str | None = None
    ratio: AspectRatio | None = None
    model: str | None = None
    count: int = 1
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a wish was spoken: the chat, the topic in it (None outside forums), the message to reply to."""

    chat_id: int
    thread_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """One picture from wish to end: one hold, one note, one picture. Times in Unix seconds, `draw_ms` in milliseconds.

    `seed` is the one drawn with (None where the model takes none); `variation` counts presses of Vary.
    `note_id` is the note that becomes the picture. `error_id` is what the admin searches the log for.
    `fenced`: a new message with the picture was begun to be sent, so it is never sent again by itself.
    `shown_as` is `photo` or `document`, `file_id` its file at Telegram, `original_id` that of the original file.
    """

    generation_id: str
    user_id: int
    chat_id: int
    thread_id: int | None
    message_id: int | None
    note_id: int | None
    parent_id: str | None
    action: str | None
    model: str
    prompt: str
    negative: str | None
    ratio: AspectRatio
    seed: int | None
    variation: int
    price: int
    status: Status
    cause: Cause | None
    error_id: str | None
    fenced: bool
    created_at: int
    started_at: int | None
    ended_at: int | None
    draw_ms: int | None
    shown_as: str | None
    file_id: str | None
    original_id: str | None
    width: int | None
    height: int | None

    @property
    def private(self) -> bool:
        """Spoken in a private chat: Telegram gives people positive ids and groups negative ones."""
        return self.chat_id > 0
