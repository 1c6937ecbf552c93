"""Generations and kept wishes, on both databases."""

import asyncio
from pathlib import Path

from bot.errors import Cause, DeliveryUnknown
from bot.images import AspectRatio
from bot.imagine import store
from bot.imagine.making import Redraw
from bot.imagine.rules import Place, Status, Wish
from bot.presets.rules import Preset
from bot.quota.service import NotEnoughCredits
from bot.storage.database import Database
from tests.features.workshop import CREDITS, FREE, Workshop
from tests.generations import ANNA, NOW, generation

BORIS = 102
FULL = generation(
    thread_id=3,
    parent_id="g0",
    action="vary",
    negative="text",
    ratio=AspectRatio.ULTRATALL,
    seed=2**31 - 1,
    variation=2,
    price=4,
    style=Preset("акварель", '{prompt}, watercolor "soft"', "photo"),
    prompt="лиса 🦊 'quoted' \"twice\" %s :name {x}",
)


async def test_a_generation_is_kept_as_it_is_and_once(database: Database) -> None:
    async with database.write() as tx:
        assert await store.insert(tx, FULL, "msg:1:1")
        assert not await store.insert(tx, generation(generation_id="g2"), "msg:1:1")
        assert await store.get(tx, "g1") == FULL
        assert await store.get(tx, "g2") is None


async def test_only_the_owner_finds_a_generation_and_only_until_it_is_deleted(database: Database) -> None:
    async with database.write() as tx:
        await store.insert(tx, FULL, "msg:1:1")
        assert await store.get_owned(tx, "g1", ANNA) == FULL
        assert await store.get_owned(tx, "g1", BORIS) is None
        assert not await store.mark_deleted(tx, "g1", ANNA, NOW)
        await store.move(tx, "g1", Status.QUEUED, Status.DELIVERED)
        assert not await store.mark_deleted(tx, "g1", BORIS, NOW)
        assert await store.mark_deleted(tx, "g1", ANNA, NOW)
        assert not await store.mark_deleted(tx, "g1", ANNA, NOW)
        assert await store.get_owned(tx, "g1", ANNA) is None


async def test_a_move_keeps_what_it_does_not_name_and_forgets_the_last_hitch(database: Database) -> None:
    async with database.write() as tx:
        await store.insert(tx, FULL, "msg:1:1")
        assert await store.move(tx, "g1", Status.QUEUED, Status.DRAWING, started_at=NOW)
        assert await store.move(tx, "g1", Status.DRAWING, Status.QUEUED, cause=Cause.RATE_LIMITED)
        assert not await store.move(tx, "g1", Status.DRAWING, Status.READY)
        assert await store.move(tx, "g1", Status.QUEUED, Status.DRAWING, started_at=NOW + 9)
        assert await store.move(tx, "g1", Status.DRAWING, Status.READY, draw_ms=5, width=8, height=6)
        assert await store.move(tx, "g1", Status.READY, Status.DELIVERED, file_id="f", shown_as="photo", note_id=9)
        found = await store.get(tx, "g1")
    assert found is not None
    assert (found.started_at, found.draw_ms, found.cause) == (NOW, 5, None)
    assert (found.width, found.height, found.file_id, found.shown_as, found.note_id) == (8, 6, "f", "photo", 9)


async def test_notes_originals_and_fences_are_kept(database: Database) -> None:
    async with database.write() as tx:
        await store.insert(tx, FULL, "msg:1:1")
        assert await store.open_notes(tx) == []
        await store.set_note(tx, "g1", 2**40)
        await store.set_original(tx, "g1", "original")
        assert not await store.set_fenced(tx, "g1", True)
        await store.move(tx, "g1", Status.QUEUED, Status.READY)
        assert await store.set_fenced(tx, "g1", True)
        [found] = await store.open_notes(tx)
    assert (found.note_id, found.original_id, found.unsure) == (2**40, "original", True)


async def test_children_are_found_by_their_button(database: Database) -> None:
    async with database.write() as tx:
        assert await store.last_variation(tx, "g0") is None
        await store.insert(tx, FULL, "tap:1")
        assert await store.last_variation(tx, "g0") == 2
        assert await store.recent_child(tx, "g0", "vary", NOW, NOW) == FULL
        assert await store.recent_child(tx, "g0", "vary", NOW + 1, NOW + 4) is None
        assert await store.recent_child(tx, "g0", "vary", NOW - 4, NOW - 1) is None
        assert await store.recent_child(tx, "g0", "again", NOW, NOW) is None


async def test_the_usual_time_looks_at_the_latest_pictures(database: Database) -> None:
    async with database.write() as tx:
        assert await store.typical_ms(tx, "fake/plain") is None
        for number, draw_ms in enumerate((100_000, 1000, 2000, 9000)):
            drawn = generation(generation_id=f"g{number}")
            await store.insert(tx, drawn, str(number))
            await store.move(
                tx, drawn.generation_id, Status.QUEUED, Status.DELIVERED, draw_ms=draw_ms, ended_at=NOW + number
            )
        assert await store.typical_ms(tx, "fake/plain", limit=3) == 2000


async def test_a_wish_waits_for_its_owner(database: Database) -> None:
    wish, place = Wish("a fox", "text", AspectRatio.WIDE, "a/b", 2, 5), Place(-5, 3, 9)
    async with database.write() as tx:
        await store.put_wish(tx, "w1", ANNA, place, wish, NOW)
        await store.put_wish(tx, "w2", ANNA, Place(ANNA), Wish("a fox"), NOW)
        assert await store.get_wish(tx, "w1", ANNA) == (wish, place)
        assert await store.get_wish(tx, "w2", ANNA) == (Wish("a fox"), Place(ANNA))
        assert await store.get_wish(tx, "w1", BORIS) is None
        await store.prune_wishes(tx, NOW + 1)
        assert await store.get_wish(tx, "w1", ANNA) is None


async def test_a_wish_lives_through_to_its_picture(database: Database, data_dir: Path) -> None:
    async with Workshop(database, data_dir) as shop:
        parent = await shop.ask_one(Wish("a fox", "text", model=FREE.key, seed=5))
        await shop.work()
        async with database.write() as tx:
            person, drawn = await shop.person_in(tx), await shop.get_in(tx, parent)
            child = await shop.imagine.vary(tx, Redraw(person, drawn, Place(ANNA), "tap:1"))
            gone = await shop.imagine.submit(tx, await shop.person_in(tx), Place(ANNA), Wish("an owl"), "msg:1:2")
            assert await shop.imagine.places(tx) == {child.generation_id: 1, gone[0].generation_id: 2}
            assert await shop.imagine.cancel(tx, gone[0].generation_id, ANNA)
        shop.chat.outcomes.append(DeliveryUnknown())
        await shop.work()
        async with database.write() as tx:
            assert await shop.imagine.show(tx, child.generation_id, ANNA)
        await shop.work_until_done()
        assert await shop.status(child.generation_id) is Status.DELIVERED
        assert (await shop.left(), await shop.mistakes()) == (CREDITS - 2, [])


async def test_wishes_at_once_are_as_many_pictures_as_there_are_credits(database: Database, data_dir: Path) -> None:
    async with Workshop(database, data_dir) as shop:
        await shop.person()
        answers = await asyncio.gather(*(shop.ask(key=f"msg:1:{n}") for n in range(100)), return_exceptions=True)
        assert sum(isinstance(answer, NotEnoughCredits) for answer in answers) == 100 - CREDITS
        await shop.work_until_done()
        assert (len(shop.paid.requests), await shop.left(), await shop.mistakes()) == (CREDITS, 0, [])
