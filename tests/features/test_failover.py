"""When a service cannot, the next one draws: for free only, within the price, and it is told."""

from dataclasses import replace

import pytest

from bot.chats import store as chats
from bot.errors import Cause, NotNow, NotSent, ProviderError, Refused, Unknown
from bot.imagine.rules import Place, Status, Wish
from bot.providers import Switches, Ticket
from bot.providers.onlysq import Settings
from bot.providers.prices import OFF
from tests.features.workshop import CREDITS, DEAR, FREE, PAID, PLAIN, Killed, Workshop, png

GROUP = -100_500

PASSED_ON = [
    NotNow(Cause.RATE_LIMITED, retry_after=60),
    NotNow(Cause.UNAVAILABLE),
    NotSent(Cause.UNREACHABLE),
    Refused(Cause.KEY_REFUSED),
    Refused(Cause.NO_FUNDS),
    Refused(Cause.SERVICE_GONE),
]
KEPT = [
    Unknown(Cause.CUT_OFF),
    Unknown(Cause.SERVICE_ERROR),
    Refused(Cause.PROMPT_REFUSED),
    Refused(Cause.BAD_REQUEST),
    Refused(Cause.NOT_A_PICTURE),
]


@pytest.mark.parametrize("error", PASSED_ON, ids=lambda error: str(error.cause))
async def test_the_next_of_the_list_draws_at_once_and_is_named(shop: Workshop, error: ProviderError) -> None:
    shop.asking_in_turn(FREE.key)
    shop.paid.outcomes.append(error)
    drawn = await shop.ask_one()
    await shop.work()
    generation = await shop.get(drawn)
    assert (generation.status, generation.model, generation.wished.model) == (Status.DELIVERED, FREE.key, PAID.key)
    assert await shop.left() == CREDITS - PAID.price
    assert await shop.mistakes() == []


@pytest.mark.parametrize("error", KEPT, ids=lambda error: str(error.cause))
async def test_what_may_be_billed_or_is_the_wish_itself_goes_to_nobody_else(
    shop: Workshop, error: ProviderError
) -> None:
    shop.asking_in_turn(FREE.key)
    shop.paid.outcomes.append(error)
    drawn = await shop.ask_one()
    await shop.work_until_done()
    assert ((await shop.get(drawn)).cause, shop.free.requests) == (error.cause, [])
    assert await shop.left() == CREDITS


async def test_a_whole_service_can_stand_in_the_list(shop: Workshop) -> None:
    shop.asking_in_turn("nobody", "free")
    shop.paid.outcomes.append(NotNow(Cause.UNAVAILABLE))
    drawn = await shop.ask_one()
    await shop.work()
    assert (await shop.get(drawn)).model == FREE.key


async def test_in_a_group_nobody_stands_in_who_may_not_draw_there(shop: Workshop) -> None:
    shop.asking_in_turn(FREE.key)
    shop.paid.outcomes.append(NotNow(Cause.UNAVAILABLE, retry_after=5))
    person = await shop.person()
    async with shop.database.write() as tx:
        await chats.change(tx, GROUP, models=(PAID.key,))
        [asked] = await shop.imagine.submit(tx, person, Place(GROUP, None, 7), Wish("a fox"), "msg:1:1")
    await shop.work_until_done()
    assert ((await shop.get(asked.generation_id)).model, shop.free.requests) == (PAID.key, [])


async def test_nobody_draws_who_costs_more_than_is_held(shop: Workshop) -> None:
    shop.asking_in_turn(DEAR.key)
    shop.paid.outcomes.append(NotNow(Cause.UNAVAILABLE, retry_after=5))
    drawn = await shop.ask_one()
    await shop.work()
    assert ((await shop.get(drawn)).status, shop.free.requests) == (Status.QUEUED, [])
    await shop.work_until_done()
    assert (await shop.get(drawn)).model == PAID.key


