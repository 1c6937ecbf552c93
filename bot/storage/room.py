"""Room on the disk: nothing new is accepted when it gets scarce, so that what was accepted can still end."""

import shutil
from pathlib import Path

from bot.errors import StorageFull

LEAST_ROOM = 32 * 1024 * 1024
"""Bytes that are left to the work in progress."""


def require_room(directory: Path, least: int = LEAST_ROOM) -> None:
    """Ask before anything new is accepted; takes a few microseconds.

    Raises StorageFull while less than `least` bytes are free.
    """
    free = shutil.disk_usage(directory).free
    if free < least:
        raise StorageFull(f"Only {free // 1024} KiB are free in {directory}: nothing new is accepted.")
