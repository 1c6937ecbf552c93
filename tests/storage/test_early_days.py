"""A clock that ran ahead is right again: the days that it brought too early come once more, at their time."""

import pytest

from bot.quota.rules import Balance
from bot.storage.database import Database
from tests.storage.test_ledger import DAY, Books


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


async def test_a_step_back_over_midnight_neither_gives_a_day_nor_takes_it(books: Books) -> None:
    books.clock.seconds = float(books.ledger.next_grant_at())
    await books.hold("fox", 4)
    books.clock.advance(-60)
    assert await books.pockets() == (6, 0, 4, 0)
    books.clock.advance(+60)
    assert await books.pockets() == (6, 0, 4, 0)
    assert await books.audit() == []


async def test_nobody_waits_for_two_midnights_after_a_clock_that_ran_a_day_ahead(books: Books) -> None:
    await books.hold("fox", 10)
    books.clock.advance(DAY)
    await books.hold("hen", 10)
    books.clock.advance(-DAY)
    assert await books.pockets() == (0, 0, 20, 0)
    books.clock.seconds = float(books.ledger.next_grant_at())
    assert await books.balance() == Balance("2027-01-16~", 10, 0, 20, 0)
    await books.hold("owl", 10)
    for step in (-DAY, +DAY):
        books.clock.advance(step)
        assert (await books.pockets())[0] == 0  # a date has no third day
    books.clock.seconds = float(books.ledger.next_grant_at())
    assert (await books.pockets())[0] == 10
    assert await books.audit() == []


async def test_days_that_have_not_come_are_ended_for_all_at_once(books: Books) -> None:
    await books.hold("fox", 10)
    books.clock.advance(DAY)
    await books.hold("hen", 10)
    books.clock.advance(-DAY)
    for expected in (1, 0):
        async with books.database.write() as tx:
            assert await books.ledger.end_early_days(tx) == expected
    books.clock.advance(DAY)
    await books.hold("owl", 10)
    assert await books.audit() == []
