"""Writes down what was asked and answered, for a cassette of the tests: without keys, and with a tiny picture for each.

Answers are seen after the decoder, so a picture in them is a reference already.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

# 16 × 9 pixels of one gray.
TINY = "iVBORw0KGgoAAAANSUhEUgAAABAAAAAJCAAAAAAeQfPuAAAAD0lEQVR4nGNoQAMMg0QAAIXUSAEMc2GTAAAAAElFTkSuQmCC"
TINY_FACTS = ["png", 16, 9]

PICTURE = re.compile(r"(data:[^,]{0,200};base64,)?(iVBORw0KGgo|/9j/|UklGR)[A-Za-z0-9+/=_\r\n-]*")
KEY = "KEY"
RECOGNIZED = 8  # characters from which on a key is no word that an answer may hold by chance


class Asked(NamedTuple):
    """One question; its path begins behind the address of the service."""

    method: str
    path: str
    headers: Mapping[str, str]
    question: Any = None


class Recorder:
    """What went to a service and came back, turn by turn, as the cassettes have it."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """`secrets` are the keys to leave out."""
        self._secrets = secrets
        self.turns: list[dict[str, Any]] = []

    def answered(
        self, asked: Asked, status: int, answer: bytes, files: Collection[str] = (), retry_after: str | None = None
    ) -> None:
        """A service answered; `files` are the words that stand for pictures in the answer."""
        turn = self._turn(asked) | {"status": status, **self._reply(answer, files)}
        self.turns.append(turn | ({"reply_headers": {"Retry-After": retry_after}} if retry_after else {}))

    def fetched(self, address: str, asked: Asked) -> None:
        """A picture came from `address`. Players stand in for no address in full: then it came with the answer."""
        turns = [_changed(turn, lambda text: TINY if text == address else text) for turn in self.turns]
        if turns == self.turns and asked.path.startswith("/"):
            turns.append(self._turn(asked) | {"status": 200, "base64": TINY})
        self.turns = turns

    def _turn(self, asked: Asked) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in asked.headers.items()}
        for secret in self._secrets:
            headers = {name: value.replace(secret, KEY) for name, value in headers.items()}
        return {"method": asked.method, "path": self._clean(asked.path), "headers": headers, "json": asked.question}

    def _reply(self, answer: bytes, files: Collection[str]) -> dict[str, Any]:
        try:
            reply = json.loads(answer)
        except ValueError:
            return {"text": self._clean(answer.decode("utf-8", "replace"))}
        return {"reply": _changed(reply, lambda text: TINY if text in files else self._clean(text))}

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            if len(secret) >= RECOGNIZED:
                text = text.replace(secret, KEY)
        return TINY if PICTURE.fullmatch(text) else text


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """The same with every string changed."""
    if isinstance(value, Mapping):
        return {name: _changed(each, change) for name, each in value.items()}
    if isinstance(value, list):
        return [_changed(each, change) for each in value]
    return change(value) if isinstance(value, str) else value
