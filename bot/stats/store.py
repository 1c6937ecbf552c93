"""Figures read from rows of generations, and open incidents. Each takes the transaction first."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from bot.stats.rules import Ended, Figures, Incident, Period, Took, fold
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))


async def figures(tx: Transaction, period: Period, edges: Sequence[int]) -> Figures:
    """What ended between these edges, in Unix seconds."""
    within = {"since": edges[0], "until": edges[-1]}
    ended: list[Ended] = []
    for slot, (since, until) in enumerate(pairwise(edges)):
        ended += [Ended(slot=slot, **row) for row in await SQL.ended(tx, since=since, until=until)]
        # A short read never waits, and thirty of them in a row would be a long one.
        await asyncio.sleep(0)
    took = [Took(**row) for row in await SQL.took(tx, **within)]
    return fold(period, edges, ended, took, int(await SQL.people(tx, **within)))


async def spent(tx: Transaction, since: int, until: int) -> dict[str, int]:
    """Credits that each model cost between these Unix seconds, whether its pictures reached anybody or not."""
    rows = await SQL.spent(tx, since=since, until=until)
    return {row["model"]: int(row["spend"]) for row in rows}


async def incidents(tx: Transaction) -> list[Incident]:
    """Those that are not over."""
    return [Incident(**row) for row in await SQL.incidents(tx)]


async def open_incident(tx: Transaction, incident: Incident) -> bool:
    """Write one down; False where somebody else did."""
    return bool(await SQL.open_incident(tx, provider=incident.provider, cause=incident.cause, now=incident.opened_at))


async def mark_incident(tx: Transaction, incident: Incident) -> bool:
    """Write down what it has become; False where it is over."""
    values = {"provider": incident.provider, "cause": incident.cause, "works_since": incident.works_since}
    return bool(await SQL.mark_incident(tx, **values))


async def close_incident(tx: Transaction, provider: str) -> bool:
    """It is over; False where somebody else said so."""
    return bool(await SQL.close_incident(tx, provider=provider))
