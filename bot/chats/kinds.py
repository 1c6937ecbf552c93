"""What kind of chat a number stands for, as Telegram says: it is asked outside of transactions, and never changes."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.errors import Errand

# So many answers are kept at most.
MOST_KNOWN = 10_000


class Kinds:
    """`ask` gives the kind of a chat in the words of Telegram; an empty one where the bot is in no such chat."""

    def __init__(self, ask: Callable[[int], Awaitable[str]]) -> None:
        self._ask = ask
        self._known: dict[int, str] = {}

    def is_group(self, chat_id: int) -> bool:
        """Whether the bot is in a group of this number. Raises Errand where Telegram has to be asked first."""
        if chat_id not in self._known:
            raise Errand(partial(self._learn, chat_id))
        return self._known[chat_id] in ("group", "supergroup")

    async def _learn(self, chat_id: int) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[chat_id] = await self._ask(chat_id)
