"""Forgetting somebody: nothing that anybody could read about them stays, here or in any backup.

Amounts stay, because books must balance and figures add up, under a name that is a random number. The key of the person
is destroyed, so that their words and pictures are noise wherever a copy of them lies. What must outlast it, a ban
and what they had of today's credits, is kept by a mark: whoever comes back is recognized, and nobody is found by it.
"""

import asyncio
import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.http import remove
from bot.imagine import store as generations
from bot.imagine.drawing import EXPIRE, GENERATE, Delivery
from bot.imagine.publishing import PUBLISH, WITHDRAW
from bot.imagine.rules import Status
from bot.imagine.service import Imagine
from bot.jobs import store as jobs
from bot.jobs.runner import Lease, LeaseLost
from bot.moderation import store as moderation
from bot.moderation.rules import LOOK
from bot.privacy.rules import EXPORT, person_of
from bot.quota.rules import day_at
from bot.quota.service import Ledger
from bot.steps import step
from bot.storage.database import Database, Transaction
from bot.storage.key_file import FILE
from bot.storage.patience import patiently
from bot.storage.queries import load
from bot.users import store as users
from bot.users.faces import Faces

SQL = load(Path(__file__).with_name("forget.sql"))

HIGHEST = -(1 << 62)
"""No person and no group has a number as low as the names of the forgotten."""

# Tries, of a second each: what is being shown now may come to its end, and what is sent out may arrive first.
SHOWN_BY = 4
SENT_BY = 20

AT_ONCE = 100  # rows changed by one statement: everything else waits for it

