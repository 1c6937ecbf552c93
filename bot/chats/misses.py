"""People who ask about chats that are none of theirs: each such question costs a call, so they are few."""

from collections import deque

from bot.clock import Clock
from bot.errors import UserError

# So many of somebody's questions may come to nothing within so many seconds.
MOST = 5
WITHIN = 60.0
# So many people are remembered at most.
MOST_KNOWN = 10_000


class Misses:
    """In memory only: whoever begins anew after a restart does no harm."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[int, deque[float]] = {}

    def add(self, user_id: int) -> None:
        """A question of theirs came to nothing."""
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known.setdefault(user_id, deque(maxlen=MOST)).append(self._clock.monotonic())

    def require_few(self, user_id: int) -> None:
        """Raises UserError where Telegram is asked nothing more for them now."""
        known = self._known.get(user_id)
        left = known[0] + WITHIN - self._clock.monotonic() if known and len(known) == MOST else 0.0
        if left > 0:
            raise UserError("chats-asked-too-often", seconds=max(1, round(left)))
