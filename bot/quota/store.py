"""Rows of the ledger: accounts that change only by guarded updates, entries that never change."""

from dataclasses import asdict
from pathlib import Path

from bot.quota.rules import Account, Entry, Kind
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))


async def get_account(tx: Transaction, user_id: int) -> Account | None:
    """What was last written. The day may have ended since."""
    row = await SQL.get_account(tx, user_id=user_id)
    return Account(**row) if row else None


async def lock_account(tx: Transaction, user_id: int) -> Account:
    """The same for changing it: opened when there was none, and nobody else's until the transaction ends."""
    return Account(**await SQL.lock_account(tx, user_id=user_id))


async def move(tx: Transaction, user_id: int, day: str, *, daily: int = 0, kept: int = 0, held: int = 0) -> bool:
    """Add to each pocket, or take out of it. False: one of them holds too little, and nothing was changed."""
    return bool(await SQL.move(tx, user_id=user_id, day=day, daily=daily, kept=kept, held=held))


async def enter(tx: Transaction, entry: Entry) -> bool:
    """Write a line. False: it is there already, or the hold has ended already, and nothing was changed."""
    return bool(await SQL.enter(tx, **asdict(entry)))


async def get_entry(tx: Transaction, source: str, kind: Kind) -> Entry | None:
    """One line."""
    row = await SQL.get_entry(tx, source=source, kind=kind)
    return Entry(**{**row, "kind": Kind(row["kind"])}) if row else None


async def daily_of(tx: Transaction, user_id: int) -> int | None:
    """Credits of a day that are one person's alone; None where those of everybody count."""
    found: int | None = await SQL.get_daily(tx, user_id=user_id)
    return found


async def rest_of_forgotten(tx: Transaction, user_id: int, day: str) -> int | None:
    """Credits of a day that were left to somebody who was forgotten on it; None for everybody else."""
    if not await SQL.count_forgotten(tx, day=day):
        return None
    rest: int | None = await SQL.rest_of_forgotten(tx, mark=await tx.vault.mark(user_id), day=day)
    return rest


async def spent(tx: Transaction, user_id: int, day: str) -> int:
    """How many credits of `day` were spent, also when their pictures came after its end."""
    return int(await SQL.get_spent(tx, user_id=user_id, day=day))


async def early(tx: Transaction, latest: str) -> list[int]:
    """Whose day has a later date than this one."""
    return [row["user_id"] for row in await SQL.find_early(tx, latest=latest)]


async def mistakes(tx: Transaction, since: str | None = None) -> list[str]:
    """Where balances and entries disagree, one line each. Empty: the books are right.

    `since` is a day: only people whose balance was touched on it or later are looked at, over all their entries.
    """
    if since is None:
        accounts, ends = await SQL.find_unbalanced(tx), await SQL.find_odd_ends(tx)
        days = await SQL.find_odd_days(tx)
    else:
        accounts = await SQL.find_unbalanced_since(tx, since=since)
        ends = await SQL.find_odd_ends_since(tx, since=since)
        days = await SQL.find_odd_days_since(tx, since=since)
    return [
        *(
            f"user {row['user_id']}: daily {row['daily']:+}, kept {row['kept']:+}, held {row['held']:+}"
            for row in accounts
        ),
        *(f"{row['kind']} of {row['source']} is not of its day" for row in days),
        *(f"{row['kind']} of {row['source']} does not match its hold" for row in ends),
    ]
