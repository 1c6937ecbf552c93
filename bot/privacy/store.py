"""All that is kept about one person, read for them alone. Every function takes the open transaction first."""

from pathlib import Path

from bot.privacy.rules import Holdings
from bot.quota.service import Ledger
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))


async def holdings(tx: Transaction, ledger: Ledger, user_id: int) -> Holdings:
    """How much there is. Nothing is written, also where the credits of a new day are due."""
    row = dict(await SQL.holdings(tx, user_id=user_id))
    balance = await ledger.seen(tx, user_id)
    if balance is None:
        kept = await SQL.balance(tx, user_id=user_id)
        left = kept["kept"] if kept else 0
    else:
        left = balance.left
    known = bool(row.pop("traces")) or any(row.values())
    return Holdings(**row, credits=left, known=known)
