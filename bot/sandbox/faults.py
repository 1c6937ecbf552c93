"""Faults on demand: what the network and the official server do to a bot on a bad day."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from bot.sandbox.calls import Record
from bot.sandbox.errors import BY_STATUS, ApiError, migrated, too_many_requests


class Lost(StrEnum):
    """How an answer gets lost."""

    BEFORE = "before"  # the connection is reset and nothing has happened
    AFTER = "after"  # it has happened, and the connection is reset instead of an answer
    HANG = "hang"  # it has happened, and no answer ever comes


class FaultOptions(TypedDict, total=False):
    """The ways of a Fault, as keywords."""

    status: int
    text: str | None
    retry_after: int | None
    migrate_to_chat_id: int | None
    lost: Lost | None
    delay: float
    times: int | None
    skip: int
    where: Callable[[Record], bool] | None


@dataclass(slots=True, eq=False)
class Fault:
    """One kind of trouble for the calls of a method (`*`: of every method).

    It lets `skip` calls pass, then hits `times` of them (None: all that follow). `where` narrows it to some calls.
    `delay` in seconds is waited before anything happens; a fault may consist of the delay alone.
    """

    method: str = "*"
    status: int = 0
    text: str | None = None
    retry_after: int | None = None
    migrate_to_chat_id: int | None = None
    lost: Lost | None = None
    delay: float = 0.0
    times: int | None = 1
    skip: int = 0
    where: Callable[[Record], bool] | None = None
    hits: int = 0

    def end(self) -> None:
        """No trouble from here on."""
        self.times = self.hits

    @property
    def over(self) -> bool:
        """Whether it has hit as often as it should."""
        return self.times is not None and self.hits >= self.times

    def strikes(self, record: Record) -> bool:
        """Whether this call is hit; counts it."""
        if self.over or self.method not in ("*", record.method) or (self.where and not self.where(record)):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.hits += 1
        return True

    def error(self) -> ApiError | None:
        """What is answered instead of a result, when there is an answer."""
        if self.retry_after is not None:
            return too_many_requests(self.retry_after)
        if self.migrate_to_chat_id is not None:
            return migrated(self.migrate_to_chat_id)
        if self.status or self.text:
            status = self.status or 400
            return ApiError(status, self.text or BY_STATUS.get(status, "Internal Server Error"))
        return None

    def __str__(self) -> str:
        error = self.error()
        return str(error) if error else f"lost {self.lost}" if self.lost else f"delay {self.delay} s"
