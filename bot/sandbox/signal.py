"""Lets waiting tasks know that something has changed, and tells listeners what."""

import asyncio
from collections.abc import Callable
from typing import Any

Event = dict[str, Any]
Listener = Callable[[Event], None]


class Signal:
    """Wakes all who wait, each time it rings."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake all who wait now."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def next(self) -> asyncio.Future[None]:
        """Done at the next ring. Whoever no longer waits cancels it."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        future.add_done_callback(self._waiting.discard)
        return future


class Feed:
    """What happens in the chats, for the page and for tests that wait."""

    def __init__(self) -> None:
        self.signal = Signal()
        self._listeners: set[Listener] = set()

    def tell(self, event: Event) -> None:
        """Pass an event on to every listener and wake all who wait."""
        for listener in tuple(self._listeners):
            listener(event)
        self.signal.ring()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear every event from now on, until the returned function is called."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)
