"""Messages in a group that one person sees: new ones come by the usual methods, changes by these."""

from bot.sandbox.calls import Call, method
from bot.sandbox.errors import bad_request, wrong_call
from bot.sandbox.methods.contents import Content, caption_of, input_media, text_of
from bot.sandbox.methods.editing import apply
from bot.sandbox.model import Chat, Kind, Message, Role, User, Wire

# Seconds in which a bot that is no admin may answer somebody so.
PATIENCE = 15
LEADING = (Role.ADMINISTRATOR, Role.CREATOR)


@method("editEphemeralMessageText")
def edit_text(call: Call) -> bool:
    """Other words."""
    message, content = _message(call), text_of(call)
    if message.media is not None:
        raise bad_request("there is no text in the message to edit")
    apply(call, message, content)
    return True


@method("editEphemeralMessageCaption")
def edit_caption(call: Call) -> bool:
    """Other words under a picture."""
    message, content = _message(call), caption_of(call.values)
    if message.media is None:
        raise bad_request("there is no caption in the message to edit")
    content.media = message.media
    apply(call, message, content)
    return True


@method("editEphemeralMessageMedia")
def edit_media(call: Call) -> bool:
    """Another picture."""
    apply(call, _message(call), input_media(call, call.values["media"]))
    return True


@method("editEphemeralMessageReplyMarkup")
def edit_markup(call: Call) -> bool:
    """Another keyboard."""
    message = _message(call)
    apply(call, message, Content.of(message))
    return True


@method("deleteEphemeralMessage")
def delete(call: Call) -> bool:
    """Take it away."""
    call.world.delete([_message(call)])
    return True


def receiver_of(call: Call, chat: Chat) -> User | None:
    """Who alone shall see the message that is being sent; None for one that everybody sees. Raises ApiError."""
    wanted: Wire | None = call.get("ephemeral_message_parameters")
    if wanted is None:
        return None
    if chat.kind not in (Kind.GROUP, Kind.SUPERGROUP):
        raise bad_request("ephemeral messages can be sent only in groups and supergroups")
    user = chat.users.get(wanted["receiver_user_id"])
    if user is None or user.is_bot or not chat.has(user.user_id):
        raise bad_request("PARTICIPANT_ID_INVALID")
    if chat.role(call.bot.user.user_id) not in LEADING and not _is_answer(call, chat, user, wanted):
        raise bad_request("not enough rights to send ephemeral messages to the user")
    return user


def _is_answer(call: Call, chat: Chat, user: User, wanted: Wire) -> bool:
    """Whether it follows at once on a press, or on an ephemeral message, of the same person."""
    now = call.world.clock.now()
    query = call.world.queries.get(wanted.get("callback_query_id", ""))
    if query is not None:
        return query.bot is call.bot and query.user is user and now - query.at <= PATIENCE
    answered = chat.messages.get(-call.get("reply_parameters", {}).get("ephemeral_message_id", 0))
    return answered is not None and answered.sender is user and now - answered.date <= PATIENCE


def _message(call: Call) -> Message:
    chat = call.open_chat()
    number = call.values["ephemeral_message_id"]
    if number <= 0:
        raise wrong_call("ephemeral message identifier is not specified")
    message = chat.messages.get(-number)
    if message is None or message.receiver is None or message.receiver.user_id != call.values["receiver_user_id"]:
        raise bad_request("message to edit not found")
    if message.author is not call.bot.user:
        raise bad_request("message can't be edited")
    return message
