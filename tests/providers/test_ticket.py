"""What a person cancels is taken back at the service; what a restart cuts off is not."""

import asyncio

import pytest

from bot.errors import Cause, NotNow
from bot.providers import Ticket, base


class Shop:
    """Takes orders back once it opens, or never."""

    def __init__(self, error: Exception | None = None) -> None:
        self.open = asyncio.Event()
        self.error = error
        self.taken_back = 0

    async def take_back(self) -> None:
        await self.open.wait()
        if self.error:
            raise self.error
        self.taken_back += 1


async def cut_off(ticket: Ticket, shop: Shop, times: int = 1, *, opens: bool = True) -> None:
    """Wait with this ticket and be canceled, once or, as by an impatient runner, more often."""
    waits = asyncio.Event()

    async def wait() -> None:
        async with ticket.waiting(shop.take_back):
            waits.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(wait())
        await waits.wait()
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        if opens:
            shop.open.set()
    assert task.cancelled()


async def test_what_nobody_wants_any_more_is_taken_back() -> None:
    shop = Shop()
    await cut_off(Ticket("job-7", wanted=lambda: False), shop)
    assert shop.taken_back == 1


async def test_what_a_restart_cuts_off_is_left_for_the_next_process() -> None:
    shop = Shop()
    await cut_off(Ticket("job-7"), shop)
    assert shop.taken_back == 0


async def test_cancelling_again_does_not_cut_off_the_taking_back() -> None:
    shop = Shop()
    await cut_off(Ticket("job-7", wanted=lambda: False), shop, times=3)
    assert shop.taken_back == 1


async def test_a_service_that_takes_nothing_back_changes_nothing() -> None:
    shop = Shop(error=NotNow(Cause.UNAVAILABLE))
    await cut_off(Ticket("job-7", wanted=lambda: False), shop)


async def test_a_service_that_is_slow_to_take_back_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "TAKING_BACK", 0.05)
    shop = Shop()
    await cut_off(Ticket("job-7", wanted=lambda: False), shop, opens=False)
    assert shop.taken_back == 0


async def test_what_comes_to_its_end_is_not_taken_back() -> None:
    shop = Shop()
    async with Ticket("job-7", wanted=lambda: False).waiting(shop.take_back):
        pass
    assert shop.taken_back == 0
