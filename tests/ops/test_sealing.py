"""What an earlier version kept as it was is sealed after the upgrade, to the last byte, and reads as before."""

import json
import re
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic import command

from bot.admin import store as audit
from bot.broadcast import store as broadcasts
from bot.chats import store as chats
from bot.clock import SystemClock
from bot.errors import StorageBusy, StorageError
from bot.imagine import store
from bot.ops.sealing import AT_ONCE, DONE, DUE, QUICK, Sealing, compact_if_due
from bot.posts import store as posts
from bot.storage import open_database
from bot.storage.database import Database
from bot.storage.replace import FILE
from bot.storage.schema import configuration
from bot.telegram import store as edge
from tests.busy import BusyDatabase
from tests.vaults import vault_in

ANNA, BORIS, GROUP, BOT = 101, 102, -1_001, 7
PICTURES = 2 * AT_ONCE + 7
LEFT = json.dumps({"text": "canary"})
WISH = json.dumps({"prompt": "canary"})

WORDS = (
    f"INSERT INTO inbox VALUES ({BOT}, 1, 'user:{ANNA}', 1, '{LEFT}', 'new', 0)",
    f"INSERT INTO outbox (chat_id, method, payload, created_at) VALUES ({ANNA}, 'sendMessage', '{LEFT}', 1)",
    f"INSERT INTO wishes (wish_id, user_id, chat_id, wish, created_at) VALUES ('w', {ANNA}, {ANNA}, '{WISH}', 1)",
    f"""INSERT INTO posts (post_id, user_id, chat_id, title, caption, signature, state, created_at, changed_at)
      VALUES ('p', {ANNA}, {GROUP}, 'canary', 'canary', 'canary', 'draft', 1, 1)""",
    f"""INSERT INTO audit (at, admin_id, action, subject, detail, reason)
      VALUES (1, {BORIS}, 'ban', '{ANNA}', '', 'canary')""",
    f"INSERT INTO asks VALUES ('a', {BORIS}, 'ban', '{ANNA}', '', 'canary', 1)",
    f"INSERT INTO chats (chat_id, signature) VALUES ({GROUP}, 'canary')",
    f"""INSERT INTO broadcasts (broadcast_id, admin_id, letter, days, language, state, created_at)
      VALUES ('b', {BORIS}, '{{"method": "canary", "params": {{}}}}', 0, '', 'draft', 1)""",
)
PICTURE = """INSERT INTO generations (generation_id, request_key, user_id, chat_id, model, prompt, negative, ratio,
  price, status, file_id, original_id, public_link, public_id, sources, wished, created_at)
  VALUES (?1, ?1, 101, 101, 'm', 'a canary', 'canary', '1:1', 1, 'delivered', 'canary-file', 'canary-original',
  'https://canary', 'canary-id', '["canary-source"]', '{"model": "canary"}', 1)"""


def words(data_dir: Path) -> list[str]:
    """The files in which a canary can be read."""
    files = (path for path in data_dir.rglob("*") if path.is_file())
    return sorted(path.name for path in files if b"canary" in path.read_bytes())


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[Database]:
    """A database as version 0012 left it, with words in rows and of deleted rows, and upgraded since."""
    command.upgrade(configuration(f"sqlite:///{tmp_path / FILE}"), "0012")
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        for statement in WORDS:
            connection.execute(statement)
        connection.executemany(PICTURE, [(f"g{number:04}",) for number in range(PICTURES)])
        connection.executemany(PICTURE, [(f"gone{number:04}",) for number in range(PICTURES)])
        connection.commit()
        connection.execute("DELETE FROM generations WHERE generation_id LIKE 'gone%'")
        connection.commit()
    assert words(tmp_path) == [FILE]
    database = await open_database("sqlite", tmp_path, vault_in(tmp_path))
    yield database
    await database.close()


