"""Own pictures as a query on generations."""

from pathlib import Path

from bot.inline.rules import SEARCHED, Found
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))


async def newest(tx: Transaction, user_id: int) -> list[Found]:
    """The newest pictures of this person, and of nobody else."""
    return [Found(**row) for row in await SQL.newest(tx, user_id=user_id, limit=SEARCHED)]
