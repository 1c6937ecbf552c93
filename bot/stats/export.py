"""Figures as files: CSV for a spreadsheet, JSON for a program. Pure: figures in, text out."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bot.stats.rules import Figures

# A cell that begins so is carried out by a spreadsheet; the wide forms are taken for the others by some.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  these are meant
HARMLESS = "'"
HEAD = ("from", "to", "what", "name", "value")
# Without it a spreadsheet takes UTF-8 for something else.
MARK = "\ufeff"

Cell = str | int | None


def cell(value: Cell) -> Cell:
    """A value as it may stand in a spreadsheet: a text that looks like a formula begins with an apostrophe."""
    dangerous = isinstance(value, str) and value.lstrip(" ").startswith(DANGEROUS)
    return f"{HARMLESS}{value}" if dangerous else value


def as_csv(figures: Figures, zone: ZoneInfo) -> str:
    """One line for each figure, with the time that it is about."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows([cell(value) for value in line] for line in _lines(figures, zone))
    return MARK + text.getvalue()


def as_json(figures: Figures, zone: ZoneInfo) -> str:
    """The same in one object. Times are those of the operator's zone, with its distance from UTC."""
    told = asdict(figures)
    for name in ("causes", "models"):
        told[name] = dict(told[name])
    told["edges"] = [_time(at, zone) for at in figures.edges]
    told["services"] = [_named(each) for each in told["services"]]
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _named(service: dict[str, Any]) -> dict[str, Any]:
    times = {"p50_ms": service.pop("p50"), "p90_ms": service.pop("p90")}
    return {**service, **times}


def _lines(figures: Figures, zone: ZoneInfo) -> Iterator[tuple[Cell, ...]]:
    parts = [(_time(since, zone), _time(until, zone)) for since, until in pairwise(figures.edges)]
    for part, delivered, failed in zip(parts, figures.delivered, figures.failed, strict=True):
        yield (*part, "pictures", "", delivered)
        yield (*part, "failures", "", failed)
    whole = (_time(figures.edges[0], zone), _time(figures.edges[-1], zone))
    yield (*whole, "people", "", figures.people)
    yield (*whole, "credits", "", figures.credits)
    yield from ((*whole, "failures by cause", cause, count) for cause, count in figures.causes)
    yield from ((*whole, "pictures by model", model, count) for model, count in figures.models)
    for service in figures.services:
        for name, value in _named(asdict(service)).items():
            if name != "key":
                yield (*whole, f"service {name}", service.key, value)


def _time(at: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).isoformat()
