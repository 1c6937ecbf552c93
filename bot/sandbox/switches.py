"""Faults that people switch on by name: on the page, or from another program."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.calls import Record
from bot.sandbox.faults import Fault, FaultOptions, Lost
from bot.sandbox.server import Sandbox

WAIT = 5
LATE = 5.0

# What each kind does; `seconds` changes the two that have a time.
KINDS: dict[str, Callable[[float | None], FaultOptions]] = {
    "429": lambda seconds: {"retry_after": round(seconds or WAIT)},
    "500": lambda _: {"status": 500},
    "502": lambda _: {"status": 502},
    "403": lambda _: {"status": 403},
    "slow": lambda seconds: {"delay": seconds or LATE},
    "reset_before": lambda _: {"lost": Lost.BEFORE},
    "reset_after": lambda _: {"lost": Lost.AFTER},
    "hang": lambda _: {"lost": Lost.HANG},
}


@dataclass(frozen=True, slots=True)
class Switch:
    """One fault that was switched on."""

    number: int
    kind: str
    fault: Fault

    def shown(self) -> dict[str, Any]:
        """As the page gets it; `left` is None for one without end."""
        fault = self.fault
        left = None if fault.times is None else fault.times - fault.hits
        return {"id": self.number, "kind": self.kind, "method": fault.method, "hits": fault.hits, "left": left}


class Switches:
    """All that were switched on and are not over."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._numbers = itertools.count(1)
        self._on: list[Switch] = []

    def add(self, values: dict[str, Any]) -> Switch:
        """Switch one on, by `kind` and perhaps `method`, `times` (null: without end), `seconds`.

        Raises ValueError or KeyError for what is no fault.
        """
        method, times, seconds = str(values.get("method", "*")), values.get("times", 1), values.get("seconds")
        how = KINDS[str(values["kind"])](None if seconds is None else float(seconds))
        how["times"] = None if times is None else int(times)
        # Polls come all the time and would take the whole trouble upon themselves.
        how["where"] = None if method == "getUpdates" else _no_poll
        switch = Switch(next(self._numbers), str(values["kind"]), self._sandbox.fault(method, **how))
        self._on.append(switch)
        return switch

    def end(self, number: int | None = None) -> None:
        """Switch one off, or all."""
        for switch in self._on:
            if number in (None, switch.number):
                switch.fault.end()

    def shown(self) -> list[dict[str, Any]]:
        """Those that are on."""
        self._on = [switch for switch in self._on if not switch.fault.over]
        return [switch.shown() for switch in self._on]


def _no_poll(record: Record) -> bool:
    return record.method != "getUpdates"
