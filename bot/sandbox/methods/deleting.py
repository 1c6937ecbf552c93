"""Messages that go away."""

from bot.sandbox.calls import Call, message_of, method
from bot.sandbox.errors import bad_request
from bot.sandbox.model import Message

TOO_OLD = 48 * 3600


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """One message."""
    message = message_of(call.chat(), call.values["message_id"], "delete")
    _check(call, message)
    call.world.delete([message])
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Many messages; those that are gone already are passed by."""
    chat = call.chat()
    found = [message for one in call.values["message_ids"] if (message := chat.messages.get(one))]
    for message in found:
        _check(call, message)
    call.world.delete(found)
    return True


def _check(call: Call, message: Message) -> None:
    if call.world.clock.now() - message.date > TOO_OLD:
        raise bad_request("message can't be deleted for everyone")
    own = message.author is call.bot.user or message.chat.pair is not None
    number = call.bot.user.user_id
    if not own and not (message.chat.leads(number) and message.chat.may(number, "can_delete_messages")):
        raise bad_request("message can't be deleted")
