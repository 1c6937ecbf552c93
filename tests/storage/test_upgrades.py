"""What an earlier version kept is still there after the upgrade."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command

from bot.http import Spool
from bot.imagine.shelf import Shelf
from bot.storage import open_database
from bot.storage.replace import FILE
from bot.storage.schema import configuration
from tests.vaults import vault_in

ANNA = 101
SUM = "5" * 64


async def test_a_picture_stays_on_the_shelf_when_its_sum_is_forgotten(tmp_path: Path) -> None:
    command.upgrade(configuration(f"sqlite:///{tmp_path / FILE}"), "0018")
    vault = vault_in(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.execute(
            "INSERT INTO shelf (generation_id, file, format, width, height, size, sha256, transparent, key, shelved_at)"
            " VALUES ('g', 'g.png', 'png', 16, 9, 99, ?, 0, ?, 1)",
            (SUM, await vault.seal(ANNA, bytes(32).hex())),
        )
        connection.commit()
    database = await open_database("sqlite", tmp_path, vault)
    try:
        async with database.read() as tx:
            kept = await Shelf(tmp_path / "shelf", Spool(tmp_path / "spool")).get(tx, "g", ANNA)
            [row] = await tx.fetch("SELECT * FROM shelf", {})
    finally:
        await database.close()
    assert kept is not None
    assert (kept.path.name, kept.width, kept.height, kept.size, kept.key) == ("g.png", 16, 9, 99, bytes(32))
    assert SUM not in row.values()
