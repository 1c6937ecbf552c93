"""The job behind a picture, with every way in which it can end."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import (
    Cause,
    DeliveryNotNow,
    DeliveryRefused,
    DeliveryUnknown,
    NotNow,
    NotSent,
    ProviderError,
    Refused,
    Unknown,
)
from bot.images import GeneratedImage
from bot.imagine import store
from bot.imagine.rules import MOST_ATTEMPTS, PATIENCE, READY_KEPT, SHELF_KEPT, Status, Wish
from bot.jobs import store as jobs
from bot.providers import Ticket
from bot.storage import open_database
from bot.users import store as users
from tests.busy import BusyDatabase
from tests.features.workshop import CREDITS, FREE, Killed, Workshop, never
from tests.generations import ANNA
from tests.vaults import vault_in

GRATIS = Wish("a fox", model=FREE.key)


@pytest.fixture
async def database(data_dir: Path) -> AsyncIterator[BusyDatabase]:
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    yield BusyDatabase(database)
    await database.close()


@pytest.fixture
async def shop(database: BusyDatabase, data_dir: Path) -> AsyncIterator[Workshop]:
    """A workshop; at the end nothing may be wrong in it."""
    async with Workshop(database, data_dir) as shop:
        yield shop
    assert await shop.mistakes() == []


async def test_a_wish_becomes_a_picture_that_is_paid_once_it_is_shown(shop: Workshop) -> None:
    drawn = await shop.ask_one()
    assert (await shop.left(), await shop.held()) == (CREDITS - 1, 1)
    await shop.work()
    generation = await shop.get(drawn)
    assert generation.status is Status.DELIVERED
    assert (generation.shown_as, generation.file_id, generation.note_id) == ("photo", f"file-{drawn}", 1001)
    assert (generation.width, generation.height, generation.original_id) == (8, 6, None)
    assert generation.draw_ms is not None
    assert (await shop.left(), await shop.held()) == (CREDITS - 1, 0)
    assert not await shop.work()


async def test_a_picture_shown_as_a_file_is_its_own_original(shop: Workshop) -> None:
    shop.chat.kind = "document"
    drawn = await shop.ask_one()
    await shop.work()
    assert (await shop.get(drawn)).original_id == f"file-{drawn}"


async def test_the_original_is_kept_for_some_days(shop: Workshop) -> None:
    drawn = await shop.ask_one()
    await shop.work()
    async with shop.database.read() as tx:
        assert await shop.imagine.original(tx, await shop.get(drawn)) is not None
    await shop.shelf.sweep(shop.database, shop.clock.now() + SHELF_KEPT)
    async with shop.database.read() as tx:
        assert await shop.imagine.original(tx, await shop.get(drawn)) is None


@pytest.mark.parametrize("cause", Cause)
async def test_a_refusal_gives_the_credits_back_and_is_told(shop: Workshop, cause: Cause) -> None:
    shop.paid.outcomes.append(Refused(cause, "foreign words"))
    shop.free.outcomes.append(Refused(cause, "by whoever stands in for a model that is gone, too"))
    drawn = await shop.ask_one()
    await shop.work()
    generation = await shop.get(drawn)
    assert (generation.status, generation.cause) == (Status.FAILED, cause)
    assert generation.error_id
    assert (await shop.left(), await shop.held()) == (CREDITS, 0)
    assert shop.chat.told == ([(drawn, Status.FAILED)] if cause is not Cause.CHAT_CLOSED else [])


@pytest.mark.parametrize("error", [NotNow(Cause.RATE_LIMITED, retry_after=20), NotSent(Cause.UNREACHABLE)])
async def test_a_busy_service_is_asked_again_and_the_note_says_so(shop: Workshop, error: ProviderError) -> None:
    shop.paid.outcomes.extend([error] * 4)
    drawn = await shop.ask_one()
    await shop.work()
    waiting = await shop.get(drawn)
    assert (waiting.status, waiting.cause) == (Status.QUEUED, error.cause)
    assert not await shop.work()
    await shop.work_until_done()
    assert await shop.status(drawn) is Status.DELIVERED
    assert len(shop.paid.requests) == 5
    assert (drawn, Status.QUEUED) in shop.chat.told


async def test_a_service_is_not_asked_before_the_time_it_named(shop: Workshop) -> None:
    shop.paid.outcomes.append(NotNow(Cause.RATE_LIMITED, retry_after=60))
    await shop.ask_one()
    await shop.work()
    shop.clock.advance(59)
    assert not await shop.work()
    shop.clock.advance(1)
    assert await shop.work()


async def test_a_service_that_stays_busy_ends_in_a_failure_within_its_time(shop: Workshop) -> None:
    shop.paid.outcomes.extend([NotNow(Cause.UNAVAILABLE)] * MOST_ATTEMPTS)
    drawn = await shop.ask_one()
    began = shop.clock.now()
    await shop.work_until_done()
    assert (await shop.get(drawn)).cause is Cause.UNAVAILABLE
    assert shop.clock.now() - began <= PATIENCE
    assert await shop.left() == CREDITS


async def test_what_may_have_been_billed_is_not_asked_again(shop: Workshop) -> None:
    shop.paid.outcomes.append(Unknown(Cause.CUT_OFF))
    drawn = await shop.ask_one()
    await shop.work_until_done()
    assert (await shop.status(drawn), len(shop.paid.requests)) == (Status.FAILED, 1)


async def test_what_costs_nothing_is_asked_again_twice(shop: Workshop) -> None:
    shop.free.outcomes.extend([Unknown(Cause.CUT_OFF)] * 2)
    drawn = await shop.ask_one(GRATIS)
    await shop.work_until_done()
    assert (await shop.status(drawn), len(shop.free.requests)) == (Status.DELIVERED, 3)
    shop.free.outcomes.extend([Unknown(Cause.CUT_OFF)] * 9)
    failed = await shop.ask_one(GRATIS, "msg:1:2")
    await shop.work_until_done()
    assert (await shop.status(failed), len(shop.free.requests)) == (Status.FAILED, 6)


async def test_a_service_that_never_answers_is_ended_in_time(shop: Workshop) -> None:
    shop.asking_in_turn(job_timeout=0.2)
    shop.paid.outcomes.append(never)
    drawn = await shop.ask_one()
    await shop.work()
    assert (await shop.get(drawn)).cause is Cause.TIMED_OUT


async def test_a_broken_adapter_is_a_failure_like_another(shop: Workshop) -> None:
    shop.paid.outcomes.append(KeyError("images"))
    drawn = await shop.ask_one()
    await shop.work()
    assert (await shop.get(drawn)).cause is Cause.INTERNAL


async def test_no_picture_and_no_real_picture_are_failures(shop: Workshop) -> None:
    async def nothing(_: Ticket) -> list[GeneratedImage]:
        return []

    async def cut_off(_: Ticket) -> list[GeneratedImage]:
        picture = shop.paid.picture()
        picture.path.write_bytes(picture.path.read_bytes()[:-20])
        return [picture]

    shop.paid.outcomes.extend([nothing, cut_off])
    for key, cause in (("a", Cause.NO_PICTURE), ("b", Cause.NOT_A_PICTURE)):
        drawn = await shop.ask_one(key=key)
        await shop.work()
        assert (await shop.get(drawn)).cause is cause


async def test_more_pictures_than_asked_for_are_thrown_away(shop: Workshop, data_dir: Path) -> None:
    async def three(_: Ticket) -> list[GeneratedImage]:
        return [shop.paid.picture(), shop.paid.picture(), shop.paid.picture()]

    shop.paid.outcomes.append(three)
    await shop.ask_one()
    await shop.work()
    assert list((data_dir / "spool").iterdir()) == []
    assert len(list((data_dir / "shelf").iterdir())) == 1


async def test_a_process_that_dies_while_drawing_draws_again_once(shop: Workshop) -> None:
    shop.paid.outcomes.extend([Killed()])
    drawn = await shop.ask_one()
    await shop.die()
    await shop.work()
    assert (await shop.status(drawn), len(shop.paid.requests)) == (Status.DELIVERED, 2)


async def test_a_process_that_dies_twice_while_drawing_spends_no_more(shop: Workshop) -> None:
    shop.paid.outcomes.extend([Killed(), Killed()])
    drawn = await shop.ask_one()
    await shop.die()
    await shop.die()
    await shop.work()
    assert (await shop.get(drawn)).cause is Cause.INTERRUPTED
    assert (len(shop.paid.requests), await shop.left()) == (2, CREDITS)


async def test_where_drawing_is_free_many_deaths_are_survived(shop: Workshop) -> None:
    shop.free.outcomes.extend([Killed()] * 10)
    drawn = await shop.ask_one(GRATIS)
    for _ in range(10):
        await shop.die()
    await shop.work()
    assert await shop.status(drawn) is Status.DELIVERED


async def test_an_order_is_come_back_to_after_a_death(shop: Workshop) -> None:
    seen: list[str | None] = []

    async def ordered(ticket: Ticket) -> None:
        seen.append(ticket.remote_id)
        await ticket.keep("order-1")
        raise Killed

    async def fetched(ticket: Ticket) -> None:
        seen.append(ticket.remote_id)

    shop.paid.outcomes.extend([ordered, ordered, ordered, fetched])
    drawn = await shop.ask_one()
    for _ in range(3):
        await shop.die()
    await shop.work()
    assert await shop.status(drawn) is Status.DELIVERED
    assert seen == [None, "order-1", "order-1", "order-1"]


async def test_a_picture_on_the_shelf_is_not_drawn_again(shop: Workshop) -> None:
    shop.chat.outcomes.append(Killed())
    drawn = await shop.ask_one()
    await shop.die()
    assert await shop.status(drawn) is Status.READY
    await shop.work()
    assert (await shop.status(drawn), len(shop.paid.requests)) == (Status.DELIVERED, 1)


async def test_a_shelf_that_lost_its_picture_charges_nothing(shop: Workshop, data_dir: Path) -> None:
    shop.chat.outcomes.append(Killed())
    drawn = await shop.ask_one()
    await shop.die()
    for file in (data_dir / "shelf").iterdir():
        file.unlink()
    await shop.work()
    assert (await shop.get(drawn)).cause is Cause.PICTURE_GONE


async def test_a_chat_that_has_to_wait_gets_its_picture_later(shop: Workshop) -> None:
    shop.chat.outcomes.append(DeliveryNotNow(shop.clock.now() + 3600))
    drawn = await shop.ask_one()
    await shop.work()
    shop.clock.advance(3599)
    assert not await shop.work()
    shop.clock.advance(1)
    await shop.work()
    assert (await shop.status(drawn), len(shop.paid.requests)) == (Status.DELIVERED, 1)


async def test_a_chat_that_has_to_wait_for_days_is_given_up(shop: Workshop) -> None:
    shop.chat.outcomes.append(DeliveryNotNow(shop.clock.now() + READY_KEPT))
    drawn = await shop.ask_one()
    await shop.work()
    shop.clock.advance(READY_KEPT)
    await shop.work()
    assert (await shop.status(drawn), shop.chat.told) == (Status.EXPIRED, [(drawn, Status.EXPIRED)])


@pytest.mark.parametrize("outcome", [None, DeliveryRefused(Cause.CHAT_CLOSED)], ids=["shown", "refused"])
async def test_what_became_of_a_picture_is_written_down_as_soon_as_the_database_is_free(
    shop: Workshop, database: BusyDatabase, outcome: DeliveryRefused | None
) -> None:
    drawn = await shop.ask_one()
    shop.chat.outcomes.extend([outcome] if outcome else [])
    shop.chat.on_show = lambda: database.lock(writes=2)
    await shop.work()
    assert await shop.status(drawn) is (Status.FAILED if outcome else Status.DELIVERED)
    assert not await shop.work()


async def test_a_picture_that_is_drawn_while_the_database_is_in_use_is_not_drawn_again(
    shop: Workshop, database: BusyDatabase
) -> None:
    async def lock(_: Ticket) -> None:
        database.lock(writes=2)

    drawn = await shop.ask_one()
    shop.paid.outcomes.append(lock)
    await shop.work()
    assert await shop.status(drawn) is Status.DELIVERED
    assert len(shop.paid.requests) == 1


async def test_who_blocked_the_bot_pays_nothing_and_is_known_to_be_gone(shop: Workshop) -> None:
    shop.chat.outcomes.append(DeliveryRefused(Cause.CHAT_CLOSED))
    drawn = await shop.ask_one()
    await shop.work()
    async with shop.database.read() as tx:
        person = await users.get(tx, ANNA)
    assert person is not None
    assert person.gone
    assert (await shop.status(drawn), shop.chat.told) == (Status.FAILED, [])


@pytest.mark.parametrize("cause", [Cause.PICTURE_UNSENDABLE, Cause.NOT_A_PICTURE])
async def test_a_picture_that_telegram_refuses_is_told_and_not_paid_for(shop: Workshop, cause: Cause) -> None:
    shop.chat.outcomes.append(DeliveryRefused(cause))
    before = await shop.left()
    drawn = await shop.ask_one()
    await shop.work()
    assert (await shop.get(drawn)).cause is cause
    assert shop.chat.told == [(drawn, Status.FAILED)]
    assert await shop.left() == before


async def test_a_sending_with_an_unknown_end_waits_for_a_press(shop: Workshop) -> None:
    shop.chat.outcomes.append(DeliveryUnknown())
    drawn = await shop.ask_one()
    await shop.work()
    assert (await shop.get(drawn)).unsure
    assert shop.chat.told == [(drawn, Status.READY)]
    shop.clock.advance(READY_KEPT - 1)
    assert not await shop.work()
    async with shop.database.write() as tx:
        assert await shop.imagine.show(tx, drawn, ANNA)
        assert not await shop.imagine.show(tx, drawn, ANNA)
    await shop.work_until_done()
    assert (await shop.status(drawn), shop.chat.shown) == (Status.DELIVERED, [drawn])


async def test_a_picture_that_nobody_asks_for_is_put_away_after_a_day(shop: Workshop) -> None:
    shop.chat.outcomes.append(DeliveryUnknown())
    drawn = await shop.ask_one()
    await shop.work()
    shop.clock.advance(READY_KEPT)
    await shop.work()
    assert (await shop.status(drawn), await shop.held()) == (Status.EXPIRED, 0)
    assert shop.chat.told[-1] == (drawn, Status.EXPIRED)
    async with shop.database.write() as tx:
        assert not await shop.imagine.show(tx, drawn, ANNA)


async def test_a_picture_that_comes_after_a_cancel_is_thrown_away(shop: Workshop, data_dir: Path) -> None:
    async def cancelled(_: Ticket) -> None:
        async with shop.database.write() as tx:
            assert await shop.imagine.cancel(tx, drawn, ANNA)

    shop.paid.outcomes.append(cancelled)
    drawn = await shop.ask_one()
    assert await shop.work()
    assert (await shop.status(drawn), await shop.left(), shop.chat.shown) == (Status.CANCELLED, CREDITS, [])
    assert list((data_dir / "shelf").iterdir()) == []


async def test_a_job_without_a_generation_goes_away(shop: Workshop) -> None:
    async with shop.database.write() as tx:
        await jobs.add(tx, "generate", "nobody", "user:1", shop.clock.now())
        await jobs.add(tx, "expire", "nobody", "expire", shop.clock.now())
    assert await shop.work()
    assert await shop.work()
    assert not await shop.work()


async def test_the_usual_time_is_the_median_of_what_was_shown(shop: Workshop) -> None:
    for number, draw_ms in enumerate((1000, 9000, 2000)):
        drawn = await shop.ask_one(key=str(number))
        await shop.work()
        shop.clock.advance(1)
        async with shop.database.write() as tx:
            await tx.execute(
                "UPDATE generations SET draw_ms = :ms WHERE generation_id = :id", {"ms": draw_ms, "id": drawn}
            )
    async with shop.database.read() as tx:
        assert await shop.imagine.typical(tx, "paid/one") == 2
        assert await shop.imagine.typical(tx, "free/two") is None
        assert await store.typical_ms(tx, "paid/one", limit=2) == 5500
