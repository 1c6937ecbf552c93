"""Rows of what was decided and by whom, of questions that wait for a yes, and of what is on for the whole bot."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))


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
    await SQL.write_down(
        tx,
        at=decision.at,
        admin_id=decision.admin_id,
        action=decision.action,
        subject=decision.subject,
        detail=decision.detail,
        reason=decision.reason,
    )


async def decisions(tx: Transaction, limit: int, before: int | None = None) -> list[tuple[int, Decision]]:
    """The latest decisions with their numbers, newest first; those `before` a number."""
    rows = await SQL.decisions(tx, before=before, limit=limit)
    return [(row["audit_id"], Decision(**{name: row[name] for name in Decision.__slots__})) for row in rows]


async def last_about(tx: Transaction, action: str, subject: str) -> Decision | None:
    """What was decided last about somebody."""
    row = await SQL.last_about(tx, action=action, subject=subject)
    return Decision(**{name: row[name] for name in Decision.__slots__}) if row else None


async def ask(tx: Transaction, admin_id: int, asked: Ask, now: int, kept: int) -> str:
    """Keep a question until it is answered, `kept` seconds at most; the id that its button carries."""
    await SQL.forget_asks(tx, before=now - kept)
    ask_id = secrets.token_urlsafe(9)
    values = {"action": asked.action, "subject": asked.subject, "detail": asked.detail, "reason": asked.reason}
    await SQL.put_ask(tx, ask_id=ask_id, admin_id=admin_id, asked_at=now, **values)
    return ask_id


async def answered(tx: Transaction, ask_id: str, admin_id: int, since: int) -> Ask | None:
    """The question, which is then gone: it is answered once, by whoever was asked. None: it is not there."""
    row = await SQL.take_ask(tx, ask_id=ask_id, admin_id=admin_id, since=since)
    return Ask(**row) if row else None


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
