"""What follows from a call that brought no result. Pure, so that each row of the table can be tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.telegram.api import CallError, CallMoved, CallNotSent, CallPaused, CallRefused

# What may be said there is not even words.
MUTED = ("not enough rights to send text messages", "have no rights to send a message")
# How Telegram says that a chat is closed to us.
CLOSED = ("chat not found", "user is deactivated", "bot was kicked", "chat_write_forbidden", "peer_id_invalid", *MUTED)
# ... and that a message cannot become what we want it to be, because it is gone or was never ours.
NOTE_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "message not found")
UNCHANGED = ("message is not modified", "message to delete not found")
# A text edit that comes after the picture: the note has become something else, which is more than we wanted to say.
OVERTAKEN = ("there is no text in the message to edit", "there is no caption in the message to edit")
REPLY_GONE = ("message to be replied not found", "reply message not found", "replied message not found")
THREAD_GONE = ("message thread not found", "topic_closed", "topic_deleted")

# What a message says, whether it is new or edited.
SAID = frozenset({"chat_id", "text", "entities", "link_preview_options", "reply_markup"})

# What makes a message one that a single person sees.
WHISPER = "ephemeral_message_parameters"

LONGEST_REST = 30.0


@dataclass(frozen=True, slots=True)
class Sent:
    """It was done, and that is written down."""


@dataclass(frozen=True, slots=True)
class Done:
    """What we wanted is so already."""


@dataclass(frozen=True, slots=True)
class Drop:
    """It will never work. `reason` is for the log, `instead` for the chat."""

    reason: str
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing will ever reach this chat."""

    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """The same call after `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Once:
    """The same call after `seconds`, for the last time if its fate stays unknown again."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Paused:
    """Nothing for this chat for `seconds`."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has the id `chat_id` now."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Without:
    """The same call at once, without this param."""

    param: str


@dataclass(frozen=True, slots=True)
class Anew:
    """The message to edit is gone: say the same in a new one."""


Verdict = Sent | Done | Drop | Closed | Again | Once | Paused | Moved | Without | Anew


def without(params: Mapping[str, Any], param: str) -> dict[str, Any]:
    """The params of a call that gives up one of them. A whisper that is said aloud cannot answer another whisper."""
    left = {name: value for name, value in params.items() if name != param}
    if param == WHISPER and "message_id" not in left.get("reply_parameters", {}):
        left.pop("reply_parameters", None)
    return left


def is_edit(method: str) -> bool:
    """Whether a call changes what is there instead of adding a message."""
    return not method.startswith(("send", "copy", "forward"))


def is_removal(method: str) -> bool:
    """Whether a call only takes a message away. Those do not count for what Telegram lets into a chat."""
    return method.startswith("delete")


def is_inline(params: Mapping[str, Any]) -> bool:
    """Whether a call is about an inline message, in a chat that we know nothing of."""
    return "inline_message_id" in params


def is_whisper(params: Mapping[str, Any]) -> bool:
    """Whether a call is about what one person sees: refused, it may be that person who is out of reach."""
    return WHISPER in params or "ephemeral_message_id" in params


def repeatable(method: str) -> bool:
    """Whether a call may be made again when its outcome is unknown.

    A line of text that comes twice is better than an answer that never comes, so it is said once more; a picture is
    never shown twice.
    """
    return is_edit(method) or method == "sendMessage"


def judge(method: str, params: Mapping[str, Any], error: CallError, failures: int, unsure: int = 0) -> Verdict:
    """What to do after `failures` tries of this call, this one included, ended in `error`.

    `unsure` is how many sendings before this one may have arrived.
    """
    if isinstance(error, CallPaused):
        return Paused(error.seconds)
    if isinstance(error, CallMoved):
        return Moved(error.chat_id)
    if isinstance(error, CallRefused):
        return _judge_refusal(method, params, error)
    if isinstance(error, CallNotSent) or is_edit(method):
        return Again(rest(failures))
    if repeatable(method) and not unsure:
        return Once(rest(failures))
    return Drop("outcome unknown, and not sent again")


def rest(failures: int) -> float:
    """Seconds before the next try: twice as long each time, half a minute at most."""
    return min(LONGEST_REST, 0.5 * 2.0 ** min(failures, 6))


def _judge_refusal(method: str, params: Mapping[str, Any], error: CallRefused) -> Verdict:
    if is_closed(error) and not is_inline(params) and not is_whisper(params):
        return Closed(error.description)
    if error.code == 401:
        return Again(LONGEST_REST)  # the poller sees it too, and stops the bot
    if error.says(*UNCHANGED, *OVERTAKEN):
        return Done()
    if is_edit(method):
        return _judge_edit(method, params, error)
    if WHISPER in params:
        return Without(WHISPER)
    for param, signs in (("reply_parameters", REPLY_GONE), ("message_thread_id", THREAD_GONE)):
        if param in params and error.says(*signs):
            return Without(param)
    return Drop(error.description)


def _judge_edit(method: str, params: Mapping[str, Any], error: CallRefused) -> Verdict:
    if not error.says(*NOTE_GONE):
        return Drop(error.description)
    return Anew() if method == "editMessageText" and not is_inline(params) else Done()


def is_closed(error: CallRefused) -> bool:
    """Whether the chat as a whole is out of reach."""
    return error.code == 403 or error.says(*CLOSED)


def anew(params: Mapping[str, Any], thread_id: int | None, reply_to: int | None) -> dict[str, Any]:
    """The params of the sendMessage that says what an editMessageText was to say."""
    kept = {
        name: params[name]
        for name in ("chat_id", "text", "entities", "link_preview_options", "reply_markup")
        if name in params
    }
    if thread_id is not None:
        kept["message_thread_id"] = thread_id
    if reply_to is not None:
        kept["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
    return kept
