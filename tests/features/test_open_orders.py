"""An order that a service has taken is paid: it is fetched whatever happens meanwhile, or taken back."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.errors import Cause, DeliveryRefused, NotNow, Refused
from bot.images import GeneratedImage
from bot.imagine.rules import Status
from bot.providers import Ticket
from tests.features.workshop import PLAIN, Workshop
from tests.generations import ANNA

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


async def endless(ticket: Ticket) -> None:
    """The order is taken, and its service says for ever that it is being drawn."""
    await ticket.keep(ORDER)
    await asyncio.Event().wait()


async def cancel(shop: Workshop, generation_id: str) -> None:
    async with shop.database.write() as tx:
        assert await shop.imagine.cancel(tx, generation_id, ANNA)


async def test_it_is_taken_back_when_time_is_up(shop: Workshop) -> None:
    shop.paid.outcomes.append(endless)
    drawn = await shop.ask_one()
    await shop.work_until_done()
    assert ((await shop.get(drawn)).cause, shop.paid.taken_back) == (Cause.TIMED_OUT, [ORDER])


async def test_it_is_taken_back_when_the_service_refuses_to_say_how_it_goes(shop: Workshop) -> None:
    async def shut_out(ticket: Ticket) -> None:
        await ticket.keep(ORDER)
        raise Refused(Cause.KEY_REFUSED)

    shop.paid.outcomes.append(shut_out)
    drawn = await shop.ask_one()
    await shop.work_until_done()
    assert ((await shop.get(drawn)).cause, shop.paid.taken_back) == (Cause.KEY_REFUSED, [ORDER])


async def test_it_is_taken_back_when_patience_ends_between_two_looks(shop: Workshop) -> None:
    shop.asking_in_turn(job_timeout=5.0)
    shop.paid.outcomes.extend([ordered] + [NotNow(Cause.UNAVAILABLE, retry_after=300)] * 9)
    drawn = await shop.ask_one()
    await shop.work_until_done()
    assert ((await shop.get(drawn)).cause, shop.paid.taken_back) == (Cause.UNAVAILABLE, [ORDER])


async def test_it_is_taken_back_when_its_person_cancels_between_two_looks(shop: Workshop) -> None:
    shop.asking_in_turn(job_timeout=5.0)
    shop.paid.outcomes.append(ordered)
    drawn = await shop.ask_one()
    await shop.work()
    await cancel(shop, drawn)
    await shop.work_until_done()
    assert (shop.paid.taken_back, len(shop.paid.requests)) == ([ORDER], 1)


async def test_it_is_taken_back_once_when_its_person_cancels_during_a_look(shop: Workshop) -> None:
    shop.asking_in_turn(job_timeout=5.0)

    async def cancelled(ticket: Ticket) -> None:
        await ticket.keep(ORDER)
        await cancel(shop, drawn)
        raise asyncio.CancelledError  # the runner ends what nobody wants

    shop.paid.outcomes.append(cancelled)
    drawn = await shop.ask_one()
    with pytest.raises(asyncio.CancelledError):
        await shop.work()
    await shop.work_until_done()
    assert shop.paid.taken_back == [ORDER]


async def test_it_is_taken_back_when_its_person_was_quicker_than_it_was_kept(shop: Workshop) -> None:
    async def overtaken(ticket: Ticket) -> None:
        await cancel(shop, drawn)
        await ticket.keep(ORDER, shop.paid.take_back)

    shop.paid.outcomes.append(overtaken)
    drawn = await shop.ask_one()
    await shop.work_until_done()
    assert shop.paid.taken_back == [ORDER]


async def test_what_was_not_ordered_or_was_drawn_is_not_taken_back(shop: Workshop) -> None:
    async def drawn_by_order(ticket: Ticket) -> None:
        await ticket.keep(ORDER)

    shop.paid.outcomes.extend([drawn_by_order, Refused(Cause.PROMPT_REFUSED)])
    await shop.ask_one()
    await shop.work()
    shop.chat.outcomes.append(DeliveryRefused(Cause.CHAT_CLOSED))
    await shop.ask_one(key="msg:1:2")
    await shop.work_until_done()
    assert shop.paid.taken_back == []


@pytest.mark.parametrize(
    ("refusals", "tries"),
    [
        ([NotNow(Cause.UNAVAILABLE), NotNow(Cause.UNAVAILABLE)], 3),
        ([NotNow(Cause.UNAVAILABLE)] * 99, 8),
        ([TimeoutError()], 2),
        ([Refused(Cause.BAD_REQUEST)], 1),
        ([ZeroDivisionError()], 1),
    ],
)
async def test_taking_back_is_tried_a_few_times(shop: Workshop, refusals: list[Exception], tries: int) -> None:
    shop.asking_in_turn(job_timeout=5.0)
    shop.paid.outcomes.append(ordered)
    drawn = await shop.ask_one()
    await shop.work()
    await cancel(shop, drawn)
    shop.paid.refusals.extend(refusals)
    await shop.work_until_done()
    assert len(shop.paid.taken_back) == tries


async def test_an_order_at_a_service_that_was_turned_off_is_left_to_itself(shop: Workshop) -> None:
    shop.asking_in_turn(job_timeout=5.0)
    shop.paid.outcomes.append(ordered)
    drawn = await shop.ask_one()
    await shop.work()
    await cancel(shop, drawn)
    shop.staff([shop.free])
    await shop.work_until_done()
    assert shop.paid.taken_back == []


async def test_a_service_that_hangs_is_left_alone(shop: Workshop) -> None:
    async def hang(_: Ticket) -> None:
        await asyncio.Event().wait()

    shop.asking_in_turn(job_timeout=0.02)
    shop.paid.outcomes.extend([hang] * 5)
    for number in range(6):
        await shop.ask_one(key=f"msg:1:{number}")
        await shop.work()
    assert (shop.providers.rests("paid"), len(shop.paid.requests)) == (True, 5)
