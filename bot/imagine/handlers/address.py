"""Whom words in a group are said to: to us where they begin with our name, or answer what we said."""

from aiogram.types import Message, MessageEntity, User

from bot.imagine.handlers import edits


async def said_to_us(message: Message, words: str) -> str | None:
    """The words without our name; None where they are meant for somebody else, or came by another way."""
    if message.forward_origin or message.via_bot:
        return None
    first = next(
        (each for each in message.entities or message.caption_entities or () if not _before(each, words)), None
    )
    if first is None or first.type not in ("mention", "text_mention"):
        return words if _answers_us(message) else None
    if message.bot is None or not _is_called(first, words, await message.bot.me()):
        return None
    return _behind(first, words).lstrip(" ,:\n")


def _answers_us(message: Message) -> bool:
    # In a topic every message answers the one that began it, which may have been ours.
    answered = edits.ours(message)
    began = message.message_thread_id if message.is_topic_message else None
    return answered is not None and answered.message_id != began


def _is_called(entity: MessageEntity, words: str, me: User) -> bool:
    if entity.user:
        return entity.user.id == me.id
    return entity.extract_from(words).casefold() == f"@{me.username}".casefold()


def _before(entity: MessageEntity, words: str) -> str:
    """What stands in front of an entity. Telegram counts in UTF-16."""
    return words.encode("utf-16-le")[: 2 * entity.offset].decode("utf-16-le", "replace").strip()


def _behind(entity: MessageEntity, words: str) -> str:
    return words.encode("utf-16-le")[2 * (entity.offset + entity.length) :].decode("utf-16-le", "replace")
