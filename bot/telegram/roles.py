"""What somebody is in a chat, asked of Telegram."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import UserError
from bot.posts.rules import Standing
from bot.telegram.api import Api, CallError, CallRefused

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


def standing_of(api: Api) -> Callable[[int | str, int], Awaitable[tuple[int, Standing] | None]]:
    """A way to ask how somebody stands in a channel; None where the bot knows none in which they may post.

    What asks raises UserError without an answer.
    """

    async def ask(channel: int | str, user_id: int) -> tuple[int, Standing] | None:
        try:
            return await _standing(api, channel, user_id)
        except CallRefused as error:
            if error.code in (400, 403):
                return None
            raise UserError("chats-who-leads") from error
        except CallError as error:
            raise UserError("chats-who-leads") from error

    return ask


async def _standing(api: Api, channel: int | str, user_id: int) -> tuple[int, Standing] | None:
    person = await api.call("getChatMember", timeout=TIMEOUT, chat_id=channel, user_id=user_id)
    if not _may_post(person):
        return None  # most are nothing in most channels, so nothing else is asked then
    chat = await api.call("getChat", timeout=TIMEOUT, chat_id=channel)
    if chat["type"] != "channel":
        return None
    chat_id: int = chat["id"]
    bot = await api.call("getChatMember", timeout=TIMEOUT, chat_id=chat_id, user_id=api.bot_id)
    title, username = str(chat.get("title") or "–"), chat.get("username")
    return chat_id, Standing(leads=True, posts=_may_post(bot), title=title, username=username)


def _may_post(member: dict[str, Any]) -> bool:
    """Whoever made the channel may do everything; of other admins each right is told."""
    if member["status"] == "creator":
        return True
    return member["status"] == "administrator" and member.get("can_post_messages") is True
