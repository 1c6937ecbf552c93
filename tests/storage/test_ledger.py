"""The books on both databases. tests/storage/test_ledger_model.py compares them with a model of ten lines."""

import asyncio
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest

from bot.quota import store
from bot.quota.rules import MOST_CREDITS, Balance, Entry, Kind
from bot.quota.service import Ledger, LedgerBroken, NotEnoughCredits, PaidWorkStopped
from bot.storage.database import Database
from tests.sandbox.clock import HandClock

ANNA, BORIS = 101, 102
MORNING = 1_800_000_000  # 2027-01-15 08:00 UTC
DAY = 86_400


class Books:
    """A ledger in which each verb is a transaction of its own."""

    def __init__(self, database: Database, daily_credits: int = 10) -> None:
        self.database = database
        self.clock = HandClock(MORNING)
        self.ledger = Ledger(daily_credits, ZoneInfo("UTC"), self.clock)

    async def balance(self) -> Balance:
        async with self.database.write() as tx:
            return await self.ledger.balance(tx, ANNA)

    async def pockets(self) -> tuple[int, int, int, int]:
        """Daily, kept, held, spent today."""
        balance = await self.balance()
        return balance.daily, balance.kept, balance.held, balance.spent_today

    async def hold(self, picture: str, price: int = 1) -> None:
        async with self.database.write() as tx:
            await self.ledger.hold(tx, ANNA, picture, price)

    async def settle(self, picture: str, price: int | None = None) -> bool:
        async with self.database.write() as tx:
            return await self.ledger.settle(tx, picture, price)

    async def release(self, picture: str) -> bool:
        async with self.database.write() as tx:
            return await self.ledger.release(tx, picture)

    async def grant(self, amount: int, source: str = "gift") -> bool:
        async with self.database.write() as tx:
            return await self.ledger.grant(tx, ANNA, amount, source)

    async def revoke(self, amount: int, source: str = "gift") -> int:
        async with self.database.write() as tx:
            return await self.ledger.revoke(tx, ANNA, amount, source)

    async def audit(self) -> list[str]:
        async with self.database.read() as tx:
            return await self.ledger.audit(tx)

    async def run(self, sql: str) -> None:
        async with self.database.write() as tx:
            assert await tx.execute(sql, {}) == 1


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


async def test_a_picture_is_held_and_then_paid(books: Books) -> None:
    assert await books.pockets() == (10, 0, 0, 0)
    await books.hold("fox", 3)
    assert await books.pockets() == (7, 0, 3, 0)
    assert await books.settle("fox")
    assert await books.pockets() == (7, 0, 0, 3)
    assert await books.audit() == []


async def test_a_picture_that_cost_less_than_was_held_gives_the_rest_back(books: Books) -> None:
    await books.grant(5)
    await books.hold("fox", 12)
    assert await books.pockets() == (0, 3, 12, 0)
    assert await books.settle("fox", 4)
    assert await books.pockets() == (6, 5, 0, 4)
    assert not await books.settle("fox")
    assert not await books.release("fox")
    assert await books.audit() == []


async def test_the_rest_of_a_day_that_is_over_is_gone_with_it(books: Books) -> None:
    await books.grant(5)
    await books.hold("fox", 12)
    books.clock.advance(24 * 3600)
    assert await books.settle("fox", 4)
    assert await books.pockets() == (10, 5, 0, 0)
    assert await books.audit() == []


async def test_a_picture_that_turned_out_free_gives_everything_back(books: Books) -> None:
    await books.hold("fox", 3)
    assert await books.settle("fox", 0)
    assert await books.pockets() == (10, 0, 0, 0)
    assert await books.audit() == []


async def test_the_audit_sees_a_rest_that_was_given_back_twice(books: Books) -> None:
    await books.hold("fox", 5)
    await books.settle("fox", 2)
    async with books.database.write() as tx:
        await tx.execute("UPDATE entries SET daily = daily + 1 WHERE source = 'fox:rest'", {})
        await tx.execute("UPDATE balances SET daily = daily + 1", {})
    assert await books.audit() != []


async def test_a_picture_that_does_not_come_costs_nothing(books: Books) -> None:
    await books.hold("fox", 3)
    assert await books.release("fox")
    assert await books.pockets() == (10, 0, 0, 0)
    assert await books.audit() == []


async def test_a_hold_ends_once(books: Books) -> None:
    await books.hold("fox", 3)
    await books.hold("hen", 3)
    assert await books.settle("fox")
    assert await books.release("hen")
    for picture in ("fox", "hen", "owl"):
        assert not await books.settle(picture)
        assert not await books.release(picture)
    assert await books.pockets() == (7, 0, 0, 3)
    assert await books.audit() == []


async def test_a_free_picture_leaves_no_line(books: Books) -> None:
    await books.hold("fox", 0)
    assert not await books.settle("fox")
    assert not await books.release("fox")
    async with books.database.read() as tx:
        assert await tx.fetch("SELECT * FROM entries", {}) == []


