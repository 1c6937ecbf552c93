"""The gallery as a query on generations: always those of one person, found by their place in the order."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from bot.history.rules import Picture
from bot.images import AspectRatio
from bot.imagine.store import SEALED
from bot.storage.database import Transaction
from bot.storage.queries import load
from bot.storage.words import unsealed

SQL = load(Path(__file__).with_name("store.sql"))

NEWEST = (2**63 - 1, "")
# So often more are looked at where some cannot be read any more, each time many more of them.
LOOKS = 3
MORE = 8


async def from_place(
    tx: Transaction, user_id: int, place: tuple[int, str], limit: int, *, favorites: bool = False
) -> list[Picture]:
    """At most `limit` pictures from `place` on, that place included, newest first; all or the `favorites` only."""
    created_at, generation_id = place
    values = {"created_at": created_at, "generation_id": generation_id, "favorites": int(favorites)}
    return await _readable(tx, SQL.get_from, {"user_id": user_id, **values}, limit)


async def newer(
    tx: Transaction, user_id: int, place: tuple[int, str], limit: int, *, favorites: bool = False
) -> list[Picture]:
    """At most `limit` pictures newer than `place`, the nearest first."""
    created_at, generation_id = place
    values = {"created_at": created_at, "generation_id": generation_id, "favorites": int(favorites)}
    return await _readable(tx, SQL.get_newer, {"user_id": user_id, **values}, limit)


async def place(tx: Transaction, user_id: int, generation_id: str) -> tuple[int, str] | None:
    """Where a picture of this person stands, deleted or not; None where it is not theirs."""
    row = await SQL.get_place(tx, user_id=user_id, generation_id=generation_id)
    return (row["created_at"], row["generation_id"]) if row else None


async def _readable(
    tx: Transaction, query: Callable[..., Awaitable[Any]], values: Mapping[str, Any], limit: int
) -> list[Picture]:
    """The first pictures whose files can still be told; others are passed by."""
    found: list[Picture] = []
    for look in range(LOOKS):
        rows = await query(tx, limit=limit * MORE**look, **values)
        found = [picture for row in rows if (picture := await _picture(tx, values["user_id"], row))]
        if len(found) >= limit or len(rows) < limit * MORE**look:
            break
    return found[:limit]


async def _picture(tx: Transaction, user_id: int, row: Mapping[str, Any]) -> Picture | None:
    values = await unsealed(tx, user_id, row, SEALED)
    if values["file_id"] is None:
        return None
    return Picture(**{**values, "prompt": values["prompt"] or "", "ratio": AspectRatio(values["ratio"])})
