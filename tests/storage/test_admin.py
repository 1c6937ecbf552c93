"""Rows of the operator's day, on both databases."""

from zoneinfo import ZoneInfo

from bot.admin import store as audit
from bot.admin.panel import store
from bot.admin.panel.rules import Figures, Work
from bot.admin.store import Ask, Decision
from bot.chats import store as chats
from bot.clock import SystemClock
from bot.imagine import store as generations
from bot.imagine.rules import Status
from bot.quota.service import Ledger
from bot.storage.database import Database
from bot.users import store as users
from tests.generations import generation

NOW = 1_800_000_000
DAY = 86400


async def test_decisions_are_read_newest_first_page_by_page(database: Database) -> None:
    made = [Decision(NOW + number, 1, "grant", str(number), "5", "why") for number in range(5)]
    async with database.write() as tx:
        for each in made:
            await audit.write_down(tx, each)
        first = await audit.decisions(tx, 3)
        assert [each for _, each in first] == made[:1:-1]
        assert [each for _, each in await audit.decisions(tx, 3, first[-1][0])] == made[1::-1]
        assert await audit.last_about(tx, "grant", "3") == made[3]
        assert await audit.last_about(tx, "ban", "3") is None


async def test_a_question_is_answered_once_in_time_and_by_who_was_asked(database: Database) -> None:
    asked = Ask("ban", "7", "60", "why")
    async with database.write() as tx:
        ask_id = await audit.ask(tx, 1, asked, NOW, 600)
        assert await audit.answered(tx, ask_id, 2, NOW - 600) is None
        assert await audit.answered(tx, ask_id, 1, NOW + 1) is None
        assert await audit.answered(tx, ask_id, 1, NOW) == asked
        assert await audit.answered(tx, ask_id, 1, NOW) is None


async def test_questions_of_long_ago_are_forgotten(database: Database) -> None:
    async with database.write() as tx:
        await audit.ask(tx, 1, Ask("find", "", "", ""), NOW, 600)
        await audit.ask(tx, 2, Ask("find", "", "", ""), NOW + 601, 600)
        assert not await audit.awaited(tx, 1, "find", 0)
        assert await audit.awaited(tx, 2, "find", NOW)
        assert not await audit.awaited(tx, 2, "find", NOW)


async def test_what_is_on_stays_on_until_it_is_turned_off(database: Database) -> None:
    async with database.write() as tx:
        assert await audit.set_on(tx, "maintenance", True, NOW)
        assert not await audit.set_on(tx, "maintenance", True, NOW)
        assert await audit.is_on(tx, "maintenance")
        assert await audit.set_on(tx, "maintenance", False, NOW)
        assert not await audit.is_on(tx, "maintenance")


async def test_lists_go_on_after_a_number(database: Database) -> None:
    async with database.write() as tx:
        for number in (1, 2, 3):
            await users.set_member(tx, number, True)
        await users.set_banned(tx, 2, True)
        await users.set_moderator(tx, 3, True)
        await chats.change(tx, -1005, allowed=True)
        assert list(await audit.marked(tx, "members", 0, 2)) == [1, 2]
        assert list(await audit.marked(tx, "members", 2, 2)) == [3]
        assert list(await audit.marked(tx, "banned", 0, 9)) == [2]
        assert list(await audit.marked(tx, "moderators", 0, 9)) == [3]
        assert list(await audit.marked(tx, "groups", -(2**62), 9)) == [-1005]


async def test_the_figures_count_what_ended_since_and_what_is_under_way(database: Database) -> None:
    async with database.write() as tx:
        for number, (user_id, status, ended) in enumerate(
            [
                (1, Status.DELIVERED, NOW),
                (1, Status.DELIVERED, NOW - DAY),
                (2, Status.FAILED, NOW),
                (2, Status.QUEUED, None),
                (3, Status.DRAWING, None),
            ]
        ):
            made = generation(generation_id=f"g{number}", user_id=user_id, created_at=NOW - DAY, price=3)
            assert await generations.insert(tx, made, f"key:{number}")
            values = {"id": made.generation_id, "status": status.value, "ended": ended}
            await tx.execute(
                "UPDATE generations SET status = :status, ended_at = :ended WHERE generation_id = :id", values
            )
        assert await store.figures(tx, NOW) == Figures(1, 1, 2, 3, 1, 1)
        assert await store.work_of(tx, 2) == Work(1, 3)
        assert await store.open_of(tx, 3) == ["g4"]
        assert list(await store.lately(tx, NOW, 5)) == [1, 2]
        assert await store.drawn_for(tx, 1, 0) == 2
        assert (await store.life(tx, "g2") or {})["status"] == "failed"


async def test_somebody_is_given_what_is_theirs_each_day(database: Database) -> None:
    ledger = Ledger(20, ZoneInfo("UTC"), SystemClock())
    async with database.write() as tx:
        for number, daily in ((1, 3), (2, 0), (3, None)):
            await users.set_member(tx, number, True)
            await users.set_daily(tx, number, daily)
        assert [(await ledger.balance(tx, number)).left for number in (1, 2, 3)] == [3, 0, 20]
        assert await ledger.audit(tx) == []


async def test_only_credits_that_stay_and_are_not_held_are_taken(database: Database) -> None:
    ledger = Ledger(5, ZoneInfo("UTC"), SystemClock())
    async with database.write() as tx:
        await ledger.grant(tx, 1, 10, "gift")
        await ledger.hold(tx, 1, "picture", 8)
        assert await ledger.revoke(tx, 1, 50, "take") == 7
        balance = await ledger.balance(tx, 1)
        assert (balance.left, balance.held) == (0, 8)
        assert await ledger.revoke(tx, 1, 50, "take again") == 0
        assert await ledger.audit(tx) == []
