"""Brings updates to the address that a bot has set."""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, eq=False)
class Webhook:
    """An address and how bringing updates there goes."""

    url: str
    secret: str
    connections: int
    last_error: str = ""
    last_error_at: int = 0

    def wire(self) -> dict[str, Any]:
        """The fields that `WebhookInfo` has for it."""
        wire: dict[str, Any] = {"url": self.url, "max_connections": self.connections}
        if self.last_error:
            wire |= {"last_error_message": self.last_error, "last_error_date": self.last_error_at}
        return wire