async def test_who_draws_for_less_is_paid_less(shop: Workshop) -> None:
    shop.asking_in_turn(PAID.key)
    shop.free.outcomes.append(NotNow(Cause.UNAVAILABLE))
    drawn = await shop.ask_one(Wish("a fox", model=DEAR.key))
    assert await shop.held() == DEAR.price
    await shop.work()
    generation = await shop.get(drawn)
    assert (generation.model, generation.price) == (PAID.key, PAID.price)
    assert (await shop.left(), await shop.held()) == (CREDITS - PAID.price, 0)


async def test_nobody_draws_who_takes_fewer_words(shop: Workshop) -> None:
    shop.asking_in_turn(PAID.key)
    shop.free.outcomes.append(NotNow(Cause.UNAVAILABLE, retry_after=5))
    long = "a fox " * 80 + "without end"
    drawn = await shop.ask_one(Wish(long, "w" * 100, model=FREE.key))
    await shop.work_until_done()
    assert ((await shop.get(drawn)).model, shop.paid.requests) == (FREE.key, [])


async def test_a_service_that_rests_is_passed_over(shop: Workshop) -> None:
    shop.asking_in_turn("free")
    shop.free.outcomes.append(Refused(Cause.KEY_REFUSED))
    await shop.ask(Wish("an owl", model=FREE.key), key="msg:1:1")
    await shop.work()
    shop.paid.outcomes.append(NotNow(Cause.UNAVAILABLE, retry_after=5))
    drawn = (await shop.ask(key="msg:1:2"))[0].generation_id
    await shop.work()
    assert ((await shop.get(drawn)).status, len(shop.free.requests)) == (Status.QUEUED, 1)


async def test_when_nobody_can_now_the_wished_one_is_asked_first_again(shop: Workshop) -> None:
    shop.asking_in_turn(FREE.key)
    shop.paid.outcomes.append(NotNow(Cause.UNAVAILABLE, retry_after=30))
    shop.free.outcomes.append(NotNow(Cause.RATE_LIMITED, retry_after=9))
    drawn = await shop.ask_one()
    await shop.work()
    waiting = await shop.get(drawn)
    assert (waiting.status, waiting.cause) == (Status.QUEUED, Cause.RATE_LIMITED)
    shop.clock.advance(9)
    await shop.work()
    generation = await shop.get(drawn)
    assert (generation.status, generation.model, generation.wished.model) == (Status.DELIVERED, PAID.key, None)
    assert (len(shop.paid.requests), len(shop.free.requests)) == (2, 1)


async def test_an_order_that_is_open_is_not_given_to_somebody_else(shop: Workshop) -> None:
    async def ordered(ticket: Ticket) -> None:
        if ticket.remote_id is None:
            await ticket.keep("order-7")
            raise NotNow(Cause.UNAVAILABLE, "while asking how it goes", retry_after=5)

    shop.asking_in_turn(FREE.key)
    shop.paid.outcomes.extend([ordered, ordered])
    drawn = await shop.ask_one()
    await shop.work_until_done()
    generation = await shop.get(drawn)
    assert (generation.status, generation.model, shop.free.requests) == (Status.DELIVERED, PAID.key, [])


async def test_a_kill_after_handing_on_does_not_ask_the_paid_one_twice(shop: Workshop) -> None:
    shop.asking_in_turn(PAID.key)
    shop.free.outcomes.append(NotNow(Cause.UNAVAILABLE))
    shop.paid.outcomes.extend([Killed(), Killed()])
    drawn = await shop.ask_one(Wish("a fox", model=FREE.key))
    await shop.die()
    assert (await shop.get(drawn)).model == PAID.key
    shop.free.outcomes.append(NotNow(Cause.UNAVAILABLE))
    await shop.die()
    await shop.work_until_done()
    assert ((await shop.get(drawn)).cause, len(shop.paid.requests)) == (Cause.INTERRUPTED, 2)
    assert await shop.left() == CREDITS


