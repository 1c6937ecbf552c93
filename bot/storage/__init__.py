"""Where rows are kept: one file of SQLite in the data directory, or PostgreSQL."""

from pathlib import Path

from bot.errors import SettingsError
from bot.storage.database import Database
from bot.storage.lock import DirectoryLock
from bot.storage.vault import Vault


async def open_database(url: str, data_dir: Path, vault: Vault) -> Database:
    """Lock the data directory, bring the tables up to date and open the database, which closes the `vault` at its end.

    `url` is `sqlite` for a file in `data_dir`, or `postgresql://…`.
    Raises SettingsError for another url, and for a vault whose master key does not fit; StorageBusy when a bot already
    runs on `data_dir` or the database cannot be reached; StorageDamaged, StorageTooNew, StorageFull. Each says it in
    one sentence for the operator.
    """
    scheme = url.partition(":")[0]
    if scheme not in {"sqlite", "postgresql", "postgres"}:
        raise SettingsError("DATABASE_URL must be `sqlite` or start with postgresql://.")
    lock = DirectoryLock(data_dir)
    try:
        await vault.open()
        if scheme == "sqlite":
            from bot.storage.sqlite import open_sqlite

            return await open_sqlite(data_dir, vault, lock)
        from bot.storage.postgres import open_postgres

        return await open_postgres(url, vault, lock)
    except BaseException:
        await vault.close()
        lock.free()
        raise
