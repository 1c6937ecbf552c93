"""What kind a chat is, asked of Telegram."""

from collections.abc import Awaitable, Callable

from bot.telegram.api import Api, CallError

# Somebody waits for an answer for so many seconds at most.
TIMEOUT = 4.0


def kind_of(api: Api) -> Callable[[int], Awaitable[str]]:
    """A way to ask: a chat in, such as `supergroup` out; nothing where there is no answer."""

    async def ask(chat_id: int) -> str:
        try:
            return str((await api.call("getChat", timeout=TIMEOUT, chat_id=chat_id))["type"])
        except CallError:
            return ""

    return ask
