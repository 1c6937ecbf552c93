"""What all who call into a chat share: one at a time, at its pace, and not before a pause is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.patience import patiently
from bot.telegram import store
from bot.telegram.fading import Fading
from bot.telegram.limits import PAUSE_BELIEVED
from bot.telegram.pace import Pace

log = structlog.get_logger(__name__)


class Chats:
    """The doors of all chats. Pauses that Telegram asked for are kept over a restart."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.pace = Pace(clock)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._paused: Fading[int, float] = Fading(lambda until: until <= clock.monotonic())

    async def load(self) -> None:
        """Take up the pauses of the last run."""
        async with self._database.read() as tx:
            until = await store.pauses(tx)
        now, here = self._clock.now(), self._clock.monotonic()
        # The wall clock counts whole seconds: one more, so that no call comes early.
        for chat_id, left in ((chat_id, at - now + 1) for chat_id, at in until.items() if at >= now):
            self._paused[chat_id] = here + min(left, PAUSE_BELIEVED)

    def pause_left(self, chat_id: int) -> float:
        """Seconds for which a chat must not be called."""
        return max(0.0, self._paused.get(chat_id, 0.0) - self._clock.monotonic())

    async def pause(self, chat_id: int, seconds: int) -> None:
        """Telegram said how long; that is kept to exactly, also by the next process.

        Returns once it is written down, or over. Raises no StorageError: this process keeps to it anyway.
        """
        self._paused[chat_id] = self._clock.monotonic() + seconds
        until = self._clock.now() + seconds

        async def rest(nap: float) -> bool:
            await asyncio.sleep(nap)
            return self.pause_left(chat_id) == 0

        try:
            await patiently(self._database, lambda tx: store.pause(tx, chat_id, until), rest)
        except StorageError as error:
            log.warning("pause_not_written_down", chat_id=chat_id, reason=str(error))

    def move(self, before: int, after: int) -> None:
        """A group has a new number: it is called no faster for that."""
        if before in self._paused:
            self._paused[after] = max(self._paused[before], self._paused.get(after, 0.0))
        self.pace.move(before, after)

    def is_busy(self, chat_id: int) -> bool:
        """Whether somebody calls into this chat just now, or it is paused."""
        lock = self._locks.get(chat_id)
        return bool(lock and lock.locked()) or self.pause_left(chat_id) > 0

    @asynccontextmanager
    async def turn(self, chat_id: int) -> AsyncIterator[None]:
        """Be the only one who calls into this chat. Waiters come in the order they asked."""
        lock = self._locks.setdefault(chat_id, asyncio.Lock())
        async with lock:
            yield
