"""Who is told, once, whatever happens in between."""

import pytest

from bot.broadcast import store
from bot.broadcast.rules import DAY, Asked, Audience, Broadcast, Counts, Letter, Order, Outcome, State
from bot.broadcast.service import Broadcasts
from bot.errors import UserError
from bot.jobs import store as jobs
from bot.storage.database import Database, Transaction
from bot.texts import Texts
from bot.users import store as users

NOW = 1_800_000_000
ADMIN = 1
LETTER = Letter("sendMessage", {"text": "hello"})


async def meet(tx: Transaction, user_id: int, language: str | None = "en", at: int = NOW - 10) -> None:
    """Somebody who wrote in private."""
    await users.meet(tx, user_id, language, at)
    await store.talked(tx, user_id, at)


async def begun(tx: Transaction, *people: int, name: str = "one") -> Broadcast:
    """A broadcast that runs, and these people."""
    for user_id in people:
        await meet(tx, user_id)
    await store.add_draft(tx, name, ADMIN, LETTER, NOW)
    assert await store.start(tx, name, len(people), 5, NOW)
    broadcast = await store.get(tx, name)
    assert broadcast is not None
    return broadcast


async def page(tx: Transaction, broadcast: Broadcast, after: int = 0, *, everybody: bool = True) -> list[int]:
    found = await store.page(tx, broadcast, after, NOW, 10, everybody=everybody)
    return [reader.user_id for reader in found]


async def test_who_never_wrote_left_was_banned_or_wants_no_news_is_left_out(database: Database) -> None:
    async with database.write() as tx:
        for user_id in range(10, 17):
            await meet(tx, user_id)
        await users.meet(tx, 20, "en", NOW - 10)  # in a group only
        await users.set_gone(tx, 11, True)
        await users.set_banned(tx, 12, True)
        await users.set_banned(tx, 13, True, until=NOW + 1)
        await users.set_banned(tx, 14, True, until=NOW)
        await store.set_news(tx, 15, False)
        await users.set_member(tx, 16, True)
        broadcast = await begun(tx)
        assert await page(tx, broadcast) == [10, 14, 16]
        assert await page(tx, broadcast, after=10) == [14, 16]
        assert await page(tx, broadcast, everybody=False) == [16]
        assert await store.wishes(tx, 1, NOW, everybody=True) == [(None, "en", 3)]


async def test_active_are_those_who_spoke_within_these_days(database: Database) -> None:
    broadcasts = Broadcasts(Texts.load("en"), everybody=True)
    async with database.write() as tx:
        await meet(tx, 10, at=NOW - 8 * DAY)
        await meet(tx, 11, at=NOW - 8 * DAY)
        await store.talked(tx, 11, NOW)
        await meet(tx, 12, at=NOW - 6 * DAY)
        assert [await broadcasts.people(tx, Audience(days), NOW) for days in (0, 7)] == [3, 2]


async def test_languages_are_counted_as_people_hear_them(database: Database) -> None:
    broadcasts = Broadcasts(Texts.load("en"), everybody=True)
    async with database.write() as tx:
        for user_id, language in enumerate(("en", "ru", "ru-RU", "xx", None), 10):
            await meet(tx, user_id, language)
        await users.choose(tx, 10, language="ru")
        assert [await broadcasts.people(tx, Audience(0, tag), NOW) for tag in ("ru", "en", "")] == [3, 2, 5]


async def test_whoever_came_after_it_began_is_left_out(database: Database) -> None:
    async with database.write() as tx:
        broadcast = await begun(tx, 10)
        await meet(tx, 11, at=NOW + 1)
        assert await page(tx, broadcast) == [10]


async def test_nobody_is_begun_twice(database: Database) -> None:
    async with database.write() as tx:
        broadcast = await begun(tx, 10)
        assert await store.begin(tx, broadcast.broadcast_id, 10, NOW, again=False)
        assert not await store.begin(tx, broadcast.broadcast_id, 10, NOW, again=False)
        assert not await store.begin(tx, broadcast.broadcast_id, 10, NOW, again=True)
        await store.settle(tx, broadcast.broadcast_id, 10, Outcome.DELIVERED)
        assert not await store.begin(tx, broadcast.broadcast_id, 10, NOW, again=False)
        assert not await store.begin(tx, broadcast.broadcast_id, 10, NOW, again=True)