async def test_nobody_spends_more_than_there_is(books: Books) -> None:
    await books.hold("fox", 8)
    with pytest.raises(NotEnoughCredits) as refused:
        await books.hold("hen", 3)
    assert refused.value.text == "quota-used-up"
    assert refused.value.values == {"price": 3, "left": 2, "hours": 16}
    assert await books.pockets() == (2, 0, 8, 0)
    assert await books.audit() == []


async def test_who_can_never_pay_is_not_told_to_wait(books: Books) -> None:
    with pytest.raises(NotEnoughCredits) as refused:
        await books.hold("fox", 11)
    assert refused.value.text == "quota-too-dear"
    assert refused.value.values == {"price": 11, "left": 10}


async def test_given_credits_stay_and_are_spent_last(books: Books) -> None:
    assert await books.grant(5)
    await books.hold("fox", 12)
    assert await books.pockets() == (0, 3, 12, 0)
    assert await books.settle("fox")
    books.clock.advance(DAY)
    assert await books.pockets() == (10, 3, 0, 0)
    assert await books.audit() == []


async def test_the_same_gift_is_given_once_and_taken_back_once(books: Books) -> None:
    assert await books.grant(5)
    assert not await books.grant(5)
    await books.hold("fox", 12)
    assert await books.revoke(5) == 3
    assert await books.revoke(5) == 0
    assert await books.pockets() == (0, 0, 12, 0)
    assert await books.audit() == []


async def test_what_is_left_of_a_day_ends_with_it(books: Books) -> None:
    await books.hold("fox", 4)
    await books.settle("fox")
    books.clock.advance(DAY)
    assert await books.balance() == Balance("2027-01-16", 10, 0, 0, 0)
    books.clock.advance(30 * DAY)
    assert await books.balance() == Balance("2027-02-15", 10, 0, 0, 0)
    assert await books.audit() == []


async def test_released_credits_come_back_to_their_day_only(books: Books) -> None:
    await books.grant(5)
    await books.hold("fox", 12)
    books.clock.advance(DAY)
    await books.hold("hen", 1)
    assert await books.release("fox")
    assert await books.pockets() == (9, 5, 1, 0)
    assert await books.audit() == []


async def test_a_picture_of_yesterday_is_paid_from_yesterday(books: Books) -> None:
    await books.hold("fox", 4)
    books.clock.advance(DAY)
    assert await books.settle("fox")
    assert await books.pockets() == (10, 0, 0, 0)
    assert await books.audit() == []


async def test_a_clock_that_steps_back_gives_no_second_allowance(books: Books) -> None:
    books.clock.advance(16 * 3600)
    await books.hold("fox", 10)
    for step in (-1, +1, -60, +60, -3600, +3600):
        books.clock.advance(step)
        assert await books.pockets() == (0, 0, 10, 0)
    assert await books.audit() == []


async def test_a_clock_that_ran_ahead_locks_nobody_out(books: Books) -> None:
    await books.hold("fox", 4)
    books.clock.advance(400 * DAY)
    await books.hold("hen", 10)
    books.clock.advance(-400 * DAY)
    assert await books.pockets() == (0, 0, 14, 0)
    with pytest.raises(NotEnoughCredits):
        await books.hold("owl", 1)
    books.clock.advance(DAY)
    assert await books.balance() == Balance("2027-01-16", 10, 0, 14, 0)
    assert await books.audit() == []


async def test_a_day_that_a_clock_saw_before_is_given_once(books: Books) -> None:
    for _ in range(3):
        for picture in ("fox", "hen"):
            with suppress(NotEnoughCredits):
                await books.hold(f"{picture} {books.clock.now()}", 10)
            books.clock.advance(400 * DAY)
        books.clock.advance(-800 * DAY)
    async with books.database.read() as tx:
        grants = await tx.fetch("SELECT day, SUM(daily) AS daily FROM entries WHERE kind = 'grant' GROUP BY day", {})
    assert {row["daily"] for row in grants} == {10}
    assert len(grants) == 2
    assert await books.audit() == []


async def test_a_day_that_ends_twice_ends_with_what_was_released_in_between(books: Books) -> None:
    await books.hold("fox", 4)
    books.clock.advance(400 * DAY)
    assert await books.pockets() == (10, 0, 4, 0)
    books.clock.advance(-400 * DAY)
    assert await books.pockets() == (0, 0, 4, 0)
    assert await books.release("fox")
    assert await books.pockets() == (4, 0, 0, 0)
    books.clock.advance(DAY)
    assert await books.pockets() == (10, 0, 0, 0)
    assert await books.audit() == []


async def test_without_daily_credits_only_gifts_count(database: Database) -> None:
    books = Books(database, daily_credits=0)
    assert await books.pockets() == (0, 0, 0, 0)
    with pytest.raises(NotEnoughCredits):
        await books.hold("fox")
    await books.grant(1)
    await books.hold("fox")
    assert await books.pockets() == (0, 0, 1, 0)
    assert await books.audit() == []


