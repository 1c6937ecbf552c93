"""Before the gate: whether the bot works in this group or channel at all, and the rules it works by there."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.methods import AnswerCallbackQuery, LeaveChat, SendMessage, TelegramMethod
from aiogram.types import Chat, Message, TelegramObject, Update, User

from bot.chats import store
from bot.chats.service import Host, Means
from bot.outgoing import SEEN_AGAIN, Outgoing
from bot.privacy.rules import asks
from bot.storage.database import Transaction
from bot.telegram.gate import STRANGE
from bot.telegram.limits import TOAST
from bot.texts import Texts, Translator, cut_utf16

DAY = 24 * 3600
HERE = frozenset({"member", "administrator", "restricted"})
# What an admin of the bot may say in a group that it does not know yet.
LETS_IN = "/allow"


class Places(BaseMiddleware):
    """Gives handlers `house`, the rules of a group; what comes from a strange one goes no further.

    `leaves`: a strange group into which no admin of the bot has brought it is left.
    """

    def __init__(self, texts: Texts, means: Means, admin_ids: frozenset[int], *, public: bool, leaves: bool) -> None:
        self._texts = texts
        self._means = means
        self._admin_ids = admin_ids
        self._public = public
        self._leaves = leaves

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Decide about one update. Of a private chat nothing is looked up."""
        place = _place(event) if isinstance(event, Update) else None
        if place is None or not isinstance(event, Update):
            return await handler(event, data)
        tx: Transaction = data["tx"]
        chat = await store.get(tx, place.id)
        user: User | None = data.get("event_from_user")
        is_admin = user is not None and user.id in self._admin_ids
        if not chat.is_let_in(public=self._public) and not _passes(event.message, is_admin=is_admin):
            if event.message and event.message.sender_chat is None and asks(event.message.text):
                return await handler(event, {**data, STRANGE: True})
            return self._turn_away(event, place, user, is_admin=is_admin)
        data.update(house=Host(chat, self._means), place_language=chat.language)
        return await handler(event, data)

    def _turn_away(
        self, event: Update, place: Chat, user: User | None, *, is_admin: bool
    ) -> Outgoing | TelegramMethod[Any] | None:
        """Silence for strangers; whoever can let the bot in is told how, and a press is never left without answer."""
        t = self._texts.negotiate(user.language_code if user else None)
        if event.callback_query:
            said = cut_utf16(t("chats-not-let-in"), TOAST)
            return AnswerCallbackQuery(callback_query_id=event.callback_query.id, text=said, show_alert=True)
        is_new = event.my_chat_member is not None and event.my_chat_member.new_chat_member.status in HERE
        if is_admin and (is_new or _is_command(event.message)):
            return self._ask_to_be_let_in(place, t)
        if is_new and self._leaves and not is_admin:
            hold = SEEN_AGAIN if place.type == "supergroup" else 0
            return Outgoing(LeaveChat(chat_id=place.id), once=f"leave:{event.update_id}", hold=hold)
        return None

    def _ask_to_be_let_in(self, place: Chat, t: Translator) -> Outgoing | None:
        """In a channel nobody could answer it there."""
        if place.type == "channel":
            return None
        words = t("chats-let-me-in", chat=str(place.id))
        return Outgoing(SendMessage(chat_id=place.id, text=words), once=f"strange:{place.id}:{self._today()}")

    def _today(self) -> int:
        return self._means.clock.now() // DAY


def _place(event: Update) -> Chat | None:
    """The group or channel that an update comes from."""
    query = event.callback_query
    about = (
        event.message
        or event.edited_message
        or event.channel_post
        or event.my_chat_member
        or event.message_reaction
        or (query.message if query else None)
    )
    return about.chat if about is not None and about.chat.type != "private" else None


def _passes(message: Message | None, *, is_admin: bool) -> bool:
    """What is heard even in a strange group: that it has a new number, and that an admin lets the bot in."""
    if message is None:
        return False
    if message.migrate_to_chat_id or message.migrate_from_chat_id:
        return True
    return is_admin and message.sender_chat is None and (message.text or "").startswith(LETS_IN)


def _is_command(message: Message | None) -> bool:
    return message is not None and (message.text or "").startswith("/")
