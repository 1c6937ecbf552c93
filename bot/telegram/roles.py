"""What somebody is in a chat, asked of Telegram."""

from collections.abc import Awaitable, Callable

from bot.errors import UserError
from bot.telegram.api import Api, CallError

# Whoever pressed a button waits for so many seconds at most.
TIMEOUT = 4.0


def role_of(api: Api) -> Callable[[int, int], Awaitable[str]]:
    """A way to ask: chat and person in, such as `administrator` out. What asks raises UserError without an answer."""

    async def ask(chat_id: int, user_id: int) -> str:
        try:
            member = await api.call("getChatMember", timeout=TIMEOUT, chat_id=chat_id, user_id=user_id)
        except CallError as error:
            raise UserError("chats-who-leads") from error
        return str(member["status"])

    return ask
