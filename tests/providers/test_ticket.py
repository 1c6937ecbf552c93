"""An order that could not be written down is taken back at once; one that was, by whoever ends the wait for it."""

import asyncio

import pytest

from bot.errors import Cause, NotNow
from bot.providers import Ticket, base


class NoRoom(Exception):
    """The order could not be written down."""


class Shop:
    """Writes an order down, and takes it back once it opens, or never."""

    def __init__(self, error: Exception | None = None, *, full: bool = True) -> None:
        self.writes = asyncio.Event()
        self.written = asyncio.Event()
        self.open = asyncio.Event()
        self.full = full
        self.error = error
        self.taken_back: list[str] = []

    async def keep(self, remote_id: str) -> None:
        self.writes.set()
        await self.written.wait()
        if self.full:
            raise NoRoom

    async def take_back(self, remote_id: str) -> None:
        await self.open.wait()
        if self.error:
            raise self.error
        self.taken_back.append(remote_id)


async def refused(shop: Shop) -> None:
    shop.written.set()
    ticket = Ticket(keep=shop.keep)
    with pytest.raises(NoRoom):
        await ticket.keep("job-7", shop.take_back)
    assert ticket.remote_id is None


async def cut_off(shop: Shop, times: int = 1) -> Ticket:
    """Be canceled while the order is written down, once or, as by an impatient runner, more often."""
    ticket = Ticket(keep=shop.keep)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(ticket.keep("job-7", shop.take_back))
        await shop.writes.wait()
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        shop.written.set()
        await asyncio.sleep(0)
        task.cancel()
        shop.open.set()
    assert task.cancelled()
    return ticket


async def test_an_order_that_cannot_be_kept_is_taken_back() -> None:
    shop = Shop()
    shop.open.set()
    await refused(shop)
    assert shop.taken_back == ["job-7"]


@pytest.mark.parametrize("times", [1, 3])
async def test_canceling_does_not_cut_off_the_taking_back_of_what_could_not_be_kept(times: int) -> None:
    shop = Shop()
    await cut_off(shop, times)
    assert shop.taken_back == ["job-7"]


async def test_canceling_does_not_cut_off_the_keeping() -> None:
    shop = Shop(full=False)
    ticket = await cut_off(shop)
    assert (ticket.remote_id, shop.taken_back) == ("job-7", [])


async def test_a_service_that_takes_nothing_back_changes_nothing() -> None:
    shop = Shop(error=NotNow(Cause.UNAVAILABLE))
    shop.open.set()
    await refused(shop)


async def test_a_service_that_is_slow_to_take_back_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "TAKING_BACK", 0.05)
    shop = Shop()
    await refused(shop)
    assert shop.taken_back == []
