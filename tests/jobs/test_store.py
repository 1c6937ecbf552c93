import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.jobs import store
from bot.jobs.rules import LONGEST_WAIT, Job, places
from bot.storage import open_database
from bot.storage.database import Database
from tests.databases import Server
from tests.vaults import vault_in

NOW = 1_800_000_000
SOON = NOW + 30


async def add(database: Database, *subjects: str, lane: str = "user:1", due_at: int = NOW) -> None:
    async with database.write() as tx:
        for subject in subjects:
            assert await store.add(tx, "draw", subject, lane, due_at)


async def claim(database: Database, now: int = NOW) -> Job | None:
    async with database.write() as tx:
        return next(iter(await store.claim(tx, now, now + 30, 1)), None)


async def must_claim(database: Database, now: int = NOW) -> Job:
    job = await claim(database, now)
    assert job is not None
    return job


async def finish(database: Database, job: Job) -> bool:
    async with database.write() as tx:
        return await store.done(tx, job)


async def waiting(database: Database) -> list[tuple[str, str]]:
    async with database.read() as tx:
        return await store.waiting(tx, "draw")


@asynccontextmanager
async def lost(database: Database, job: Job) -> AsyncIterator[None]:
    """Afterwards every write of whoever held `job` is refused."""
    yield
    async with database.write() as tx:
        assert not await store.extend(tx, job, SOON)
        assert not await store.remember(tx, job, "remote")
        assert not await store.put_back(tx, job, NOW)
        assert not await store.done(tx, job)


async def test_work_left_twice_is_done_once(database: Database) -> None:
    await add(database, "fox")
    async with database.write() as tx:
        assert not await store.add(tx, "draw", "fox", "user:2", NOW - 5)
    job = await must_claim(database)
    assert (job.subject, job.lane, job.due_at, job.attempts, job.remote_id) == ("fox", "user:1", NOW, 1, None)
    assert await claim(database) is None
    assert await finish(database, job)
    assert await claim(database) is None


async def test_a_try_is_counted_even_if_nobody_comes_back_from_it(database: Database) -> None:
    await add(database, "fox")
    assert [(await must_claim(database, NOW + later)).attempts for later in (0, 31, 62)] == [1, 2, 3]


async def test_nothing_is_taken_before_it_is_due(database: Database) -> None:
    await add(database, "fox", due_at=NOW + 10)
    assert await claim(database, NOW + 9) is None
    assert await claim(database, NOW + 10) is not None


async def test_a_lane_is_worked_one_job_at_a_time(database: Database) -> None:
    await add(database, "fox", "hen")
    fox = await must_claim(database)
    assert await claim(database) is None
    await finish(database, fox)
    assert (await must_claim(database)).subject == "hen"


async def test_lanes_take_turns_however_much_one_of_them_wants(database: Database) -> None:
    await add(database, "a1", "a2", "a3", "a4", lane="a")
    await add(database, "b1", "b2", lane="b")
    await add(database, "c1", lane="c")
    order = []
    while job := await claim(database):
        order.append(job.subject)
        await finish(database, job)
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


async def test_the_place_that_is_told_is_the_place_that_comes(database: Database) -> None:
    for index, lane in enumerate("abacabacadbbba"):
        await add(database, f"{lane}{index}", lane=lane, due_at=NOW - index % 3)
    for _ in range(2):
        await finish(database, await must_claim(database))
    told = places(await waiting(database))
    came = []
    while job := await claim(database):
        came.append(job.subject)
        await finish(database, job)
    assert [told[subject] for subject in came] == list(range(1, 13))


async def test_a_lease_that_ran_out_is_taken_over_and_the_first_holder_can_write_no_more(database: Database) -> None:
    await add(database, "fox")
    first = await must_claim(database)
    async with lost(database, first):
        second = await must_claim(database, NOW + 31)
        assert second.attempts == 2
    assert await finish(database, second)


async def test_a_lease_that_is_extended_is_not_taken_over(database: Database) -> None:
    await add(database, "fox")
    job = await must_claim(database)
    async with database.write() as tx:
        assert await store.extend(tx, job, NOW + 60)
    assert await claim(database, NOW + 59) is None
    assert await finish(database, job)


async def test_cancelled_work_is_lost_for_its_holder(database: Database) -> None:
    await add(database, "fox")
    job = await must_claim(database)
    async with lost(database, job), database.write() as tx:
        assert await store.cancel(tx, "draw", "fox")
        assert not await store.cancel(tx, "draw", "fox")


async def test_the_holder_of_cancelled_work_cannot_end_the_same_work_left_again(database: Database) -> None:
    await add(database, "fox")
    old = await must_claim(database)
    async with lost(database, old):
        async with database.write() as tx:
            await store.cancel(tx, "draw", "fox")
        await add(database, "fox")
        new = await must_claim(database)
        assert new.attempts == old.attempts
    assert await finish(database, new)


