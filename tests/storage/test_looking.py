"""A look into the books of a running bot changes nothing and holds nobody up."""

from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.storage import open_database
from bot.storage.looking import looking
from tests.vaults import vault_in

COUNT = "SELECT COUNT(*) AS n FROM pauses"
PAUSE = "INSERT INTO pauses (chat_id, until_at) VALUES (:chat_id, 1)"


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_look_sees_what_was_committed_and_lets_others_write(tmp_path: Path) -> None:
    database = await open_database("sqlite", tmp_path, vault_in(tmp_path))
    async with looking(tmp_path) as seen:
        assert (await seen.fetch(COUNT, {}))[0]["n"] == 0
        async with database.write() as tx:
            await tx.execute(PAUSE, {"chat_id": 1})
        assert (await seen.fetch(COUNT, {}))[0]["n"] == 0
    async with looking(tmp_path) as seen:
        assert (await seen.fetch(COUNT, {}))[0]["n"] == 1
    await database.close()


async def test_a_look_changes_nothing(tmp_path: Path) -> None:
    await (await open_database("sqlite", tmp_path, vault_in(tmp_path))).close()
    with pytest.raises(StorageError):
        async with looking(tmp_path) as seen:
            await seen.execute(PAUSE, {"chat_id": 1})


async def test_where_nothing_is_kept_yet_a_look_says_so_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        async with looking(tmp_path) as seen:
            await seen.fetch(COUNT, {})
    assert names_in(tmp_path) == []
    (tmp_path / "imagine.sqlite3").touch()
    with pytest.raises(StorageError):
        async with looking(tmp_path) as seen:
            await seen.fetch(COUNT, {})
