"""What kind a chat is and how it is called, asked of Telegram."""

from collections.abc import Awaitable, Callable

from bot.telegram.api import Api, CallError

# Somebody waits for an answer for so many seconds at most.
TIMEOUT = 4.0


def kind_of(api: Api) -> Callable[[int], Awaitable[tuple[str, str]]]:
    """A way to ask: a chat in, such as `supergroup` and its title out; nothing where there is no answer."""

    async def ask(chat_id: int) -> tuple[str, str]:
        try:
            chat = await api.call("getChat", timeout=TIMEOUT, chat_id=chat_id)
        except CallError:
            return "", ""
        return str(chat["type"]), str(chat.get("title") or "")

    return ask
