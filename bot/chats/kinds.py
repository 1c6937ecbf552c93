"""What kind of chat a number stands for and its title, as Telegram says: it is asked outside of transactions, once."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.errors import Errand

# So many answers are kept at most.
MOST_KNOWN = 10_000


class Kinds:
    """`ask` gives the kind of a chat in the words of Telegram, and its title; both empty where the bot is in none."""

    def __init__(self, ask: Callable[[int], Awaitable[tuple[str, str]]]) -> None:
        self._ask = ask
        self._known: dict[int, tuple[str, str]] = {}

    def is_group(self, chat_id: int) -> bool:
        """Whether the bot is in a group of this number. Raises Errand where Telegram has to be asked first."""
        return self._of(chat_id)[0] in ("group", "supergroup")

    def title(self, chat_id: int) -> str:
        """What a chat was called when it was asked; its number where Telegram did not say. Raises as `is_group`."""
        return self._of(chat_id)[1] or str(chat_id)

    def _of(self, chat_id: int) -> tuple[str, str]:
        if chat_id not in self._known:
            raise Errand(partial(self._learn, chat_id))
        return self._known[chat_id]

    async def _learn(self, chat_id: int) -> None:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[chat_id] = await self._ask(chat_id)
