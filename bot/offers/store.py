"""What was switched by hand, and prices that were set in the chat. Each takes the transaction first."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from bot.images import service_of
from bot.offers.rules import SetPrice
from bot.providers import Switches
from bot.providers.prices import HIGHEST
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))

STATES = {"off": "off", "prefer": "preferred"}


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


async def prices(tx: Transaction) -> Mapping[str, SetPrice]:
    """All of them, by the key of the model. At a price that nobody can have set a model is not offered."""
    rows = await SQL.prices(tx)
    return {row["model"]: SetPrice(_price(row["price"]), row["set_at"], row["set_by"]) for row in rows}


async def set_price(tx: Transaction, model: str, new: SetPrice, seen: SetPrice | None = None) -> bool:
    """From now on the model costs that. False, and nothing changed, where it is not any more what was `seen` here."""
    at, by = (seen.at, seen.by) if seen else (None, None)
    values = {"price": new.price, "now": new.at, "admin_id": new.by}
    return bool(await SQL.set_price(tx, model=model, **values, seen_at=at, seen_by=by))


async def unset_price(tx: Transaction, model: str, seen: SetPrice) -> bool:
    """Let the file say again what it costs. False: it is not any more what was `seen` here."""
    return bool(await SQL.unset_price(tx, model=model, seen_at=seen.at, seen_by=seen.by))


def _price(found: Any) -> int | None:
    return found if isinstance(found, int) and 0 <= found <= HIGHEST else None
