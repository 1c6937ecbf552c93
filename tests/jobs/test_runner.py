import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.errors import StorageFull
from bot.jobs import runner, store
from bot.jobs.runner import Handler, Lease, LeaseLost, Runner
from bot.storage.database import Database, Transaction
from tests.sandbox.clock import HandClock
from tests.waiting import until


class Shop:
    """A runner at work, and a handler that a test opens and shuts."""

    def __init__(self, database: Database, workers: int = 4) -> None:
        self.database = database
        self.clock = HandClock()
        self.began: list[tuple[str, int]] = []
        self.cancelled: list[str] = []
        self.open = asyncio.Event()
        self.open.set()
        self.runner = Runner(database, {"draw": self.draw}, self.clock, workers, awaited={"draw"})

    async def draw(self, lease: Lease) -> None:
        self.began.append((lease.job.subject, lease.job.attempts))
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled.append(lease.job.subject)
            raise
        async with self.database.write() as tx:
            await lease.done(tx)

    async def add(self, *subjects: str, kind: str = "draw", lane: str | None = None) -> None:
        async with self.database.write() as tx:
            for subject in subjects:
                await store.add(tx, kind, subject, lane or subject, self.clock.now())
        self.runner.ring()

    async def rows(self) -> list[dict[str, object]]:
        async with self.database.read() as tx:
            return [dict(row) for row in await tx.fetch("SELECT * FROM jobs ORDER BY job_id", {})]

    async def empty(self) -> bool:
        return not await self.rows()

    async def put_back(self) -> bool:
        return [(row["attempts"], row["leased_until"]) for row in await self.rows()] == [(1, None)]

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.runner.run())
            try:
                yield
            finally:
                self.runner.stop()
            await task


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


