"""A call on its way through the sandbox: who calls, with what, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import bad_request, wrong_call
from bot.sandbox.model import Bot, Chat, Message
from bot.sandbox.wire import Upload
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """A checked call of one method."""

    world: World
    bot: Bot
    method: str
    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, or `default` when it was not given."""
        return self.values.get(name, default)

    def chat(self) -> Chat:
        """The chat that is meant; the bot need not be allowed to write. Raises ApiError."""
        return self.world.find(self.bot, self.values["chat_id"])

    def open_chat(self, right: str = "can_send_messages") -> Chat:
        """The chat that is meant, where the bot takes part and has this right. Raises ApiError."""
        chat = self.chat()
        self.world.check_access(self.bot, chat, right)
        return chat

    def upload(self, reference: str) -> Upload | None:
        """The uploaded file that `attach://name` stands for. Raises ApiError when it did not come along."""
        if not reference.startswith("attach://"):
            return None
        found = self.files.get(reference.removeprefix("attach://"))
        if found is None:
            raise wrong_call("wrong file identifier/HTTP URL specified")
        return found


@dataclass(slots=True)
class Record:
    """One line of the log of calls.

    Times: `at` in Unix seconds, `since` in monotonic seconds, `ms` until its answer. `number` counts the calls.
    """

    bot: Bot | None
    method: str
    at: int
    since: float
    values: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    description: str = ""
    violation: bool = False
    fault: str = ""
    number: int = 0
    ms: int = 0

    @property
    def ok(self) -> bool:
        """Whether the call had a result, and the caller could read it."""
        return self.code == 200

    @property
    def chat_id(self) -> int | None:
        """The chat that was meant, where the method has one."""
        found = str(self.values.get("chat_id", ""))
        return int(found) if found.removeprefix("-").isdecimal() else None


Method = Callable[[Call], Any]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Teach the sandbox a method of the Bot API."""

    def keep(function: Method) -> Method:
        METHODS[name] = function
        return function

    return keep


def message_of(chat: Chat, message_id: int, purpose: str) -> Message:
    """A message by its id. Raises ApiError in the official words for what should be done with it."""
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message
