import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.queries import load
from bot.storage.shield import carry_through
from bot.storage.statements import Statements, whole

SQL = load(Path(__file__).with_name("probe.sql"))


async def lanes(database: Database) -> dict[str, int]:
    async with database.read() as tx:
        return {row["lane"]: row["served"] for row in await SQL.all(tx)}


async def put(database: Database, lane: str, served: int = 1) -> None:
    async with database.write() as tx:
        await SQL.put(tx, lane=lane, served=served)


async def test_named_queries_give_rows_a_row_a_value_and_a_count(database: Database) -> None:
    async with database.write() as tx:
        assert await SQL.total(tx) is None
        assert await SQL.put(tx, lane="a", served=True) == 1
        assert await SQL.put(tx, lane="b", served=2**62) == 1
        assert await SQL.all(tx) == [
            {"lane": "a", "served": 1, "told": ":lane %"},
            {"lane": "b", "served": 2**62, "told": ":lane %"},
        ]
        assert await SQL.one(tx, lane="a") == {"lane": "a", "served": 1}
        assert await SQL.one(tx, lane="c") is None
        assert await SQL.total(tx) == 2**62 + 1


async def test_an_exception_rolls_everything_back(database: Database) -> None:
    with pytest.raises(LookupError):
        async with database.write() as tx:
            await SQL.put(tx, lane="a", served=1)
            raise LookupError
    assert await lanes(database) == {}


async def test_a_failed_statement_that_is_swallowed_still_rolls_everything_back(database: Database) -> None:
    with pytest.raises(StorageError, match="whole transaction"):
        async with database.write() as tx:
            await SQL.put(tx, lane="a", served=1)
            with pytest.raises(Exception, match=r"(?i)not.null"):
                await SQL.broken(tx, lane="b")
    assert await lanes(database) == {}


async def test_after_a_failed_statement_no_other_runs(database: Database) -> None:
    with pytest.raises(StorageError, match="failed before"):
        async with database.write() as tx:
            with pytest.raises(Exception, match=r"(?i)not.null"):
                await SQL.broken(tx, lane="b")
            await SQL.put(tx, lane="a", served=1)
    await put(database, "c")
    assert await lanes(database) == {"c": 1}


async def test_a_transaction_that_ended_takes_no_statement(database: Database) -> None:
    async with database.write() as tx:
        await SQL.put(tx, lane="a", served=1)
    with pytest.raises(StorageError, match="has ended"):
        await SQL.put(tx, lane="b", served=1)
    assert await lanes(database) == {"a": 1}


async def test_a_reading_transaction_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        async with database.read() as tx:
            await SQL.put(tx, lane="a", served=1)
    assert await lanes(database) == {}


async def test_a_reader_waits_for_no_writer_and_sees_a_steady_view(database: Database) -> None:
    async with database.read() as reader:
        assert await SQL.all(reader) == []
        async with database.write() as writer:
            await SQL.put(writer, lane="a", served=1)
            assert await lanes(database) == {}
        assert await SQL.all(reader) == []
    assert await lanes(database) == {"a": 1}


async def test_cancelled_between_statements_rolls_back_and_lets_the_next_one_in(database: Database) -> None:
    inside = asyncio.Event()

    async def write_and_wait() -> None:
        async with database.write() as tx:
            await SQL.put(tx, lane="a", served=1)
            inside.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(write_and_wait())
        await inside.wait()
        task.cancel()
    assert task.cancelled()
    await put(database, "b")
    assert await lanes(database) == {"b": 1}


async def test_cancelled_at_any_moment_leaves_all_or_nothing(database: Database) -> None:
    """The task is cancelled after 1, 2, 3 … turns of the loop until it gets through untouched.

    Once the block has ended, the commit is carried through: nobody has to guess.
    """
    said: set[int] = set()

    async def write_pair(turn: int) -> None:
        async with database.write() as tx:
            await SQL.put(tx, lane=f"{turn} first", served=1)
            await SQL.put(tx, lane=f"{turn} second", served=1)
            said.add(turn)

    turn, finished = 0, False
    while not finished:
        turn += 1
        async with asyncio.TaskGroup() as group:
            task = group.create_task(write_pair(turn))
            for _ in range(turn):
                await asyncio.sleep(0)
            finished = task.done()
            task.cancel()
        kept = [lane for lane in await lanes(database) if lane.startswith(f"{turn} ")]
        assert len(kept) == (2 if turn in said else 0)
    assert said
    await put(database, "after")
    assert "after" in await lanes(database)


async def test_a_cancelled_wait_for_the_turn_disturbs_nobody(database: Database) -> None:
    async with asyncio.TaskGroup() as group, database.write() as tx:
        waiting = [group.create_task(put(database, f"w{index}")) for index in range(20)]
        await SQL.put(tx, lane="a", served=1)
        for task in waiting[::2]:
            task.cancel()
    assert set(await lanes(database)) >= {"a"} | {f"w{index}" for index in range(1, 20, 2)}
    await put(database, "after")


async def test_a_cancellation_during_the_commit_is_raised_after_it() -> None:
    """The commit runs to its end; the one who was cancelled hears of it then."""
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def commit() -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(carry_through(commit()))
        await begun.wait()
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        assert not task.done()
        may_end.set()
    assert ended.is_set()
    assert task.cancelled()


class Slow(Statements):
    """A commit that takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.done: list[str] = []

    async def run_fetch(self, sql: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return []

    async def run_execute(self, sql: str, values: Mapping[str, Any]) -> int:
        self.done.append(sql)
        return 0

    async def commit(self) -> None:
        self.begun.set()
        await self.may_end.wait()
        self.done.append("COMMIT")

    async def rollback(self) -> None:
        self.done.append("ROLLBACK, which undoes nothing after a COMMIT")

    def named(self, error: BaseException) -> BaseException:
        return error


async def test_a_transaction_whose_commit_has_begun_is_not_rolled_back_by_a_cancellation() -> None:
    slow = Slow()

    async def use() -> None:
        async with whole(slow, "BEGIN"):
            pass

    async with asyncio.TaskGroup() as group:
        task = group.create_task(use())
        await slow.begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        slow.may_end.set()
    assert task.cancelled()
    assert slow.done[:2] == ["BEGIN", "COMMIT"]


async def test_a_failure_of_the_commit_is_raised() -> None:
    async def commit() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await carry_through(commit())


async def test_a_thousand_parallel_writers_lose_nothing(database: Database) -> None:
    async with asyncio.TaskGroup() as group:
        for index in range(1000):
            group.create_task(put(database, f"w{index}"))
    assert len(await lanes(database)) == 1000


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**4000, "\ud800"], ids=["over", "under", "huge", "half"])
async def test_a_value_that_no_column_holds_is_a_value_error(database: Database, value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        async with database.write() as tx:
            await SQL.put(tx, lane=value if isinstance(value, str) else "a", served=value)
    assert await lanes(database) == {}
