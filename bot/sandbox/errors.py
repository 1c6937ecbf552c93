"""Errors in the words of the official server, so that what is learned here holds there."""

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """What the server answers instead of a result.

    `violation`: the call itself is wrong, whatever the state of the chats; such calls are listed apart.
    """

    def __init__(self, code: int, text: str, *, violation: bool = False, **parameters: int) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.violation = violation
        self.parameters: Mapping[str, int] = parameters

    def wire(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.text}
        if self.parameters:
            body["parameters"] = dict(self.parameters)
        return body


def bad_request(text: str) -> ApiError:
    """400 for a call that does not fit the state of the chats."""
    return ApiError(400, f"Bad Request: {text}")


def wrong_call(text: str) -> ApiError:
    """400 for a call that is wrong in itself."""
    return ApiError(400, f"Bad Request: {text}", violation=True)


def forbidden(text: str) -> ApiError:
    """403: this chat does not want to hear from the bot."""
    return ApiError(403, f"Forbidden: {text}")


def too_many_requests(retry_after: int) -> ApiError:
    """429 with the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def migrated(chat_id: int) -> ApiError:
    """400 for a group that lives on as a supergroup."""
    return ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat_id)


UNAUTHORIZED = ("Unauthorized", 401)
OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
WEBHOOK_SET = "Conflict: terminated by setWebhook request"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"

BY_STATUS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: OTHER_POLLER,
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}

# What the official server says where a field is missing or beyond its limit: (field, what is wrong) → words.
OFFICIAL = {
    ("text", "missing"): "message text is empty",
    ("text", "short"): "message text is empty",
    ("text", "long"): "message is too long",
    ("caption", "long"): "message caption is too long",
    ("callback_data", "short"): "BUTTON_DATA_INVALID",
    ("callback_data", "long"): "BUTTON_DATA_INVALID",
    ("chat_id", "missing"): "chat_id is empty",
    ("message_id", "missing"): "message identifier is not specified",
    ("photo", "missing"): "there is no photo in the request",
    ("document", "missing"): "there is no document in the request",
    ("media", "short"): "there are too few messages to send as an album",
    ("media", "long"): "too many messages to send as an album",
    ("commands", "long"): "BOT_COMMANDS_TOO_MUCH",
    ("command", "short"): "BOT_COMMAND_INVALID",
    ("command", "long"): "BOT_COMMAND_INVALID",
    ("id", "short"): "RESULT_ID_INVALID",
    ("id", "long"): "RESULT_ID_INVALID",
    ("secret_token", "long"): "secret token is too long",
}
