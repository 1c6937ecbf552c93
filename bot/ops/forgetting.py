"""Forgetting somebody: nothing that anybody could read about them stays, here or in any backup.

Amounts stay, because books must balance and figures add up, under a name that is a random number. The key of the person
is destroyed, so that their words and pictures are noise wherever a copy of them lies. What must outlast it, a ban
and what they had of today's credits, is kept by a mark: whoever comes back is recognized, and nobody is found by it.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.imagine.publishing import PUBLISH, WITHDRAW
from bot.jobs import store as jobs
from bot.moderation import store as moderation
from bot.quota.rules import day_at
from bot.quota.service import Ledger
from bot.storage.database import Database, Transaction
from bot.storage.queries import load
from bot.users import store as users
from bot.users.rules import FORGOTTEN

SQL = load(Path(__file__).with_name("forget.sql"))

AT_ONCE = 100  # rows changed by one statement: everything else waits for it

Statement = Callable[..., Awaitable[Any]]

OF_PICTURES: tuple[Statement, ...] = (SQL.drop_shelf, SQL.drop_open_reports, SQL.drop_notes, SQL.drop_jobs_of_pictures)
"""They look for the pictures of `user_id`, which are emptied after them."""

# In this order: some look for the person's pictures and posts, which are emptied at the end.
STATEMENTS: tuple[Statement, ...] = (
    *OF_PICTURES,
    SQL.drop_own_jobs,
    SQL.rename_lanes,
    SQL.drop_lanes,
    SQL.blank_inbox,
    SQL.drop_outbox,
    SQL.drop_pauses,
    SQL.drop_wishes,
    SQL.drop_posts,
    SQL.drop_channels,
    SQL.drop_strikes,
    SQL.rename_reporter,
    SQL.rename_moderator,
    SQL.mark_subject,
    SQL.mark_detail,
    SQL.drop_asks,
    SQL.rename_blocker,
    SQL.rename_switcher,
    SQL.rename_pricer,
    SQL.rename_presetter,
    SQL.stop_broadcasts,
    SQL.drop_broadcasts,
    SQL.rename_author,
    SQL.drop_reader,
    SQL.rename_reader,
    SQL.rename_balance,
    SQL.drop_user,
)


@dataclass(frozen=True, slots=True)
class Before:
    """What was forgotten of somebody in pieces before the rest.

    It was under this `name`, updates until `since` are done, and they had a share of a pot if `shared`.
    """

    name: int | None = None
    since: int = 0
    shared: bool = False


NOTHING = Before()


async def people(tx: Transaction) -> list[int]:
    """Everybody about whom anything is kept."""
    return [row["user_id"] for row in await SQL.people(tx)]


async def forget(tx: Transaction, ledger: Ledger, user_id: int, now: int, before: Before = NOTHING) -> list[str]:
    """Erase somebody and destroy their key; what they have written since and nobody has read yet stays theirs.

    Returns names of files on the shelf: they are to be removed after the commit. Raises LedgerBroken while anything of
    theirs is held. To be the last thing in its transaction, and the only one of which the destroyed key is not undone.
    """
    files = await erase(tx, ledger, user_id, now, before)
    await destroy_key(tx, user_id, now)
    return files


async def destroy_key(tx: Transaction, user_id: int, now: int) -> None:
    """Nobody reads any more what they wrote, but for what waits to be handled: that is theirs still.

    To be the last thing in its transaction, because it is not undone with it.
    """
    unhandled = await SQL.unhandled(tx, user_id=user_id)
    texts = [await tx.vault.unseal(user_id, row["raw"]) for row in unhandled]
    await tx.vault.destroy(user_id, now)
    for row, text in zip(unhandled, texts, strict=True):
        raw = await tx.vault.seal(user_id, text) if text else ""
        await SQL.put_raw(tx, bot_id=row["bot_id"], update_id=row["update_id"], raw=raw)


async def erase(tx: Transaction, ledger: Ledger, user_id: int, now: int, before: Before = NOTHING) -> list[str]:
    """Let nothing be known of somebody in this database but amounts, under a name that nobody can read.

    Returns and raises as `forget`, which also destroys the key: here it may be gone already.
    """
    values = {**await values_of(tx, user_id, now, before.name), "since": before.since}
    await remember(tx, ledger, values, shared=before.shared)
    files = await files_of(tx, user_id)
    await take_links_back(tx, values, user_id)
    await ledger.empty(tx, user_id, f"forgotten:{values['name']}")
    for statement in STATEMENTS:
        await statement(tx, **values)
    await _rename_work_of_admin(tx, values)
    source = bridge(values["name"])
    if await SQL.bridged(tx, source=source, name=user_id):  # not where a restored copy was forgotten by another name
        await SQL.drop_bridge(tx, source=source)
    for row in await SQL.days(tx, user_id=user_id):
        await SQL.rename_entries(tx, **values, day=row["day"])
        await asyncio.sleep(0)  # with a long history this takes a while, and others have work, too
    while await SQL.empty_generations(tx, **values, most=AT_ONCE):  # noqa: ASYNC110  nothing is waited for
        await asyncio.sleep(0)
    return files


async def prune(tx: Transaction, ledger: Ledger, now: int) -> None:
    """Remember of the forgotten only what matters still."""
    await SQL.prune(tx, today=ledger.today(), now=now)


async def leave_chats(database: Database, ledger: Ledger, now: int) -> None:
    """Of yesterday's pictures of the forgotten nobody needs to know where they were drawn."""
    async with database.read() as tx:  # there may be very many of the forgotten by now
        found = await SQL.in_chats(tx, highest=FORGOTTEN, before=day_at(now, ledger.zone))
    for start in range(0, len(found), AT_ONCE):
        async with database.write() as tx:
            for row in found[start : start + AT_ONCE]:
                await SQL.leave_chat(tx, generation_id=row["generation_id"])


