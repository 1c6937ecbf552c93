"""Updates on their way to a bot: kept until they are confirmed, given to one poller at a time."""

import asyncio
import itertools
from collections import deque
from collections.abc import Iterable
from typing import Any

from bot.sandbox.errors import OTHER_POLLER, ApiError
from bot.sandbox.signal import Signal

Wire = dict[str, Any]

# Sent only to bots that ask for them by name.
UNUSUAL = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50
MOST = 100
LIFE = 24 * 3600
QUERY_LIFE = 150
SHORT_LIVED = frozenset({"callback_query", "inline_query", "pre_checkout_query", "guest_message"})


class Updates:
    """The queue of one bot. `next_id` may be set, to see what happens when the numbers jump."""

    def __init__(self) -> None:
        self.next_id = 100_000_001
        self.allowed: frozenset[str] | None = None
        self.polls = itertools.count()
        self.given = 0
        self._queue: deque[tuple[int, Wire]] = deque()
        self._new = Signal()
        self._began = Signal()
        self._poll: asyncio.Future[ApiError] | None = None

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def waiting(self) -> list[Wire]:
        """What is not confirmed yet, oldest first."""
        return [update for _, update in self._queue]

    @property
    def polling(self) -> bool:
        """Whether somebody waits in getUpdates right now."""
        return self._poll is not None

    def add(self, kind: str, content: Wire, now: int) -> Wire | None:
        """Queue an update, unless the bot does not want this kind."""
        if kind not in self.allowed if self.allowed is not None else kind in UNUSUAL:
            return None
        update = {"update_id": self.next_id, kind: content}
        self.next_id += 1
        self.put([update], now)
        return update

    def put(self, updates: Iterable[Wire], now: int) -> None:
        """Queue updates as they are: also odd ones, repeated ones, and ones in the wrong order."""
        self._queue.extend((now, update) for update in updates)
        self.ring()

    def forget_old(self, now: int) -> None:
        """Drop messages that nobody fetched for a day, and queries that nobody fetched in time."""
        if self._queue and self._queue[0][0] < now - QUERY_LIFE:
            self._queue = deque(one for one in self._queue if now - one[0] <= _life(one[1]))

    def clear(self) -> None:
        """Forget everything that waits."""
        self._queue.clear()

    def confirm(self, offset: int) -> None:
        """Forget what lies before `offset`; a negative one keeps only that many of the newest."""
        if offset < 0:
            kept = list(self._queue)[offset:]
        else:
            kept = [(at, update) for at, update in self._queue if update["update_id"] >= offset]
        self._queue = deque(kept)

    def remove(self, update: Wire) -> None:
        """Forget one update, which a webhook has taken."""
        self._queue = deque(one for one in self._queue if one[1] is not update)

    def take(self, limit: int) -> list[Wire]:
        """The oldest updates that wait. They stay until they are confirmed."""
        found = [update for _, update in itertools.islice(self._queue, limit)]
        self.given += len(found)
        return found

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Wire]:
        """What getUpdates answers. Ends the poll of anybody else; raises ApiError when somebody else ends this one."""
        self.interrupt(OTHER_POLLER)
        self.confirm(offset)
        next(self.polls)
        if not self._queue and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        return self.take(limit)

    def new(self) -> asyncio.Future[None]:
        """Done when something is queued."""
        return self._new.next()

    async def polled(self) -> None:
        """Return as soon as somebody waits in getUpdates."""
        while not self.polling:
            await self._began.next()

    def ring(self) -> None:
        """Wake whoever waits for something new."""
        self._new.ring()

    def interrupt(self, words: str) -> None:
        """Answer 409 to whoever polls now."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(ApiError(409, words))

    async def _wait(self, timeout: float) -> None:
        self._poll = ended = asyncio.get_running_loop().create_future()
        arrival = self._new.next()
        self._began.ring()
        try:
            await asyncio.wait((ended, arrival), timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrival.cancel()
            if self._poll is ended:
                self._poll = None
        if ended.done():
            raise ended.result()


def _life(update: Wire) -> int:
    return LIFE if SHORT_LIVED.isdisjoint(update) else QUERY_LIFE
