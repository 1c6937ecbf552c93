"""Lists, strikes and reviews as they are kept."""

import asyncio

import pytest

from bot.errors import Errand
from bot.moderation import store
from bot.moderation.rules import MOST_STRIKES, PAUSE, STRIKES_COUNT, Kind, rule_of
from bot.moderation.service import Moderation, NotHere, Paused
from bot.review import store as reviews
from bot.review.rules import KEPT, Review, Verdict
from bot.storage.database import Database
from tests.sandbox.clock import HandClock

NOW = 1_800_000_000
FOX = rule_of("fox")


async def ask(moderation: Moderation, database: Database, words: str, key: str, user_id: int = 7) -> None:
    """As an update is handled: what must be known first is done, and then it begins anew."""
    try:
        async with database.read() as tx:
            await moderation.require(tx, user_id, Kind.PRIVATE, [words], key)
    except Errand as errand:
        await errand.run()
        await ask(moderation, database, words, key, user_id)


async def test_a_rule_written_anew_counts_only_where_it_was_written_last(database: Database) -> None:
    async with database.write() as tx:
        await store.block(tx, FOX, [Kind.INLINE], 1, NOW)
        before = await store.version(tx)
        await store.block(tx, FOX, [Kind.PRIVATE, Kind.GROUPS], 1, NOW)
        assert await store.version(tx) != before
        [(number, rule, kinds)] = await store.blocked(tx, 0, 10)
        assert (rule, kinds) == (FOX, (Kind.PRIVATE, Kind.GROUPS))
        assert await store.blocked(tx, number, 10) == []
        assert await store.unblock(tx, FOX)
        assert not await store.unblock(tx, FOX)


async def test_a_change_of_the_lists_counts_at_once(database: Database) -> None:
    moderation = Moderation(database, HandClock(NOW))
    await ask(moderation, database, "a fox", "1")
    async with database.write() as tx:
        await store.block(tx, FOX, [Kind.PRIVATE], 1, NOW)
    with pytest.raises(NotHere):
        await ask(moderation, database, "a fox", "2")
    async with database.write() as tx:
        await store.unblock(tx, FOX)
        await store.block(tx, rule_of("hen"), [Kind.PRIVATE], 1, NOW)
    await ask(moderation, database, "a fox", "3")
    with pytest.raises(NotHere):
        await ask(moderation, database, "a hen", "4")


async def test_the_same_request_is_counted_once_and_its_words_are_not_kept(database: Database) -> None:
    moderation = Moderation(database, HandClock(NOW), spared=[9])
    async with database.write() as tx:
        await store.block(tx, FOX, [Kind.PRIVATE], 1, NOW)
    for key, user_id in (("msg:1:1:0", 7), ("msg:1:1:0", 7), ("msg:9:1:0", 9)):
        with pytest.raises(NotHere):
            await ask(moderation, database, "a fox", key, user_id)
    async with database.read() as tx:
        rows = [dict(row) for row in await tx.fetch("SELECT * FROM strikes", {})]
    assert rows == [{"strike_key": "msg:1:1:0", "user_id": 7, "at": NOW}]


async def test_a_pause_ends_by_itself_and_old_strikes_are_forgotten(database: Database) -> None:
    clock = HandClock(NOW)
    moderation = Moderation(database, clock)
    async with database.write() as tx:
        await store.block(tx, FOX, [Kind.PRIVATE], 1, NOW)
    for number in range(MOST_STRIKES):
        with pytest.raises(NotHere if number + 1 < MOST_STRIKES else Paused):
            await ask(moderation, database, "a fox", str(number))
    with pytest.raises(Paused):
        await ask(moderation, database, "a hen", "hen")
    await ask(moderation, database, "a hen", "hen", user_id=8)
    clock.advance(PAUSE)
    await ask(moderation, database, "a hen", "hen")
    clock.advance(STRIKES_COUNT)
    async with database.write() as tx:
        await moderation.strike(tx, 7, "later")
        assert await store.strikes(tx, 7, 0, clock.now()) == (1, clock.now())


async def test_a_pause_ends_for_whoever_is_forgiven(database: Database) -> None:
    moderation = Moderation(database, HandClock(NOW))
    async with database.write() as tx:
        await store.block(tx, FOX, [Kind.PRIVATE], 1, NOW)
    for number in range(MOST_STRIKES):
        with pytest.raises(NotHere if number + 1 < MOST_STRIKES else Paused):
            await ask(moderation, database, "a fox", str(number))
    async with database.write() as tx:
        assert [await store.paused_until(tx, who, NOW) for who in (7, 8)] == [NOW + PAUSE, None]
        assert [await store.forgive(tx, 7) for _ in range(2)] == [True, False]
        assert await store.paused_until(tx, 7, NOW) is None
    await ask(moderation, database, "a hen", "hen")


async def test_of_two_moderators_at_once_one_decides(database: Database) -> None:
    async def decide(moderator_id: int, verdict: Verdict) -> bool:
        async with database.write() as tx:
            return await reviews.decide(tx, "one", verdict, moderator_id, NOW)

    async with database.write() as tx:
        assert await reviews.report(tx, "one", 5, NOW)
        assert not await reviews.report(tx, "one", 6, NOW)
        assert [await reviews.reported_by(tx, who, NOW - 1) for who in (5, 6)] == [1, 0]
        assert await reviews.get(tx, "one") == Review("one", None, None)
        assert await reviews.get(tx, "two") is None
    done = await asyncio.gather(decide(1, Verdict.ALLOW), decide(2, Verdict.REFUSE))
    assert sorted(done) == [False, True]
    async with database.read() as tx:
        review = await reviews.get(tx, "one")
    assert review == (Review("one", Verdict.ALLOW, 1) if done[0] else Review("one", Verdict.REFUSE, 2))


async def test_an_old_report_is_forgotten_with_what_was_decided(database: Database) -> None:
    async with database.write() as tx:
        await reviews.report(tx, "one", 5, NOW)
        await reviews.decide(tx, "one", Verdict.ALLOW, 1, NOW)
        await reviews.report(tx, "two", 5, NOW + KEPT)
        assert await reviews.get(tx, "one")
        await reviews.report(tx, "three", 5, NOW + KEPT + 1)
        assert await reviews.get(tx, "one") is None
