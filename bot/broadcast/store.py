"""Rows of broadcasts, of whom they have reached, and of who wants them."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.broadcast.rules import Audience, Broadcast, Counts, Letter, Order, Outcome, Reader, State
from bot.jobs import store as jobs
from bot.storage.database import Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("store.sql"))

BROADCAST = "broadcast"
"""The kind of the job. Its subject is the id, its lane the same for all: one at a time. Or it is an Order."""

LATER = "later"
# Its admin was forgotten, and what they had written with them.
NO_LETTER = '{"method": "", "params": {}}'


async def talked(tx: Transaction, user_id: int, now: int) -> None:
    """Somebody spoke to the bot in private, so it may write to them."""
    await SQL.talked(tx, user_id=user_id, now=now)


async def unmeet(tx: Transaction, user_id: int) -> None:
    """Telegram says that somebody never spoke to the bot in private."""
    await SQL.unmeet(tx, user_id=user_id)


async def unmet(tx: Transaction, now: int, *, everybody: bool) -> int:
    """How many are known, but from groups only."""
    return int(await SQL.unmet(tx, now=now, everybody=everybody))


async def set_news(tx: Transaction, user_id: int, wanted: bool) -> None:
    """Whether somebody wants to hear of the operator."""
    await SQL.set_news(tx, user_id=user_id, value=wanted)


async def add_draft(tx: Transaction, broadcast_id: str, admin_id: int, letter: Letter, now: int) -> None:
    """Keep a draft in the place of the last one of this admin."""
    await SQL.drop_drafts(tx, admin_id=admin_id)
    kept = {"method": letter.method, "params": letter.params, "plainer": letter.plainer}
    sealed = await tx.vault.seal(admin_id, json.dumps(kept, ensure_ascii=False))
    await SQL.add(tx, broadcast_id=broadcast_id, admin_id=admin_id, letter=sealed, now=now)


async def get(tx: Transaction, broadcast_id: str) -> Broadcast | None:
    """One of them, with the counts of now."""
    row = await SQL.get(tx, broadcast_id=broadcast_id)
    if row is None:
        return None
    counts = {each["outcome"]: each["people"] for each in await SQL.counts(tx, broadcast_id=broadcast_id)}
    letter = json.loads(await tx.vault.unseal(row["admin_id"], row["letter"]) or NO_LETTER)
    found = {outcome.value: row[outcome] + counts.get(outcome.value, 0) for outcome in Outcome}
    return _broadcast(row, Letter(**letter), found)


async def running(tx: Transaction) -> Broadcast | None:
    """The one that is being sent."""
    broadcast_id = await SQL.running(tx)
    return await get(tx, broadcast_id) if broadcast_id else None


async def aim(tx: Transaction, broadcast_id: str, audience: Audience) -> bool:
    """Choose whom a draft is for. False: it is none any more."""
    return bool(await SQL.aim(tx, broadcast_id=broadcast_id, days=audience.days, language=audience.language))


async def count(tx: Transaction, broadcast_id: str, audience: Audience, total: int, now: int) -> bool:
    """Keep how many a draft would reach. False: it is no draft any more, or for somebody else."""
    aim = {"days": audience.days, "language": audience.language}
    return bool(await SQL.count(tx, broadcast_id=broadcast_id, **aim, total=total, now=now))


async def set_panel(tx: Transaction, broadcast_id: str, panel_id: int) -> None:
    """The message in which a draft is shown."""
    await SQL.set_panel(tx, broadcast_id=broadcast_id, panel_id=panel_id)


async def panel(tx: Transaction, broadcast_id: str) -> int | None:
    """The message that shows it, 0 where that is not known yet; None: there is no such broadcast any more."""
    panel_id: int | None = await SQL.panel(tx, broadcast_id=broadcast_id)
    return panel_id


async def order(tx: Transaction, admin_id: int, order: Order | None, now: int) -> None:
    """Leave an order in the place of the last one of this admin; None: nobody waits for a number any more."""
    lane = f"audience:{admin_id}"
    await SQL.drop_orders(tx, kind=BROADCAST, lane=lane, subject=str(order or ""))
    if order:
        await jobs.add(tx, BROADCAST, str(order), lane, now)


async def drop(tx: Transaction, broadcast_id: str) -> bool:
    """Forget a draft. False: it is none any more."""
    return bool(await SQL.drop(tx, broadcast_id=broadcast_id))


async def start(tx: Transaction, broadcast_id: str, total: int, panel_id: int, now: int) -> bool:
    """Let a draft run. False: it is none any more, or another runs."""
    return bool(await SQL.start(tx, broadcast_id=broadcast_id, total=total, panel_id=panel_id, now=now))


async def end(tx: Transaction, broadcast_id: str, state: State, now: int) -> bool:
    """Let it run no more. False: it does not."""
    return bool(await SQL.end(tx, broadcast_id=broadcast_id, state=state, now=now))


async def mark_told(tx: Transaction, broadcast_id: str, now: int) -> None:
    """Its admin is told how it goes."""
    await SQL.told(tx, broadcast_id=broadcast_id, now=now)


async def pass_by(tx: Transaction, broadcast_id: str, user_id: int) -> None:
    """Everybody up to this person had their turn."""
    await SQL.pass_by(tx, broadcast_id=broadcast_id, user_id=user_id)


async def set_troubles(tx: Transaction, broadcast_id: str, troubles: int) -> None:
    """How often in a row Telegram gave no clear answer."""
    await SQL.set_troubles(tx, broadcast_id=broadcast_id, troubles=troubles)


async def wishes(tx: Transaction, since: int, now: int, *, everybody: bool) -> list[tuple[str | None, str | None, int]]:
    """Chosen language, language of the app, and how many people with both can be told.

    `everybody`: not members only, as in the calls below.
    """
    rows = await SQL.audience(tx, since=since, now=now, everybody=everybody)
    return [(row["language"], row["client_language"], row["people"]) for row in rows]


async def page(
    tx: Transaction, broadcast: Broadcast, after: int, now: int, most: int, *, everybody: bool
) -> list[Reader]:
    """The next who can be told, in the order of their numbers. Whoever came after it began is left out."""
    rows = await SQL.page(
        tx,
        after=after,
        since=broadcast.audience.since(broadcast.started_at),
        started_at=broadcast.started_at,
        now=now,
        most=most,
        everybody=everybody,
    )
    return [Reader(**row) for row in rows]


async def begin(tx: Transaction, broadcast_id: str, user_id: int, now: int, *, again: bool) -> bool:
    """Write down that somebody is about to be told. False: they must not be, or it was stopped."""
    query = SQL.begin_again if again else SQL.begin
    return bool(await query(tx, broadcast_id=broadcast_id, user_id=user_id, now=now))


async def settle(tx: Transaction, broadcast_id: str, user_id: int, outcome: Outcome | None) -> bool:
    """What came of it; None: nothing, and they are told later. False: somebody else has settled it."""
    value = LATER if outcome is None else outcome.value
    return bool(await SQL.settle(tx, broadcast_id=broadcast_id, user_id=user_id, outcome=value))


async def settle_begun(tx: Transaction, broadcast_id: str) -> None:
    """Of whom a dead process was telling, nothing is known."""
    await SQL.settle_begun(tx, broadcast_id=broadcast_id)


async def postponed(tx: Transaction, broadcast_id: str) -> tuple[Reader, int] | None:
    """Somebody who could not be told in their turn, and how often that was tried again."""
    row = await SQL.postponed(tx, broadcast_id=broadcast_id)
    return (Reader(row["user_id"], row["language"], row["client_language"]), row["tries"]) if row else None


async def leave_out(tx: Transaction, broadcast_id: str, user_id: int) -> None:
    """Somebody who was to be told later must not be told any more."""
    await SQL.drop_person(tx, broadcast_id=broadcast_id, user_id=user_id)


async def forget_people(tx: Transaction, broadcast_id: str, most: int, *, open_too: bool = True) -> int:
    """Forget who was told, and keep only how many; how many were forgotten now.

    Not `open_too`: those who are being told, or are to be told later, stay, as they must while it runs.
    """
    rows = await SQL.forget(tx, broadcast_id=broadcast_id, most=most, all=open_too)
    found = Counter(row["outcome"] for row in rows)
    await SQL.add_counts(tx, broadcast_id=broadcast_id, **{outcome.value: found[outcome] for outcome in Outcome})
    return len(rows)


def _broadcast(row: Mapping[str, Any], letter: Letter, counts: Mapping[str, int]) -> Broadcast:
    return Broadcast(
        broadcast_id=row["broadcast_id"],
        admin_id=row["admin_id"],
        letter=letter,
        audience=Audience(row["days"], row["language"]),
        state=State(row["state"]),
        counts=Counts(**counts),
        panel_id=row["panel_id"],
        started_at=row["started_at"] or 0,
        told_at=row["told_at"],
        total=row["total"],
        passed_id=row["passed_id"],
        troubles=row["troubles"],
    )
