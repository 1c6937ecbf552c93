"""What the bot stands on: disk, folder, settings file, backups, versions."""

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from bot import __version__
from bot.clock import Clock
from bot.config import ENV_FILE, Settings, readable_by_others
from bot.doctor.rules import Finding, note, well, wrong
from bot.errors import StorageError
from bot.ops.backup import Backups, made_at
from bot.storage.key_file import FILE as KEYS
from bot.storage.key_file import fits
from bot.storage.looking import sqlite_version, version_in
from bot.storage.replace import FILE
from bot.storage.room import LEAST_ROOM
from bot.storage.sqlite_errors import BACKUPS

SCARCE = 1024 * 1024 * 1024  # bytes below which the end of the room is near
OVERDUE = 3 * 3600  # seconds of work that no backup holds
MEGABYTE = 1024 * 1024
# Databases before this version hold the words of people as they were written.
FIRST_SEALED = "0013"


def look_at_ground(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Every line about this machine. Blocks for a few calls to the file system."""
    yield _room(settings.data_dir)
    yield _folder(settings.data_dir)
    yield note("settings", "doctor-env-open") if readable_by_others(ENV_FILE) else well("settings", "doctor-settings")
    yield _keys(settings)
    yield _backups(settings, clock)
    yield well(
        "versions",
        "doctor-versions",
        bot=__version__,
        python=platform.python_version(),
        sqlite=sqlite_version(),
        aiogram=version("aiogram"),
    )


def _room(data_dir: Path) -> Finding:
    there = next(each for each in (data_dir.absolute(), *data_dir.absolute().parents) if each.exists())
    free = shutil.disk_usage(there).free
    if free < LEAST_ROOM:
        return wrong("disk", "doctor-disk-full", free=free // MEGABYTE, least=LEAST_ROOM // MEGABYTE)
    if free < SCARCE:
        return note("disk", "doctor-disk-scarce", free=free // MEGABYTE)
    return well("disk", "doctor-disk", free=free // MEGABYTE)


def _folder(data_dir: Path) -> Finding:
    if not data_dir.exists():
        return note("data", "doctor-data-none")
    try:
        with tempfile.TemporaryFile(dir=data_dir) as file:
            file.write(b"?")
    except OSError as error:
        return wrong("data", "doctor-data-closed", reason=os.strerror(error.errno or 0).lower())
    if data_dir.stat().st_mode & 0o077:
        return note("data", "doctor-data-open")
    return well("data", "doctor-data")


def _keys(settings: Settings) -> Finding:
    try:
        if fits(settings.data_dir, settings.master) is False:
            return wrong("keys", "doctor-keys-foreign")
    except StorageError:
        return wrong("keys", "doctor-keys-damaged", copy=f"{BACKUPS}/{KEYS}")
    if not (settings.data_dir / KEYS).exists() and (settings.data_dir / BACKUPS / KEYS).exists():
        return wrong("keys", "doctor-keys-gone", copy=f"{BACKUPS}/{KEYS}")
    if not settings.master_key.get_secret_value():
        return note("keys", "doctor-keys-token")
    if settings.master_key_before.get_secret_value():
        return note("keys", "doctor-keys-before")
    return well("keys", "doctor-keys")


def _backups(settings: Settings, clock: Clock) -> Finding:
    if settings.database_url.get_secret_value() != "sqlite":
        return note("backups", "doctor-backups-postgres")
    if not settings.backups:
        return note("backups", "doctor-backups-off")
    made = Backups(settings.data_dir, clock).all()
    written = _written(settings.data_dir)
    if not made:
        overdue = written is not None and clock.now() - _born(settings.data_dir) > OVERDUE
        return (wrong if overdue else note)("backups", "doctor-backups-none")
    hours = max(0, clock.now() - made_at(made[0])) // 3600
    # A bot that was stopped for a week needs no newer ones.
    if written is not None and written - made_at(made[0]) > OVERDUE:
        return wrong("backups", "doctor-backups-old", hours=hours)
    if plain := sum(version_in(path) < FIRST_SEALED for path in made):
        return note("backups", "doctor-backups-plain", count=plain)
    return well("backups", "doctor-backups", count=len(made), hours=hours)


def _written(data_dir: Path) -> int | None:
    """When the database was changed last; None where there is none."""
    files = [data_dir / (FILE + end) for end in ("", "-wal")]
    return max((int(file.stat().st_mtime) for file in files if file.exists()), default=None)


def _born(data_dir: Path) -> int:
    """About when the bot began to work here: the lock is made once."""
    lock = data_dir / "lock"
    return int(lock.stat().st_ctime) if lock.exists() else 0
