"""Rows of people."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.storage.database import Transaction
from bot.storage.queries import load
from bot.users.rules import Person

SQL = load(Path(__file__).with_name("store.sql"))


CHOICES = {
    "language": SQL.choose_language,
    "model": SQL.choose_model,
    "ratio": SQL.choose_ratio,
    "as_file": SQL.choose_as_file,
    "plain_text": SQL.choose_plain_text,
    "preset": SQL.choose_preset,
}


async def get(tx: Transaction, user_id: int) -> Person | None:
    """The person, or None when neither they nor an admin about them ever wrote."""
    row = await SQL.get(tx, user_id=user_id)
    return _person(row) if row else None


async def forgotten(tx: Transaction, user_id: int) -> Person | None:
    """Somebody unknown who was forgotten, with what outlasts that: a ban, a limit of their own. None: nothing does."""
    if not await SQL.count_forgotten(tx):
        return None
    row = await SQL.forgotten(tx, mark=await tx.vault.mark(user_id))
    if row is None:
        return None
    return Person(user_id, banned=bool(row["banned"]), banned_until=row["banned_until"], daily=row["own"])


async def meet_again(tx: Transaction, before: Person, client_language: str | None, now: int) -> Person:
    """As `meet`, for somebody who was `forgotten`: the limit is theirs again."""
    await meet(tx, before.user_id, client_language, now)
    if before.daily is not None:
        await set_daily(tx, before.user_id, before.daily)
        await SQL.give_own_back(tx, mark=await tx.vault.mark(before.user_id))
    return await get(tx, before.user_id) or before


async def meet(tx: Transaction, user_id: int, client_language: str | None, now: int) -> Person:
    """The person who just wrote: known from now on, in the language that their app says, and not gone."""
    return _person(await SQL.meet(tx, user_id=user_id, client_language=client_language, now=now))


async def choose(tx: Transaction, user_id: int, **choice: str | bool | None) -> None:
    """Keep what a known person chose: `language`, `model`, `ratio`, `as_file`, `plain_text` or `preset`.

    None takes a choice back, so that the default counts again.
    """
    for name, value in choice.items():
        await CHOICES[name](tx, user_id=user_id, value=value)


async def set_member(tx: Transaction, user_id: int, member: bool) -> None:
    """Let somebody in, or out again; they need not have written yet."""
    await SQL.set_member(tx, user_id=user_id, value=member)


async def set_banned(tx: Transaction, user_id: int, banned: bool, until: int | None = None) -> None:
    """Stop answering somebody, for good or until a time in Unix seconds, or answer again."""
    await SQL.set_banned(tx, user_id=user_id, value=banned, until=until)


async def set_moderator(tx: Transaction, user_id: int, moderator: bool) -> None:
    """Name a known person a moderator, or no longer."""
    await SQL.set_moderator(tx, user_id=user_id, value=moderator)


async def set_daily(tx: Transaction, user_id: int, daily: int | None) -> None:
    """Give a known person credits of a day that are theirs alone; None: those of everybody."""
    await SQL.set_daily(tx, user_id=user_id, value=daily)


async def set_gone(tx: Transaction, user_id: int, gone: bool) -> None:
    """Note that a known person blocked the bot, or came back."""
    await SQL.set_gone(tx, user_id=user_id, value=gone)


def _person(row: Mapping[str, Any]) -> Person:
    switches = {name: bool(row[name]) for name in ("as_file", "plain_text", "member", "banned", "gone", "moderator")}
    return Person(**{**row, **switches})
