"""Cassettes and how they are played: a service that answers as a story says, or goes wrong at one of its turns."""

import base64
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.images import AspectRatio, ImageRequest
from bot.providers import Provider, adapters
from tests.providers.fake import Answer, Call

CASSETTES = Path(__file__).with_name("cassettes")
ADAPTERS = adapters()
REMOTE = [adapter for adapter in ADAPTERS if "base_url" in adapter.Settings.model_fields]

Story = dict[str, Any]
Fault = Callable[[Answer], Answer]


def cassette(adapter: type[Provider]) -> list[Story]:
    stories: list[Story] = json.loads((CASSETTES / f"{adapter.key}.json").read_text("utf-8"))
    return stories


def good_story(adapter: type[Provider]) -> Story:
    """The first in which one picture is asked for and comes, without a list before."""
    return next(each for each in cassette(adapter) if len(each.get("pictures", ())) == 1 and not each.get("refresh"))


def asked(provider: Provider, **changes: Any) -> ImageRequest:
    wishes = {"prompt": "a red fox", "ratio": "1:1"} | changes
    key = wishes.pop("model", provider.shipped[0].key)
    model = next(model for model in provider.models() if model.key == key)
    return ImageRequest(model=model, **wishes | {"ratio": AspectRatio(wishes["ratio"])})


def answer_of(turn: dict[str, Any]) -> Answer:
    text = turn.get("text")
    body = base64.b64decode(turn["base64"]) if "base64" in turn else None if text is None else text.encode()
    return Answer(turn["status"], turn.get("reply"), body, turn.get("reply_headers", {}))


class Playing:
    """Plays a story: each call gets the turn that answers it. The turn of this number goes wrong, once."""

    def __init__(self, story: Story, turn: int, fault: Fault, *, unknown: Any = None) -> None:
        """`unknown` is what calls are told that are not in the story."""
        self._turns = story["turns"]
        self._turn = turn
        self._fault: Fault | None = fault
        self._unknown = unknown
        self._seen: Counter[tuple[str, str]] = Counter()
        self.orders = 0
        """How often a picture was ordered where pictures can be ordered."""

    def __call__(self, call: Call) -> Answer:
        asked = (call.method, call.path)
        matching = [number for number, turn in enumerate(self._turns) if (turn["method"], turn["path"]) == asked]
        if not matching:
            return Answer(404, json=self._unknown)
        self.orders += call.method == "POST"
        number = matching[min(self._seen[asked], len(matching) - 1)]
        self._seen[asked] += 1
        answer = answer_of(self._turns[number])
        if number == self._turn and self._fault:
            answer, self._fault = self._fault(answer), None
        return answer


def order_turn(story: Story) -> int:
    """The turn in which the picture is ordered."""
    return next(number for number, turn in enumerate(story["turns"]) if turn["method"] == "POST")


def picture_turn(story: Story) -> int:
    """The turn that brings the picture."""
    return next(number for number, turn in enumerate(story["turns"]) if _brings(answer_of(turn)))


def _brings(answer: Answer) -> bool:
    return answer.payload[1:4] in (b"PNG", b"IFF") or b"iVBORw0KGgo" in answer.payload or b"UklGR" in answer.payload
