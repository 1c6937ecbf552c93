"""A generation to begin with."""

from dataclasses import replace
from typing import Any

from bot.images import AspectRatio
from bot.imagine.rules import Generation, Status

NOW = 1_800_000_000
ANNA = 101

PLAIN = Generation(
    generation_id="g1",
    user_id=ANNA,
    chat_id=ANNA,
    thread_id=None,
    message_id=7,
    note_id=None,
    parent_id=None,
    action=None,
    model="fake/plain",
    prompt="a fox",
    negative=None,
    ratio=AspectRatio.SQUARE,
    seed=None,
    variation=0,
    price=1,
    status=Status.QUEUED,
    cause=None,
    error_id=None,
    fenced=False,
    created_at=NOW,
    started_at=None,
    ended_at=None,
    draw_ms=None,
    shown_as=None,
    file_id=None,
    original_id=None,
    width=None,
    height=None,
)


def generation(**fields: Any) -> Generation:
    """Anna's queued fox, with other `fields`."""
    return replace(PLAIN, **fields)
