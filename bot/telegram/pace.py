"""Keeps below Telegram's limits: the generic cell rate algorithm, one number for each chat and one for all."""

import asyncio

from bot.clock import Clock
from bot.telegram import limits
from bot.telegram.fading import Fading
from bot.telegram.limits import Rate


class Bucket:
    """One rate. `free_at` is when the last promised call would be due if calls came evenly."""

    __slots__ = ("_interval", "_slack", "free_at")

    def __init__(self, rate: Rate) -> None:
        self._interval = rate.seconds / rate.calls
        self._slack = self._interval * (rate.burst - 1)
        self.free_at = 0.0

    def wait(self, now: float) -> float:
        """Seconds from `now` (monotonic) until a call fits."""
        return max(0.0, self.free_at - self._slack - now)

    def take(self, now: float) -> float:
        """Promise a call to somebody, who waits so many seconds before it."""
        wait = self.wait(now)
        self.free_at = max(self.free_at, now) + self._interval
        return wait


class Pace:
    """Asked before each call to a chat. New messages and edits are counted apart."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._all = {False: Bucket(limits.ALL), True: Bucket(limits.ALL_EDITS)}
        # A chat at rest is as one that was never called.
        self._chats: Fading[tuple[int, bool], Bucket] = Fading(lambda bucket: bucket.free_at <= clock.monotonic())

    async def turn(self, chat_id: int, *, edit: bool) -> None:
        """Wait until the chat's limit and then the limit of all leave room, and take it."""
        # The chat comes first: who waits for a busy chat must not use up what others could have.
        for bucket in (self._chat(chat_id, edit), self._all[edit]):
            if wait := bucket.take(self._clock.monotonic()):
                await asyncio.sleep(wait)

    def chance(self, chat_id: int, *, edit: bool) -> bool:
        """Take room only if it is there without waiting: for what may be left out, as progress."""
        now = self._clock.monotonic()
        buckets = (self._chat(chat_id, edit), self._all[edit])
        if any(bucket.wait(now) for bucket in buckets):
            return False
        for bucket in buckets:
            bucket.take(now)
        return True

    def move(self, before: int, after: int) -> None:
        """A chat has a new number, and has been called as often as before."""
        for edit in (False, True):
            was, now = self._chats.get((before, edit)), self._chat(after, edit)
            now.free_at = max(now.free_at, was.free_at if was else 0.0)

    def _chat(self, chat_id: int, edit: bool) -> Bucket:
        bucket = self._chats.get((chat_id, edit))
        if bucket is None:
            bucket = self._chats[chat_id, edit] = Bucket(_rate(chat_id, edit))
        return bucket


def _rate(chat_id: int, edit: bool) -> Rate:
    if chat_id > 0:
        return limits.PRIVATE_EDITS if edit else limits.PRIVATE
    return limits.GROUP_EDITS if edit else limits.GROUP
