"""A job is work still to do. It has no status: it is in the table or it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_WAIT = 300
"""Seconds between two tries of work that keeps failing."""


@dataclass(frozen=True, slots=True)
class Job:
    """One row of work.

    `job_id` is never used again, so that a late write cannot meet a younger job about the same subject.
    `kind` chooses the handler, `subject` is what it is about (a generation's id), `lane` is worked one job at a
    time (`user:<id>`), `due_at` in Unix seconds, `attempts` counts claims and fences writes, `remote_id` is what a
    slow service gave us to come back with.
    """

    job_id: int
    kind: str
    subject: str
    lane: str
    due_at: int
    attempts: int
    remote_id: str | None


def backoff(attempts: int) -> int:
    """Seconds to wait after the given number of tries: 2, 4, 8 … 300."""
    return min(LONGEST_WAIT, 1 << min(attempts, 10))


def places(waiting: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The place of each subject in the queue; 1 is next.

    `waiting` holds (lane, subject), the lane that was served longest ago first and in each lane the oldest first.
    Lanes take turns: the first job of every lane comes before the second of any.
    """
    turn: dict[str, int] = {}
    rounds: dict[str, int] = {}
    for lane, subject in waiting:
        turn[lane] = rounds[subject] = turn.get(lane, 0) + 1
    ordered = sorted((subject for _, subject in waiting), key=rounds.__getitem__)
    return {subject: place for place, subject in enumerate(ordered, 1)}