async def test_a_model_that_vanished_is_drawn_by_the_nearest(shop: Workshop) -> None:
    drawn = await shop.ask_one()
    shop.paid.outcomes.append(Refused(Cause.MODEL_GONE))
    await shop.work()
    generation = await shop.get(drawn)
    assert (generation.status, generation.model, generation.wished.model) == (Status.DELIVERED, FREE.key, PAID.key)


async def test_a_model_that_is_gone_is_waited_for_while_lists_are_fetched(shop: Workshop) -> None:
    drawn = await shop.ask_one()
    shop.paid.remember([PLAIN])
    await shop.work()
    assert await shop.status(drawn) is Status.QUEUED
    await shop.work_until_done()
    generation = await shop.get(drawn)
    assert (generation.status, generation.model, generation.wished.model) == (Status.DELIVERED, PLAIN.key, PAID.key)


@pytest.mark.parametrize("off", [PAID.provider, PAID.key])
async def test_what_waits_for_a_model_that_is_switched_off_goes_to_another_at_once(shop: Workshop, off: str) -> None:
    drawn = await shop.ask_one()
    shop.providers.switch(Switches(frozenset({off, PLAIN.key})))
    await shop.work()
    generation = await shop.get(drawn)
    assert (generation.status, generation.model, generation.wished.model) == (Status.DELIVERED, FREE.key, PAID.key)


async def test_where_nobody_is_left_it_ends_at_once_and_nothing_is_charged(shop: Workshop) -> None:
    drawn = await shop.ask_one()
    shop.providers.switch(Switches(frozenset({"paid", "free"})))
    await shop.work()
    generation = await shop.get(drawn)
    assert (generation.status, generation.cause) == (Status.FAILED, Cause.MODEL_GONE)
    assert (await shop.left(), await shop.held()) == (CREDITS, 0)


async def test_what_was_ordered_of_a_service_that_is_switched_off_then_is_still_fetched(shop: Workshop) -> None:
    async def ordered(ticket: Ticket) -> None:
        await ticket.keep("order-7")
        raise NotNow(Cause.UNAVAILABLE, "while asking how it goes", retry_after=5)

    shop.paid.outcomes.append(ordered)
    drawn = await shop.ask_one()
    await shop.work()
    shop.providers.switch(Switches(frozenset({"paid"})))
    await shop.work_until_done()
    assert ((await shop.get(drawn)).model, shop.free.requests) == (PAID.key, [])


async def test_a_model_that_is_gone_with_its_service_is_a_failure_where_nobody_can_stand_in(shop: Workshop) -> None:
    drawn = await shop.ask_one(Wish("w" * 500))
    shop.paid.remember([replace(PLAIN, prompt_limit=100)])
    shop.free.remember([replace(FREE, prompt_limit=100)])
    await shop.work_until_done()
    assert (await shop.get(drawn)).cause is Cause.MODEL_GONE
    assert shop.paid.requests == []


async def test_a_source_that_cannot_be_fetched_goes_to_nobody_else(shop: Workshop) -> None:
    shop.asking_in_turn("free")
    shop.paid.remember([replace(PAID, sources=1)])
    shop.free.remember([replace(FREE, sources=1)])
    drawn = await shop.ask_one(Wish("at night", model=PAID.key, sources=("gone",)))
    await shop.work_until_done()
    assert (await shop.get(drawn)).cause is Cause.SOURCE_GONE
    assert [*shop.paid.requests, *shop.free.requests] == []


async def test_an_open_order_needs_its_source_no_more(shop: Workshop) -> None:
    async def ordered(ticket: Ticket) -> None:
        if ticket.remote_id is None:
            await ticket.keep("order-7")
            raise NotNow(Cause.UNAVAILABLE, "while asking how it goes", retry_after=5)

    shop.paid.remember([replace(PAID, sources=1)])
    shop.sources.pictures["photo"] = png(8, 8)
    shop.paid.outcomes.extend([ordered, ordered])
    drawn = await shop.ask_one(Wish("at night", model=PAID.key, sources=("photo",)))
    await shop.work()
    del shop.sources.pictures["photo"]
    await shop.work_until_done()
    assert await shop.status(drawn) is Status.DELIVERED
    assert [len(request.sources) for request in shop.paid.requests] == [1, 0]


