"""Messages, chats and people as the page gets them."""

from typing import Any

from bot.sandbox.files import File, suffix
from bot.sandbox.inline import picture_of
from bot.sandbox.model import Bot, Chat, Kind, Message, Role, User
from bot.sandbox.views import ordered
from bot.sandbox.world import World

Json = dict[str, Any]
SHORT = 80


def person(user: User) -> Json:
    """Someone to be."""
    return {"id": user.user_id, "name": user.first_name, "language": user.language}


def chat(chat: Chat, messages: int = 1) -> Json:
    """A line in the list of chats."""
    latest = [one for one in ordered(chat) if not one.service][-messages:]
    return {
        "key": chat.key,
        "kind": str(chat.kind),
        "title": chat.title if chat.pair is None else bot_name(chat.pair[0]),
        "opened": chat.opened,
        "blocked": chat.blocked,
        "members": sum(chat.has(user_id) for user_id in chat.members),
        "topics": [{"id": number, "name": name} for number, name in chat.topics.items()],
        "last": message(latest[-1]) if latest else None,
        "pinned": chat.pinned[-1:],
    }


def bot_name(bot: Bot) -> str:
    """What the bot calls itself."""
    return bot.texts.get(("name", "")) or bot.user.first_name


def bot(bot: Bot) -> Json:
    """A bot: who it is, what it says of itself, and whether it hears questions from the input line."""
    texts = bot.texts
    return {
        **bot.user.wire(),
        "name": bot_name(bot),
        "description": texts.get(("description", ""), ""),
        "descriptions": {language: text for (field, language), text in texts.items() if field == "description"},
        "inline": bot.hears_inline,
    }


def message(one: Message) -> Json:
    """A bubble."""
    return {
        "id": one.message_id,
        "chat": one.chat.key,
        "from": _author(one),
        "date": one.date,
        "text": one.text,
        "entities": one.entities,
        "photo": _file(one.media.file) if one.media and one.media.kind == "photo" else None,
        "document": _file(one.media.file) if one.media and one.media.kind != "photo" else None,
        "spoiler": bool(one.media and one.media.spoiler),
        "captionAbove": one.caption_above,
        "keyboard": (one.markup or {}).get("inline_keyboard", []),
        "reply": _reply(one),
        "forceReply": _force_reply(one),
        "thread": one.thread_id,
        "album": one.album_id,
        "edited": one.edits > 0 and not (one.author and one.author.is_bot),
        "service": _service(one),
        "via": one.via.user.username if one.via else None,
        "onlyFor": one.receiver.user_id if one.receiver else None,
        "reactions": [_reaction(user_id, given) for user_id, given in one.reactions.items() if given],
    }


def result(world: World, one: Json) -> Json:
    """A result of inline mode in the list above the input line."""
    found = picture_of(world, one)
    url = f"/sandbox/files/{found}" if found else one.get("thumbnail_url") or one.get("photo_url")
    words = {"title": one.get("title", ""), "description": one.get("description") or one.get("caption", "")}
    return {"id": one["id"], "type": one["type"], **words, "picture": url}


def commands(bot: Bot, user: User, chat: Chat) -> list[Json]:
    """The commands that a person is offered, looked for as the official apps do: nearest scope, own language first."""
    short = (user.language or "").split("-")[0]
    places = [(scope, language) for scope in _scopes(user, chat) for language in (short, "")]
    return next((found for place in places if (found := bot.commands.get(place))), [])


def _scopes(user: User, chat: Chat) -> list[str]:
    """Where commands for this person in this chat may stand, nearest first."""
    number = chat.chat_id
    if chat.kind is Kind.PRIVATE:
        return [f"chat:{number}", "all_private_chats", "default"]
    leads = chat.role(user.user_id) in (Role.CREATOR, Role.ADMINISTRATOR)
    near = [f"chat_administrators:{number}"] if leads else []
    far = ["all_chat_administrators"] if leads else []
    return [f"chat_member:{number}:{user.user_id}", *near, f"chat:{number}", *far, "all_group_chats", "default"]


def _author(one: Message) -> Json:
    if one.sender is None:
        return {"id": one.chat.chat_id, "name": one.chat.title, "bot": False}
    return {"id": one.sender.user_id, "name": one.sender.first_name, "bot": one.sender.is_bot}


def _reply(one: Message) -> Json | None:
    source = one.reply_to
    if source is None or source.service or source.message_id not in source.chat.messages:
        return None
    words = source.text or ("Photo" if source.media and source.media.kind == "photo" else "File")
    return {"id": source.message_id, "name": _author(source)["name"], "text": (one.quote or words)[:SHORT]}


def _force_reply(one: Message) -> Json | None:
    """Whose app should answer this: with `selective` the one it names or answers, else everybody's (None)."""
    markup = one.markup or {}
    if not markup.get("force_reply"):
        return None
    asked = _meant(one) if markup.get("selective") else None
    return {"person": asked, "placeholder": markup.get("input_field_placeholder", "")}


def _meant(one: Message) -> int | None:
    named = (entity["user"]["id"] for entity in one.entities if entity["type"] == "text_mention")
    answered = one.reply_to.sender if one.reply_to else None
    return next(named, answered.user_id if answered else None)


def _file(file: File) -> Json:
    url = f"/sandbox/files/{file.file_id}{suffix(file.mime, file.name)}"
    return {"url": url, "name": file.name, "size": file.size, "width": file.width, "height": file.height}


def _service(one: Message) -> Json | None:
    for kind, about in one.service.items():
        return {"kind": kind, "name": about.get("name", "") if isinstance(about, dict) else ""}
    return None


def _reaction(user_id: int, given: list[Json]) -> Json:
    return {"by": user_id, "emoji": [one["emoji"] for one in given if "emoji" in one]}
