"""The books of the bot, as the page shows them: read from its own database, in which nothing is changed."""

from pathlib import Path
from typing import Any

from bot.errors import SettingsError, StorageError
from bot.storage.looking import looking
from bot.storage.queries import load
from bot.storage.vault import Vault

SQL = load(Path(__file__).with_name("books.sql"))
MOST = 50

Books = dict[str, Any]


async def read_books(vault: Vault | None, user_id: int) -> Books:
    """What the bot keeps of a person, and all that it has still to do; empty while there is nothing to read."""
    empty: Books = {
        "ledger": {"balance": None, "entries": []},
        "generations": [],
        "jobs": [],
        "outbox": [],
        "pauses": [],
    }
    if vault is None:
        return empty
    try:
        return await _read(vault, user_id)
    except (SettingsError, StorageError):
        return empty


async def _read(vault: Vault, user_id: int) -> Books:
    async with looking(vault.path.parent) as tx:
        generations = await SQL.get_generations(tx, user_id=user_id, most=MOST)
        return {
            "ledger": {
                "balance": await SQL.get_balance(tx, user_id=user_id),
                "entries": await SQL.get_entries(tx, user_id=user_id, most=MOST),
            },
            "generations": [{**row, "prompt": await vault.unseal(user_id, row["prompt"])} for row in generations],
            "jobs": await SQL.get_jobs(tx, most=MOST),
            "outbox": await SQL.get_unsent(tx, most=MOST),
            "pauses": await SQL.get_pauses(tx, most=MOST),
        }
