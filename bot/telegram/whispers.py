"""What one person in a group needs to hear: for their eyes only where that works, else taken away again after a while.

Telegram lets a bot whisper when it leads the group, or at once in answer to a whisper. Whoever may not says it aloud.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.flags import get_flag
from aiogram.methods import (
    DeleteEphemeralMessage,
    DeleteMessage,
    EditEphemeralMessageReplyMarkup,
    EditEphemeralMessageText,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
)
from aiogram.types import CallbackQuery, EphemeralMessageParameters, ReplyParameters, TelegramObject, Update

from bot.outgoing import Outgoing
from bot.telegram.fleeting import let_stay
from bot.telegram.verdicts import WHISPER

# What an edit of a message is called where the message is a whisper.
WHISPERED: dict[type[Any], type[Any]] = {
    EditMessageText: EditEphemeralMessageText,
    EditMessageReplyMarkup: EditEphemeralMessageReplyMarkup,
    DeleteMessage: DeleteEphemeralMessage,
}


class Whispering(BaseMiddleware):
    """Handlers with the flag `whisper` answer the person who asked, and nobody else."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Mark what the handler returns; what is said aloud and still used is not taken away yet."""
        answer = await handler(event, data)
        if not get_flag(data, "whisper"):
            return answer
        if isinstance(answer, SendMessage):
            return Outgoing(answer, whisper_to=data["person"].user_id)
        if isinstance(event, CallbackQuery) and event.message:
            await let_stay(data["tx"], event.message.chat.id, event.message.message_id, data["now"])
        return answer


def whispered(update: Update, outgoing: Outgoing) -> Outgoing:
    """The call as it goes out in answer to this update."""
    query = update.callback_query
    if query and query.message and getattr(query.message, "ephemeral_message_id", None):
        return _of_whisper(query, outgoing)
    method = outgoing.method
    if outgoing.whisper_to is None or not isinstance(method, SendMessage) or not _is_group(method.chat_id):
        return outgoing
    changes: dict[str, Any] = {WHISPER: EphemeralMessageParameters(receiver_user_id=outgoing.whisper_to)}
    if update.message and update.message.ephemeral_message_id:
        # It has no other number, and only a whisper may answer it.
        number = update.message.ephemeral_message_id
        changes["reply_parameters"] = ReplyParameters(ephemeral_message_id=number)
    return replace(outgoing, method=method.model_copy(update=changes))


def _of_whisper(query: CallbackQuery, outgoing: Outgoing) -> Outgoing:
    """Changes of the whisper that was pressed: it is known by its own number and by whom it is for."""
    changed = WHISPERED.get(type(outgoing.method))
    message: Any = query.message
    if changed is None or outgoing.method.message_id != message.message_id:
        return outgoing
    kept = {name: value for name, value in outgoing.method.__dict__.items() if name in changed.model_fields}
    whom = {"receiver_user_id": query.from_user.id, "ephemeral_message_id": message.ephemeral_message_id}
    return replace(outgoing, method=changed(**{**kept, **whom}))


def asker(update: Update) -> int | None:
    """Whose message it was."""
    message = update.message
    return message.from_user.id if message and message.from_user else None


def about(update: Update, outgoing: Outgoing) -> Outgoing:
    """The call as it is kept: about whoever caused it, unless it says about whom else it is."""
    if outgoing.about is not None:
        return outgoing
    event: Any = update.event
    person = getattr(event, "from_user", None) or getattr(event, "user", None)
    return replace(outgoing, about=person.id) if person else outgoing


def _is_group(chat_id: int | str | None) -> bool:
    return isinstance(chat_id, int) and chat_id < 0