async def reads_as_before(database: Database) -> None:
    async with database.read() as tx:
        [update] = await edge.open_updates(tx, BOT)
        row = await edge.next_row(tx, ANNA, 1)
        picture, wish = await store.get(tx, "g0001"), await store.get_wish(tx, "w", ANNA)
        post, decision = await posts.get(tx, "p"), await audit.last_about(tx, "ban", str(ANNA))
        letter, chat = await broadcasts.get(tx, "b"), await chats.get(tx, GROUP)
    assert update.raw == LEFT
    assert row
    assert row.params == {"chat_id": ANNA, "text": "canary"}
    assert picture
    assert (picture.prompt, picture.file_id, picture.wished.model) == ("a canary", "canary-file", "canary")
    assert wish
    assert wish[0].prompt == "canary"
    assert post
    assert (post.title, post.caption, post.signature, chat.signature) == ("canary",) * 4
    assert decision
    assert decision.reason == "canary"
    assert letter
    assert letter.letter.method == "canary"


async def test_no_word_of_an_earlier_version_is_left_on_the_disk(old: Database, tmp_path: Path) -> None:
    await reads_as_before(old)
    await Sealing(old, SystemClock()).seal()
    assert words(tmp_path) == []
    await reads_as_before(old)


async def test_sealing_goes_on_where_it_was_cut_short(old: Database, tmp_path: Path) -> None:
    busy = BusyDatabase(old, *[None] * 10, StorageBusy("Another program holds it."))
    with pytest.raises(StorageBusy):
        await Sealing(busy, SystemClock()).seal()
    async with old.read() as tx:
        assert not await audit.is_on(tx, DONE)
    await Sealing(busy, SystemClock()).seal()
    assert words(tmp_path) == []
    async with old.read() as tx:
        assert await audit.is_on(tx, DONE)


class Large(BusyDatabase):
    """A file so large that nobody is to wait for it."""

    async def size(self) -> int:
        return QUICK + 1


async def test_a_large_file_is_written_anew_at_the_next_start_once(old: Database, tmp_path: Path) -> None:
    large = Large(old)
    await Sealing(large, SystemClock()).seal()
    async with old.read() as tx:
        assert [await audit.is_on(tx, name) for name in (DONE, DUE)] == [True, True]
    assert words(tmp_path) != []
    for _ in range(2):
        await compact_if_due(large, SystemClock())
    assert words(tmp_path) == []
    await reads_as_before(old)
    async with old.read() as tx:
        assert [await audit.is_on(tx, name) for name in (DONE, DUE)] == [True, False]


async def test_a_start_goes_on_where_the_file_cannot_be_written_anew(old: Database, tmp_path: Path) -> None:
    large = Large(old)
    await Sealing(large, SystemClock()).seal()
    large.lock(1)
    await compact_if_due(large, SystemClock())
    async with old.read() as tx:
        assert await audit.is_on(tx, DUE)
    await compact_if_due(large, SystemClock())
    assert words(tmp_path) == []


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes, as on a disk without room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_writing_anew_for_which_there_is_no_room_takes_none(old: Database, tmp_path: Path) -> None:
    await old.compact()
    # The copy that SQLite sets aside fits, its log does not: that has a head for each page.
    with no_file_beyond(await old.size()), pytest.raises(StorageError):
        await old.compact()
    assert (tmp_path / f"{FILE}-wal").stat().st_size == 0
    await reads_as_before(old)
    await old.compact()


def test_in_a_container_what_sqlite_sets_aside_lies_with_the_data() -> None:
    root = Path(__file__).parents[2]
    places = re.findall(r"\b(DATA_DIR|SQLITE_TMPDIR)=(\S+)", (root / "Dockerfile").read_text())
    # All else that can be written there is a few megabytes of memory.
    assert dict(places)["SQLITE_TMPDIR"] == dict(places)["DATA_DIR"]


async def test_what_was_sealed_once_is_not_looked_at_again(old: Database) -> None:
    await Sealing(old, SystemClock()).seal()
    async with old.write() as tx:
        await tx.execute("UPDATE wishes SET wish = 'plain'", {})
    await Sealing(old, SystemClock()).seal()
    async with old.read() as tx:
        assert [row["wish"] for row in await tx.fetch("SELECT wish FROM wishes", {})] == ["plain"]