async def test_nobody_is_begun_when_it_was_stopped_or_they_left_meanwhile(database: Database) -> None:
    async with database.write() as tx:
        broadcast = await begun(tx, 10, 11, 12)
        await store.set_news(tx, 10, False)
        await users.set_banned(tx, 11, True)
        assert not await store.begin(tx, broadcast.broadcast_id, 10, NOW, again=False)
        assert not await store.begin(tx, broadcast.broadcast_id, 11, NOW, again=False)
        assert await store.end(tx, broadcast.broadcast_id, State.STOPPED, NOW)
        assert not await store.end(tx, broadcast.broadcast_id, State.STOPPED, NOW)
        assert not await store.begin(tx, broadcast.broadcast_id, 12, NOW, again=False)


async def test_who_was_put_off_comes_again_the_least_tried_first(database: Database) -> None:
    async with database.write() as tx:
        one = (await begun(tx, 10, 11)).broadcast_id
        for user_id in (10, 11):
            await store.begin(tx, one, user_id, NOW, again=False)
            await store.settle(tx, one, user_id, None)
        await store.begin(tx, one, 10, NOW, again=True)
        await store.settle(tx, one, 10, None)
        found = await store.postponed(tx, one)
        assert found is not None
        assert (found[0].user_id, found[1]) == (11, 0)
        await store.begin(tx, one, 11, NOW, again=True)
        assert await store.settle(tx, one, 11, Outcome.DELIVERED)
        assert not await store.settle(tx, one, 11, Outcome.FAILED)
        await store.leave_out(tx, one, 10)
        assert await store.postponed(tx, one) is None


async def test_of_whom_a_dead_process_was_telling_nothing_is_known(database: Database) -> None:
    async with database.write() as tx:
        one = (await begun(tx, 10)).broadcast_id
        await store.begin(tx, one, 10, NOW, again=False)
        await store.settle_begun(tx, one)
        broadcast = await store.get(tx, one)
    assert broadcast is not None
    assert broadcast.counts == Counts(unknown=1)


async def test_the_counts_stay_when_it_is_forgotten_who_was_told(database: Database) -> None:
    outcomes = [Outcome.DELIVERED, Outcome.DELIVERED, Outcome.BLOCKED, Outcome.FAILED, Outcome.UNKNOWN]
    async with database.write() as tx:
        one = (await begun(tx, *range(10, 15))).broadcast_id
        for user_id, outcome in enumerate(outcomes, 10):
            await store.begin(tx, one, user_id, NOW, again=False)
            await store.settle(tx, one, user_id, outcome)
        for left in (2, 2, 1, 0):
            broadcast = await store.get(tx, one)
            assert broadcast is not None
            assert broadcast.counts == Counts(2, 1, 1, 1)
            assert await store.forget_people(tx, one, 2) == left


async def test_only_one_runs_and_a_new_draft_takes_the_place_of_the_last(database: Database) -> None:
    async with database.write() as tx:
        await begun(tx, 10, name="one")
        await store.add_draft(tx, "two", ADMIN, LETTER, NOW)
        assert not await store.start(tx, "two", 1, 5, NOW)
        await store.add_draft(tx, "three", ADMIN, LETTER, NOW)
        assert await store.get(tx, "two") is None
        running = await store.running(tx)
        assert running is not None
        assert running.broadcast_id == "one"
        assert not await store.drop(tx, "one")
        assert not await store.aim(tx, "one", Audience(7))