def new_name() -> int:
    """A name that tells nobody who it was."""
    return FORGOTTEN - secrets.randbelow(1 << 62)


def bridge(name: int) -> str:
    """The source of the two entries that keep the books right while only some entries have the name."""
    return f"moved:{name}"


async def files_of(tx: Transaction, user_id: int) -> list[str]:
    """Names of all their files on the shelf."""
    return [name for row in await SQL.files(tx, user_id=user_id) for name in (row["file"], row["original"]) if name]


async def values_of(tx: Transaction, user_id: int, now: int, name: int | None = None) -> dict[str, Any]:
    """What the statements are told; the words with % are patterns."""
    name = name or new_name()
    number = str(user_id)
    return {
        "user_id": user_id,
        "now": now,
        "name": name,
        "renamed": str(name),
        "number": number,
        "mark": await tx.vault.mark(user_id),
        "lane": f"user:{number}",
        "in_lane": f"%:{number}",
        "inside": f"%:{number}:%",
        "begins": f"{number}:%",
        "ends": f"%:{number}",
        "whispered": f'%"receiver_user_id": {number}}}%',
        "whispered_first": f'%"receiver_user_id": {number},%',
        "pair": f":{number}:",
        "pair_renamed": f":{name}:",
        "gifts": f"grant:{number}:%",
    }


async def remember(tx: Transaction, ledger: Ledger, values: dict[str, Any], *, shared: bool) -> None:
    """A ban that runs, credits of today that were used, and a limit lower than that of everybody: nothing else."""
    user_id, mark, now = values["user_id"], values["mark"], values["now"]
    before = await SQL.remembered(tx, mark=mark) or {}
    pots = shared or bool(await SQL.used_pots(tx, user_id=user_id, since=day_at(now, ledger.zone)))
    day, daily = await _rest_of_day(tx, ledger, user_id, before, pots=pots)
    banned, until, own = await _standing(tx, ledger, user_id, now, before)
    await SQL.stop_remembering(tx, mark=mark)
    if day or banned or own is not None:
        kept = {"day": day, "daily": daily, "banned": int(banned), "banned_until": until, "own": own}
        await SQL.remember(tx, mark=mark, now=now, **kept)


async def _rest_of_day(
    tx: Transaction, ledger: Ledger, user_id: int, before: dict[str, Any], *, pots: bool
) -> tuple[str, int]:
    """The day of which something was used, in a pot of a group, too, and what is left of it."""
    returned = before.get("day", "") >= ledger.today()
    balance, full = await ledger.seen(tx, user_id), await ledger.daily(tx, user_id)
    if balance:
        day, daily = balance.day, balance.daily
    else:  # nothing of their own was touched
        day, daily = (before["day"], before["daily"]) if returned else (ledger.today(), full)
    return (day, daily) if returned or pots or daily < full else ("", 0)


async def _standing(
    tx: Transaction, ledger: Ledger, user_id: int, now: int, before: dict[str, Any]
) -> tuple[bool, int | None, int | None]:
    """Whether they are shut out and until when, and a limit of theirs that is lower than that of everybody."""
    person = await users.get(tx, user_id)
    paused = await moderation.paused_until(tx, user_id, now)
    if person is None:
        banned, until, own = bool(before.get("banned")), before.get("banned_until"), before.get("own")
    else:
        banned, until, own = person.is_banned(now), person.banned_until, person.daily
    if paused and not banned:
        banned, until = True, paused
    return banned, until if banned else None, own if own is not None and own < ledger.daily_credits else None


async def take_links_back(tx: Transaction, values: dict[str, Any], owner: int) -> None:
    """What a service shows to everybody is taken back by a job that names the picture and nobody.

    `owner`: for whom its id is sealed.
    """
    for row in await SQL.links(tx, user_id=values["user_id"], publish=PUBLISH):
        public_id = await tx.vault.unseal(owner, row["public_id"]) if row["public_id"] else None
        for remote_id in {public_id, row["remote_id"]} - {None}:
            subject = f"{row['generation_id']}:{remote_id}"
            await jobs.add(tx, WITHDRAW, subject, f"link:{values['name']}", values["now"])


async def _rename_work_of_admin(tx: Transaction, values: dict[str, Any]) -> None:
    """Decisions and gifts of somebody who leads the bot; there are none of most people, and many rows to look at."""
    if await SQL.rename_admin(tx, **values):
        await SQL.rename_gifts(tx, **values)
