"""Rows of what may not be asked for, and of who did lately. Every function takes the open transaction first."""

from collections.abc import Collection
from pathlib import Path

from bot.moderation.rules import JUDGE, MOST_STRIKES, PAUSE, STRIKES_COUNT, Kind, Rule
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))

Blocked = tuple[int, Rule, tuple[Kind, ...]]


async def block(tx: Transaction, rule: Rule, places: Collection[Kind], admin_id: int, now: int) -> None:
    """Put a rule on the lists of these kinds of chats, and on no other."""
    await SQL.unblock(tx, rule=str(rule))
    kinds = ",".join(kind for kind in Kind if kind in places)
    await SQL.block(tx, rule=str(rule), places=kinds, admin_id=admin_id, now=now)


async def unblock(tx: Transaction, rule: Rule) -> bool:
    """Take it off all lists. False: it was on none."""
    return bool(await SQL.unblock(tx, rule=str(rule)))


async def version(tx: Transaction) -> tuple[int, int]:
    """Changes with every change of the lists; how many rules there are is the second number."""
    row = await SQL.version(tx)
    return row["newest"], row["rules"]


async def blocked(tx: Transaction, after: int, limit: int) -> list[Blocked]:
    """Rules by their numbers, after one."""
    rows = await SQL.blocked(tx, after=after, limit=limit)
    return [
        (row["block_id"], Rule(tuple(row["rule"].split(" "))), tuple(map(Kind, row["places"].split(","))))
        for row in rows
    ]


async def strike(tx: Transaction, user_id: int, key: str, now: int, kept: int) -> None:
    """Count something that was refused, once for each `key`; none is remembered for more than `kept` seconds."""
    await SQL.forget(tx, before=now - kept)
    await SQL.strike(tx, strike_key=key, user_id=user_id, now=now)


async def hold(tx: Transaction, generation_id: str, now: int) -> None:
    """A picture that nobody has reported, and that is looked at as if somebody had."""
    await SQL.hold(tx, generation_id=generation_id, judge=JUDGE, now=now)


async def is_struck(tx: Transaction, key: str) -> bool:
    """Whether this was counted."""
    return bool(await SQL.is_struck(tx, strike_key=key))


async def strikes(tx: Transaction, user_id: int, since: int, now: int) -> tuple[int, int]:
    """How many of somebody count, and the time of the last one in Unix seconds."""
    row = await SQL.strikes(tx, user_id=user_id, since=since, now=now)
    return row["strikes"], row["latest"]


async def paused_until(tx: Transaction, user_id: int, now: int) -> int | None:
    """Until when (Unix seconds) nothing is drawn for somebody of whom too much was refused; None: all is drawn."""
    count, latest = await strikes(tx, user_id, now - STRIKES_COUNT, now)
    return latest + PAUSE if count >= MOST_STRIKES and latest + PAUSE > now else None


async def forgive(tx: Transaction, user_id: int) -> bool:
    """Count no more what was refused of somebody, which ends a pause. False: there was nothing."""
    return bool(await SQL.forgive(tx, user_id=user_id))
