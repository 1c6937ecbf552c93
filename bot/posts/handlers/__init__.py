"""/post in private, the buttons of drafts, and answers to what was asked about them."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command

from bot.imagine.handlers.desk import at_desk
from bot.outgoing import WHISPER
from bot.posts.handlers.answers import is_answer, on_answer
from bot.posts.handlers.beginning import is_pick, on_channel, on_elsewhere, on_pick, on_post
from bot.posts.handlers.presses import (
    is_on_draft,
    is_other_picture,
    is_press,
    on_other_picture,
    on_press,
    on_reaction,
)

__all__ = ["router"]


def router() -> Router:
    """Included before the features whose buttons draw again: for a draft, that is a draft, too."""
    router = Router(name="posts")
    private = F.chat.type == ChatType.PRIVATE
    router.message.register(on_post, Command("post", ignore_case=True), private, at_desk)
    router.message.register(on_elsewhere, Command("post", ignore_case=True), flags=WHISPER)
    router.message.register(on_answer, F.text, private, is_answer, at_desk)
    router.callback_query.register(on_pick, is_pick, at_desk)
    router.callback_query.register(on_press, is_press, at_desk)
    router.callback_query.register(on_other_picture, is_other_picture, at_desk)
    router.message_reaction.register(on_reaction, is_on_draft, at_desk)
    router.my_chat_member.register(on_channel, F.chat.type == ChatType.CHANNEL)
    return router
