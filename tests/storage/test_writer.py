"""Transactions that wait for SQLite at the same time share a commit, and nothing else."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from types import NoneType

import pytest

from bot import steps
from bot.errors import StorageFailing, StorageFull
from bot.storage import open_database
from bot.storage.connection import Connection
from bot.storage.queries import load
from bot.storage.sqlite import SQLiteDatabase
from bot.storage.writer import MOST, Writer
from tests.vaults import vault_in

SQL = load(Path(__file__).with_name("probe.sql"))


@pytest.fixture
async def database(data_dir: Path) -> AsyncIterator[SQLiteDatabase]:
    opened = await open_database("sqlite", data_dir, vault_in(data_dir))
    assert isinstance(opened, SQLiteDatabase)
    yield opened
    await opened.close()


@pytest.fixture
def commits() -> Iterator[list[str]]:
    """The commits that were begun, one after the other."""
    seen: list[str] = []
    steps.LISTENERS.append(seen.append)
    yield seen
    steps.LISTENERS.remove(seen.append)


def begun(commits: list[str]) -> int:
    return commits.count("before commit")


async def put(database: SQLiteDatabase, lane: str) -> None:
    async with database.write() as tx:
        await asyncio.sleep(0)  # a handler awaits other things too
        await SQL.put(tx, lane=lane, served=1)


async def lanes(database: SQLiteDatabase) -> set[str]:
    async with database.read() as tx:
        return {row["lane"] for row in await SQL.all(tx)}


async def test_those_that_wait_together_share_a_commit(database: SQLiteDatabase, commits: list[str]) -> None:
    await asyncio.gather(*(put(database, str(number)) for number in range(50)))
    assert await lanes(database) == {str(number) for number in range(50)}
    assert begun(commits) <= 50 / MOST + 1
    assert commits.count("after commit") == 50


async def test_one_alone_commits_at_once(database: SQLiteDatabase, commits: list[str]) -> None:
    for number in range(5):
        await put(database, str(number))
    assert begun(commits) == 5


async def test_one_that_fails_takes_nobody_with_it(database: SQLiteDatabase) -> None:
    async def fail(number: int) -> None:
        async with database.write() as tx:
            await SQL.put(tx, lane=f"bad {number}", served=1)
            raise ValueError

    wishes = [fail(number) if number % 3 == 1 else put(database, str(number)) for number in range(12)]
    ends = await asyncio.gather(*wishes, return_exceptions=True)
    assert [isinstance(end, ValueError) for end in ends] == [number % 3 == 1 for number in range(12)]
    assert await lanes(database) == {str(number) for number in range(12) if number % 3 != 1}


async def test_the_first_one_failing_leaves_the_others_to_themselves(database: SQLiteDatabase) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            await SQL.put(tx, lane="bad", served=1)
            await asyncio.sleep(0)
            raise ValueError

    ends = await asyncio.gather(fail(), put(database, "1"), put(database, "2"), return_exceptions=True)
    assert isinstance(ends[0], ValueError)
    assert await lanes(database) == {"1", "2"}


async def test_a_commit_that_fails_fails_for_each_and_each_may_try_again(
    database: SQLiteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Connection) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "commit", broken)
        ends = await asyncio.gather(*(put(database, str(n)) for n in range(3)), return_exceptions=True)
    assert [type(end) for end in ends] == [StorageFailing] * 3
    assert len({id(end) for end in ends}) == 3
    assert await lanes(database) == set()
    await asyncio.gather(*(put(database, str(n)) for n in range(3)))
    assert await lanes(database) == {"0", "1", "2"}


async def test_where_no_room_undoes_everything_nobody_is_told_that_it_is_there(database: SQLiteDatabase) -> None:
    assert database._writer is not None
    writer = database._writer._connection
    [pages] = await writer.fetch("PRAGMA page_count", {})
    await writer.fetch(f"PRAGMA max_page_count = {pages['page_count']}", {})

    async def flood() -> None:
        async with database.write() as tx:
            for index in range(1000):
                await SQL.put(tx, lane=f"{index}" * 100, served=1)

    ends = await asyncio.gather(put(database, "a"), flood(), put(database, "b"), return_exceptions=True)
    kept = {lane for lane, end in zip(("a", "flood", "b"), ends, strict=True) if end is None}
    assert isinstance(ends[1], StorageFull)
    assert await lanes(database) == kept
    await writer.fetch("PRAGMA max_page_count = 1000000", {})
    await put(database, "c")
    assert await lanes(database) == {*kept, "c"}


async def test_whoever_is_cancelled_while_sharing_leaves_when_it_is_on_the_disk(database: SQLiteDatabase) -> None:
    tasks = [asyncio.create_task(put(database, str(number))) for number in range(6)]  # noqa: TID251  awaited below
    for _ in range(3):  # some are in, some still wait
        await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert await lanes(database) >= {str(number) for number, end in enumerate(ends) if end is None}
    assert all(end is None for end in ends[1::2])
    await put(database, "after")
    assert "after" in await lanes(database)


async def test_an_urgent_one_goes_ahead_and_waits_for_nobody(database: SQLiteDatabase) -> None:
    order: list[str] = []

    async def write(name: str, *, urgent: bool = False) -> None:
        async with database.write(urgent=urgent) as tx:
            await asyncio.sleep(0)
            await SQL.put(tx, lane=name, served=1)
        order.append(name)

    await asyncio.gather(*(write(str(n)) for n in range(8)), write("first", urgent=True), write("second", urgent=True))
    assert {order.index("first"), order.index("second")} <= {0, 1, 2}
    assert len(order) == 10


async def test_an_urgent_one_that_is_cancelled_while_waiting_lets_the_others_on(database: SQLiteDatabase) -> None:
    async def urgently() -> None:
        async with database.write(urgent=True) as tx:
            await SQL.put(tx, lane="urgent", served=1)

    tasks = [asyncio.create_task(put(database, "1")), asyncio.create_task(urgently())]  # noqa: TID251  awaited below
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await put(database, "2")
    assert {"1", "2"} <= await lanes(database)


async def test_others_come_in_though_an_urgent_one_waits_at_each_commit(database: SQLiteDatabase) -> None:
    urgent: list[asyncio.Task[None]] = []

    async def urgently(number: int) -> None:
        async with database.write(urgent=True) as tx:
            await SQL.put(tx, lane=f"urgent {number}", served=1)

    def one_more(name: str) -> None:
        if name == "before commit" and len(urgent) < 30:
            urgent.append(asyncio.create_task(urgently(len(urgent))))  # noqa: TID251  awaited below

    async def late(number: int) -> int:
        await put(database, str(number))
        return len(urgent)

    steps.LISTENERS.append(one_more)
    try:
        one_more("before commit")
        passed_by = await asyncio.gather(*(late(number) for number in range(8)))
    finally:
        steps.LISTENERS.remove(one_more)
    await asyncio.gather(*urgent)
    assert max(passed_by) < 10


def test_a_loop_that_is_torn_down_leaves_nobody_waiting_for_a_commit(tmp_path: Path) -> None:
    told: list[str] = []

    async def begin(turns: int) -> None:
        writer = await Connection.open(str(tmp_path / "f"), 1.0, reading=False)
        database = Writer(writer, tmp_path / "f")
        await writer.execute("CREATE TABLE IF NOT EXISTS lanes (lane)", {})

        async def write(name: str) -> None:
            async with database.transaction() as tx:
                await tx.execute("INSERT INTO lanes VALUES (:name)", {"name": name})
            told.append(name)

        async def insist(name: str) -> None:
            try:
                await write(name)
            finally:  # as whoever clears up behind a cancellation
                await write(f"{name} again")
                await database.close()

        tasks.append(asyncio.create_task(insist(str(turns))))  # noqa: TID251  cancelled at the end of `begin`
        for _ in range(turns):
            await asyncio.sleep(0)

    tasks: list[asyncio.Task[None]] = []
    for turns in range(12):
        asyncio.run(begin(turns))
    assert all(task.done() for task in tasks)
    with closing(sqlite3.connect(tmp_path / "f")) as file:
        assert {name for (name,) in file.execute("SELECT lane FROM lanes")} >= set(told)
    assert all(isinstance(_end(task), asyncio.CancelledError | NoneType) for task in tasks)


def _end(task: asyncio.Task[None]) -> BaseException | None:
    return asyncio.CancelledError() if task.cancelled() else task.exception()
