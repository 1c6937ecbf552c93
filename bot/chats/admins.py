"""Who leads a chat, as Telegram says: it is asked outside of transactions, and believed for a short while."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.chats.misses import Misses
from bot.clock import Clock
from bot.errors import Errand, UserError

LEADING = frozenset({"creator", "administrator"})
# Seconds for which an answer is believed.
BELIEVED = 60.0
# So many answers are kept at most.
MOST_KNOWN = 10_000

Ask = Callable[[int, int], Awaitable[str]]


class NotYourChat(UserError):
    """Only those who lead a chat decide about it."""

    def __init__(self) -> None:
        super().__init__("chats-admins-decide")


class Admins:
    """`ask` gives what somebody is in a chat, such as `member`."""

    def __init__(self, ask: Ask, clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._known: dict[tuple[int, int], tuple[bool, float]] = {}
        self._misses = Misses(clock)

    def leads(self, chat_id: int, user_id: int) -> bool:
        """Whether somebody is an admin of a chat. Raises Errand where Telegram has to be asked first."""
        known = self._known.get((chat_id, user_id))
        if known is None or known[1] <= self._clock.monotonic():
            raise Errand(partial(self._learn, chat_id, user_id))
        return known[0]

    def require(self, chat_id: int, user_id: int) -> None:
        """Raises NotYourChat for everybody else, and Errand."""
        if not self.leads(chat_id, user_id):
            raise NotYourChat

    def require_of(self, chat_id: int, user_id: int) -> None:
        """The same for a chat that was named: who names many that are not theirs has to wait. Raises UserError, too."""
        try:
            self.require(chat_id, user_id)
        except Errand:
            self._misses.require_few(user_id)
            raise

    async def _learn(self, chat_id: int, user_id: int) -> None:
        try:
            status = await self._ask(chat_id, user_id)
        except UserError:
            self._misses.add(user_id)
            raise
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        if status not in LEADING:
            self._misses.add(user_id)
        self._known[chat_id, user_id] = (status in LEADING, self._clock.monotonic() + BELIEVED)
