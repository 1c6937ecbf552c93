"""Rows that the panel looks at. Every function takes the open transaction first."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.admin.panel.rules import Figures, Work
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))


async def figures(tx: Transaction, since: int) -> Figures:
    """What came since a time, in Unix seconds, and what is under way."""
    ended, work = await SQL.ended(tx, since=since), await SQL.under_way(tx)
    found = {**ended, **work, "unseen": await SQL.unseen(tx)}
    return Figures(**{name: int(value) for name, value in found.items()})


async def open_of(tx: Transaction, user_id: int) -> list[str]:
    """The pictures of somebody that are waiting, being drawn, or held until somebody has looked at them."""
    return [row["generation_id"] for row in await SQL.open_of(tx, user_id=user_id)]


async def work_of(tx: Transaction, user_id: int) -> Work:
    """How many those are, and what is held for them."""
    row = await SQL.work_of(tx, user_id=user_id)
    return Work(int(row["pictures"]), int(row["credits"]))


async def drawn_for(tx: Transaction, user_id: int, since: int) -> int:
    """How many pictures somebody got since a time and did not delete."""
    return int(await SQL.drawn_for(tx, user_id=user_id, since=since))


async def groups_of(tx: Transaction, user_id: int, since: int, limit: int) -> Sequence[int]:
    """The groups in which they got them."""
    return [row["chat_id"] for row in await SQL.groups_of(tx, user_id=user_id, since=since, limit=limit)]


async def drawn_in(tx: Transaction, chat_id: int, since: int) -> int:
    """How many pictures came to a group since a time."""
    return int(await SQL.drawn_in(tx, chat_id=chat_id, since=since))


async def lately(tx: Transaction, since: int, limit: int) -> Sequence[int]:
    """Who got pictures since a time, or should have; the last ones first."""
    return [row["user_id"] for row in await SQL.lately(tx, since=since, limit=limit)]


async def lately_in(tx: Transaction, since: int, limit: int) -> Sequence[int]:
    """The groups where pictures came since a time, or should have; the last ones first."""
    return [row["chat_id"] for row in await SQL.lately_in(tx, since=since, limit=limit)]


async def life(tx: Transaction, words: str) -> Mapping[str, Any] | None:
    """A generation by its id, or by the number that its person was told when it failed; all but what was wished."""
    found: Mapping[str, Any] | None = await SQL.life(tx, words=words)
    return found


async def work_left(tx: Transaction, generation_id: str) -> Sequence[Mapping[str, Any]]:
    """The jobs of a generation that are still there."""
    return list(await SQL.work_left(tx, generation_id=generation_id))


async def entries(tx: Transaction, generation_id: str) -> Sequence[Mapping[str, Any]]:
    """What the ledger says about it, in the order in which it was written."""
    rest = f"{generation_id}:rest"
    return list(await SQL.entries(tx, generation_id=generation_id, rest=rest))


async def prompt(tx: Transaction, generation_id: str) -> str | None:
    """What was wished."""
    row = await SQL.prompt(tx, generation_id=generation_id)
    return await tx.vault.unseal(row["user_id"], row["prompt"]) if row else None