async def spent(shop: Workshop) -> int:
    async with shop.database.read() as tx:
        return sum(row["credits"] for row in await tx.fetch("SELECT credits FROM spending", {}))


def capped(shop: Workshop, cap: int) -> None:
    shop.paid.settings = Settings(daily_cap=cap)


async def test_a_service_draws_no_more_in_a_day_than_it_may(shop: Workshop) -> None:
    capped(shop, 2)
    drawn = [(await shop.ask(key=f"msg:1:{index}"))[0].generation_id for index in range(3)]
    await shop.work_until_done()
    assert [(await shop.get(each)).cause for each in drawn] == [None, None, Cause.SPENT_TODAY]
    assert (len(shop.paid.requests), await spent(shop), await shop.left()) == (2, 2, CREDITS - 2)
    shop.clock.advance(24 * 3600)
    again = (await shop.ask(key="msg:2:1"))[0].generation_id
    await shop.work_until_done()
    assert await shop.status(again) is Status.DELIVERED


async def test_beyond_the_cap_the_next_of_the_list_draws(shop: Workshop) -> None:
    capped(shop, 0)
    shop.asking_in_turn(FREE.key)
    drawn = await shop.ask_one()
    await shop.work()
    assert (await shop.get(drawn)).model == FREE.key
    assert shop.paid.requests == []


@pytest.mark.parametrize(
    ("error", "counted"),
    [
        (Refused(Cause.PROMPT_REFUSED), 0),
        (NotNow(Cause.UNAVAILABLE), 1),
        (Unknown(Cause.CUT_OFF), 1),
        (Refused(Cause.NO_PICTURE), 1),
    ],
    ids=["refused", "drawn at the second try", "unknown", "drawn and lost"],
)
async def test_only_what_may_have_been_billed_is_counted(shop: Workshop, error: ProviderError, counted: int) -> None:
    capped(shop, 5)
    shop.paid.outcomes.append(error)
    await shop.ask_one()
    await shop.work_until_done()
    assert await spent(shop) == counted


async def test_what_a_killed_process_asked_for_stays_counted(shop: Workshop) -> None:
    capped(shop, 1)
    shop.paid.outcomes.append(Killed())
    drawn = await shop.ask_one()
    await shop.die()
    await shop.work_until_done()
    assert ((await shop.get(drawn)).cause, len(shop.paid.requests)) == (Cause.SPENT_TODAY, 1)
    assert await shop.mistakes() == []


@pytest.mark.parametrize("price", [0, 1, 6])
async def test_what_waits_is_drawn_by_its_model_for_what_it_cost_when_it_was_asked_for(
    shop: Workshop, price: int
) -> None:
    drawn = await shop.ask_one(Wish("a fox", model=DEAR.key))
    shop.providers.price({DEAR.key: price})
    await shop.work_until_done()
    generation = await shop.get(drawn)
    assert (generation.model, generation.price, generation.wished.model) == (DEAR.key, DEAR.price, None)
    assert (await shop.left(), await shop.held()) == (CREDITS - DEAR.price, 0)
    other = await shop.ask_one(Wish("an owl", model=DEAR.key), "msg:2:2")
    assert (await shop.get(other)).price == price
    await shop.work_until_done()


async def test_what_waits_for_a_model_that_is_offered_no_more_goes_to_another(shop: Workshop) -> None:
    drawn = await shop.ask_one(Wish("a fox", model=DEAR.key))
    shop.providers.price({DEAR.key: OFF})
    await shop.work_until_done()
    assert (await shop.get(drawn)).model == FREE.key
    assert await shop.left() == CREDITS - FREE.price
