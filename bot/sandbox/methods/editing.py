"""Changes to messages that a bot has sent."""

from bot.sandbox.calls import Call, message_of, method
from bot.sandbox.errors import NOT_MODIFIED, bad_request, wrong_call
from bot.sandbox.methods.contents import Content, caption_of, input_media, keyboard_of, text_of
from bot.sandbox.model import Kind, Message, Role, Wire


@method("editMessageText")
def edit_message_text(call: Call) -> Wire | bool:
    """Other words in a text message."""
    message = _editable(call)
    content = text_of(call)
    if message.media is not None:
        raise bad_request("there is no text in the message to edit")
    return apply(call, message, content)


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Wire | bool:
    """Other words under a picture."""
    message = _editable(call)
    content = caption_of(call.values)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    content.media = message.media
    return apply(call, message, content)


@method("editMessageMedia")
def edit_message_media(call: Call) -> Wire | bool:
    """Another picture; a text message may turn into one."""
    message = _editable(call, f"can_send_{call.values['media']['type']}s")
    if "inline_message_id" in call.values and call.upload(call.values["media"]["media"]) is not None:
        raise bad_request("invalid message content specified")
    return apply(call, message, input_media(call, call.values["media"]))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Wire | bool:
    """Another keyboard."""
    message = _editable(call)
    return apply(call, message, Content.of(message))


def _editable(call: Call, right: str = "can_send_messages") -> Message:
    if "inline_message_id" in call.values:
        return _inline(call)
    if "chat_id" not in call.values:
        raise wrong_call("chat_id is empty")
    if "message_id" not in call.values:
        raise wrong_call("message identifier is not specified")
    chat = call.chat()
    if chat.moved_to is not None or chat.pair is None:
        call.world.check_access(call.bot, chat, right)
    message = message_of(chat, call.values["message_id"], "edit")
    if message.author is not call.bot.user and not _may_edit_posts(call, message):
        raise bad_request("message can't be edited")
    return message


def _inline(call: Call) -> Message:
    message = call.world.inline.get(call.values["inline_message_id"])
    if message is None or call.bot.user not in (message.author, message.via and message.via.user):
        raise bad_request("MESSAGE_ID_INVALID")
    if message.message_id not in message.chat.messages:
        raise bad_request("MESSAGE_ID_INVALID")
    return message


def _may_edit_posts(call: Call, message: Message) -> bool:
    chat = message.chat
    return chat.kind is Kind.CHANNEL and chat.role(call.bot.user.user_id) in (Role.ADMINISTRATOR, Role.CREATOR)


def apply(call: Call, message: Message, content: Content) -> Wire | bool:
    """Give a message another content. True instead of the message for one that the bot knows by an inline id."""
    markup = keyboard_of(call)
    if _state(message, message.markup) == _state(content, markup):
        raise bad_request(NOT_MODIFIED)
    message.past.append(message.text)
    message.text, message.entities, message.media = content.text, content.entities, content.media
    message.caption_above, message.preview = content.caption_above, content.preview
    message.markup = markup
    message.edit_date = call.world.clock.now()
    call.world.edited(message)
    return True if "inline_message_id" in call.values else message.wire()


def _state(content: Content | Message, markup: Wire | None) -> tuple[object, ...]:
    media = content.media and (content.media.file.file_id, content.media.kind, content.media.spoiler)
    return content.text, content.entities, media, content.caption_above, content.preview, markup
