"""What pictures cost here: the operator's own prices, from one file that may be edited while the bot runs."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import structlog

from bot.edited import EditedFile, line_of, text_of
from bot.errors import SettingsError
from bot.images import ImageModel

HIGHEST = 1_000_000  # credits
OFF = "off"
HOW = f'a line looks like "onlysq/flux" = 2, from 0 to {HIGHEST} credits, or "onlysq/flux" = "off"'

log = structlog.get_logger()


class Prices:
    """Prices by name of model. A `*` stands for anything; the most exact name counts, the later of equal ones."""

    def __init__(self, by_name: Mapping[str, int | str] | None = None) -> None:
        """Each price is in credits a picture, or `off` for a model that is not offered."""
        names = sorted((by_name or {}).items(), key=lambda entry: _exactness(entry[0]))
        self._rules = [(name, _pattern(name), price) for name, price in reversed(names)]
        self._own: Mapping[str, int | str] = {}

    def under(self, own: Mapping[str, int | str]) -> "Prices":
        """The same below those that were set in the chat, by the keys of models."""
        prices = Prices()
        prices._rules, prices._own = self._rules, own
        return prices

    def applied(self, models: Iterable[ImageModel]) -> list[ImageModel]:
        """The models that are offered, at the prices here; what is not named keeps its own price."""
        priced = ((model, self.of(model)[0]) for model in models)
        return [replace(model, price=price) for model, price in priced if isinstance(price, int)]

    def of(self, model: ImageModel) -> tuple[int | str, str | None]:
        """The price of a model, or `off`, and the name of the rule that says so; None where it is its own price."""
        return self.ruled(model.key) or (model.price, None)

    def ruled(self, key: str) -> tuple[int | str, str] | None:
        """The same by the key of a model; None where nothing is said of it."""
        if (own := self._own.get(key)) is not None:
            return own, key
        return next(((price, name) for name, pattern, price in self._rules if pattern.fullmatch(key)), None)


class PriceFile(EditedFile[Prices]):
    """The file of prices. Without one models cost what they are shipped with."""

    kind = "prices"

    def __init__(self, file: Path | None = None, *, required: bool = False) -> None:
        """Raises SettingsError."""
        super().__init__(file, required=required)

    @property
    def prices(self) -> Prices:
        """Those that it held when it was last whole."""
        return self.content

    @cached_property
    def empty(self) -> Prices:
        """The bot's own."""
        return Prices()

    def read(self, file: Path) -> Prices:
        """The prices in it. Raises SettingsError with the line that is wrong."""
        return read_prices(file)

    def log(self) -> None:
        """Say in the log that it was read, or what is wrong with it."""
        if self.trouble is None:
            log.info("prices_read")
        else:
            log.warning("prices_not_read", reason=self.trouble)


def read_prices(file: Path) -> Prices:
    """The prices in a file. Raises SettingsError with the line that is wrong."""
    text = text_of(file, "PRICES_FILE")
    try:
        by_name = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also what TOML allows and Python does not read
        raise SettingsError(f"PRICES_FILE: {file}: {error}; {HOW}") from None
    for name, price in by_name.items():
        if not _is_price(price):
            raise SettingsError(f"PRICES_FILE: {file}{line_of(name, text)}: {name} has no price; {HOW}")
    return Prices(by_name)


def _is_price(price: Any) -> bool:
    return price == OFF or (type(price) is int and 0 <= price <= HIGHEST)


def _exactness(name: str) -> tuple[bool, int]:
    return "*" not in name, len(name.replace("*", ""))


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL)
