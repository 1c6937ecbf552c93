"""Own pictures as a query on generations."""

from pathlib import Path

from bot.imagine.store import SEALED
from bot.inline.rules import MOST_TYPED, SEARCHED, TYPED_KEPT, Found
from bot.storage.database import Transaction
from bot.storage.queries import load
from bot.storage.words import unsealed

SQL = load(Path(__file__).with_name("store.sql"))


async def newest(tx: Transaction, user_id: int) -> list[Found]:
    """The newest pictures of this person, and of nobody else."""
    rows = [await unsealed(tx, user_id, row, SEALED) for row in await SQL.newest(tx, user_id=user_id, limit=SEARCHED)]
    return [Found(**{**row, "prompt": row["prompt"] or ""}) for row in rows if row["file_id"]]


async def make_room(tx: Transaction, user_id: int, wish_id: str, now: int) -> None:
    """Forget what this person typed long ago, all but the newest few, and these words, which begin anew."""
    values = {"user_id": user_id, "wish_id": wish_id, "before": now - TYPED_KEPT, "others": MOST_TYPED - 1}
    await SQL.make_room(tx, **values)


async def prune(tx: Transaction, now: int) -> None:
    """Forget what anybody typed long ago."""
    await SQL.prune(tx, before=now - TYPED_KEPT)
