"""Drawing that runs out of time, is taken over by another process, or is cancelled somewhere on its way."""

import asyncio
from collections.abc import Coroutine, Generator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Cause, NotNow, ProviderError, Unknown
from bot.imagine.rules import Status, Wish
from bot.jobs import store as jobs
from bot.jobs.runner import LeaseLost
from bot.providers import Ticket
from tests.features.workshop import CREDITS, FREE, Killed, Workshop, never

DAY = 24 * 3600
GRATIS = Wish("a fox", model=FREE.key)
END = object()


async def test_all_tries_together_have_the_time_of_one_picture(shop: Workshop) -> None:
    async def cut_off_late(_: Ticket) -> None:
        shop.clock.advance(299.9)
        raise Unknown(Cause.CUT_OFF)

    shop.asking_in_turn(job_timeout=300)
    shop.free.outcomes.extend([cut_off_late, never])
    drawn = await shop.ask_one(GRATIS)
    async with asyncio.timeout(10):
        await shop.work_until_done()
    assert ((await shop.get(drawn)).cause, len(shop.free.requests)) == (Cause.TIMED_OUT, 2)


@pytest.mark.parametrize("error", [Unknown(Cause.CUT_OFF), NotNow(Cause.TIMED_OUT)])
async def test_who_took_all_the_time_is_not_asked_again(shop: Workshop, error: ProviderError) -> None:
    async def too_late(_: Ticket) -> None:
        shop.clock.advance(6)
        raise error

    shop.free.outcomes.append(too_late)
    drawn = await shop.ask_one(GRATIS)
    await shop.work()
    assert (await shop.status(drawn), len(shop.free.requests)) == (Status.FAILED, 1)


async def test_a_job_that_was_taken_over_writes_nothing(shop: Workshop) -> None:
    drawn = await shop.ask_one()
    slow = await shop.claim()
    assert slow is not None
    async with shop.database.write() as tx:
        await jobs.free_all(tx)
    await shop.work()
    with pytest.raises(LeaseLost):
        await shop.drawing._ready(slow, await shop.get(drawn), shop.paid.picture(), 1)
    assert (await shop.status(drawn), shop.chat.shown) == (Status.DELIVERED, [drawn])


async def test_a_picture_that_comes_while_another_process_draws_it_is_thrown_away(shop: Workshop) -> None:
    drawn = await shop.ask_one()
    slow = await shop.claim()
    assert slow is not None
    begun = await shop.drawing._begin(slow)
    assert begun is not None
    await shop.restart()
    quick = await shop.claim()
    assert quick is not None
    with pytest.raises(LeaseLost):
        await shop.drawing._ready(slow, begun, shop.paid.picture(), 1)
    assert (await shop.status(drawn), shop.chat.shown) == (Status.DRAWING, [])
    await shop.run(quick)
    assert (await shop.status(drawn), shop.chat.shown) == (Status.DELIVERED, [drawn])


class CancelledAt:
    """Awaits `work` and cancels it at its wait of this number, counted from 1."""

    def __init__(self, number: int, work: Coroutine[Any, Any, None]) -> None:
        self._number = number
        self._waits = 0
        self._work = work

    def __await__(self) -> Generator[Any, Any, None]:
        waited = self._next(None)
        while waited is not END:
            self._waits += 1
            if self._waits == self._number:
                task = asyncio.current_task()
                assert task is not None
                asyncio.get_running_loop().call_soon(task.cancel)
            try:
                yield waited
            except BaseException as error:  # noqa: BLE001  whatever comes in goes on to the work
                waited = self._next(error)
            else:
                waited = self._next(None)

    def _next(self, error: BaseException | None) -> Any:
        try:
            return self._work.throw(error) if error else self._work.send(None)
        except StopIteration:
            return END


async def run(work: CancelledAt) -> None:
    await work


async def cut_short(shop: Workshop, number: int) -> None:
    """Draw, and cancel at a wait."""
    lease = await shop.claim()
    assert lease is not None
    async with asyncio.TaskGroup() as group:
        group.create_task(run(CancelledAt(number, shop.run(lease))))  # a task that was cancelled does not end its group


async def files(shop: Workshop, data_dir: Path) -> tuple[set[str], set[str]]:
    """What lies on the shelf and in the spool, and what should."""
    async with shop.database.read() as tx:
        rows = {row["file"] for row in await tx.fetch("SELECT file FROM shelf", {})}
    return {path.name for folder in ("shelf", "spool") for path in (data_dir / folder).iterdir()}, rows


async def test_wherever_drawing_is_cut_short_no_file_is_left_and_none_is_lost(shop: Workshop, data_dir: Path) -> None:
    """At every wait up to the commit that makes the picture ready."""
    number, status = 0, Status.QUEUED
    while status is not Status.READY:
        number += 1
        shop.clock.advance(DAY)
        drawn = await shop.ask_one(GRATIS, key=str(number))
        await cut_short(shop, number)
        status = await shop.status(drawn)
        on_disk, known = await files(shop, data_dir)
        assert on_disk == known, f"cut short at {number}"
        await shop.restart()
        await shop.work_until_done()
        assert await shop.status(drawn) is Status.DELIVERED
    assert number > 3


async def test_a_wait_between_two_deaths_allows_no_second_repetition(shop: Workshop) -> None:
    busy = NotNow(Cause.RATE_LIMITED, retry_after=9)
    shop.paid.outcomes.extend([Killed(), busy, Killed()])
    drawn = await shop.ask_one()
    await shop.die()
    await shop.work()
    assert await shop.status(drawn) is Status.QUEUED
    shop.clock.advance(9)
    await shop.die()
    await shop.work_until_done()
    assert ((await shop.get(drawn)).cause, len(shop.paid.requests)) == (Cause.INTERRUPTED, 3)
    assert await shop.left() == CREDITS
