"""What pictures cost here: the operator's own prices, from one file that may be edited while the bot runs."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

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
        self._rules = [(_pattern(name), price) for name, price in reversed(names)]

    def applied(self, models: Iterable[ImageModel]) -> list[ImageModel]:
        """The models that are offered, at the prices here; what is not named keeps its own price."""
        priced = ((model, self._of(model)) for model in models)
        return [replace(model, price=price) for model, price in priced if isinstance(price, int)]

    def _of(self, model: ImageModel) -> int | str:
        return next((price for pattern, price in self._rules if pattern.fullmatch(model.key)), model.price)


class PriceFile:
    """The file of prices. `prices` are those that it held when it was last whole."""

    def __init__(self, file: Path | None = None, *, required: bool = False) -> None:
        """Without a file, and while there is none that is `required`, models cost what they are shipped with.

        Raises SettingsError.
        """
        self._file = file
        self._required = required
        self._seen = self._stamp()
        self.prices = self._read(file) if file else Prices()

    def look(self) -> bool:
        """Read the file again when it was edited; whether the prices are new. A broken edit changes nothing."""
        stamp = self._stamp()
        if self._file is None or stamp == self._seen:
            return False
        self._seen = stamp
        try:
            self.prices = self._read(self._file)
        except SettingsError as error:
            log.warning("prices_not_read", reason=str(error))
            return False
        log.info("prices_read")
        return True

    def _read(self, file: Path) -> Prices:
        if not self._required and not file.exists():
            return Prices()
        return read_prices(file)

    def _stamp(self) -> tuple[int, int] | None:
        """What changes when the file is edited; None while there is none that can be looked at."""
        try:
            found = self._file.stat() if self._file else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_size) if found else None


def read_prices(file: Path) -> Prices:
    """The prices in a file. Raises SettingsError with the line that is wrong."""
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise SettingsError(f"PRICES_FILE: {file} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"PRICES_FILE: {file} is not a text in UTF-8") from None
    try:
        by_name = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also what TOML allows and Python does not read
        raise SettingsError(f"PRICES_FILE: {file}: {error}; {HOW}") from None
    for name, price in by_name.items():
        if not _is_price(price):
            raise SettingsError(f"PRICES_FILE: {file}{_line_of(name, text)}: {name} has no price; {HOW}")
    return Prices(by_name)


def _is_price(price: Any) -> bool:
    return price == OFF or (type(price) is int and 0 <= price <= HIGHEST)


def _line_of(name: str, text: str) -> str:
    """Where a name is written, for people: TOML does not tell after reading."""
    lines = enumerate(text.splitlines(), 1)
    found = next((number for number, line in lines if line.lstrip(" [\"'").startswith(name)), None)
    return f", line {found}" if found else ""


def _exactness(name: str) -> tuple[bool, int]:
    return "*" not in name, len(name.replace("*", ""))


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL)
