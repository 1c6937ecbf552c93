"""Backups: made under load, checked before they count, refused when they are of no use."""

import asyncio
import random
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StorageBusy, StorageDamaged, StorageError, StorageFull, StorageTooNew
from bot.http import Spool
from bot.imagine.shelf import Shelf
from bot.ops import backup
from bot.ops.backup import Backups, made_at
from bot.ops.chores import Chores
from bot.providers.spending import Budget
from bot.quota import store as quota
from bot.storage import backup as copies
from bot.storage import open_database, replace
from tests.ops.yard import Yard
from tests.test_architecture import ROOT
from tests.vaults import vault_in
from tests.waiting import until

HOUR = 3600


async def rows(data_dir: Path, sql: str) -> list[dict[str, object]]:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    try:
        async with database.read() as tx:
            return [dict(row) for row in await tx.fetch(sql, {})]
    finally:
        await database.close()


async def test_twenty_backups_under_load_are_restored_and_their_books_balance(yard: Yard, tmp_path: Path) -> None:
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    made = []
    async with yard.load(database):
        for _ in range(20):
            made.append(await yard.backups.make())
            yard.clock.advance(1)
    await database.close()
    counts = []
    for number, copy in enumerate(made):
        other = tmp_path / f"other{number}"
        other.mkdir()
        await yard.restoring(other).restore(copy)
        restored = await open_database("sqlite", other, vault_in(other))
        async with restored.read() as tx:
            assert await quota.mistakes(tx) == []
            [row] = await tx.fetch("SELECT count(*) AS n, SUM(status = 'queued') AS open FROM generations", {})
        assert not row["open"]
        counts.append(row["n"])
        await restored.close()
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


async def test_a_backup_is_one_private_file_with_its_sum_beside_it(yard: Yard) -> None:
    made = await yard.backups.make()
    assert {path.name for path in made.parent.iterdir()} == {made.name, f"{made.name}.sha256"}
    assert made.stat().st_mode & 0o777 == 0o600
    assert made.parent.stat().st_mode & 0o777 == 0o700
    assert made_at(made) == yard.clock.now()
    checked = await asyncio.create_subprocess_exec("sha256sum", "--check", f"{made.name}.sha256", cwd=made.parent)
    assert await checked.wait() == 0


async def test_a_backup_is_made_of_a_bot_that_was_killed(yard: Yard, tmp_path: Path) -> None:
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    await yard.accept(database, "g1")
    killed = tmp_path / "killed"
    shutil.copytree(yard.data_dir, killed)  # with its log, which nobody closed
    await database.close()
    made = await Backups(killed, yard.clock).make()
    async with copies.reading(made) as tx:
        assert len(await tx.fetch("SELECT * FROM generations", {})) == 1


async def test_every_flipped_bit_and_every_cut_is_noticed_and_the_last_good_one_is_named(yard: Yard) -> None:
    good = await yard.backups.make()
    yard.clock.advance(1)
    copy = await yard.backups.make()
    content, chances = copy.read_bytes(), random.Random(7)
    spoiled = [content[: chances.randrange(len(content))] for _ in range(20)]
    for _ in range(80):
        flipped = bytearray(content)
        flipped[chances.randrange(len(content))] ^= 1 << chances.randrange(8)
        spoiled.append(bytes(flipped))
    before = (yard.data_dir / replace.FILE).read_bytes()
    for each in spoiled:
        copy.write_bytes(each)
        with pytest.raises(StorageDamaged):
            await backup.check(copy)
    with pytest.raises(StorageDamaged, match=rf"{copy.name} is damaged .* Nothing was changed. .* {good}\."):
        await yard.restoring().restore(copy)
    assert (yard.data_dir / replace.FILE).read_bytes() == before
    assert not (yard.data_dir / "restoring").exists()


async def test_without_its_sum_a_damaged_copy_is_refused_by_its_structure_and_its_books(yard: Yard) -> None:
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    await yard.accept(database, "g1")
    await database.close()
    copy = await yard.backups.make()
    copies.sum_of(copy).unlink()
    whole = copy.read_bytes()
    copy.write_bytes(whole[:-4096])
    with pytest.raises(StorageDamaged, match="There is no good one"):
        await yard.restoring().restore(copy)
    copy.write_bytes(whole)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE balances SET held = held + 1")
        connection.commit()
    with pytest.raises(StorageDamaged, match="books do not balance"):
        await yard.restoring().restore(copy)


@pytest.mark.parametrize("content", [b"", b"no database at all, " * 500])
async def test_what_is_no_database_is_refused(yard: Yard, tmp_path: Path, content: bytes) -> None:
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(content)
    with pytest.raises(StorageDamaged, match=r"copy\.sqlite3 is"):
        await yard.restoring().restore(copy)


async def test_a_copy_of_a_newer_bot_is_refused(yard: Yard) -> None:
    copy = await yard.backups.make()
    copies.sum_of(copy).unlink()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StorageTooNew, match=r"9999.*Nothing was changed"):
        await yard.restoring().restore(copy)


async def test_nothing_is_restored_while_a_bot_runs(yard: Yard) -> None:
    copy = await yard.backups.make()
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    with pytest.raises(StorageBusy, match="already running"):
        await yard.restoring().restore(copy)
    await database.close()