def began(shop: Shop, *subjects: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return {subject for subject, _ in shop.began} == set(subjects)

    return look


async def test_work_is_done_as_soon_as_it_rings(shop: Shop) -> None:
    async with shop.at_work():
        await shop.add("fox", "hen", lane="user:1")
        await until(shop.empty, "both done", patience=0.9)
    assert shop.began == [("fox", 1), ("hen", 1)]


async def test_work_that_nobody_rang_for_is_found(shop: Shop) -> None:
    async with shop.at_work():
        async with shop.database.write() as tx:
            await store.add(tx, "draw", "fox", "user:1", shop.clock.now())
        await until(shop.empty, "found")


async def test_a_clock_that_steps_back_lets_nobody_wait(shop: Shop) -> None:
    shop.clock.advance(3600)
    await shop.add("before the start")
    shop.clock.advance(-3600)
    async with shop.at_work():
        await until(shop.empty, "done")
        shop.clock.advance(3600)
        await shop.add("at work")
        await until(shop.empty, "done as ever")
        async with shop.database.write() as tx:
            await store.add(tx, "draw", "put off", "user:1", shop.clock.now() + 600)
        shop.clock.advance(-3600)
        shop.runner.ring()
        await until(shop.empty, "done in spite of the clock")


async def test_no_more_than_the_workers_run_at_once(database: Database) -> None:
    shop = Shop(database, workers=2)
    shop.open.clear()
    async with shop.at_work():
        await shop.add("fox", "hen", "owl")
        await until(began(shop, "fox", "hen"), "two begun")
        assert shop.runner.running == 2
        shop.open.set()
        await until(shop.empty, "all done")
    assert [subject for subject, _ in shop.began] == ["fox", "hen", "owl"]


async def test_what_takes_no_hand_does_not_wait_for_a_free_one(database: Database) -> None:
    shop = Shop(database, workers=1)
    quick = Quick(shop)
    shop.runner = Runner(database, {"draw": shop.draw, "price": quick}, shop.clock, 1)
    shop.open.clear()
    async with shop.at_work():
        await shop.add("fox", "hen")
        await until(began(shop, "fox"), "one begun")
        await shop.add("set", "set again", kind="price", lane="offers")
        await until(quick.is_done, "both are set while the hand is full")
        assert [subject for subject, _ in shop.began] == ["fox"]
        shop.open.set()
        await until(shop.empty, "all done")


class Quick:
    """A handler that is done at once."""

    takes_no_hand = True

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.done: list[str] = []

    async def __call__(self, lease: Lease) -> None:
        async with self._shop.database.write() as tx:
            await lease.done(tx)
        self.done.append(lease.job.subject)

    async def is_done(self) -> bool:
        return self.done == ["set", "set again"]


async def test_a_handler_that_raises_loses_no_job(shop: Shop) -> None:
    async def fail_once(lease: Lease) -> None:
        if lease.job.attempts == 1:
            raise LookupError("for once")
        await shop.draw(lease)

    await run_until_put_back(shop, fail_once, "job failed", LookupError)


async def test_a_handler_that_ends_nothing_loses_no_job(shop: Shop) -> None:
    async def forget_once(lease: Lease) -> None:
        if lease.job.attempts > 1:
            await shop.draw(lease)

    await run_until_put_back(shop, forget_once, "job was left without an end", type(None))


async def run_until_put_back(shop: Shop, handler: Handler, complaint: str, why: type) -> None:
    """The job comes back after two seconds, and the log says why."""
    shop.runner = Runner(shop.database, {"draw": handler}, shop.clock, 1)
    with capture_logs() as logs:
        async with shop.at_work():
            await shop.add("fox")
            await until(shop.put_back, "put back")
            assert (await shop.rows())[0]["due_at"] == shop.clock.now() + 2
            shop.clock.advance(2)
            shop.runner.ring()
            await until(shop.empty, "done at the second try")
    assert [(line["event"], line["subject"], type(line["exc_info"])) for line in logs] == [(complaint, "fox", why)]


async def test_work_of_a_kind_that_nobody_knows_is_kept(shop: Shop) -> None:
    with capture_logs() as logs:
        async with shop.at_work():
            await shop.add("fox", kind="sing")
            await until(shop.put_back, "put back")
    assert [line["kind"] for line in logs] == ["sing"]


async def test_cancelled_work_stops_at_once(shop: Shop) -> None:
    shop.open.clear()
    async with shop.at_work():
        await shop.add("fox", "hen")
        await until(began(shop, "fox", "hen"), "begun")
        async with shop.database.write() as tx:
            await store.cancel(tx, "draw", "fox")
        shop.runner.ring()

        async def stopped() -> bool:
            return shop.cancelled == ["fox"]

        await until(stopped, "stopped", patience=0.9)
        shop.open.set()
        await until(shop.empty, "the other one done")
    assert shop.cancelled == ["fox"]


async def test_leases_are_kept_alive_also_over_a_sleep_of_the_machine(shop: Shop) -> None:
    shop.open.clear()
    async with shop.at_work():
        await shop.add("fox")
        await until(began(shop, "fox"), "begun")
        for pause in (6, 3600, -7200):
            shop.clock.advance(pause)
            shop.runner.ring()

            async def extended() -> bool:
                return (await shop.rows())[0]["leased_until"] == shop.clock.now() + 30

            await until(extended, f"extended after {pause} s")
        shop.open.set()
        await until(shop.empty, "done")
    assert shop.began == [("fox", 1)]


async def test_work_that_was_taken_over_is_stopped_here(shop: Shop) -> None:
    shop.open.clear()
    async with shop.at_work():
        await shop.add("fox")
        await until(began(shop, "fox"), "begun")
        async with shop.database.write() as tx:
            assert await store.claim(tx, shop.clock.now() + 31, shop.clock.now() + 61, 1)
        shop.runner.ring()

        async def stopped() -> bool:
            return shop.cancelled == ["fox"]

        await until(stopped, "stopped")
    assert [row["attempts"] for row in await shop.rows()] == [2]


async def test_a_stop_lets_running_work_end_and_takes_no_more(database: Database) -> None:
    shop = Shop(database, workers=1)
    shop.open.clear()
    async with shop.at_work():
        await shop.add("fox", "hen")
        await until(began(shop, "fox"), "begun")
        shop.runner.stop()
        shop.open.set()
    assert shop.began == [("fox", 1)]
    assert [row["subject"] for row in await shop.rows()] == ["hen"]


async def test_work_that_outlasts_the_stop_is_begun_again_by_the_next_start(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "GRACE_SECONDS", 0.01)
    first, second = Shop(database), Shop(database)
    first.open.clear()
    async with first.at_work():
        await first.add("fox")
        await until(began(first, "fox"), "begun")
    assert first.cancelled == ["fox"]
    second.clock.advance(0 if database.sole else 31)  # elsewhere the lease has to run out first
    async with second.at_work():
        await until(second.empty, "done")
    assert second.began == [("fox", 2)]


async def test_what_a_slow_service_gave_is_kept_at_once(shop: Shop) -> None:
    kept = asyncio.Event()

    async def ask(lease: Lease) -> None:
        if lease.job.remote_id is None:
            await lease.keep("remote-7")
            kept.set()
            raise LookupError
        await shop.draw(lease)

    shop.runner = Runner(shop.database, {"draw": ask}, shop.clock, 1)
    with capture_logs():
        async with shop.at_work():
            await shop.add("fox")
            await until(shop.put_back, "put back")
            assert (await shop.rows())[0]["remote_id"] == "remote-7"
            shop.clock.advance(2)
            shop.runner.ring()
            await until(shop.empty, "done")


async def test_who_lost_the_job_can_keep_nothing(shop: Shop) -> None:
    await shop.add("fox")
    async with shop.database.write() as tx:
        [job] = await store.claim(tx, shop.clock.now(), shop.clock.now() + 30, 1)
        await store.cancel(tx, "draw", "fox")
    with pytest.raises(LeaseLost):
        await Lease(shop.database, job).keep("remote-7")


async def test_an_end_that_was_rolled_back_leaves_the_job_to_be_done(shop: Shop) -> None:
    async def end_and_fail(lease: Lease) -> None:
        if lease.job.attempts == 1:
            async with shop.database.write() as tx:
                assert await lease.done(tx)
                raise LookupError
        await shop.draw(lease)

    shop.runner = Runner(shop.database, {"draw": end_and_fail}, shop.clock, 1)
    with capture_logs():
        async with shop.at_work():
            await shop.add("fox")
            await until(shop.put_back, "put back")
            shop.clock.advance(2)
            shop.runner.ring()
            await until(shop.empty, "done")


class Full(Database):
    """A database without room, until there is some."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.sole = inner.sole
        self.refused = 0
        self.room = False

    @asynccontextmanager
    async def write(self, *, urgent: bool = False) -> AsyncIterator[Transaction]:
        if not self.room:
            self.refused += 1
            raise StorageFull("No room.")
        async with self.inner.write() as tx:
            yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        async with self.inner.read() as tx:
            yield tx

    async def close(self) -> None:
        await self.inner.close()


async def test_a_full_disk_is_waited_out_and_complained_of_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "POLL_SECONDS", 0.01)
    shop, full = Shop(database), Full(database)
    await shop.add("fox")
    shop.runner = Runner(full, {"draw": shop.draw}, shop.clock, 1)

    async def refused() -> bool:
        return full.refused > 3

    with capture_logs() as logs:
        async with shop.at_work():
            await until(refused, "refused")
            full.room = True
            await until(shop.empty, "done")
    assert [line["event"] for line in logs] == ["jobs wait for the database"]