async def test_a_yes_begins_it_once_and_only_for_a_minute(database: Database) -> None:
    broadcasts = Broadcasts(Texts.load("en"), everybody=True)
    async with database.write() as tx:
        await meet(tx, 10)
        draft = await broadcasts.draft(tx, ADMIN, LETTER, NOW)
        assert not await broadcasts.start(tx, draft, NOW, 5, NOW), "nobody knows how many they are"
        draft = await counted(tx, broadcasts, draft.broadcast_id, NOW - 60)
        for asked_at in (NOW - 61, NOW + 1, 0):
            assert not await broadcasts.start(tx, draft, asked_at, 5, NOW)
        assert await broadcasts.start(tx, draft, NOW - 60, 5, NOW)
        assert await jobs.is_there(tx, "broadcast", draft.broadcast_id)
        with pytest.raises(UserError) as raised:
            await broadcasts.start(tx, draft, NOW, 5, NOW)
        assert raised.value.text == "broadcast-another"


async def test_nothing_begins_where_nobody_can_be_told(database: Database) -> None:
    broadcasts = Broadcasts(Texts.load("en"), everybody=True)
    async with database.write() as tx:
        name = (await broadcasts.draft(tx, ADMIN, LETTER, NOW)).broadcast_id
        with pytest.raises(UserError) as raised:
            await broadcasts.start(tx, await counted(tx, broadcasts, name, NOW), NOW, 5, NOW)
        assert raised.value.text == "broadcast-nobody"


async def counted(tx: Transaction, broadcasts: Broadcasts, name: str, at: int) -> Broadcast:
    """A draft of which it is known whom it would reach."""
    assert await store.count(tx, name, Audience(), await broadcasts.people(tx, Audience(), at), at)
    draft = await store.get(tx, name)
    assert draft is not None
    return draft


async def orders(tx: Transaction) -> list[str]:
    return [row["subject"] for row in await tx.fetch("SELECT subject FROM jobs", {})]


async def test_the_last_order_counts_and_the_same_twice_is_one(database: Database) -> None:
    broadcasts = Broadcasts(Texts.load("en"), everybody=True)
    async with database.write() as tx:
        draft = await broadcasts.draft(tx, ADMIN, LETTER, NOW)
        await broadcasts.count(tx, draft, Asked.DRAFT, NOW)
        for _ in range(2):
            await broadcasts.count(tx, draft, Asked.QUESTION, NOW)
        assert await orders(tx) == [f"question:{draft.broadcast_id}:0:"]
        aimed = await broadcasts.aim(tx, draft, "lang", "ru")
        await broadcasts.count(tx, aimed, Asked.DRAFT, NOW)
        [left] = await orders(tx)
        assert Order.read(left) == Order(Asked.DRAFT, draft.broadcast_id, Audience(0, "ru"))


async def test_a_number_counts_for_its_audience_only_and_for_a_minute(database: Database) -> None:
    broadcasts = Broadcasts(Texts.load("en"), everybody=True)
    async with database.write() as tx:
        await meet(tx, 10)
        name = (await broadcasts.draft(tx, ADMIN, LETTER, NOW)).broadcast_id
        draft = await counted(tx, broadcasts, name, NOW)
        assert [draft.people(at) for at in (NOW, NOW + 60, NOW + 61, NOW - 1)] == [1, 1, None, None]
        aimed = await broadcasts.aim(tx, draft, "days", "7")
        assert aimed.people(NOW) is None
        assert not await store.count(tx, name, Audience(), 1, NOW)
        found = await store.get(tx, name)
        assert found is not None
        assert found.people(NOW) is None


async def test_while_it_runs_only_those_stay_to_whom_something_is_to_happen(database: Database) -> None:
    async with database.write() as tx:
        one = (await begun(tx, *range(10, 14))).broadcast_id
        for user_id, outcome in ((10, Outcome.DELIVERED), (11, None), (12, Outcome.BLOCKED)):
            await store.begin(tx, one, user_id, NOW, again=False)
            await store.settle(tx, one, user_id, outcome)
        await store.begin(tx, one, 13, NOW, again=False)
        assert await store.forget_people(tx, one, 9, open_too=False) == 2
        left = await tx.fetch("SELECT user_id, outcome FROM broadcast_people ORDER BY user_id", {})
        assert [tuple(row.values()) for row in map(dict, left)] == [(11, "later"), (13, "begun")]
        broadcast = await store.get(tx, one)
    assert broadcast is not None
    assert broadcast.counts == Counts(1, 1)