@pytest.mark.parametrize("amount", [-1, MOST_CREDITS + 1, 2**63])
async def test_amounts_that_are_none_are_refused(books: Books, amount: int) -> None:
    with pytest.raises(ValueError, match="no amount"):
        await books.hold("fox", amount)
    with pytest.raises(ValueError, match="no amount"):
        await books.grant(amount)
    with pytest.raises(ValueError, match="no amount"):
        await books.revoke(amount)
    assert await books.pockets() == (10, 0, 0, 0)


async def test_the_same_picture_cannot_be_held_twice(books: Books) -> None:
    await books.hold("fox", 3)
    with pytest.raises(LedgerBroken):
        await books.hold("fox", 3)
    assert await books.pockets() == (7, 0, 3, 0)


async def test_a_thousand_parallel_wishes_with_ten_credits_hold_exactly_ten(books: Books) -> None:
    holds = (books.hold(f"picture {number}") for number in range(1000))
    answers = await asyncio.gather(*holds, return_exceptions=True)
    assert answers.count(None) == 10
    assert sum(isinstance(answer, NotEnoughCredits) for answer in answers) == 990
    assert await books.pockets() == (0, 0, 10, 0)
    assert await books.audit() == []


async def test_parallel_ends_of_one_hold_count_once(books: Books) -> None:
    await books.hold("fox", 4)
    ends = [end("fox") for _ in range(50) for end in (books.settle, books.release)]
    assert sum(await asyncio.gather(*ends)) == 1
    assert (await books.balance()).held == 0
    assert await books.audit() == []


async def test_parallel_first_looks_give_one_allowance(books: Books) -> None:
    assert {(await books.balance()).left for _ in range(3)} == {10}
    books.clock.advance(DAY)
    looks = await asyncio.gather(*(books.balance() for _ in range(100)))
    assert {look.left for look in looks} == {10}
    assert await books.audit() == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE balances SET daily = daily + 1", "user 101: daily +1, kept +0, held +0"),
        ("UPDATE balances SET kept = kept + 2", "user 101: daily +0, kept +2, held +0"),
        ("UPDATE balances SET held = held - 1", "user 101: daily +0, kept +0, held -1"),
        ("DELETE FROM balances", "user 101: daily -7, kept +0, held -3"),
        ("DELETE FROM entries WHERE kind = 'hold'", "user 101: daily -3, kept +0, held +3"),
    ],
)
async def test_a_wrong_row_is_found_and_stops_paid_work_until_it_is_right(books: Books, sql: str, said: str) -> None:
    await books.hold("fox", 3)
    assert await books.audit() == []
    async with books.database.read() as tx:
        before = [dict(row) for row in await tx.fetch("SELECT daily, kept, held FROM balances", {})]
    await books.run(sql)
    assert await books.audit() == [said]
    with pytest.raises(PaidWorkStopped):
        await books.hold("hen")
    await books.hold("owl", 0)
    if sql.startswith("UPDATE"):
        await books.run("UPDATE balances SET daily = {daily}, kept = {kept}, held = {held}".format(**before[0]))
        assert await books.audit() == []
        await books.hold("hen")


async def test_an_end_without_its_hold_is_found(books: Books) -> None:
    await books.hold("fox", 3)
    await books.settle("fox")
    await books.run("UPDATE entries SET source = 'hen' WHERE kind = 'settle'")
    assert await books.audit() == ["settle of hen does not match its hold"]


async def test_a_settle_beyond_what_is_held_is_rolled_back(books: Books) -> None:
    await books.hold("fox", 3)
    await books.run("UPDATE balances SET held = 1")
    with pytest.raises(LedgerBroken):
        await books.settle("fox")
    async with books.database.read() as tx:
        assert await store.get_entry(tx, "fox", Kind.SETTLE) is None
        assert await store.get_entry(tx, "fox", Kind.HOLD) == Entry("fox", Kind.HOLD, ANNA, "2027-01-15", 3, 0, MORNING)


async def test_the_audit_of_each_minute_looks_at_whoever_spends_and_the_long_one_at_everybody(
    database: Database,
) -> None:
    books = Books(database)
    await books.hold("one")
    books.clock.advance(3 * DAY)
    async with database.write() as tx:
        await books.ledger.hold(tx, BORIS, "two", 1)
        await tx.execute("UPDATE balances SET held = held + 1 WHERE user_id = :who", {"who": ANNA})
    async with database.read() as tx:
        assert await books.ledger.audit(tx, everybody=False) == []
        assert len(await books.ledger.audit(tx)) == 1
        # Once something was found, no shorter look gives the all-clear.
        assert len(await books.ledger.audit(tx, everybody=False)) == 1
    async with database.write() as tx:
        await tx.execute("UPDATE balances SET held = held - 1 WHERE user_id = :who", {"who": ANNA})
        await tx.execute("UPDATE balances SET kept = kept + 1 WHERE user_id = :who", {"who": BORIS})
    async with database.read() as tx:
        assert len(await books.ledger.audit(tx)) == 1
    async with database.write() as tx:
        await tx.execute("UPDATE balances SET kept = kept - 1 WHERE user_id = :who", {"who": BORIS})
    async with database.read() as tx:
        assert await books.ledger.audit(tx) == []
        assert await books.ledger.audit(tx, everybody=False) == []
