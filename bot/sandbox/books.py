"""The books of the bot, as the page shows them: read from its own database, in which nothing is changed."""

from pathlib import Path
from typing import Any

from bot.errors import StorageError
from bot.storage.looking import looking
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("books.sql"))
MOST = 50

Books = dict[str, Any]


async def read_books(data_dir: Path | None, user_id: int) -> Books:
    """What the bot keeps of a person, and all that it has still to do; empty while there is nothing to read."""
    empty: Books = {
        "ledger": {"balance": None, "entries": []},
        "generations": [],
        "jobs": [],
        "outbox": [],
        "pauses": [],
    }
    if data_dir is None:
        return empty
    try:
        return await _read(data_dir, user_id)
    except StorageError:
        return empty


async def _read(data_dir: Path, user_id: int) -> Books:
    async with looking(data_dir) as tx:
        return {
            "ledger": {
                "balance": await SQL.get_balance(tx, user_id=user_id),
                "entries": await SQL.get_entries(tx, user_id=user_id, most=MOST),
            },
            "generations": await SQL.get_generations(tx, user_id=user_id, most=MOST),
            "jobs": await SQL.get_jobs(tx, most=MOST),
            "outbox": await SQL.get_unsent(tx, most=MOST),
            "pauses": await SQL.get_pauses(tx, most=MOST),
        }
