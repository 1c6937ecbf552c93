"""Figures read from rows of generations, switches of services, open incidents. Each takes the transaction first."""

import asyncio
from collections.abc import Collection, Sequence
from itertools import pairwise
from pathlib import Path

from bot.providers import Switches
from bot.stats.rules import Ended, Figures, Incident, Period, Took, fold, service_of
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))

STATES = {"off": "off", "prefer": "preferred"}


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


async def switches(tx: Transaction) -> Switches:
    """What the operator has switched by hand."""
    states = {row["name"]: row["state"] for row in await SQL.switches(tx)}
    preferred = next((name for name, state in states.items() if state == "preferred"), None)
    return Switches(frozenset(name for name, state in states.items() if state == "off"), preferred)


async def switch(tx: Transaction, name: str, what: str, services: Collection[str], admin_id: int, now: int) -> bool:
    """Turn a service or a model `off` or `on`, `prefer` a service or hold it `plain` again.

    False, and nothing changed, for anything else, and where no one of `services` would be left on.
    """
    if what not in (*STATES, "on", "plain"):
        return False
    if what == "off" and not set(services) - {name} - (await switches(tx)).off:
        return False
    if state := STATES.get(what):
        await SQL.switch(tx, name=name, state=state, now=now, admin_id=admin_id)
    else:
        await SQL.unswitch(tx, name=name)
    if what == "prefer":
        await SQL.unprefer(tx, name=name)
    return True


async def waiting(tx: Transaction, name: str) -> int:
    """How many pictures wait for a service or a model, by its key."""
    rows = await SQL.waiting(tx)
    return sum(int(row["count"]) for row in rows if name in (row["model"], service_of(row["model"])))


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
