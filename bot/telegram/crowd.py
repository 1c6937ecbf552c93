"""One picture at a time for a group that gets more than Telegram lets through, so that no other chat waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.clock import Clock
from bot.telegram.fading import Fading
from bot.telegram.limits import GROUP_EDITS

# Seconds for which a turn is remembered.
PATIENCE = 600.0
# Seconds between two pictures in a group that is never at rest.
APART = GROUP_EDITS.seconds / GROUP_EDITS.calls


class Crowded(Exception):
    """Another picture is on its way to this group. In so many seconds it is the turn of this one."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"its turn comes in {seconds:.0f} s")
        self.seconds = seconds


class Crowd:
    """Whoever waits for a group keeps one worker busy. The others go away, and come back at a time of their own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._served: set[int] = set()
        self._promised: Fading[int, float] = Fading(lambda at: at <= clock.monotonic())
        # Whose turn it is, or will be; a turn that nobody came for is forgotten after a while.
        self._turns: Fading[str, float] = Fading(lambda at: at + PATIENCE <= clock.monotonic())

    @contextmanager
    def alone(self, chat_id: int, who: str) -> Iterator[None]:
        """Be the only one who waits for this group; for private chats, where few pictures wait, all may.

        `who` is the generation: it is promised a turn once, and comes soon again where somebody else is late.
        Raises Crowded.
        """
        if chat_id > 0:
            yield
            return
        if chat_id in self._served:
            raise Crowded(self._next(chat_id, who))
        self._served.add(chat_id)
        try:
            yield
        finally:
            self._served.discard(chat_id)

    def _next(self, chat_id: int, who: str) -> float:
        now = self._clock.monotonic()
        mine = self._turns.get(who)
        if mine is not None:
            return max(APART, mine - now)
        at = max(now, self._promised.get(chat_id, 0.0)) + APART
        self._promised[chat_id] = self._turns[who] = at
        return at - now
