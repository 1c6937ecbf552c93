"""Telegram without a wire: chats in memory and a bad day made of chances, for tests that live in virtual time."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from bot.clock import Clock
from bot.inline.storage_chat import StorageChat
from bot.telegram.api import CALL_TIMEOUT, Api, CallError, CallPaused, CallRefused, CallUnknown
from bot.telegram.upload import Upload


@dataclass(frozen=True, slots=True)
class Made:
    """One call as it came in, at a monotonic time."""

    at: float
    method: str
    chat_id: int
    params: Mapping[str, Any]
    error: CallError | None


@dataclass
class InMind(Api):
    """What bots may do to chats. `mood` says what goes wrong with a call: before it takes effect, and after."""

    clock: Clock
    chances: random.Random
    before: Callable[["InMind", str, int], CallError | None] = lambda api, method, chat_id: None
    after: Callable[["InMind", str, int], CallError | None] = lambda api, method, chat_id: None
    made: list[Made] = field(default_factory=list)
    chats: dict[int, dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    told: dict[int, float] = field(default_factory=dict)
    early: list[Made] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__("http://telegram.invalid", SecretStr("42:in-mind"))

    async def call(self, method: str, /, timeout: float = CALL_TIMEOUT, **params: Any) -> Any:
        return self._carry_out(method, params, {})

    async def upload(self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload]) -> Any:
        return self._carry_out(method, params, files)

    def messages(self, chat_id: int) -> list[dict[str, Any]]:
        """What a person sees in a chat."""
        return list(self.chats[chat_id].values())

    def texts(self, chat_id: int) -> list[str]:
        """The words of a chat, oldest first."""
        return [message["text"] for message in self.messages(chat_id)]

    def pictures(self, chat_id: int) -> list[dict[str, Any]]:
        """The pictures in a chat."""
        return [message for message in self.messages(chat_id) if "photo" in message or "document" in message]

    def _carry_out(self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload]) -> Any:
        chat_id, now = int(params["chat_id"]), self.clock.monotonic()
        error = self.before(self, method, chat_id)
        made = Made(now, method, chat_id, params, error)
        self.made.append(made)
        if now < self.told.get(chat_id, 0.0):
            self.early.append(made)
        if isinstance(error, CallPaused):
            self.told[chat_id] = now + error.seconds
        if error is not None:
            raise error
        result = self._effect(method, chat_id, params, files)
        if (late := self.after(self, method, chat_id)) is not None:
            raise late
        return result

    def _effect(self, method: str, chat_id: int, params: Mapping[str, Any], files: Mapping[str, Upload]) -> Any:
        chat = self.chats[chat_id]
        if method.startswith("send"):
            return self._put(chat, 1 + len(self.made), params, files)
        message_id = int(params["message_id"])
        if message_id not in chat:
            raise CallRefused(400, "Bad Request: message to edit not found")
        if method == "editMessageMedia":
            return self._put(chat, message_id, params, files)
        if method == "editMessageText" and "text" not in chat[message_id]:
            raise CallRefused(400, "Bad Request: there is no text in the message to edit")
        chat[message_id] |= {key: params[key] for key in ("text", "reply_markup") if key in params}
        return chat[message_id]

    def _put(
        self, chat: dict[int, dict[str, Any]], message_id: int, params: Mapping[str, Any], files: Mapping[str, Upload]
    ) -> dict[str, Any]:
        shown: dict[str, Any] = {"message_id": message_id}
        if files:
            shown["photo"] = [{"file_id": f"file-{len(self.made)}", "width": 64, "height": 64}]
            shown["caption"] = params.get("media", params)["caption"]
        else:
            shown["text"] = params["text"]
        chat[message_id] = shown
        return shown


def unknown(_: InMind, __: str, ___: int) -> CallError:
    """The answer never came."""
    return CallUnknown("connection reset")


def no_storage_chat() -> StorageChat:
    """None is set, and nobody looks after it."""

    async def nobody(_: object) -> bool:
        return False

    return StorageChat(None, nobody, nobody)
