"""The pages of a gallery, on both databases."""

from bot.history import service
from bot.history.rules import PAGE, Page
from bot.imagine import store
from bot.imagine.rules import Status
from bot.storage.database import Database
from tests.generations import ANNA, NOW, generation

BORIS = 102

# Several within a second, and ids whose order depends on how letters are compared.
IDS = ("b-1", "B_1", "a1", "A1", "Z9", "z9", "_0", "-0", "m", "M", "0", "9", "k_")


async def drawn(database: Database, generation_id: str, at: int, user_id: int = ANNA) -> None:
    asked = generation(generation_id=generation_id, created_at=at, user_id=user_id)
    async with database.write() as tx:
        await store.insert(tx, asked, f"key-{generation_id}")
        await store.move(tx, generation_id, Status.QUEUED, Status.READY)
        await store.move(
            tx, generation_id, Status.READY, Status.DELIVERED, ended_at=at, file_id=f"file-{generation_id}"
        )


async def thirteen(database: Database) -> None:
    for number, generation_id in enumerate(IDS):
        await drawn(database, generation_id, NOW + number // 4)


def ids(page: Page | None) -> list[str]:
    return [picture.generation_id for picture in page.pictures] if page else []


async def test_every_picture_is_on_exactly_one_page(database: Database) -> None:
    await thirteen(database)
    await drawn(database, "of-boris", NOW, user_id=BORIS)
    seen: list[str] = []
    async with database.read() as tx:
        page = await service.newest(tx, ANNA)
        while page:
            seen += ids(page)
            page = await service.older_than(tx, ANNA, page.last) if page.older else None
    assert sorted(seen) == sorted(IDS)


async def test_the_way_back_is_the_way_there(database: Database) -> None:
    await thirteen(database)
    async with database.read() as tx:
        first = await service.newest(tx, ANNA)
        assert first is not None
        second = await service.older_than(tx, ANNA, first.last)
        assert second is not None
        third = await service.older_than(tx, ANNA, second.last)
        assert third is not None
        assert (first.newer, first.older, third.newer, third.older) == (False, True, True, False)
        assert ids(await service.newer_than(tx, ANNA, third.first)) == ids(second)
        assert ids(await service.newer_than(tx, ANNA, second.first)) == ids(first)


async def test_a_page_fills_up_when_one_of_its_pictures_is_deleted(database: Database) -> None:
    await thirteen(database)
    async with database.write() as tx:
        first = await service.newest(tx, ANNA)
        assert first is not None
        await store.mark_deleted(tx, first.first, ANNA, NOW)
        after = await service.page_from(tx, ANNA, first.first)
    assert len(ids(after)) == PAGE
    assert ids(after)[:-1] == ids(first)[1:]


async def test_what_is_not_in_the_chat_is_not_in_the_gallery(database: Database) -> None:
    async with database.write() as tx:
        await store.insert(tx, generation(generation_id="waiting"), "key-waiting")
        assert await service.newest(tx, ANNA) is None
        assert await service.find(tx, ANNA, "waiting") is None


async def test_nobody_turns_the_pages_of_another(database: Database) -> None:
    await thirteen(database)
    async with database.read() as tx:
        page = await service.newest(tx, ANNA)
        assert page is not None
        assert await service.page_from(tx, BORIS, page.first) is None
        assert await service.older_than(tx, BORIS, page.last) is None
        assert await service.newer_than(tx, BORIS, page.first) is None
        assert await service.find(tx, BORIS, page.first) is None
