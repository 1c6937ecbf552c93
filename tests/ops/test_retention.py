"""Words go when their time is over; what was drawn stays."""

from dataclasses import replace

from bot.admin import store as audit
from bot.admin.store import Ask, Decision
from bot.imagine import store
from bot.imagine.rules import Generation, Place, Status, Wish
from bot.ops import retention
from bot.ops.retention import DAY, REASONS_KEPT, Retention
from bot.storage.database import Database
from bot.storage.statements import Statements
from tests.databases import database, database_url, postgres
from tests.generations import ANNA, NOW, generation
from tests.virtual import LoopClock

__all__ = ["database", "database_url", "postgres"]

DAYS = 30
OLD = NOW - DAYS * DAY - 1


class Then(LoopClock):
    """The time of these tests."""

    def now(self) -> int:
        return NOW


async def drawn(database: Database, generation_id: str, ended_at: int, status: Status = Status.DELIVERED) -> None:
    asked = generation(generation_id=generation_id, negative="text", sources=("s",), created_at=ended_at)
    async with database.write() as tx:
        await store.insert(tx, asked, f"key-{generation_id}")
        await store.move(tx, generation_id, Status.QUEUED, status, ended_at=ended_at, file_id="f")


async def found(database: Database, generation_id: str) -> Generation:
    async with database.read() as tx:
        generation = await store.get(tx, generation_id)
    assert generation
    return generation


async def sweep(database: Database) -> None:
    await Retention(database, Then(), DAYS).sweep()


async def test_words_of_a_picture_go_after_their_days_and_the_picture_stays(database: Database) -> None:
    await drawn(database, "old", OLD)
    await drawn(database, "failed", OLD, Status.FAILED)
    await drawn(database, "young", NOW - DAYS * DAY)
    before = await found(database, "old")
    await sweep(database)
    assert await found(database, "old") == replace(before, prompt="", negative=None, sources=())
    assert (await found(database, "failed")).prompt == ""
    assert (await found(database, "young")).prompt == "a fox"


async def test_favorites_and_what_is_under_way_keep_their_words(database: Database) -> None:
    await drawn(database, "liked", OLD)
    async with database.write() as tx:
        await store.set_favorite(tx, "liked", ANNA, NOW)
        await store.insert(tx, generation(generation_id="waits", created_at=OLD), "key-waits")
    await sweep(database)
    assert [(await found(database, each)).prompt for each in ("liked", "waits")] == ["a fox", "a fox"]


async def test_what_its_person_deletes_has_no_words_from_then_on(database: Database) -> None:
    await drawn(database, "g1", NOW)
    async with database.write() as tx:
        assert await store.mark_deleted(tx, "g1", ANNA, NOW)
    assert (await found(database, "g1")).prompt == ""


async def test_more_than_one_piece_of_work_is_done(database: Database) -> None:
    async with database.write() as tx:
        assert isinstance(tx, Statements)
        for number in range(retention.AT_ONCE + 1):
            asked = generation(generation_id=f"g{number}", created_at=OLD)
            await store.insert(tx, asked, f"key-{number}")
        await tx.execute("UPDATE generations SET status = 'delivered', ended_at = :old", {"old": OLD})
    await sweep(database)
    async with database.read() as tx:
        assert not await tx.fetch("SELECT 1 AS one FROM generations WHERE prompt <> ''", {})


async def test_wishes_questions_and_reasons_have_their_time(database: Database) -> None:
    async with database.write() as tx:
        await store.put_wish(tx, "w1", ANNA, Place(ANNA, message_id=1), Wish("a fox"), OLD)
        await audit.ask(tx, 1, Ask("ban", "7", "", "why"), NOW - DAY - 1, DAY)
        for at in (NOW - REASONS_KEPT - 1, NOW):
            await audit.write_down(tx, Decision(at, 1, "ban", "7", "60", "why"))
    await sweep(database)
    async with database.read() as tx:
        assert await store.get_wish(tx, "w1", ANNA) is None
        assert not await tx.fetch("SELECT 1 AS one FROM asks", {})
        assert [each.reason for _, each in await audit.decisions(tx, 9)] == ["why", ""]
