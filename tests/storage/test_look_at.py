"""A look from outside, on both databases: what is there is told, while somebody else works on it."""

from pathlib import Path

import pytest

from bot.errors import StorageBusy, StorageTooNew
from bot.storage.database import Database
from bot.storage.looking import look_at
from bot.storage.migrations import HEAD

NOBODY = "postgresql://nobody:canary-word@127.0.0.1:9/nothing"


async def test_version_and_size_are_seen_while_the_bot_writes(
    database: Database, database_url: str, data_dir: Path
) -> None:
    async with database.write() as tx:
        await tx.execute("UPDATE alembic_version SET version_num = '9999'", {})
        seen = await look_at(database_url, data_dir)
    assert seen is not None
    assert (seen.version, seen.current) == (HEAD, True)
    assert seen.size > 10_000
    later = await look_at(database_url, data_dir)
    with pytest.raises(StorageTooNew):
        assert later is not None and later.current  # noqa: PT018  the first is for the types


async def test_a_server_that_is_not_there_is_told_without_its_password(data_dir: Path) -> None:
    with pytest.raises(StorageBusy) as told:
        await look_at(NOBODY, data_dir)
    assert "canary" not in str(told.value)
