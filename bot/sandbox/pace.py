"""How fast a bot may speak: what it was told to wait is kept, and the real limits can be switched on."""

import math
import re
from dataclasses import dataclass, field

from bot.sandbox.calls import Record
from bot.sandbox.errors import ApiError, too_many_requests

PACED = re.compile(r"(send(?!ChatAction)|edit|copy|forward)")


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls at once, and one more each `interval` seconds."""

    interval: float
    burst: int


EVERYWHERE = Limit(1 / 30, 30)
PRIVATE = Limit(1.0, 5)
GROUP = Limit(3.0, 20)


@dataclass(slots=True)
class Pace:
    """Answers 429 to calls that come too early.

    A call before the end of a told time is refused once more and counts as a violation. With `real` the limits of
    the official server hold too: 30 calls a second, about one a second in a private chat, 20 a minute in a group.
    """

    real: bool = False
    _until: dict[object, float] = field(default_factory=dict)
    _due: dict[object, float] = field(default_factory=dict)

    def told(self, record: Record, retry_after: int) -> None:
        """Remember that the caller was told to wait."""
        if PACED.match(record.method):
            key = _key(record)
            self._until[key] = max(self._until.get(key, 0.0), record.since + retry_after)

    def check_told(self, record: Record) -> None:
        """Raise ApiError for a call that comes before the time that its bot was told for this chat."""
        if not self._until or not PACED.match(record.method):
            return
        left = self._until.get(_key(record), 0.0) - record.since
        if left > 0:
            seconds = math.ceil(left)
            words = f"Too Many Requests: retry after {seconds}"
            raise ApiError(429, words, violation=True, retry_after=seconds)

    def check(self, record: Record) -> None:
        """Raise ApiError for a call that is faster than the real limits, when they are on."""
        if not self.real or not PACED.match(record.method):
            return
        key = _key(record)
        chat = GROUP if (record.chat_id or 0) < 0 else PRIVATE
        limits = ((key[0], EVERYWHERE), (key, chat))
        late = max(self._wait(name, limit, record.since) for name, limit in limits)
        if late > 0:
            raise too_many_requests(math.ceil(late))
        for name, limit in limits:
            self._due[name] = max(self._due.get(name, 0.0), record.since) + limit.interval

    def _wait(self, name: object, limit: Limit, now: float) -> float:
        return self._due.get(name, 0.0) - now - limit.interval * (limit.burst - 1)


def _key(record: Record) -> tuple[int, object]:
    bot = record.bot.user.user_id if record.bot else 0
    return bot, record.chat_id or record.method
