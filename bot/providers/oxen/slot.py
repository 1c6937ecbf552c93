"""One field of a request: what it takes, as far as the service's JSON Schema says it in words that are understood."""

import math
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.images import AspectRatio

Plain = str | int | float | bool

KINDS = frozenset({"string", "integer", "number", "boolean", "array", "object"})
MOST_VALUES = 50
LONGEST_VALUE = 40
LARGEST = 2**53  # beyond it JSON numbers are not exact

# How far a size may be from the ratio it stands for, as the logarithm of the quotient: 1344x768 is 16:9.
NEAR = 0.03
PROPORTION = re.compile(r"(\d{1,5}(?:\.\d{1,3})?) ?[x×*:] ?(\d{1,5}(?:\.\d{1,3})?)")
NAMED = re.compile(r"(square|portrait|landscape)(?:_hd)?(?:_(\d{1,2})_(\d{1,2}))?")


class Slot(BaseModel):
    """`kind` is the type of the field, `low` and `high` bound a number, `length` a text, `items` a list."""

    model_config = ConfigDict(frozen=True)

    kind: str = ""
    values: tuple[str | int | float, ...] = ()
    default: Plain | None = None
    low: float | None = None
    high: float | None = None
    length: int | None = None
    items: int | None = None

    @classmethod
    def read(cls, told: Any) -> "Slot":
        """The field as its property in the schema tells it."""
        told = _branch(told)
        return cls(
            kind=_kind(told.get("type")),
            values=_values(told.get("enum")),
            default=_plain(told.get("default")),
            low=_number(told.get("minimum")),
            high=_number(told.get("maximum")),
            length=_count(told.get("maxLength")),
            items=_count(told.get("maxItems")),
        )

    @property
    def filling(self) -> Plain | None:
        """What to send where something must be sent: its default, or the first value it may have."""
        return self.default if self.default is not None else next(iter(self.values), None)

    def bounded(self, number: int) -> int:
        """The number, or the nearest one that is allowed."""
        raised = number if self.low is None else max(number, self.low)
        return int(raised if self.high is None else min(raised, self.high))

    def folded(self, number: int) -> int:
        """The number, or another one within the bounds that is always the same for it."""
        if self.bounded(number) == number:
            return number
        low = int(self.low or 0)
        high = LARGEST if self.high is None else int(self.high)
        return low + number % max(high - low + 1, 1)

    def by_ratio(self) -> dict[AspectRatio, Plain]:
        """Those of its values that stand for a shape: the closest to each ratio, its default before others."""
        near = [(off, value != self.default, ratio, value) for value in self.values for off, ratio in _nearest(value)]
        found: dict[AspectRatio, Plain] = {}
        for _, _, ratio, value in sorted(near, key=lambda each: each[:2]):
            found.setdefault(ratio, value)
        return found


def _nearest(value: Plain) -> list[tuple[float, AspectRatio]]:
    """The ratio that a value such as `3:4`, `1024x768` or `portrait_4_3` stands for, and how far it is off."""
    width, height = _sides(str(value))
    if not width or not height:
        return []
    shape = math.log(width / height)
    off, ratio = min((abs(math.log(ratio.sides[0] / ratio.sides[1]) - shape), ratio) for ratio in AspectRatio)
    return [(off, ratio)] if off <= NEAR else []


def _sides(text: str) -> tuple[float, float]:
    if found := PROPORTION.fullmatch(text):
        return float(found[1]), float(found[2])
    if found := NAMED.fullmatch(text):
        # `portrait_4_3` is higher than wide in spite of its order of numbers.
        sides = sorted((int(found[2] or 1), int(found[3] or 1)), reverse=found[1] == "landscape")
        return sides[0], sides[1]
    return 0, 0


def _branch(told: Any) -> Mapping[str, Any]:
    """The property itself, with what it says of the case in which it is not null."""
    if not isinstance(told, Mapping):
        return {}
    for name in ("anyOf", "oneOf", "allOf"):
        branches = told.get(name)
        for branch in branches[:10] if isinstance(branches, list) else []:
            if isinstance(branch, Mapping) and branch.get("type") != "null":
                return {**branch, **told}
    return told


def _kind(told: Any) -> str:
    kinds = told if isinstance(told, list) else [told]
    return next((kind for kind in kinds[:5] if isinstance(kind, str) and kind in KINDS), "")


def _values(told: Any) -> tuple[str | int | float, ...]:
    found = [_plain(value) for value in told[:MOST_VALUES]] if isinstance(told, list) else []
    return tuple(value for value in found if value is not None and not isinstance(value, bool))


def _plain(told: Any) -> Plain | None:
    if isinstance(told, bool):
        return told
    if isinstance(told, str):
        return told if len(told) <= LONGEST_VALUE and told.isprintable() else None
    return _number(told)


def _number(told: Any) -> int | float | None:
    fits = isinstance(told, int | float) and not isinstance(told, bool) and -LARGEST <= told <= LARGEST
    return told if fits else None


def _count(told: Any) -> int | None:
    number = _number(told)
    return int(number) if number is not None and number >= 1 else None