# In this order: some look for the person's pictures and posts, which are emptied at the end.
STATEMENTS = (
    SQL.drop_shelf,
    SQL.drop_open_reports,
    SQL.drop_notes,
    SQL.drop_jobs_of_pictures,
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


log = structlog.get_logger()


class Voice(Protocol):
    """How people hear of it."""

    async def language(self, user_id: int) -> str:
        """The language of somebody about whom something is known still."""
        ...

    async def farewell(self, tx: Transaction, user_id: int, language: str) -> None:
        """Add to the outbox that all is forgotten."""
        ...


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left to do once nothing is in the database any more. Kept with the job, for the next process."""

    language: str
    files: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "_Rest":
        kept = json.loads(text)
        return cls(kept["language"], tuple(kept["files"]))


class Forgetting:
    """The handler of `forget` jobs; who it is, their lane says. It goes on where a process died."""

    def __init__(
        self,
        database: Database,
        imagine: Imagine,
        ledger: Ledger,
        delivery: Delivery,
        voice: Voice,
        faces: Faces,
        data_dir: Path,
        clock: Clock,
    ) -> None:
        self._database = database
        self._imagine = imagine
        self._ledger = ledger
        self._delivery = delivery
        self._voice = voice
        self._faces = faces
        self._data_dir = data_dir
        self._clock = clock

    async def __call__(self, lease: Lease) -> None:
        """Do what is left to do: end what is under way, forget, clear up, say so."""
        user_id = person_of(lease.job.lane)
        rest = _Rest.read(lease.job.remote_id) if lease.job.remote_id else None
        if rest is None and await self._has_ended(lease, user_id):
            language = await self._voice.language(user_id)
            rest = await patiently(self._database, lambda tx: self._forget(tx, lease, user_id, language))
        if rest is None:
            await lease.put_back(self._clock.now() + 1)
            return
        await self._clear_up(user_id, rest)
        async with self._database.write() as tx:
            if await lease.done(tx):
                await SQL.drop_lanes(tx, in_lane=f"%:{user_id}")
                await self._voice.farewell(tx, user_id, rest.language)
        log.info("forgotten")
        await self._scrub()

    async def _has_ended(self, lease: Lease, user_id: int) -> bool:
        """End what can be ended at once; whether nothing is left. Notes have a moment to say so."""
        attempts = lease.job.attempts
        async with self._database.write() as tx:
            if attempts < SENT_BY and await self._is_on_its_way(tx, lease, user_id):
                return False
            rows = await SQL.unfinished(tx, user_id=user_id)
            for row in rows:
                await self._end(tx, row["generation_id"], Status(row["status"]), user_id, attempts)
        return not rows

    async def _is_on_its_way(self, tx: Transaction, lease: Lease, user_id: int) -> bool:
        """A file with everything; or a picture to where everybody can see it: until it is there nobody can say which.

        Its copy could never be taken back.
        """
        if await jobs.is_there(tx, EXPORT, lease.job.subject):
            return True
        return bool(await SQL.being_published(tx, user_id=user_id, publish=PUBLISH))

    async def _end(self, tx: Transaction, generation_id: str, status: Status, user_id: int, attempts: int) -> None:
        if status is Status.READY:
            shown_now = await SQL.held_job(tx, kind=GENERATE, subject=generation_id)
            if shown_now and attempts < SHOWN_BY:
                return
            now = self._clock.now()
            await generations.move(tx, generation_id, Status.READY, Status.EXPIRED, ended_at=now)
            await self._ledger.release(tx, generation_id)
            for kind in (GENERATE, EXPIRE, LOOK):
                await jobs.cancel(tx, kind, generation_id)
        else:
            await self._imagine.cancel(tx, generation_id, user_id)
        ended = await generations.get(tx, generation_id)
        if ended:
            await self._delivery.tell(tx, ended)

    async def _forget(self, tx: Transaction, lease: Lease, user_id: int, language: str) -> _Rest | None:
        """Everything in one commit; None where something has begun meanwhile. Raises LeaseLost."""
        await lease.hold_on(tx, self._clock.now())
        if await SQL.unfinished(tx, user_id=user_id):
            return None
        rest = _Rest(language, tuple(await forget(tx, self._ledger, user_id, self._clock.now())))
        if not await jobs.remember(tx, lease.job, json.dumps(asdict(rest))):
            raise LeaseLost
        return rest

    async def _clear_up(self, user_id: int, rest: _Rest) -> None:
        """Nothing here needs the database, and all may be done twice."""
        step("before files are forgotten")
        remove(*(self._data_dir / "shelf" / name for name in rest.files))
        step("after files are forgotten")
        self._faces.forget(user_id)
        copied = self._data_dir / "backups" / FILE
        if copied.exists():
            await self._database.vault.copy(copied)

    async def _scrub(self) -> None:
        """The last of it in the database's own file: the number in the job that is just done."""
        try:
            await self._database.scrub()
        except StorageError as error:  # no words are in there, and what is free is written over in time
            log.warning("free_pages_not_cleared", reason=str(error))


async def people(tx: Transaction) -> list[int]:
    """Everybody about whom anything is kept."""
    return [row["user_id"] for row in await SQL.people(tx)]


async def forget(tx: Transaction, ledger: Ledger, user_id: int, now: int) -> list[str]:
    """Erase somebody and destroy their key; what they have written since and nobody has read yet stays theirs.

    Returns names of files on the shelf: they are to be removed after the commit. Raises LedgerBroken while anything of
    theirs is held. To be the last thing in its transaction, and the only one of which the destroyed key is not undone.
    """
    unhandled = await SQL.unhandled(tx, user_id=user_id)
    texts = [await tx.vault.unseal(user_id, row["raw"]) for row in unhandled]
    files = await erase(tx, ledger, user_id, now)
    await tx.vault.destroy(user_id, now)
    for row, text in zip(unhandled, texts, strict=True):
        raw = await tx.vault.seal(user_id, text) if text else ""
        await SQL.put_raw(tx, bot_id=row["bot_id"], update_id=row["update_id"], raw=raw)
    return files


async def erase(tx: Transaction, ledger: Ledger, user_id: int, now: int) -> list[str]:
    """Let nothing be known of somebody in this database but amounts, under a name that nobody can read.

    Returns and raises as `forget`, which also destroys the key: here it may be gone already.
    """
    values = await _values(tx, user_id, now)
    await _remember(tx, ledger, values)
    files = [name for row in await SQL.files(tx, user_id=user_id) for name in (row["file"], row["original"]) if name]
    await _take_links_back(tx, values)
    await ledger.empty(tx, user_id, f"forgotten:{values['name']}")
    for statement in STATEMENTS:
        await statement(tx, **values)
    await _rename_work_of_admin(tx, values)
    for row in await SQL.days(tx, user_id=user_id):
        await SQL.rename_entries(tx, **values, day=row["day"])
        await asyncio.sleep(0)  # with a long history this takes a while, and others have work, too
    while await SQL.empty_generations(tx, **values, most=AT_ONCE):  # noqa: ASYNC110  nothing is waited for
        await asyncio.sleep(0)
    return files


async def prune(tx: Transaction, ledger: Ledger, now: int) -> None:
    """Remember of the forgotten only what matters still."""
    await SQL.prune(tx, today=ledger.today(), now=now)
    await SQL.leave_chats(tx, highest=HIGHEST, before=day_at(now, ledger.zone))


async def _values(tx: Transaction, user_id: int, now: int) -> dict[str, Any]:
    """What the statements are told; the words with % are patterns."""
    name = HIGHEST - secrets.randbelow(1 << 62)
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


async def _remember(tx: Transaction, ledger: Ledger, values: dict[str, Any]) -> None:
    """A ban that runs, credits of today that were used, and a limit lower than that of everybody: nothing else."""
    user_id, mark, now = values["user_id"], values["mark"], values["now"]
    before = await SQL.remembered(tx, mark=mark) or {}
    day, daily = await _rest_of_day(tx, ledger, user_id, now, before)
    banned, until, own = await _standing(tx, ledger, user_id, now, before)
    await SQL.stop_remembering(tx, mark=mark)
    if day or banned or own is not None:
        kept = {"day": day, "daily": daily, "banned": int(banned), "banned_until": until, "own": own}
        await SQL.remember(tx, mark=mark, now=now, **kept)


async def _rest_of_day(
    tx: Transaction, ledger: Ledger, user_id: int, now: int, before: dict[str, Any]
) -> tuple[str, int]:
    """The day of which something was used, in a pot of a group, too, and what is left of it."""
    returned = before.get("day", "") >= ledger.today()
    balance, full = await ledger.seen(tx, user_id), await ledger.daily(tx, user_id)
    if balance:
        day, daily = balance.day, balance.daily
    else:  # nothing of their own was touched
        day, daily = (before["day"], before["daily"]) if returned else (ledger.today(), full)
    pots = await SQL.used_pots(tx, user_id=user_id, since=day_at(now, ledger.zone))
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


async def _take_links_back(tx: Transaction, values: dict[str, Any]) -> None:
    """What a service shows to everybody is taken back by a job that names the picture and nobody."""
    for row in await SQL.links(tx, user_id=values["user_id"], publish=PUBLISH):
        public_id = await tx.vault.unseal(values["user_id"], row["public_id"]) if row["public_id"] else None
        for remote_id in {public_id, row["remote_id"]} - {None}:
            subject = f"{row['generation_id']}:{remote_id}"
            await jobs.add(tx, WITHDRAW, subject, f"link:{values['name']}", values["now"])


async def _rename_work_of_admin(tx: Transaction, values: dict[str, Any]) -> None:
    """Decisions and gifts of somebody who leads the bot; there are none of most people, and many rows to look at."""
    if await SQL.rename_admin(tx, **values):
        await SQL.rename_gifts(tx, **values)
