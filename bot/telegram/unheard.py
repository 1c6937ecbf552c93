"""What cannot be said in a channel, because all its readers would read it, is said to whoever brought the bot there."""

from aiogram.methods import SendMessage
from aiogram.types import Message

from bot.errors import UserError
from bot.outgoing import Outgoing
from bot.posts import store as channels
from bot.quota.service import NotEnoughCredits
from bot.storage.database import Transaction
from bot.texts import Texts, Translator
from bot.users import store as users

DAY = 24 * 3600


async def letter(tx: Transaction, texts: Texts, post: Message, error: UserError) -> Outgoing | None:
    """Why a post became no picture: once a day for each reason, to somebody who has ever written to us."""
    added_by = await channels.added_by(tx, post.chat.id)
    person = await users.get(tx, added_by) if added_by else None
    if person is None or person.gone:
        return None
    words = _words(texts.negotiate(person.language, person.client_language), post, error)
    once = f"unheard:{post.chat.id}:{error.text}:{int(post.date.timestamp()) // DAY}"
    return Outgoing(SendMessage(chat_id=person.user_id, text=words), once=once)


def _words(t: Translator, post: Message, error: UserError) -> str:
    channel = post.chat.title or "–"
    if isinstance(error, NotEnoughCredits):
        return t("chats-post-unpaid", channel=channel, number=str(post.chat.id))
    return t("chats-post-left", channel=channel, reason=t(error.text, **error.values))
