"""Rows of groups and what a pot knows, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chats import store
from bot.chats.admins import Admins
from bot.chats.rules import Chat
from bot.chats.service import Host, Means, fill
from bot.errors import Errand, UserError
from bot.imagine import store as generations
from bot.quota.service import Ledger
from bot.storage.database import Database, Transaction
from tests.generations import generation
from tests.sandbox.clock import HandClock

GROUP = -100_777
ANNA, BORIS = 11, 12
DAY = 86_400
numbers = count(1)


async def nobody(_: int, __: int) -> str:
    return "member"


class Pot:
    """A group with its pot."""

    def __init__(self, database: Database, chat_id: int = GROUP) -> None:
        self.database = database
        self.clock = HandClock(1_800_000_000)
        self.ledger = Ledger(5, ZoneInfo("UTC"), self.clock)
        self.means = Means(self.ledger, Admins(nobody, self.clock), self.clock, ZoneInfo("UTC"))
        self.chat_id = chat_id

    async def fill(self, amount: int) -> None:
        async with self.database.write() as tx:
            await fill(tx, self.ledger, self.chat_id, amount, f"gift {next(numbers)}")

    async def draw(self, who: int, price: int = 1) -> tuple[str, int | None]:
        """Begin a picture; its id and who pays."""
        picture = f"picture {next(numbers)}"
        async with self.database.write() as tx:
            host = Host(await store.get(tx, self.chat_id), self.means)
            payer = await host.payer(tx, who, price)
            wanted = generation(generation_id=picture, user_id=who, chat_id=self.chat_id, payer_id=payer, price=price)
            await generations.insert(tx, wanted, picture)
            await self.ledger.hold(tx, payer or who, picture, price)
        return picture, payer

    async def end(self, picture: str, verb: str) -> None:
        async with self.database.write() as tx:
            await getattr(self.ledger, verb)(tx, picture)

    async def left(self, account: int) -> tuple[int, int]:
        async with self.database.write() as tx:
            balance = await self.ledger.balance(tx, account)
        return balance.left, balance.held


@pytest.fixture
async def pot(database: Database) -> AsyncIterator[Pot]:
    pot = Pot(database)
    yield pot
    async with database.read() as tx:
        assert await pot.ledger.audit(tx) == []


async def changed(tx: Transaction, **fields: object) -> Chat:
    return await store.change(tx, GROUP, **fields)


async def test_a_chat_that_nobody_wrote_about_has_no_rules(database: Database) -> None:
    async with database.read() as tx:
        assert await store.get(tx, GROUP) == Chat(GROUP)


async def test_what_is_chosen_is_kept_and_touches_nothing_else(database: Database) -> None:
    async with database.write() as tx:
        await changed(tx, spoiler=True, models=("a/b", "c/d"), allowed=False)
        assert await changed(tx, gap=30) == Chat(GROUP, allowed=False, models=("a/b", "c/d"), spoiler=True, gap=30)
        assert await store.get(tx, GROUP - 1) == Chat(GROUP - 1)


async def test_a_group_takes_its_rules_and_pot_along_but_not_its_topic(database: Database) -> None:
    async with database.write() as tx:
        await changed(tx, pot_id=GROUP, share=3, thread_id=5)
        await store.move(tx, GROUP, -42)
        await store.move(tx, -43, -44)
        assert await store.get(tx, -42) == Chat(-42, pot_id=GROUP, share=3)
        assert await store.get(tx, GROUP) == Chat(GROUP)


async def test_the_pot_pays_what_it_holds_and_no_credits_come_by_themselves(pot: Pot) -> None:
    await pot.fill(2)
    assert [(await pot.draw(ANNA))[1] for _ in range(3)] == [GROUP, GROUP, None]
    pot.clock.advance(DAY)
    assert (await pot.left(GROUP))[0] == 0


async def test_whoever_finds_the_pot_empty_pays_for_themselves_also_where_many_draw_at_once(pot: Pot) -> None:
    await pot.fill(3)
    async with pot.database.write() as tx:
        await store.change(tx, GROUP, daily=6)
    drawn = await asyncio.gather(*(pot.draw(who) for who in range(100, 110)), return_exceptions=True)
    payers = [each[1] for each in drawn if not isinstance(each, BaseException)]
    assert sorted(payers, key=str) == [GROUP] * 3 + [None] * 3
    assert {type(each) for each in drawn if isinstance(each, BaseException)} == {UserError}


async def test_each_member_has_a_share_of_each_day(pot: Pot) -> None:
    await pot.fill(100)
    async with pot.database.write() as tx:
        await changed(tx, share=2)
    payers = [(await pot.draw(who))[1] for who in (ANNA, ANNA, ANNA, BORIS)]
    assert payers == [GROUP, GROUP, None, GROUP]
    pot.clock.advance(DAY)
    assert (await pot.draw(ANNA))[1] == GROUP


async def test_what_is_given_back_can_be_used_again(pot: Pot) -> None:
    await pot.fill(100)
    async with pot.database.write() as tx:
        await changed(tx, share=1)
    picture, _ = await pot.draw(ANNA)
    await pot.end(picture, "release")
    assert (await pot.draw(ANNA))[1] == GROUP


async def test_a_gift_is_put_in_once(pot: Pot) -> None:
    async with pot.database.write() as tx:
        assert await fill(tx, pot.ledger, GROUP, 3, "gift")
        assert not await fill(tx, pot.ledger, GROUP, 3, "gift")
    assert await pot.left(GROUP) == (3, 0)


async def test_who_leads_is_asked_outside_and_believed_for_a_while() -> None:
    clock, asked = HandClock(0), []

    async def ask(chat_id: int, user_id: int) -> str:
        asked.append((chat_id, user_id))
        return "administrator" if user_id == ANNA else "member"

    admins = Admins(ask, clock)
    for who, leads in ((ANNA, True), (BORIS, False)):
        with pytest.raises(Errand) as errand:
            admins.leads(GROUP, who)
        await errand.value.run()
        assert admins.leads(GROUP, who) is leads
    clock.advance(61)
    with pytest.raises(Errand):
        admins.leads(GROUP, ANNA)
    assert asked == [(GROUP, ANNA), (GROUP, BORIS)]


steps = st.one_of(
    st.tuples(st.just("draw"), st.sampled_from([ANNA, BORIS]), st.integers(1, 4)),
    st.tuples(st.sampled_from(["settle", "release"]), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("fill"), st.integers(1, 6), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([60, DAY]), st.just(0)),
)
SHARE = 5


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=5, max_size=25))
async def test_whatever_is_drawn_the_books_are_right_and_nobody_has_more_than_their_share(
    database: Database, todo: list[tuple[str, int, int]]
) -> None:
    """The pot against a model of it."""
    pot = Pot(database, chat_id=-next(numbers) - 10_000)
    people = {ANNA: -pot.chat_id * 10, BORIS: -pot.chat_id * 10 + 1}
    async with database.write() as tx:
        await store.change(tx, pot.chat_id, pot_id=pot.chat_id, share=SHARE)
    free, held = 0, dict[str, tuple[int, int, int]]()
    taken = dict[tuple[int, int], int]()
    pictures: list[str] = []
    day = 0
    for what, number, price in todo:
        if what == "fill":
            await pot.fill(number)
            free += number
        elif what == "wait":
            day += number // DAY
            pot.clock.advance(number)
        elif what == "draw":
            own, _ = await pot.left(people[number])
            fits = price <= free and taken.get((number, day), 0) + price <= SHARE
            if not fits and own < price:
                continue
            picture, payer = await pot.draw(people[number], price)
            assert payer == (pot.chat_id if fits else None)
            pictures.append(picture)
            if fits:
                free -= price
                held[picture] = (number, day, price)
                taken[number, day] = taken.get((number, day), 0) + price
        elif number < len(pictures):
            await pot.end(pictures[number], what)
            who, then, paid = held.pop(pictures[number], (0, 0, 0))
            if what == "release":
                free += paid
                taken[who, then] = taken.get((who, then), 0) - paid
        assert await pot.left(pot.chat_id) == (free, sum(paid for _, _, paid in held.values()))
    async with database.read() as tx:
        assert await pot.ledger.audit(tx) == []
