"""Where rows are kept: one file of SQLite in the data directory, or PostgreSQL."""

from pathlib import Path

from bot.errors import SettingsError
from bot.storage.database import Database
from bot.storage.lock import DirectoryLock


async def open_database(url: str, data_dir: Path) -> Database:
    """Lock the data directory, bring the tables up to date and open the database.

    `url` is `sqlite` for a file in `data_dir`, or `postgresql://…`.
    Raises SettingsError for another url; StorageBusy when a bot already runs on `data_dir` or the database cannot be
    reached; StorageDamaged, StorageTooNew, StorageFull. Each says it in one sentence for the operator.
    """
    scheme = url.partition(":")[0]
    if scheme not in {"sqlite", "postgresql", "postgres"}:
        raise SettingsError("DATABASE_URL must be `sqlite` or start with postgresql://.")
    lock = DirectoryLock(data_dir)
    try:
        if scheme == "sqlite":
            from bot.storage.sqlite import open_sqlite

            return await open_sqlite(data_dir, lock)
        from bot.storage.postgres import open_postgres

        return await open_postgres(url, lock)
    except BaseException:
        lock.free()
        raise
