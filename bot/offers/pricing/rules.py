"""What a model costs, who says so, and what it is to cost. Pure: no I/O, no clock."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.images import ImageModel
from bot.imagine.rules import model_ref
from bot.offers.rules import SetPrice, by_key
from bot.providers import Prices
from bot.providers.prices import HIGHEST, OFF

# The word that takes back what was set here, and another one for it.
FILE = "file"
BACK = (FILE, "default")
STEPS = (-10, -1, 1, 10)


@dataclass(frozen=True, slots=True)
class Cost:
    """Credits a picture, None for not offered; said by an admin here, or by a line of the file, or by the model.

    Without all of them nobody knows it now: the model is not listed.
    """

    price: int | None
    rule: str | None = None
    own: SetPrice | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class Tag:
    """The price of a model as it is, and as it is `without` what was set here. `listed`: its service offers it."""

    key: str
    title: str
    now: Cost
    without: Cost
    listed: bool = True

    @property
    def ref(self) -> str:
        """Its name on a button."""
        return model_ref(self.key)

    @property
    def around(self) -> int:
        """The number that steps begin at."""
        found = self.now.price if self.now.price is not None else self.without.price
        return found or 0


def tag(model: ImageModel, file: Prices, own: Mapping[str, SetPrice]) -> Tag:
    """That of a model that is listed, at its own price."""
    price, rule = file.of(model)
    without = Cost(_number(price), rule)
    return Tag(model.key, model.title, _own(own.get(model.key)) or without, without)


def tag_of_unlisted(key: str, title: str, file: Prices, own: SetPrice) -> Tag:
    """That of a model that nobody lists, for which a price was set here."""
    ruled = file.ruled(key)
    without = Cost(_number(ruled[0]), ruled[1]) if ruled else Cost(None, known=False)
    return Tag(key, title, _own(own) or without, without, listed=False)


def set_to(value: str, admin_id: int, now: int) -> SetPrice:
    """What such a word sets."""
    return SetPrice(None if value == OFF else int(value), now, admin_id)


def with_change(own: Mapping[str, SetPrice], key: str, change: SetPrice | None) -> Mapping[str, int | str]:
    """Such prices as a file would say them, after a change; None takes back."""
    rest = {each: price for each, price in own.items() if each != key}
    return by_key(rest if change is None else rest | {key: change})


def price_in(word: str) -> str | None:
    """What somebody says of a price, as a button carries it: a number, `off`, or `file`; None for anything else."""
    word = word.casefold()
    if word in BACK:
        return FILE
    if word == OFF:
        return OFF
    number = int(word) if re.fullmatch(r"[0-9]{1,9}", word) else HIGHEST + 1
    return str(number) if number <= HIGHEST else None


def means_price(word: str) -> bool:
    """Whether a word is no name of a model, but a number that no price can be."""
    return bool(re.fullmatch(r"[-+]?[0-9][0-9.,]*", word)) and price_in(word) is None


def steps(number: int) -> Sequence[tuple[int, int]]:
    """How far prices are away that are near a number, and these prices."""
    near = ((step, min(max(number + step, 0), HIGHEST)) for step in STEPS)
    return [(step, price) for step, price in near if price != number]


def told(cost: Cost) -> str:
    """In one word, for the audit."""
    return "?" if not cost.known else OFF if cost.price is None else str(cost.price)


def _own(own: SetPrice | None) -> Cost | None:
    return Cost(own.price, own=own) if own else None


def _number(price: int | str) -> int | None:
    return price if isinstance(price, int) else None
