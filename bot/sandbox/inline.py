"""Questions to bots from the input line, and what people choose of the answers; guest messages, which are alike.

Everything here lives in the world: methods/inline.py answers for bots, Talk asks for people.
"""

import secrets
from typing import Any

from bot.sandbox.blank import blank_picture
from bot.sandbox.errors import bad_request
from bot.sandbox.markup import resolved
from bot.sandbox.model import Asked, Bot, Chat, Kind, Media, Message, Role, User, Wire
from bot.sandbox.texts import clean, commands, mentions
from bot.sandbox.wire import Upload
from bot.sandbox.world import World

CHAT_TYPES = {Kind.PRIVATE: "private", Kind.GROUP: "group", Kind.SUPERGROUP: "supergroup", Kind.CHANNEL: "channel"}
FILES = {"photo": "photo_file_id", "document": "document_file_id"}


def ask(world: World, bot: Bot, user: User, chat: Chat, query: str, offset: str = "") -> Asked:
    """Ask a bot, as an app does while its person types. Raises ApiError for a bot that takes no questions."""
    if not bot.inline:
        raise bad_request("BOT_INLINE_DISABLED")
    asked = Asked(_number(), bot, user, chat, query, world.clock.now())
    world.asked[asked.query_id] = asked
    place = "sender" if chat.pair is not None and chat.pair[0] is bot else CHAT_TYPES[chat.kind]
    wire = {"id": asked.query_id, "from": user.wire(), "query": query, "offset": offset, "chat_type": place}
    world.update(bot, "inline_query", wire)
    return asked


def choose(world: World, asked: Asked, result_id: str, thread_id: int | None = None) -> Message:
    """Send one of the results into the chat. Raises LookupError for one that was not offered, ApiError."""
    result = next((one for one in (asked.answer or {}).get("results", []) if one["id"] == result_id), None)
    if result is None:
        raise LookupError(f"no result {result_id!r} was offered")
    message = compose(world, asked.chat, asked.user, result)
    message.via, message.thread_id = asked.bot, thread_id
    world.post(message)
    if asked.bot.feedback:
        chosen = {"result_id": result_id, "from": asked.user.wire(), "query": asked.query}
        if message.inline_id is not None:
            chosen["inline_message_id"] = message.inline_id
        world.update(asked.bot, "chosen_inline_result", chosen)
    return message


def compose(world: World, chat: Chat, author: User, result: Wire) -> Message:
    """The message that a result becomes. It can be edited later when it has a keyboard."""
    message = Message(next(chat.message_ids), chat, None if chat.kind is Kind.CHANNEL else author, world.clock.now())
    message.author, message.markup = author, result.get("reply_markup")
    content = result.get("input_message_content")
    result, content = resolved(result), content and resolved(content)
    if content is not None:
        message.text, message.entities = clean(content["message_text"], content.get("entities", []))
        message.preview = content.get("link_preview_options")
    else:
        message.text, message.entities = clean(result.get("caption", ""), result.get("caption_entities", []))
        message.caption_above = result.get("show_caption_above_media", False)
        message.media = Media(result["type"], _file(world, result))
    if message.markup is not None:
        message.inline_id = f"AgAAA{_number()}"
        world.inline[message.inline_id] = message
    return message


def summon(world: World, message: Message) -> None:
    """Tell the bots that a message names in a group where they are not members, when they go out as guests."""
    chat = message.chat
    if chat.pair is not None or message.sender is None or message.sender.is_bot:
        return
    named = {name.casefold() for name in mentions(message.text, message.entities)}
    for bot in world.bots.values():
        if bot.guest and f"@{bot.user.username}".casefold() in named and chat.role(bot.user.user_id) is Role.LEFT:
            asked = Asked(_number(), bot, message.sender, chat, message.text, world.clock.now(), message)
            world.asked[asked.query_id] = asked
            world.update(bot, "guest_message", message.wire() | {"guest_query_id": asked.query_id})


def whispered_to(world: World, message: Message) -> Bot | None:
    """The bot that alone gets a command in a group, because it has said that this command is ephemeral."""
    if message.chat.kind is Kind.CHANNEL:
        return None
    wanted = [command.removeprefix("/").casefold() for command in commands(message.text, message.entities)[:1]]
    for bot in world.bots_of(message.chat) if wanted else []:
        name, _, address = wanted[0].partition("@")
        known = (one for listed in bot.commands.values() for one in listed if one.get("is_ephemeral"))
        if address in ("", (bot.user.username or "").casefold()) and any(one["command"] == name for one in known):
            return bot
    return None


def picture_of(world: World, result: Wire) -> str | None:
    """The file that shows a result in the list of them."""
    kind = FILES.get(result["type"])
    return world.files.get(result[kind]).file_id if kind in result else None


def _file(world: World, result: Wire) -> Any:
    """A file that Telegram has already, or a gray picture in the place of one that lies elsewhere."""
    kind = FILES[result["type"]]
    if kind in result:
        return world.files.get(result[kind], result["type"])
    if result["type"] != "photo":
        raise bad_request("WEBPAGE_MEDIA_EMPTY")
    shape = result.get("photo_width", 512), result.get("photo_height", 512)
    return world.files.add_photo(Upload("photo.jpg", "image/jpeg", blank_picture(*shape)))


def _number() -> str:
    return str(secrets.randbits(62))
