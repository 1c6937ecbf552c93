"""Rows of what was decided and by whom, of questions that wait for a yes, and of what is on for the whole bot."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.storage.database import Transaction
from bot.storage.queries import load
from bot.storage.words import sealed, unsealed

SQL = load(Path(__file__).with_name("store.sql"))

# Kept so that only the keys of whoever they are about read them.
SEALED = frozenset(("detail", "reason"))
# Digits that a number of Telegram has at most.
DIGITS = 18


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the audit: when (Unix seconds), who, what, about whom or what, how much, and why."""

    at: int
    admin_id: int
    action: str
    subject: str = ""
    detail: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What an admin wants to do and was asked about once."""

    action: str
    subject: str
    detail: str
    reason: str


async def write_down(tx: Transaction, decision: Decision) -> None:
    """Keep who decided what. In the transaction that does it."""
    values = {name: getattr(decision, name) for name in Decision.__slots__}
    await SQL.write_down(tx, **await sealed(tx, owner(decision.subject, decision.admin_id), values, SEALED))


async def decisions(tx: Transaction, limit: int, before: int | None = None) -> list[tuple[int, Decision]]:
    """The latest decisions with their numbers, newest first; those `before` a number."""
    rows = await SQL.decisions(tx, before=before, limit=limit)
    return [(row["audit_id"], await _decision(tx, row)) for row in rows]


async def last_about(tx: Transaction, action: str, subject: str) -> Decision | None:
    """What was decided last about somebody."""
    row = await SQL.last_about(tx, action=action, subject=subject)
    return await _decision(tx, row) if row else None


async def ask(tx: Transaction, admin_id: int, asked: Ask, now: int, kept: int) -> str:
    """Keep a question until it is answered, `kept` seconds at most; the id that its button carries."""
    await SQL.forget_asks(tx, before=now - kept)
    ask_id = secrets.token_urlsafe(9)
    values = {name: getattr(asked, name) for name in Ask.__slots__}
    values = await sealed(tx, owner(asked.subject, admin_id), values, SEALED)
    await SQL.put_ask(tx, ask_id=ask_id, admin_id=admin_id, asked_at=now, **values)
    return ask_id


async def answered(tx: Transaction, ask_id: str, admin_id: int, since: int) -> Ask | None:
    """The question, which is then gone: it is answered once, by whoever was asked. None: it is not there."""
    row = await SQL.take_ask(tx, ask_id=ask_id, admin_id=admin_id, since=since)
    return Ask(**await _readable(tx, admin_id, row)) if row else None


def owner(subject: str, admin_id: int) -> int:
    """Whom a reason is about: the person that the subject is, or else the admin who gave it."""
    return int(subject) if subject.isdecimal() and len(subject) <= DIGITS else admin_id


async def awaited(tx: Transaction, admin_id: int, action: str, since: int) -> bool:
    """Whether the next words of an admin answer such a question. It is then answered."""
    return bool(await SQL.take_awaited(tx, admin_id=admin_id, action=action, since=since))


async def is_on(tx: Transaction, name: str) -> bool:
    """Whether something, such as maintenance, is on for the whole bot."""
    return bool(await SQL.is_on(tx, name=name))


async def set_on(tx: Transaction, name: str, on: bool, now: int) -> bool:
    """Turn it on or off. False: it was so already."""
    changed: int = await (SQL.turn_on(tx, name=name, since=now) if on else SQL.turn_off(tx, name=name))
    return bool(changed)


async def marked(tx: Transaction, kind: str, after: int, limit: int) -> Sequence[int]:
    """Numbers of members, moderators, banned people, or of groups that were let in, in their order, after one."""
    queries = {"members": SQL.members, "moderators": SQL.moderators, "banned": SQL.banned, "groups": SQL.groups}
    return [row["id"] for row in await queries[kind](tx, after=after, limit=limit)]


async def _decision(tx: Transaction, row: Mapping[str, Any]) -> Decision:
    readable = await _readable(tx, row["admin_id"], row)
    return Decision(**{name: readable[name] for name in Decision.__slots__})


async def _readable(tx: Transaction, admin_id: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """What nobody can read any more is as if nothing had been said."""
    values = await unsealed(tx, owner(row["subject"], admin_id), row, SEALED)
    return values | {name: values[name] or "" for name in SEALED}
