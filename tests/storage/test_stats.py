"""Figures against sums made in Python, switches, incidents; on both databases."""

import random
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import pytest

from bot.stats import store
from bot.stats.rules import Figures, Incident, Period, percentile, rounded
from bot.storage.database import Database, Transaction

EDGES = (1000, 2000, 3000, 4000)
INSERT = """
INSERT INTO generations (generation_id, request_key, user_id, chat_id, model, prompt, ratio, price, status, cause,
  created_at, ended_at, draw_ms, width)
VALUES (:name, :name, :user_id, 1, :model, 'a fox', '1:1', :price, :status, :cause, 0, :ended_at, :draw_ms, :width)
"""


@dataclass
class Row:
    name: str
    user_id: int
    model: str
    price: int
    status: str
    cause: str | None
    ended_at: int | None
    draw_ms: int | None
    width: int | None


def some_row(number: int, chances: random.Random) -> Row:
    status = chances.choice(("delivered", "delivered", "failed", "cancelled", "expired", "queued"))
    drawn = status in ("delivered", "expired") or (status == "failed" and chances.random() < 0.3)
    # A picture that was missed and is brought later is delivered without being drawn again.
    brought = status == "delivered" and chances.random() < 0.2
    return Row(
        name=f"g{number}",
        user_id=chances.randrange(20),
        model=chances.choice(("a/x", "a/y", "b/x")),
        price=chances.randint(0, 5),
        status=status,
        cause=chances.choice(("timed-out", "chat-closed")) if status == "failed" else None,
        ended_at=None if status == "queued" else chances.choice((*EDGES, 999, chances.randrange(900, 4100))),
        draw_ms=chances.randrange(100, 150_000) if not brought and (drawn or chances.random() < 0.5) else None,
        width=64 if drawn else None,
    )


async def fill(tx: Transaction, rows: list[Row]) -> None:
    for row in rows:
        await tx.execute(INSERT, vars(row))


def check(figures: Figures, rows: list[Row]) -> None:
    """Compare with sums made one by one."""
    inside = [row for row in rows if row.ended_at is not None and EDGES[0] <= row.ended_at < EDGES[-1]]
    for number, (since, until) in enumerate(pairwise(EDGES)):
        part = Counter(row.status for row in inside if since <= (row.ended_at or 0) < until)
        assert (figures.delivered[number], figures.failed[number]) == (part["delivered"], part["failed"])
    assert figures.people == len({row.user_id for row in inside})
    assert figures.credits == sum(row.price for row in inside if row.status == "delivered")
    assert dict(figures.causes) == Counter(row.cause for row in inside if row.status == "failed")
    for service in figures.services:
        its = [row for row in inside if row.model.startswith(f"{service.key}/")]
        assert service.delivered == sum(row.status == "delivered" for row in its)
        assert service.failed == sum(row.status == "failed" and row.cause != "chat-closed" for row in its)
        assert service.spend == sum(row.price for row in its if row.width and row.draw_ms is not None)
        times = Counter(rounded(row.draw_ms) for row in its if row.width and row.draw_ms is not None)
        assert (service.p50, service.p90) == (percentile(times, 50), percentile(times, 90))


@pytest.mark.parametrize("seed", range(3))
async def test_figures_are_what_python_adds_up(database: Database, seed: int) -> None:
    chances = random.Random(seed)
    rows = [some_row(number, chances) for number in range(400)]
    async with database.write() as tx:
        await fill(tx, rows)
        figures = await store.figures(tx, Period.DAY, EDGES)
        spent = await store.spent(tx, EDGES[0], EDGES[-1])
    check(figures, rows)
    assert sum(spent.values()) == sum(service.spend for service in figures.services)


async def test_an_empty_period_has_figures_too(database: Database) -> None:
    async with database.read() as tx:
        figures = await store.figures(tx, Period.DAY, EDGES)
    assert (figures.delivered, figures.people, figures.services) == ((0, 0, 0), 0, ())


async def test_an_incident_is_opened_by_one_and_closed_by_one(database: Database) -> None:
    incident = Incident("a", "unavailable", 1000)
    async with database.write() as tx:
        assert await store.open_incident(tx, incident)
        assert not await store.open_incident(tx, Incident("a", "no-funds", 2000))
        assert await store.mark_incident(tx, Incident("a", "no-funds", 1000, works_since=1500))
        assert await store.incidents(tx) == [Incident("a", "no-funds", 1000, works_since=1500)]
        assert await store.close_incident(tx, "a")
        assert not await store.close_incident(tx, "a")
        assert not await store.mark_incident(tx, incident)
