"""The database as it is seen from outside, whether the bot runs or not."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from bot.doctor.rules import Finding, note, well, wrong
from bot.errors import StorageDamaged, StorageError, StorageTooNew
from bot.storage import backup
from bot.storage.looking import Seen, look_at
from bot.storage.replace import FILE

PATIENCE = 30.0  # seconds for a look at every page
LONG_LOG = 128 * 1024 * 1024  # twice what it is cut back to
MEGABYTE = 1024 * 1024


async def look_at_database(url: str, data_dir: Path) -> AsyncIterator[Finding]:
    """Version and size; then whether it is whole, where it is a file."""
    try:
        seen = await look_at(url, data_dir)
        if seen is None:
            yield note("database", "doctor-database-none")
            return
        yield _known(seen)
    except StorageTooNew:
        yield wrong("database", "doctor-database-too-new")
        return
    except StorageDamaged:
        yield wrong("database", "doctor-database-damaged")
        return
    except StorageError as error:
        text = "doctor-database-unread" if url == "sqlite" else "doctor-database-away"
        yield wrong("database", text, reason=str(error))
        return
    if url == "sqlite":
        yield await _whole(data_dir / FILE)


def _known(seen: Seen) -> Finding:
    size, log = -(-seen.size // MEGABYTE), seen.log // MEGABYTE
    if not seen.current:
        return note("database", "doctor-database-older", version=seen.version or "-")
    if seen.log > LONG_LOG:
        return note("database", "doctor-database-log", size=size, log=log)
    return well("database", "doctor-database", version=seen.version or "-", size=size, log=log)


async def _whole(file: Path) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE):
            await backup.check(file)
    except TimeoutError:
        return note("integrity", "doctor-integrity-long", seconds=int(PATIENCE))
    except StorageError:
        return wrong("integrity", "doctor-database-damaged")
    return well("integrity", "doctor-integrity")
