"""Another file in the place of SQLite's, in steps that the next process can go on with."""

import os
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StorageError
from bot.steps import step

FILE = "imagine.sqlite3"
# What takes its place, also when the process dies before.
RESTORED = "imagine.restored"
LOGS = ("-wal", "-shm")


def put_in_place(copied: Path, data_dir: Path) -> Path:
    """Let `copied`, which lies on the same disk, be the database of `data_dir`; the folder of what it replaces.

    From the first rename on it will be, also when the process dies: the next start goes on. Needs the lock of the
    directory. Raises StorageError.
    """
    if any(copied.with_name(copied.name + end).exists() for end in LOGS):
        raise StorageError(f"{copied} was not closed: nothing was changed.")
    copied.replace(data_dir / RESTORED)
    sync(data_dir)
    return finish_restore(data_dir) or data_dir


def finish_restore(data_dir: Path) -> Path | None:
    """Go on with a replacement where one was begun; the folder of what was replaced."""
    restored, database = data_dir / RESTORED, data_dir / FILE
    if not restored.exists():
        return None
    at = datetime.fromtimestamp(restored.stat().st_mtime, UTC)
    aside = data_dir / f"replaced-{at:%Y%m%dT%H%M%SZ}"
    aside.mkdir(mode=0o700, exist_ok=True)
    parts = [data_dir / f"{FILE}{end}" for end in ("", *LOGS)]
    for part in parts:
        if part.exists() and not (aside / part.name).exists():
            os.link(part, aside / part.name)
    sync(aside)
    # A log must never meet another database than its own.
    for part in parts[1:]:
        part.unlink(missing_ok=True)
    sync(data_dir)
    step("before a restored database takes its place")
    restored.replace(database)
    sync(data_dir)
    step("after a restored database took its place")
    return aside


def sync(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk itself."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
