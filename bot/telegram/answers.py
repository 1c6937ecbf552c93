"""Sorts what a handler returned: what is kept until it is sent, and what is lost without harm."""

from collections.abc import Iterator
from typing import Any

from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.methods import (
    AnswerCallbackQuery,
    AnswerGuestQuery,
    AnswerInlineQuery,
    AnswerPreCheckoutQuery,
    EditMessageText,
    SendChatAction,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import ReplyParameters, Update

from bot.inline import keyboards
from bot.outgoing import Outgoing
from bot.telegram.limits import TEXT, TOAST
from bot.texts import Translator, cut_utf16

# Worth something only at once: Telegram takes the answer to a press for a short time, and to a purchase for 10 s.
LOSSY = (AnswerCallbackQuery, AnswerGuestQuery, AnswerInlineQuery, AnswerPreCheckoutQuery, SendChatAction)


def sort(answer: Any) -> tuple[list[Outgoing], list[TelegramMethod[Any]]]:
    """What goes to the outbox and what is sent directly. Raises TypeError for anything that is neither."""
    kept: list[Outgoing] = []
    lossy: list[TelegramMethod[Any]] = []
    for item in _flat(answer):
        if isinstance(item, LOSSY):
            lossy.append(item)
        else:
            kept.append(item if isinstance(item, Outgoing) else Outgoing(item))
    return kept, lossy


def reply(update: Update, text: str, t: Translator, *, alert: bool = True) -> Outgoing | TelegramMethod[Any] | None:
    """A sentence to whoever caused an update: over a press (to be closed, as `alert` says), else as a reply.

    What was chosen in inline mode has no other place for it than the message that it became; there it has a button.
    """
    if update.callback_query:
        toast = cut_utf16(text, TOAST)
        return AnswerCallbackQuery(callback_query_id=update.callback_query.id, text=toast, show_alert=alert)
    if message := update.message:
        return SendMessage(
            chat_id=message.chat.id,
            message_thread_id=message.message_thread_id if message.is_topic_message else None,
            text=cut_utf16(text, TEXT),
            reply_parameters=ReplyParameters(message_id=message.message_id, allow_sending_without_reply=True),
        )
    if (chosen := update.chosen_inline_result) and chosen.inline_message_id:
        said = EditMessageText(
            inline_message_id=chosen.inline_message_id,
            text=cut_utf16(text, TEXT),
            reply_markup=keyboards.again(t, chosen.result_id),
        )
        return Outgoing(said, chat_id=chosen.from_user.id)
    return None


def _flat(answer: Any) -> Iterator[Outgoing | TelegramMethod[Any]]:
    if answer is None or answer is UNHANDLED:
        return
    if isinstance(answer, (list, tuple)):
        for item in answer:
            yield from _flat(item)
    elif isinstance(answer, (Outgoing, TelegramMethod)):
        yield answer
    else:
        raise TypeError(f"a handler returned {type(answer).__name__}")
