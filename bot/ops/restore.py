"""Putting a backup in the place of the database, so that nothing is drawn, shown or charged a second time.

What was under way when the copy was made has had its end since, and the copy does not know which. So every unfinished
request is ended and given back, what waited to be sent or handled is dropped, and nobody is told: the note in the chat
may be the picture by now. What the replaced database knows, and the copy cannot, is carried over where it can be read:
the updates since, what services have drawn, and what people deleted.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import Cause, SettingsError, StorageBusy, StorageError, StorageFull
from bot.http import Spool, remove
from bot.imagine import store as generations
from bot.imagine.publishing import WITHDRAW
from bot.imagine.rules import Status
from bot.imagine.shelf import Shelf
from bot.jobs import store as jobs
from bot.ops.backup import Backups, check
from bot.ops.forgetting import erase, people
from bot.privacy.rules import FORGET
from bot.quota.service import Ledger
from bot.storage import backup, open_database
from bot.storage.database import Transaction
from bot.storage.key_file import copy_keys
from bot.storage.lock import DirectoryLock
from bot.storage.queries import load
from bot.storage.replace import FILE, finish_restore, put_in_place
from bot.storage.vault import Vault

SQL = load(Path(__file__).with_name("restore.sql"))
STAGING = "restoring"

Rows = Sequence[Mapping[str, Any]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Restored:
    """How many unfinished requests were ended, and whether what came since was `carried` over.

    `aside` is where the replaced database lies with its pictures; None where there was nothing to replace.
    """

    aside: Path | None
    ended: int
    carried: bool


@dataclass(frozen=True, slots=True)
class _Since:
    """What the replaced database knows, and the copy cannot."""

    updates: Rows
    spending: Rows
    deleted: Rows
    forgetting: Rows


class Restoring:
    """Restores the database of one data directory. No bot may run on it."""

    def __init__(self, data_dir: Path, vault: Vault, ledger: Ledger, clock: Clock) -> None:
        self._data_dir = data_dir
        self._vault = vault
        self._ledger = ledger
        self._clock = clock
        self._backups = Backups(data_dir, clock)
        self._staging = data_dir / STAGING
        self._shelf = data_dir / "shelf"

    async def restore(self, copy: Path) -> Restored:
        """Let `copy` be the database from now on. Where it cannot be, nothing is changed.

        Raises StorageBusy while a bot runs, StorageDamaged and StorageTooNew for a copy that is of no use, naming one
        that is, StorageFull.
        """
        lock = DirectoryLock(self._data_dir)
        try:
            finish_restore(self._data_dir)
            await self._bring_keys(copy)
            return await self._restore(copy)
        finally:
            shutil.rmtree(self._staging, ignore_errors=True)
            lock.free()

    async def _restore(self, copy: Path) -> Restored:
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir(mode=0o700)
        staged = self._staging / FILE
        try:
            await backup.check_sum(copy)
            await backup.copy(copy, staged)
            await check(staged)
        except (StorageBusy, StorageFull):
            raise
        except StorageError as error:
            raise type(error)(await self._refusal(copy, staged, error)) from error
        ended, carried, known = await self._settle()
        aside = put_in_place(staged, self._data_dir)
        return Restored(self._put_aside(known, aside), ended, carried)

    async def _bring_keys(self, copy: Path) -> None:
        """On another machine the keys come with the copy. Those that are here know more: they stay."""
        if self._vault.path.exists():
            return
        await copy_keys(copy.parent, self._vault.path)
        try:
            await self._vault.open()
        except SettingsError:
            # Left here they would keep those out that fit.
            remove(self._vault.path)
            raise

    async def _refusal(self, copy: Path, staged: Path, error: StorageError) -> str:
        good = await self._backups.last_good()
        advice = f"The last good backup is {good}." if good else f"There is no good one in {self._backups.directory}."
        return f"{str(error).replace(str(staged), str(copy))} Nothing was changed. {advice}"

    async def _settle(self) -> tuple[int, bool, set[str]]:
        """End what was under way, in one commit; the copy is brought up to date before.

        Returns how many that were, whether more was carried over, and the files that the copy knows.
        """
        database = await open_database("sqlite", self._staging, self._vault)
        try:
            async with database.write() as tx:
                newest = await SQL.newest_update(tx)
                since = await self._since(newest)
                ended = await self._end_unfinished(tx)
                await self._drop(tx)
                await _carry_over(tx, since, self._clock.now())
                await self._forget_again(tx, newest)
                known = {name for row in await SQL.shelved(tx) for name in _files(row)}
        finally:
            await database.close()
        return ended, since is not None, known

    async def _forget_again(self, tx: Transaction, newest: int) -> None:
        """Whoever was forgotten since is in the copy, though nobody can read their words any more."""
        for user_id in await self._vault.destroyed_since(await people(tx), newest):
            await erase(tx, self._ledger, user_id, self._clock.now())

    async def _end_unfinished(self, tx: Transaction) -> int:
        now, rows = self._clock.now(), await SQL.unfinished(tx)
        shelf = Shelf(self._shelf, Spool(self._data_dir / "spool"))
        for row in rows:
            generation_id, before = row["generation_id"], Status(row["status"])
            await generations.move(tx, generation_id, before, Status.FAILED, cause=Cause.RESTORED, ended_at=now)
            await self._ledger.release(tx, generation_id)
            await shelf.until(tx, generation_id, now)
        return len(rows)

    async def _drop(self, tx: Transaction) -> None:
        """Nothing waits to be done, and no row of the shelf is without its file."""
        await SQL.drop_jobs(tx, withdraw=WITHDRAW, forget=FORGET)
        await SQL.doubt_posts(tx)
        await SQL.drop_outbox(tx)
        await SQL.drop_inbox(tx)
        await SQL.stop_broadcasts(tx, now=self._clock.now())
        await SQL.forget_readers(tx)
        for row in await SQL.shelved(tx):
            if not all((self._shelf / name).exists() for name in _files(row)):
                await SQL.drop_shelved(tx, generation_id=row["generation_id"])

    def _put_aside(self, known: set[str], aside: Path) -> Path | None:
        """Pictures that only the replaced database knows stay with it. Their folder; None where nothing is in it."""
        strangers = [path for path in self._shelf.iterdir() if path.name not in known] if self._shelf.exists() else []
        for path in strangers:
            (aside / "shelf").mkdir(mode=0o700, exist_ok=True)
            path.replace(aside / "shelf" / path.name)
        if any(aside.iterdir()):
            return aside
        aside.rmdir()
        return None

    async def _since(self, newest: int) -> _Since | None:
        replaced = self._data_dir / FILE
        if not replaced.exists():
            return _Since((), (), (), ())
        try:
            async with backup.reading(replaced) as tx:
                updates, spending = await SQL.updates_since(tx, since=newest), await SQL.spending(tx)
                return _Since(updates, spending, await SQL.deleted(tx), await SQL.forgetting(tx, kind=FORGET))
        except Exception as error:  # noqa: BLE001  it may be damaged in every way: that is why it is replaced
            log.warning("replaced_database_cannot_be_read", reason=str(error))
            return None


def _files(row: Mapping[str, Any]) -> list[str]:
    return [name for name in (row["file"], row["original"]) if name]


async def _carry_over(tx: Transaction, since: _Since | None, now: int) -> None:
    if since is None:
        return
    for row in since.updates:
        await SQL.put_update(tx, **{"owner_id": 0, **row})  # an earlier version may have kept it
    for row in since.spending:
        await SQL.put_spending(tx, **row)
    for row in since.deleted:
        await SQL.put_deleted(tx, **row)
    for row in since.forgetting:
        await jobs.add(tx, FORGET, row["subject"], row["lane"], now)
