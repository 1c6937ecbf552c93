"""An order that a service has taken is paid: it is fetched whatever happens meanwhile, or taken back."""

import asyncio
from collections.abc import Sequence

from bot.errors import Cause, NotNow, Refused
from bot.images import GeneratedImage
from bot.imagine.rules import Status
from bot.providers import Ticket
from tests.features.workshop import PLAIN, Workshop

ORDER = "order-7"


async def ordered(ticket: Ticket) -> None:
    """The order is taken, and then the service does not say how it goes."""
    await ticket.keep(ORDER)
    raise NotNow(Cause.UNAVAILABLE, retry_after=60)


def fetched(shop: Workshop) -> list[str | None]:
    """By which order the next pictures are asked for."""
    seen: list[str | None] = []

    async def fetch(ticket: Ticket) -> Sequence[GeneratedImage] | None:
        seen.append(ticket.remote_id)
        return None

    shop.paid.outcomes.append(fetch)
    return seen


async def test_it_is_fetched_also_while_the_service_takes_no_others(shop: Workshop) -> None:
    shop.asking_in_turn(job_timeout=5.0)
    shop.paid.outcomes.extend([ordered, Refused(Cause.NO_FUNDS)])
    first = await shop.ask_one()
    await shop.work()
    second = await shop.ask_one(key="msg:1:2")
    await shop.work()
    seen = fetched(shop)
    await shop.work_until_done()
    assert (await shop.status(first), await shop.status(second)) == (Status.DELIVERED, Status.FAILED)
    assert seen == [ORDER]


async def test_it_is_fetched_also_when_its_model_is_not_offered_any_more(shop: Workshop) -> None:
    shop.asking_in_turn(job_timeout=5.0)
    shop.paid.outcomes.append(ordered)
    drawn = await shop.ask_one()
    await shop.work()
    shop.paid.remember([PLAIN])
    await shop.providers.refresh()
    seen = fetched(shop)
    await shop.work_until_done()
    assert (await shop.status(drawn), seen) == (Status.DELIVERED, [ORDER])


async def test_it_is_taken_back_when_time_is_up(shop: Workshop) -> None:
    taken_back: list[str] = []

    async def take_back() -> None:
        taken_back.append(ORDER)

    async def endless(ticket: Ticket) -> None:
        await ticket.keep(ORDER)
        async with ticket.waiting(take_back):
            await asyncio.Event().wait()

    shop.paid.outcomes.append(endless)
    drawn = await shop.ask_one()
    await shop.work_until_done()
    assert ((await shop.get(drawn)).cause, taken_back) == (Cause.TIMED_OUT, [ORDER])


async def test_a_service_that_hangs_is_left_alone(shop: Workshop) -> None:
    async def hang(_: Ticket) -> None:
        await asyncio.Event().wait()

    shop.asking_in_turn(job_timeout=0.02)
    shop.paid.outcomes.extend([hang] * 5)
    for number in range(6):
        await shop.ask_one(key=f"msg:1:{number}")
        await shop.work()
    assert (shop.providers.rests("paid"), len(shop.paid.requests)) == (True, 5)
