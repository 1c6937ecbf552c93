"""New messages from a bot."""

import secrets
from typing import Any

from bot.sandbox.calls import Call, message_of, method
from bot.sandbox.errors import bad_request, wrong_call
from bot.sandbox.methods.contents import Content, caption_of, input_media, keyboard_of, media_of, text_of
from bot.sandbox.methods.ephemeral import receiver_of
from bot.sandbox.model import Chat, Kind, Message, Wire

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
ALONE_IN_ALBUMS = frozenset({"document", "audio"})


@method("sendMessage")
def send_message(call: Call) -> Wire:
    """A text."""
    chat = call.open_chat()
    return send(call, chat, text_of(call)).wire()


@method("sendPhoto")
def send_photo(call: Call) -> Wire:
    """A photo, uploaded or by the id of an earlier one."""
    return _send_media(call, "photo")


@method("sendDocument")
def send_document(call: Call) -> Wire:
    """A file as it is."""
    return _send_media(call, "document")


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Wire]:
    """Two to ten photos or files as one album: one unit, but a message each."""
    chat = call.open_chat()
    items = call.values["media"]
    kinds = {item["type"] for item in items}
    if len(kinds) > 1 and kinds & ALONE_IN_ALBUMS:
        raise wrong_call("can't mix documents or audios with other media in an album")
    contents = [input_media(call, item) for item in items]
    album = str(13_000_000_000_000_000 + secrets.randbelow(10**12))
    return [send(call, chat, content, album=album).wire() for content in contents]


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """Let people see that something is on its way."""
    chat = call.open_chat()
    if call.values["action"] not in ACTIONS:
        raise wrong_call("wrong parameter action in request")
    call.world.feed.tell({"kind": "action", "chat": chat, "action": call.values["action"], "bot": call.bot})
    return True


@method("copyMessage")
def copy_message(call: Call) -> Wire:
    """The content of a message once more, without a word of where it came from."""
    chat = call.open_chat()
    source = _source(call)
    content = Content.of(source)
    if "caption" in call.values:
        content = caption_of(call.values)
        content.media = source.media
    return {"message_id": send(call, chat, content).message_id}


@method("forwardMessage")
def forward_message(call: Call) -> Wire:
    """A message once more, with its origin."""
    chat = call.open_chat()
    source = _source(call)
    content = Content.of(source)
    return send(call, chat, content, extra={"forward_origin": origin(source)}).wire()


def origin(source: Message) -> Wire:
    """The object `MessageOrigin` of a forwarded message."""
    if source.sender is not None:
        return {"type": "user", "date": source.date, "sender_user": source.sender.wire()}
    return {"type": "channel", "date": source.date, "chat": source.chat.wire(), "message_id": source.message_id}


def send(call: Call, chat: Chat, content: Content, *, album: str | None = None, extra: Wire | None = None) -> Message:
    """Put a message of the calling bot into a chat."""
    reply = _replied(call, chat)
    parameters = call.get("reply_parameters", {})
    message = Message(
        0,
        chat,
        None if chat.kind is Kind.CHANNEL else call.bot.user,
        call.world.clock.now(),
        **_fields(content),
        markup=keyboard_of(call),
        reply_to=reply,
        thread_id=_thread(call, chat, reply),
        album_id=album,
        quote=parameters.get("quote") if reply else None,
        author=call.bot.user,
        extra=extra or {},
    )
    message.receiver = receiver_of(call, chat)
    message.message_id = next(chat.message_ids) if message.receiver is None else -next(chat.ephemeral_ids)
    return call.world.post(message)


def _fields(content: Content) -> dict[str, Any]:
    return {
        "text": content.text,
        "entities": content.entities,
        "media": content.media,
        "caption_above": content.caption_above,
        "preview": content.preview,
    }


def _send_media(call: Call, kind: str) -> Wire:
    chat = call.open_chat(f"can_send_{kind}s")
    content = caption_of(call.values)
    content.media = media_of(call, kind, call.values[kind], spoiler=call.get("has_spoiler", False))
    return send(call, chat, content).wire()


def _source(call: Call) -> Message:
    chat = call.world.find(call.bot, call.values["from_chat_id"])
    return message_of(chat, call.values["message_id"], "copy" if call.method == "copyMessage" else "forward")


def _replied(call: Call, chat: Chat) -> Message | None:
    parameters = call.get("reply_parameters")
    if not parameters:
        return None
    if "message_id" not in parameters:
        return chat.messages.get(-parameters.get("ephemeral_message_id", 0))
    source = call.world.find(call.bot, parameters["chat_id"]) if "chat_id" in parameters else chat
    found = source.messages.get(parameters["message_id"])
    if found is None and not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    if found is not None and parameters.get("quote", "") not in found.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return found


def _thread(call: Call, chat: Chat, reply: Message | None) -> int | None:
    thread: int | None = call.get("message_thread_id")
    if thread is None:
        return reply.thread_id if reply is not None and reply.chat is chat else None
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    if thread in chat.closed_topics:
        raise bad_request("TOPIC_CLOSED")
    return thread
