import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory

from bot.errors import SettingsError, StorageBusy, StorageDamaged, StorageError, StorageFull, StorageTooNew
from bot.storage import open_database, postgres, replace, sqlite
from bot.storage.migrations import HEAD
from bot.storage.queries import load
from bot.storage.room import require_room
from bot.storage.schema import configuration, migrate
from tests.databases import Server
from tests.vaults import vault_in

SQL = load(Path(__file__).with_name("probe.sql"))

ROOT = Path(__file__).parents[2]

HOLD_THE_LOCK = """
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from bot.storage.lock import DirectoryLock
lock = DirectoryLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_newest_step_is_the_one_that_the_start_compares_with() -> None:
    assert ScriptDirectory.from_config(configuration("sqlite://")).get_current_head() == HEAD


async def test_a_second_copy_is_told_which_process_is_the_first(data_dir: Path) -> None:
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD_THE_LOCK, str(data_dir), cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    assert first.stdout is not None
    assert await first.stdout.readline() == b"held\n"
    with pytest.raises(StorageBusy, match=rf"already running .*: pid {first.pid} on "):
        await open_database("sqlite", data_dir, vault_in(data_dir))
    first.kill()
    await first.communicate()
    await (await open_database("sqlite", data_dir, vault_in(data_dir))).close()


async def test_a_failed_opening_leaves_the_directory_free(data_dir: Path) -> None:
    file = data_dir / replace.FILE
    kept = file.read_bytes()
    file.write_bytes(b"no database at all, " * 500)
    for _ in range(2):
        with pytest.raises(StorageDamaged, match=replace.FILE):
            await open_database("sqlite", data_dir, vault_in(data_dir))
    file.write_bytes(kept)
    await (await open_database("sqlite", data_dir, vault_in(data_dir))).close()


async def test_flipped_bits_are_found_at_the_start_and_nothing_is_deleted(data_dir: Path) -> None:
    file = data_dir / replace.FILE
    content = bytearray(file.read_bytes())
    content[4096:8192] = bytes(byte ^ 0xFF for byte in content[4096:8192])
    file.write_bytes(content)
    with pytest.raises(StorageDamaged, match="Restore the last good backup"):
        await open_database("sqlite", data_dir, vault_in(data_dir))
    assert file.read_bytes() == content


async def test_a_check_that_would_take_too_long_does_not_keep_the_bot_from_starting(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "CHECK_SECONDS", -1.0)
    with closing(sqlite3.connect(data_dir / replace.FILE)) as connection:
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        connection.execute(f"INSERT INTO lanes {numbers} SELECT 'user:' || i, i FROM n")
        connection.commit()
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    async with database.write() as tx:
        await SQL.put(tx, lane="after", served=1)
    await database.close()


async def test_a_newer_database_is_refused(database_url: str, data_dir: Path) -> None:
    database = await open_database(database_url, data_dir, vault_in(data_dir))
    async with database.write() as tx:
        await tx.execute("UPDATE alembic_version SET version_num = '9999'", {})
    await database.close()
    with pytest.raises(StorageTooNew, match="9999"):
        await open_database(database_url, data_dir, vault_in(data_dir))


async def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        await open_database("mysql://here/bot", tmp_path, vault_in(tmp_path))


def test_a_step_that_fails_half_way_leaves_nothing_behind_and_can_be_run_again(tmp_path: Path) -> None:
    file = tmp_path / "half.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE jobs (in_the_way TEXT)")
        with pytest.raises(StorageError, match=r"nothing was changed .*jobs already exists"):
            migrate(f"sqlite:///{file}")
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        assert tables <= {"jobs", "alembic_version", "sqlite_autoindex_alembic_version_1"}
        connection.execute("DROP TABLE jobs")
    migrate(f"sqlite:///{file}")
    migrate(f"sqlite:///{file}")


def test_the_same_on_postgresql(postgres: Server) -> None:
    postgres.run("DROP DATABASE IF EXISTS half", "CREATE DATABASE half")
    url = postgres.url("half")
    steps = url.replace("postgresql:", "postgresql+psycopg:")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE jobs (in_the_way TEXT)")
        with pytest.raises(StorageError, match=r"nothing was changed .*already exists"):
            migrate(steps)
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert {name for (name,) in found} <= {"jobs", "alembic_version"}
        connection.execute("DROP TABLE jobs")
    migrate(steps)
    migrate(steps)


async def test_a_full_disk_refuses_and_goes_on_by_itself_when_there_is_room(data_dir: Path) -> None:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    assert isinstance(database, sqlite.SQLiteDatabase)
    assert database._writer is not None
    writer = database._writer._connection
    [pages] = await writer.fetch("PRAGMA page_count", {})
    await writer.fetch(f"PRAGMA max_page_count = {pages['page_count']}", {})
    with pytest.raises(StorageFull, match="No room"):
        async with database.write() as tx:
            for index in range(1000):
                await SQL.put(tx, lane=f"{index}" * 100, served=1)
    await writer.fetch("PRAGMA max_page_count = 1000000", {})
    async with database.write() as tx:
        assert await SQL.all(tx) == []
        await SQL.put(tx, lane="a", served=1)
    await database.close()


def test_nothing_new_is_accepted_when_room_gets_scarce(tmp_path: Path) -> None:
    require_room(tmp_path, least=1)
    with pytest.raises(StorageFull, match="nothing new"):
        require_room(tmp_path, least=2**62)


async def test_a_foreign_writer_is_waited_for_and_then_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    with closing(sqlite3.connect(data_dir / replace.FILE, isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusy, match="Another program"):
            async with database.write():
                pass
        foreign.execute("ROLLBACK")
    async with database.write() as tx:
        await SQL.put(tx, lane="a", served=1)
    await database.close()


async def test_a_write_inside_a_write_says_so_instead_of_waiting_for_ever(data_dir: Path) -> None:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    with pytest.raises(StorageError, match="wait for itself"):
        async with database.write(), database.write():
            pass
    await database.close()


async def test_the_writer_syncs_every_commit_to_the_disk(data_dir: Path) -> None:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    async with database.write() as tx:
        found = [await tx.fetch(f"PRAGMA {name}", {}) for name in ("journal_mode", "synchronous", "foreign_keys")]
    await database.close()
    assert [next(iter(rows[0].values())) for rows in found] == ["wal", 2, 1]


async def test_what_sqlite_keeps_in_memory_has_a_bound(data_dir: Path) -> None:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    async with database.write() as writing, database.read() as a, database.read() as b, database.read() as c:
        found = [await tx.fetch("PRAGMA cache_size", {}) for tx in (writing, a, b, c)]
    await database.close()
    assert [next(iter(rows[0].values())) for rows in found] == [-sqlite.CACHE] * (1 + sqlite.READERS)


async def test_a_server_that_is_away_is_named_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "OPEN_SECONDS", 1.0)
    with pytest.raises(StorageBusy, match="PostgreSQL cannot be used now"):
        await open_database(f"postgresql:///bot?host={tmp_path}", tmp_path, vault_in(tmp_path))


async def test_connections_that_the_server_closed_are_replaced(postgres: Server, tmp_path: Path) -> None:
    database = await open_database(postgres.new(), tmp_path, vault_in(tmp_path))
    with pytest.raises(StorageBusy):
        async with database.write() as tx:
            await SQL.put(tx, lane="lost", served=1)
            postgres.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            await SQL.put(tx, lane="lost too", served=1)
    async with asyncio.timeout(5), database.write() as tx:
        assert await SQL.all(tx) == []
    await database.close()
