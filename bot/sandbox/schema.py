"""Checks a call against the description of the Bot API and turns its values into what they mean.

A form carries everything as text and JSON carries types; both end as the same Python values.
"""

import gzip
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.sandbox.texts import utf16_len

FILE = Path(__file__).with_name("schema.json.gz")
BIGGEST = 2**63

Read = Callable[[Any], Any]


class Mismatch(Exception):
    """A value that the Bot API does not describe. `path` leads to it, `kind` is missing, long, short or wrong."""

    def __init__(self, words: str, kind: str = "wrong") -> None:
        super().__init__(words)
        self.words = words
        self.kind = kind
        self.path: tuple[str, ...] = ()

    def under(self, name: str) -> "Mismatch":
        """The same mismatch, seen from one level further up."""
        self.path = (name, *self.path)
        return self

    def __str__(self) -> str:
        return f"{'.'.join(self.path)} {self.words}"

    @property
    def field(self) -> str:
        """The last name on the path: numbers of array items are passed by."""
        return next((name for name in reversed(self.path) if not name.isdigit()), "")


class Schema:
    """The methods and types of one version of the Bot API."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.version: str = document["version"]
        self.methods: Mapping[str, Mapping[str, Any]] = document["methods"]
        self._types: Mapping[str, Mapping[str, Any]] = document["types"]
        self._unions: Mapping[str, list[str]] = document["unions"]
        self._readers: dict[str, Read] = dict(PLAIN)
        self._calls: dict[str, Read] = {}

    def read_call(self, method: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The checked parameters of a call to a known method. Raises Mismatch."""
        if method not in self._calls:
            self._calls[method] = self._object(self.methods[method])
        checked: dict[str, Any] = self._calls[method](raw)
        return checked

    def read(self, name: str, value: Any) -> Any:
        """A checked value of the type `name`. Raises Mismatch."""
        return self._reader(name)(value)

    def _reader(self, kind: Any) -> Read:
        if isinstance(kind, dict):
            return self._array(self._reader(kind["array"]))
        if isinstance(kind, list):
            return self._any_of(kind)
        if kind not in self._readers:
            # Types hold each other: the name leads to the reader that is still being made.
            self._readers[kind] = self._later(kind)
            self._readers[kind] = self._named(kind)
        return self._readers[kind]

    def _later(self, kind: str) -> Read:
        def read(value: Any) -> Any:
            return self._readers[kind](value)

        return read

    def _named(self, name: str) -> Read:
        if name == "RichText":
            return self._rich_text()
        if name in self._unions:
            return self._any_of(self._unions[name])
        return self._object(self._types[name])

    def _rich_text(self) -> Read:
        objects = self._any_of(self._unions["RichText"])

        def read(value: Any) -> Any:
            if isinstance(value, str):
                return value
            if isinstance(value, list):
                return [read(item) for item in value]
            return objects(value)

        return read

    def _array(self, item: Read) -> Read:
        def read(value: Any) -> list[Any]:
            value = _from_json(value, list, "an array")
            done = []
            for place, one in enumerate(value):
                try:
                    done.append(item(one))
                except Mismatch as error:
                    raise error.under(str(place)) from None
            return done

        return read

    def _any_of(self, names: list[Any]) -> Read:
        if all(name in PLAIN for name in names):
            return _plain_any_of(names)
        members = [(self._constants(name), self._reader(name)) for name in names]

        def read(value: Any) -> Any:
            value = _from_json(value, dict, "an object")
            fitting = [reader for constants, reader in members if constants.items() <= value.items()]
            return _first_that_reads(fitting, value)

        return read

    def _constants(self, name: str) -> dict[str, str]:
        fields = self._types[name].items()
        return {key: field["one_of"][0] for key, field in fields if len(field.get("one_of", ())) == 1}

    def _object(self, fields: Mapping[str, Any]) -> Read:
        readers = {name: _limited(self._reader(field["type"]), field) for name, field in fields.items()}
        required = [name for name, field in fields.items() if field.get("required")]

        def read(value: Any) -> dict[str, Any]:
            value = _from_json(value, dict, "an object")
            done = {}
            for name, one in value.items():
                if one is not None:
                    done[name] = _read_field(readers, name, one)
            for name in required:
                if name not in done:
                    raise Mismatch("is required", "missing").under(name)
            return done

        return read


@cache
def load() -> Schema:
    """The schema that is shipped with this package."""
    return Schema(json.loads(gzip.decompress(FILE.read_bytes())))


def _read_field(readers: Mapping[str, Read], name: str, value: Any) -> Any:
    if name not in readers:
        raise Mismatch("is not known to the Bot API", "unknown").under(name)
    try:
        return readers[name](value)
    except Mismatch as error:
        raise error.under(name) from None


def _first_that_reads(readers: list[Read], value: Any) -> Any:
    """The first reading that works. When none does, the one that came furthest tells what is wrong."""
    wrong: list[Mismatch] = []
    for reader in readers:
        try:
            return reader(value)
        except Mismatch as error:
            wrong.append(error)
    raise max(wrong, key=lambda error: len(error.path), default=Mismatch("has an unknown type"))


def _from_json(value: Any, wanted: type, words: str) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise Mismatch(f"is not {words}") from None
    if not isinstance(value, wanted):
        raise Mismatch(f"is not {words}")
    return value


def _limited(read: Read, field: Mapping[str, Any]) -> Read:
    low, high, unit, choices = field.get("min"), field.get("max"), field.get("unit"), field.get("one_of")
    if high is None and choices is None:
        return read
    measure = MEASURES[unit or "value"]

    def limited(value: Any) -> Any:
        value = read(value)
        if choices is not None and value not in choices:
            raise Mismatch(f"must be one of {', '.join(choices)}")
        if low is not None and high is not None and not low <= (size := measure(value)) <= high:
            raise Mismatch(f"must be {low}-{high} {unit}, not {size}", "long" if size > high else "short")
        return value

    return limited


def _integer(value: Any) -> int:
    if isinstance(value, str) and len(value) <= 20 and value.removeprefix("-").isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not -BIGGEST <= value < BIGGEST:
        raise Mismatch("is not an integer of 64 bits")
    return value


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise Mismatch("is not a number") from None


def _string(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise Mismatch("is not a string")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Mismatch("strings must be encoded in UTF-8", "encoding") from None
    return value


def _boolean(value: Any) -> bool:
    if isinstance(value, str):
        value = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(value.lower())
    if not isinstance(value, bool):
        raise Mismatch("is not a boolean")
    return value


def _plain_any_of(names: list[str]) -> Read:
    def read(value: Any) -> Any:
        return _first_that_reads([PLAIN[name] for name in names], value)

    return read


PLAIN: Mapping[str, Read] = {
    "Integer": _integer,
    "Float": _float,
    "String": _string,
    "InputFile": _string,
    "Boolean": _boolean,
    "True": _boolean,
}
MEASURES: Mapping[str, Callable[[Any], int]] = {
    "characters": utf16_len,
    "bytes": lambda text: len(text.encode()),
    "items": len,
    "value": lambda value: value if isinstance(value, int) else 0,
}
