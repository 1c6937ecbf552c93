"""The keys of people where they are missing: what was sealed with them must not be given up without a word."""

import asyncio
from pathlib import Path

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.key_file import FILE, MasterKey, fits
from bot.storage.queries import load
from bot.storage.vault import SEALED

SQL = load(Path(__file__).with_name("keys.sql"))


async def require_keys(database: Database) -> None:
    """Make sure that there are keys where there is something sealed. Raises StorageError."""
    path = database.vault.path
    if path.exists():
        return
    async with database.read() as tx:
        newest = await SQL.newest_words(tx)
    if newest and newest.startswith(SEALED):
        raise StorageError(
            f"{path} is missing, and with it all words and pictures that were kept. Put its last copy in its place: "
            f"cp {path.parent / 'backups' / FILE} {path}. To go on without them: touch {path}."
        )


async def lock_copy_anew(database: Database, master: MasterKey) -> None:
    """Lock the copy of the keys beside the backups anew, too, where the key of before opens it. Raises StorageError.

    Until the next backup it would open with the old key, which nobody keeps, and with no other.
    """
    copies = database.vault.path.parent / "backups"
    if not master.before or await asyncio.to_thread(fits, copies, MasterKey(master.now)) is not False:
        return
    if await asyncio.to_thread(fits, copies, master):
        await database.vault.copy(copies / FILE)
