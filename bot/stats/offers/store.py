"""Rows of prices that were set in the chat. Every function takes the open transaction first."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.providers.prices import HIGHEST
from bot.stats.offers.rules import SetPrice
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))


async def prices(tx: Transaction) -> Mapping[str, SetPrice]:
    """All of them, by the key of the model. At a price that nobody can have set a model is not offered."""
    rows = await SQL.prices(tx)
    return {row["model"]: SetPrice(_price(row["price"]), row["set_at"], row["set_by"]) for row in rows}


async def set_price(tx: Transaction, model: str, price: int | None, admin_id: int, now: int) -> None:
    """From now on the model costs so many credits a picture; None: it is not offered."""
    await SQL.set_price(tx, model=model, price=price, admin_id=admin_id, now=now)


async def unset_price(tx: Transaction, model: str) -> bool:
    """Let the file say again what it costs. False: nothing was set here."""
    return bool(await SQL.unset_price(tx, model=model))


def _price(found: Any) -> int | None:
    return found if isinstance(found, int) and 0 <= found <= HIGHEST else None
