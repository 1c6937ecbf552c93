"""What people say and press about pictures. Handlers return what is to be sent and send nothing."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command

from bot.imagine.handlers.desk import at_desk
from bot.imagine.handlers.pictures import (
    BUTTONS,
    TIDYING,
    is_misplaced,
    is_ours,
    led,
    on_foreign,
    on_misplaced,
    on_unknown,
    owned,
)
from bot.imagine.handlers.reactions import on_reaction
from bot.imagine.handlers.words import is_kept_wish, is_prompt, on_imagine, on_other, on_wish, on_words

__all__ = ["command", "router"]


def command() -> Router:
    """/imagine, and presses that nobody may make.

    Included first: it is what is written most, and each router on the way costs more than this one.
    """
    router = Router(name="imagine-command")
    router.message.register(on_imagine, Command("imagine", ignore_case=True), at_desk)
    router.callback_query.register(on_misplaced, is_misplaced)
    return router


def router() -> Router:
    """Plain words, and every button under a note or a picture.

    Included last: it takes what nobody else knows.
    """
    router = Router(name="imagine")
    router.message.register(on_words, F.text | F.photo | F.document, is_prompt, at_desk)
    router.message.register(on_other, F.chat.type == ChatType.PRIVATE, at_desk)
    for action, handler in BUTTONS.items():
        router.callback_query.register(handler, owned(action), at_desk)
    for action, handler in TIDYING.items():
        router.callback_query.register(handler, led(action), at_desk)
    router.message_reaction.register(on_reaction, at_desk)
    router.callback_query.register(on_wish, is_kept_wish, at_desk)
    router.callback_query.register(on_foreign, is_ours)
    router.callback_query.register(on_unknown)
    return router