async def test_a_database_whose_books_do_not_balance_makes_no_backup(yard: Yard) -> None:
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    await yard.accept(database, "g1")
    async with database.write() as tx:
        await tx.execute("UPDATE balances SET held = held + 1", {})
    with pytest.raises(StorageDamaged, match="books do not balance"):
        await yard.backups.make()
    assert list(yard.backups.directory.iterdir()) == []
    await database.close()


MAKE_SLOWLY = """
import asyncio, sys
from pathlib import Path
from bot.clock import SystemClock
from bot.ops.backup import Backups
from bot.storage import backup
backup.PAGES, backup.REST = 1, 0.2
asyncio.run(Backups(Path(sys.argv[1]), SystemClock()).make())
"""


async def test_a_kill_in_the_middle_leaves_nothing_under_a_final_name(yard: Yard) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", MAKE_SLOWLY, str(yard.data_dir), cwd=ROOT)

    async def begun() -> bool:
        return any(yard.backups.directory.glob("*.part"))

    await until(begun, "the copy is begun", patience=30)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert yard.backups.all() == []
    [left] = yard.backups.directory.glob("*.part")
    yard.clock.seconds = made_at(left) + 2 * HOUR
    made = await yard.backups.keep_up()
    assert made
    assert {path.name for path in made.parent.iterdir()} == {made.name, f"{made.name}.sha256"}


async def test_a_backup_that_is_called_off_leaves_nothing(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "PAGES", 1)
    monkeypatch.setattr(copies, "REST", 0.05)
    task = asyncio.create_task(yard.backups.make())  # noqa: TID251  awaited below

    async def begun() -> bool:
        return any(yard.backups.directory.glob("*.part"))

    await until(begun, "the copy is begun", patience=30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list(yard.backups.directory.iterdir()) == []


async def test_the_last_hours_and_the_last_copy_of_each_of_seven_days_are_kept(data_dir: Path) -> None:
    yard = Yard(data_dir, most=3)
    yard.clock.seconds = 1_800_000_000 // 86_400 * 86_400
    for _ in range(9 * 4):
        assert await yard.backups.keep_up()
        assert await yard.backups.keep_up() is None
        yard.clock.advance(6 * HOUR)
    names = [path.name[14:18] for path in yard.backups.all()]
    assert names == ["23T1", "23T1", "23T0", "22T1", "21T1", "20T1", "19T1", "18T1", "17T1"]
    assert len(list(yard.backups.directory.iterdir())) == 2 * len(names)


class Ears:
    """Hears what admins would."""

    def __init__(self) -> None:
        self.heard = 0

    async def no_backup(self) -> None:
        self.heard += 1

    async def mismatch(self, found: list[str]) -> None:
        raise AssertionError(found)


async def test_a_full_disk_makes_no_backup_and_admins_hear_of_it_once(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    ears, shelf = Ears(), Shelf(yard.data_dir / "shelf", Spool(yard.data_dir / "spool"))
    budget = Budget(database, yard.ledger.today)
    chores = Chores(database, yard.ledger, shelf, budget, yard.clock, alarm=ears, backups=yard.backups)
    with monkeypatch.context() as patched:
        patched.setattr(backup, "LEAST_ROOM", 2**60)
        with pytest.raises(StorageFull, match="no backup is made"):
            await yard.backups.make()
        await chores.back_up()
        await chores.back_up()
    assert ears.heard == 1
    await chores.back_up()
    assert len(yard.backups.all()) == 1
    await database.close()


async def test_a_damaged_database_names_the_last_backup_and_the_command(yard: Yard) -> None:
    await yard.backups.make()
    yard.clock.advance(HOUR)
    made = await yard.backups.make()
    (yard.data_dir / replace.FILE).write_bytes(b"no database at all, " * 500)
    with pytest.raises(StorageDamaged, match=f"imagine-bot restore {made}"):
        await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    done = await yard.restoring().restore(made)
    assert not done.carried
    assert done.aside
    assert (done.aside / replace.FILE).read_bytes().startswith(b"no database")
    assert await rows(yard.data_dir, "SELECT * FROM generations") == []


async def test_a_replacement_that_was_cut_short_is_finished_by_the_next_start(
    yard: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = await yard.backups.make()
    database = await open_database("sqlite", yard.data_dir, vault_in(yard.data_dir))
    await yard.accept(database, "g1")
    killed = tmp_path / "killed"
    shutil.copytree(yard.data_dir, killed)
    await database.close()
    real, renames = Path.replace, []

    def die_at_the_second(self: Path, target: Path) -> Path:
        renames.append(target.name)
        if len(renames) == 2:
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            await yard.restoring(killed).restore(copy)
    assert renames == [replace.RESTORED, replace.FILE]
    assert await rows(killed, "SELECT * FROM generations") == []
    [aside] = killed.glob("replaced-*")
    assert len(await rows(aside, "SELECT * FROM generations")) == 1
    assert not (killed / replace.RESTORED).exists()


async def test_a_folder_that_cannot_be_written_is_one_sentence(yard: Yard) -> None:
    yard.backups.directory.write_text("in the way")
    with pytest.raises(StorageError, match="cannot be used"):
        await yard.backups.make()


def files_of(folder: Path) -> list[Path]:
    return list(folder.iterdir())
