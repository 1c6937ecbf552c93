"""Reads an expression of Prometheus, as far as alerts and the dashboard use the language; else it is an error."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w])|(?P<span>\[\d+[smhd]\])|(?P<name>[a-zA-Z_:][\w:]*)"
    r'|(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>=~|!~|!=|==|>=|<=|[-+*/%^(){},=<>]))'
)
OPERATORS = {"+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "and", "or", "unless"}
AGGREGATIONS = {"sum", "max", "min", "avg", "count"}
FUNCTIONS = {"rate", "increase", "changes", "absent", "abs", "time", "vector"}
RANGED = {"rate", "increase", "changes"}


class Unread(Exception):
    """It is no expression."""


@dataclass
class Read:
    """What an expression asks for: each metric with the labels that choose or group it."""

    metrics: dict[str, set[str]] = field(default_factory=dict)
    grouped: set[str] = field(default_factory=set)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.read = Read()

    def ahead(self) -> tuple[str, str]:
        return self.tokens[0] if self.tokens else ("end", "")

    def take(self, *wanted: str) -> str:
        kind, value = self.ahead()
        if wanted and kind not in wanted and value not in wanted:
            raise Unread(f"{value or 'the end'} instead of {' or '.join(wanted)}")
        self.tokens.pop(0)
        return value

    def binary(self) -> None:
        self.unary()
        while self.ahead()[1] in OPERATORS:
            self.take()
            if self.ahead()[1] in ("on", "ignoring"):
                self.take()
                self.labels()
            self.unary()

    def unary(self) -> None:
        kind, value = self.ahead()
        if value == "-":
            self.take()
            self.unary()
        elif value == "(":
            self.within()
        elif kind == "number":
            self.take()
        elif value in AGGREGATIONS:
            self.aggregation()
        elif value in FUNCTIONS:
            self.call()
        else:
            self.selector()

    def within(self) -> None:
        self.take("(")
        self.binary()
        self.take(")")

    def aggregation(self) -> None:
        self.take()
        if self.ahead()[1] in ("by", "without"):
            self.take()
            self.labels()
        self.within()

    def call(self) -> None:
        ranged = self.take() in RANGED
        self.take("(")
        if ranged:
            self.selector(ranged=True)
        elif self.ahead()[1] != ")":
            self.binary()
        self.take(")")

    def labels(self) -> None:
        self.take("(")
        self.read.grouped.add(self.take("name"))
        while self.ahead()[1] == ",":
            self.take()
            self.read.grouped.add(self.take("name"))
        self.take(")")

    def selector(self, *, ranged: bool = False) -> None:
        labels = self.read.metrics.setdefault(self.take("name"), set())
        if self.ahead()[1] == "{":
            self.take()
            while self.ahead()[1] != "}":
                labels.add(self.take("name"))
                self.take("=", "!=", "=~", "!~")
                self.take("text")
                if self.ahead()[1] != "}":
                    self.take(",")
            self.take("}")
        if ranged:
            self.take("span")


def read(expression: str) -> Read:
    """What this expression asks for. Raises Unread."""
    reader = _Reader(expression)
    reader.binary()
    if reader.tokens:
        raise Unread(f"{reader.ahead()[1]} behind the end of {expression}")
    return reader.read


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while rest := text[at:].strip():
        found = TOKEN.match(text, at)
        if found is None:
            raise Unread(rest)
        yield found.lastgroup or "", found[found.lastgroup or 0]
        at = found.end()
