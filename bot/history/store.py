"""The gallery as a query on generations: always those of one person, found by their place in the order."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.history.rules import Picture
from bot.images import AspectRatio
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))

NEWEST = (2**63 - 1, "")


async def from_place(
    tx: Transaction, user_id: int, place: tuple[int, str], limit: int, *, favorites: bool = False
) -> list[Picture]:
    """At most `limit` pictures from `place` on, that place included, newest first; all or the `favorites` only."""
    created_at, generation_id = place
    values = {"created_at": created_at, "generation_id": generation_id, "limit": limit, "favorites": int(favorites)}
    rows = await SQL.get_from(tx, user_id=user_id, **values)
    return [_picture(row) for row in rows]


async def newer(
    tx: Transaction, user_id: int, place: tuple[int, str], limit: int, *, favorites: bool = False
) -> list[Picture]:
    """At most `limit` pictures newer than `place`, the nearest first."""
    created_at, generation_id = place
    values = {"created_at": created_at, "generation_id": generation_id, "limit": limit, "favorites": int(favorites)}
    rows = await SQL.get_newer(tx, user_id=user_id, **values)
    return [_picture(row) for row in rows]


async def place(tx: Transaction, user_id: int, generation_id: str) -> tuple[int, str] | None:
    """Where a picture of this person stands, deleted or not; None where it is not theirs."""
    row = await SQL.get_place(tx, user_id=user_id, generation_id=generation_id)
    return (row["created_at"], row["generation_id"]) if row else None


def _picture(row: Mapping[str, Any]) -> Picture:
    return Picture(**{**row, "ratio": AspectRatio(row["ratio"])})
