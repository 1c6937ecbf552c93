"""A job is work still to do. It has no status: it is in the table or it is done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """One row of work.

    `kind` chooses the handler, `subject` is what it is about (a generation's id), `lane` is worked one job at a
    time (`user:<id>`), `due_at` in Unix seconds, `attempts` counts claims and fences writes, `remote_id` is what a
    slow service gave us to come back with.
    """

    kind: str
    subject: str
    lane: str
    due_at: int
    attempts: int
    remote_id: str | None
