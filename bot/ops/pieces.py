"""What there may be very much of about one person is forgotten piece by piece, and others write in between.

First their key is destroyed: from then on nothing can be read. Then updates, pictures and the entries of past days go
under the name of the forgotten, a few in each commit, and the books balance after each; all the rest goes at once at
the end (`forgetting.forget`). Until then they are who they were: what they begin meanwhile ends and goes with the rest.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from bot.clock import Clock
from bot.imagine.publishing import PUBLISH
from bot.jobs import store as jobs
from bot.jobs.runner import Lease, LeaseLost
from bot.ops.forgetting import (
    AT_ONCE,
    OF_PICTURES,
    SQL,
    bridge,
    destroy_key,
    files_of,
    remember,
    take_links_back,
    values_of,
)
from bot.quota.rules import day_at
from bot.quota.service import Ledger
from bot.storage.database import Database, Transaction
from bot.storage.patience import patiently

# Of each so many at most are changed by one commit, which takes some ten milliseconds, and seconds between two.
PICTURES = 200
LINES = 1000
DAYS = 100
UPDATES = 200
REST = 0.01

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is forgotten: kept with the job, for the next process.

    `name`: of the forgotten. Entries of days until `before` are moved in pieces, and updates `since` then (Unix
    seconds) at the end. `keyless`: their key is destroyed. `shared`: they had a share of a pot today. `files`: those of
    the last piece, to be removed. `over`: nothing is left in the database, and it is said in `language`.
    """

    name: int = 0
    before: str = ""
    since: int = 0
    keyless: bool = False
    shared: bool = False
    files: Sequence[str] = ()
    language: str = ""
    over: bool = False

    @classmethod
    def read(cls, text: str | None) -> "Progress | None":
        """What a job has kept; None where it has not begun. An earlier version kept something at the end only."""
        kept = json.loads(text) if text else None
        return cls(**kept, over=True) if kept and "over" not in kept else cls(**kept) if kept else None

    async def keep(self, tx: Transaction, lease: Lease) -> None:
        """Let the next process know. Raises LeaseLost."""
        if not await jobs.remember(tx, lease.job, json.dumps(asdict(self))):
            raise LeaseLost


async def begin(tx: Transaction, ledger: Ledger, lease: Lease, user_id: int, now: int) -> Progress | None:
    """The name, and what needs the key still. None where something has begun meanwhile. Raises LeaseLost."""
    await lease.hold_on(tx, now)
    if await SQL.unfinished(tx, user_id=user_id):
        return None
    values = await values_of(tx, user_id, now)
    await take_links_back(tx, values, user_id)
    await SQL.mark_detail(tx, **values)
    progress = Progress(values["name"], await _closed_before(tx, ledger, user_id), now - HOUR)
    await progress.keep(tx, lease)
    return progress


async def _closed_before(tx: Transaction, ledger: Ledger, user_id: int) -> str:
    """No entry comes any more of a day before this one; empty where that is not sure of any."""
    account = await SQL.account(tx, user_id=user_id)
    if account is None:
        return ledger.today()
    return "" if account["held"] else min(account["day"], ledger.today())


class Pieces:
    """Forgets one person as far as that goes in pieces. `clear` removes files, `copy_keys` those that are copied."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        clock: Clock,
        lease: Lease,
        user_id: int,
        clear: Callable[[Sequence[str]], None],
        copy_keys: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self._lease = lease
        self._user_id = user_id
        self._clear = clear
        self._copy_keys = copy_keys

    async def work(self, progress: Progress) -> Progress:
        """Go on from there until nothing is left but what goes at once. Raises LeaseLost."""
        async with self._database.read() as tx:
            values = await values_of(tx, self._user_id, self._clock.now(), progress.name)
        if not progress.keyless:
            progress = await patiently(self._database, partial(self._lose_key, values, progress))
            await self._copy_keys()
        await self._blank_updates(values["lane"])
        while True:
            self._clear(progress.files)
            progress, taken = await patiently(self._database, partial(self._pictures, values, progress))
            if not taken:
                break
            await asyncio.sleep(REST)
        while await patiently(self._database, partial(self._entries, values, progress)):  # noqa: ASYNC110  others' turn
            await asyncio.sleep(REST)
        return progress

    async def _lose_key(self, values: Mapping[str, Any], progress: Progress, tx: Transaction) -> Progress:
        await self._lease.hold_on(tx, self._clock.now())
        await take_links_back(tx, dict(values), self._user_id)  # what was published a moment ago
        progress = replace(progress, keyless=True)
        await progress.keep(tx, self._lease)
        await destroy_key(tx, self._user_id, self._clock.now())
        return progress

    async def _blank_updates(self, lane: str) -> None:
        """Updates are found by looking at those of everybody, which nobody waits for."""
        async with self._database.read() as tx:
            rows = await SQL.handled(tx, lane=lane)
        for start in range(0, len(rows), UPDATES):
            async with self._database.write() as tx:
                for row in rows[start : start + UPDATES]:
                    await SQL.blank_update(tx, **row, lane=lane)
            await asyncio.sleep(REST)

    async def _pictures(self, values: Mapping[str, Any], progress: Progress, tx: Transaction) -> tuple[Progress, int]:
        """Some that have ended get a name of their own for a moment, so that all about them is found by it."""
        now, batch = self._clock.now(), values["name"] - 1
        await self._lease.hold_on(tx, now)
        whose = {"user_id": self._user_id, "batch": batch}
        taken: int = await SQL.take_pictures(tx, **whose, publish=PUBLISH, most=PICTURES)
        of_batch = {**values, "user_id": batch, "now": now}
        shared = await SQL.used_pots(tx, user_id=batch, since=day_at(now, self._ledger.zone))
        if shared and not progress.shared:
            await remember(tx, self._ledger, {**values, "now": now}, shared=True)
        files = await files_of(tx, batch)
        await take_links_back(tx, of_batch, self._user_id)
        for statement in OF_PICTURES:
            await statement(tx, **of_batch)
        while await SQL.empty_generations(tx, **of_batch, most=AT_ONCE):
            pass
        progress = replace(progress, shared=progress.shared or bool(shared), files=files)
        await progress.keep(tx, self._lease)
        return progress, taken

    async def _entries(self, values: Mapping[str, Any], progress: Progress, tx: Transaction) -> int:
        """Whole days, so that the credits of each balance; for those that stay there is a bridge between both names."""
        await self._lease.hold_on(tx, self._clock.now())
        days = _few(await SQL.some_days(tx, user_id=self._user_id, before=progress.before, most=DAYS))
        if not days:
            return 0
        for row in days:
            await SQL.rename_entries(tx, **values, day=row["day"])
        source = bridge(progress.name)
        left = int(await SQL.bridged(tx, source=source, name=progress.name)) + sum(int(row["kept"]) for row in days)
        await SQL.drop_bridge(tx, source=source)
        if left:
            there, here = ("revoke", "grant") if left > 0 else ("grant", "revoke")
            line = {"source": source, "day": progress.before, "kept": abs(left), "at": self._clock.now()}
            await SQL.add_bridge(tx, **line, kind=there, user_id=progress.name)
            await SQL.add_bridge(tx, **line, kind=here, user_id=self._user_id)
        return len(days)


def _few(days: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As many days as make one piece, one at least."""
    found: list[Mapping[str, Any]] = []
    lines = 0
    for row in days:
        lines += row["lines"]
        if found and lines > LINES:
            break
        found.append(row)
    return found
