"""Rows of reported pictures. Every function takes the open transaction first."""

from collections.abc import Collection
from pathlib import Path

from bot.moderation.rules import JUDGE
from bot.review.rules import KEPT, Review, Verdict
from bot.storage.database import Transaction
from bot.storage.queries import load
from bot.users import store as users
from bot.users.rules import Person

SQL = load(Path(__file__).with_name("store.sql"))


async def report(tx: Transaction, generation_id: str, reporter_id: int, now: int) -> bool:
    """Let a picture be looked at. False: somebody reported it before, and that is not long ago."""
    await SQL.forget(tx, before=now - KEPT)
    return bool(await SQL.report(tx, generation_id=generation_id, reporter_id=reporter_id, now=now))


async def reported_by(tx: Transaction, reporter_id: int, since: int) -> int:
    """How many pictures somebody was the first to report since a time in Unix seconds."""
    return int(await SQL.reported_by(tx, reporter_id=reporter_id, since=since))


async def get(tx: Transaction, generation_id: str) -> Review | None:
    """What is known of a reported picture."""
    row = await SQL.get(tx, generation_id=generation_id)
    if row is None:
        return None
    verdict = Verdict(row["verdict"]) if row["verdict"] else None
    return Review(generation_id, verdict, row["moderator_id"], doubted=row["reporter_id"] == JUDGE)


async def decide(tx: Transaction, generation_id: str, verdict: Verdict, moderator_id: int, now: int) -> bool:
    """Keep what was decided. False: somebody was quicker, or nobody reported it."""
    values = {"verdict": verdict.value, "moderator_id": moderator_id, "now": now}
    return bool(await SQL.decide(tx, generation_id=generation_id, **values))


async def reachable(tx: Transaction, admin_ids: Collection[int], now: int, most: int) -> list[Person]:
    """Who may decide and ever wrote to the bot in private, so that it may write to them."""
    named = [row["user_id"] for row in await SQL.moderators(tx, now=now, most=most)]
    led = [each for each in admin_ids if await SQL.hears(tx, user_id=each)]
    found = [await users.get(tx, each) for each in dict.fromkeys((*led, *named))]
    return [each for each in found if each]


async def veil(tx: Transaction, generation_id: str) -> None:
    """Remember that a picture is shown veiled."""
    await SQL.veil(tx, generation_id=generation_id)
