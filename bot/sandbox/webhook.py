"""Where a bot has its updates brought to."""

from dataclasses import dataclass
from typing import Any

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


@dataclass(slots=True, eq=False)
class Webhook:
    """An address and how bringing updates there goes.

    `patience` is the seconds that the bot has for an answer, `pause` those before the first new try, which double with
    each further one up to `longest`. `behind` is where the bot listens when `url` is the address of a proxy in front.
    """

    url: str
    secret: str
    connections: int
    last_error: str = ""
    last_error_at: int = 0
    patience: float = 60.0
    pause: float = 1.0
    longest: float = 60.0
    behind: str = ""
    delivered: int = 0

    def wire(self) -> dict[str, Any]:
        """The fields that `WebhookInfo` has for it."""
        wire: dict[str, Any] = {"url": self.url, "max_connections": self.connections}
        if self.last_error:
            wire |= {"last_error_message": self.last_error, "last_error_date": self.last_error_at}
        return wire

    @property
    def headers(self) -> dict[str, str]:
        """What is sent along, so that the bot knows who brings it."""
        return {SECRET_HEADER: self.secret} if self.secret else {}
