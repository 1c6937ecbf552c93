"""Who may post in which channel, as Telegram says: asked outside of transactions, believed for a short while."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from bot.chats.misses import Misses
from bot.clock import Clock
from bot.errors import Errand, UserError
from bot.posts.rules import Standing

# Seconds for which an answer is believed.
BELIEVED = 60.0
# So many answers are kept at most.
MOST_KNOWN = 10_000

Ask = Callable[[int | str, int], Awaitable[tuple[int, Standing] | None]]
"""Channel (its number, or its name with an @) and person in; its number and what was said out. None: no such channel.

Raises UserError without an answer.
"""


class Standings:
    """What is not known is asked; what cannot be asked is a no."""

    def __init__(self, ask: Ask, clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._known: dict[tuple[int | str, int], tuple[int | None, Standing, float]] = {}
        self._misses = Misses(clock)

    def of(self, channel: int | str, user_id: int) -> tuple[int | None, Standing]:
        """The number of a channel and how somebody stands in it. Raises Errand where Telegram has to be asked.

        Who names many that are none of theirs has to wait: raises UserError.
        """
        if not self._is_known(channel, user_id):
            self._misses.require_few(user_id)
            raise Errand(partial(self._learn_named, channel, user_id))
        return self._known[channel, user_id][:2]

    def among(self, channels: Iterable[int | str], user_id: int) -> list[tuple[int | None, Standing]]:
        """The same for several of them, asked all at once. Raises Errand."""
        wanted = list(channels)
        unknown = [each for each in wanted if not self._is_known(each, user_id)]
        if unknown:
            raise Errand(partial(self._learn, unknown, user_id))
        return [self._known[each, user_id][:2] for each in wanted]

    async def now(self, chat_id: int, user_id: int) -> Standing:
        """How somebody stands at this moment. Raises UserError without an answer."""
        found = await self._ask(chat_id, user_id)
        return found[1] if found else Standing()

    def _is_known(self, channel: int | str, user_id: int) -> bool:
        known = self._known.get((channel, user_id))
        return known is not None and known[2] > self._clock.monotonic()

    async def _learn(self, channels: Iterable[int | str], user_id: int) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        await asyncio.gather(*(self._learn_one(each, user_id) for each in channels))

    async def _learn_named(self, channel: int | str, user_id: int) -> None:
        await self._learn([channel], user_id)
        if not self._known[channel, user_id][1].leads:
            self._misses.add(user_id)

    async def _learn_one(self, channel: int | str, user_id: int) -> None:
        try:
            found = await self._ask(channel, user_id)
        except UserError:
            found = None
        number, standing = found or (None, Standing())
        self._known[channel, user_id] = number, standing, self._clock.monotonic() + BELIEVED