async def test_work_that_was_put_back_can_be_written_by_nobody_until_it_is_taken_again(database: Database) -> None:
    await add(database, "fox")
    job = await must_claim(database)
    async with lost(database, job), database.write() as tx:
        assert await store.put_back(tx, job, NOW + 5)
    assert await claim(database, NOW + 4) is None
    assert (await must_claim(database, NOW + 5)).attempts == 2


async def test_what_a_slow_service_gave_is_there_at_the_next_try(database: Database) -> None:
    await add(database, "fox")
    job = await must_claim(database)
    async with database.write() as tx:
        assert await store.remember(tx, job, "remote-7")
        assert await store.put_back(tx, job, NOW)
    assert (await must_claim(database)).remote_id == "remote-7"


async def test_at_the_start_all_leases_of_the_dead_are_free(database: Database) -> None:
    await add(database, "fox", lane="a")
    await add(database, "hen", lane="b")
    fox, hen = await must_claim(database), await must_claim(database)
    async with lost(database, fox), lost(database, hen), database.write() as tx:
        assert await store.free_all(tx) == 2
    assert {(await must_claim(database)).subject for _ in range(2)} == {"fox", "hen"}


async def test_an_undone_claim_counts_nothing(database: Database) -> None:
    await add(database, "fox")

    class Undone(Exception):
        pass

    try:
        async with database.write() as tx:
            assert await store.claim(tx, NOW, SOON, 1)
            raise Undone
    except Undone:
        assert (await must_claim(database)).attempts == 1


async def test_what_a_clock_ahead_put_off_is_due_soon_after_it_stepped_back(database: Database) -> None:
    await add(database, "new", due_at=NOW + 3600)
    await add(database, "tried", lane="user:2", due_at=NOW)
    tried = await must_claim(database)
    async with database.write() as tx:
        assert await store.put_back(tx, tried, NOW + 3600)
        assert await store.hasten(tx, "other", NOW) == 0
        assert await store.hasten(tx, "draw", NOW) == 2
        assert await store.hasten(tx, "draw", NOW + 1) == 0
    new = await must_claim(database)
    assert (new.subject, await finish(database, new)) == ("new", True)
    assert await claim(database, NOW + LONGEST_WAIT - 1) is None
    assert (await must_claim(database, NOW + LONGEST_WAIT)).subject == "tried"


async def test_parallel_claims_take_each_job_once_and_no_lane_twice(database: Database) -> None:
    for lane in range(8):
        await add(database, *(f"{lane}-{index}" for index in range(3)), lane=f"user:{lane}")
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(claim(database)) for _ in range(40)]
    jobs = [job for task in tasks if (job := task.result())]
    assert len({job.job_id for job in jobs}) == len(jobs)
    assert len({job.lane for job in jobs}) == len(jobs) == 8


async def test_what_waits_can_be_asked(database: Database) -> None:
    await add(database, "fox", "hen", due_at=NOW + 7)
    await add(database, "owl", due_at=NOW)
    job = await must_claim(database)
    assert await waiting(database) == [("user:1", "fox"), ("user:1", "hen")]
    async with database.read() as tx:
        assert await store.leased(tx) == {(job.job_id, 1)}
        assert await store.waiting(tx, "sweep") == []


async def test_a_claim_that_was_overtaken_leaves_the_lane_to_the_quicker_one(postgres: Server, data_dir: Path) -> None:
    """Only where two can write at once: another job of the lane is taken between the look and the lease."""
    database = await open_database(postgres.new(), data_dir, vault_in(data_dir))
    await add(database, "fox")
    async with database.write() as slow:
        seen = Job(**await store.SQL.get_next(slow, now=NOW, kind=None))
        await add(database, "hen", due_at=NOW - 1)
        assert (await must_claim(database)).subject == "hen"
        assert not await store._lease(slow, seen, NOW, SOON)
        assert await store.claim(slow, NOW, SOON, 1) == []
    await database.close()


async def test_lanes_in_which_nothing_waits_are_forgotten_and_turns_go_on(database: Database) -> None:
    async with database.write() as tx:
        for subject, lane in (("a1", "anna"), ("a2", "anna"), ("b1", "boris")):
            await store.add(tx, "draw", subject, lane, 0)
        for _ in range(2):
            [job] = await store.claim(tx, 10, 20, 1)
            await store.done(tx, job)
        assert await store.prune_lanes(tx) == 1
        left = await tx.fetch("SELECT lane FROM lanes", {})
        assert [row["lane"] for row in left] == ["anna"]
        await store.add(tx, "draw", "b2", "boris", 0)
        turns = await store.claim(tx, 10, 20, 2)
    assert [job.subject for job in turns] == ["b2", "a2"]
