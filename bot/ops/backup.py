"""Copies of the database, made each hour while the bot works, and the ones that are kept."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.clock import Clock
from bot.errors import StorageDamaged, StorageError, StorageFull
from bot.quota import store as quota
from bot.steps import step
from bot.storage import backup
from bot.storage.key_file import FILE as KEYS
from bot.storage.key_file import copy_keys
from bot.storage.replace import FILE, sync
from bot.storage.room import LEAST_ROOM
from bot.storage.sqlite_errors import BACKUPS

EVERY = 3600  # seconds between two copies
NAME = "imagine-%Y%m%dT%H%M%SZ"
DAYS = 7  # of so many days the last copy is kept, too
PATTERN = "imagine-????????T??????Z.sqlite3"
UNFINISHED = ".part"
FORGOTTEN = 3600  # seconds after which an unfinished copy belongs to nobody

log = structlog.get_logger()


class Backups:
    """The copies of one database of SQLite. A file under a final name was checked."""

    def __init__(self, data_dir: Path, clock: Clock, most: int = 24) -> None:
        """`most` hourly ones are kept."""
        self._database = data_dir / FILE
        self.directory = data_dir / BACKUPS
        self._clock = clock
        self._most = most

    def all(self) -> list[Path]:
        """What is there, the newest first."""
        return sorted(self.directory.glob(PATTERN), reverse=True)

    async def make(self, directory: Path | None = None) -> Path:
        """Copy the database as it is now, check the copy, and only then give it its name in `directory`.

        The keys lie beside it in one copy, so that what was destroyed is in none.

        Raises StorageFull where it would take the room of the database itself, StorageDamaged, StorageError.
        """
        directory = directory or self.directory
        _make_private(directory)
        self._require_room(directory)
        final = directory / f"{datetime.fromtimestamp(self._clock.now(), UTC):{NAME}}.sqlite3"
        if final.exists():
            raise StorageError(f"{final} is there already.")
        part = final.with_name(final.name + UNFINISHED)
        try:
            await backup.copy(self._database, part)
            await check(part)
            # After the database: whoever is new in it has a key in the copy.
            await copy_keys(self._database.parent, directory / KEYS)
            _name(part, final)
        except BaseException:
            _delete(part)
            raise
        return final

    async def last_good(self) -> Path | None:
        """The newest one that passes its check; None where there is none."""
        for path in self.all():
            try:
                await check(path)
            except StorageError as error:
                log.debug("backup_is_of_no_use", path=str(path), reason=str(error))
            else:
                return path
        return None

    async def keep_up(self) -> Path | None:
        """Make the copy of this hour unless it is there, and delete those that are too old. Raises as `make`."""
        if any(abs(self._clock.now() - made_at(path)) < EVERY for path in self.all()[:1]):
            return None
        made = await self.make()
        log.info("backup_made", path=str(made), size=made.stat().st_size)
        self._prune()
        return made

    def _prune(self) -> None:
        last_of_day = {path.name[:16]: path for path in reversed(self.all())}
        days = [last_of_day[day] for day in sorted(last_of_day, reverse=True)[:DAYS]]
        for path in set(self.all()) - set(self.all()[: self._most]) - set(days):
            _delete(path)
        for path in self.directory.glob(PATTERN + UNFINISHED):
            if made_at(path) < self._clock.now() - FORGOTTEN:
                _delete(path)

    def _require_room(self, directory: Path) -> None:
        free = shutil.disk_usage(directory).free
        if free < self._database.stat().st_size + 4 * LEAST_ROOM:
            raise StorageFull(f"Only {free // 1024} KiB are free in {directory}: no backup is made.")


def made_at(path: Path) -> int:
    """When a copy was begun, in Unix seconds, as its name tells."""
    name = path.name.partition(".")[0]
    return int(datetime.strptime(name, NAME).replace(tzinfo=UTC).timestamp())


async def check(path: Path) -> None:
    """The bytes, the tables, the books. Raises StorageDamaged, StorageTooNew."""
    await backup.check(path)
    async with backup.reading(path) as tx:
        if wrong := await quota.mistakes(tx):
            raise StorageDamaged(f"{path} is damaged (its books do not balance: {wrong[0]}).")


def _make_private(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{directory} cannot be used: {error.strerror}.") from error


def _name(part: Path, final: Path) -> None:
    """The sum first: a copy without one is checked less strictly."""
    text = backup.sum_of(part).read_text("utf-8").replace(part.name, final.name)
    backup.sum_of(final).write_text(text, "utf-8")
    sync(backup.sum_of(final))
    step("before a backup gets its name")
    backup.sum_of(part).unlink()
    part.rename(final)
    sync(final.parent)
    step("after a backup got its name")


def _delete(path: Path) -> None:
    for each in (path, backup.sum_of(path), path.with_name(path.name + "-journal")):
        each.unlink(missing_ok=True)
