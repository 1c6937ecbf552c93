"""Words of people and the ids of their pictures: sealed in every row, read as before, gone with their key."""

from dataclasses import replace

from bot.admin.panel import store as panel
from bot.history import store as gallery
from bot.history.rules import PAGE
from bot.images import AspectRatio
from bot.imagine import store
from bot.imagine.rules import Generation, Place, Status, Wish, Wished
from bot.inline import store as inline
from bot.storage.database import Database, Transaction
from tests.generations import ANNA, NOW, generation

BORIS = 102
CANARY = "canary"
FULL = generation(
    prompt="a canary", negative="a canary in a cage", sources=("canary-file",), wished=Wished(ratio=AspectRatio.TALL)
)
FILES = {"file_id": "canary-1", "original_id": "canary-2", "shown_as": "document", "ended_at": NOW}


async def shown(tx: Transaction, asked: Generation) -> None:
    await store.insert(tx, asked, f"key-{asked.generation_id}")
    await store.move(tx, asked.generation_id, Status.QUEUED, Status.DELIVERED, **FILES)  # type: ignore[arg-type]  # a dict of them


async def kept(tx: Transaction) -> str:
    rows = [*await tx.fetch("SELECT * FROM generations", {}), *await tx.fetch("SELECT * FROM wishes", {})]
    return str([dict(row) for row in rows])


async def test_nothing_that_was_said_can_be_read_in_the_rows(database: Database) -> None:
    async with database.write() as tx:
        await shown(tx, FULL)
        await store.set_original(tx, "g1", "canary-3")
        await store.insert(tx, replace(FULL, generation_id="g2"), "key-g2")
        await store.move(tx, "g2", Status.QUEUED, Status.READY)
        await store.set_file(tx, "g2", "canary-4", "photo")
        await store.put_wish(tx, "w1", ANNA, Place(ANNA), Wish("a canary"), NOW)
        assert await store.set_public(tx, FULL, "https://canary.test/1", "canary-5")
        assert not await store.set_public(tx, FULL, "https://canary.test/2", "canary-6")
        assert CANARY not in await kept(tx)
        found = await store.get(tx, "g1")
        assert found
        assert (found.prompt, found.negative, found.sources) == (FULL.prompt, FULL.negative, FULL.sources)
        assert (found.wished, found.file_id, found.original_id) == (FULL.wished, "canary-1", "canary-3")
        assert (found.public_link, found.public_id) == ("https://canary.test/1", "canary-5")
        assert await store.get_wish(tx, "w1", ANNA) == (Wish("a canary"), Place(ANNA))


async def test_a_link_is_forgotten_by_what_takes_it_back_and_by_nothing_else(database: Database) -> None:
    async with database.write() as tx:
        await shown(tx, FULL)
        await store.set_public(tx, FULL, "https://canary.test/1", "one")
        assert not await store.unset_public(tx, "g1", "two")
        assert await store.unset_public(tx, "g1", "one")
        assert not await store.unset_public(tx, "g1", "one")
        assert await store.set_public(tx, FULL, "https://canary.test/2", "two")


async def test_with_the_key_everything_that_was_said_is_gone_and_nothing_breaks(database: Database) -> None:
    async with database.write() as tx:
        await shown(tx, FULL)
        await store.put_wish(tx, "w1", ANNA, Place(ANNA), Wish("a canary"), NOW)
    await database.vault.destroy(ANNA, NOW)
    async with database.read() as tx:
        found = await store.get(tx, "g1")
        assert found
        assert (found.prompt, found.negative, found.sources, found.file_id) == ("", None, (), None)
        assert await store.get_wish(tx, "w1", ANNA) is None
        assert await gallery.from_place(tx, ANNA, gallery.NEWEST, PAGE) == []
        assert await inline.newest(tx, ANNA) == []
        assert await panel.prompt(tx, "g1") is None


async def test_a_picture_that_cannot_be_read_hides_no_other(database: Database) -> None:
    async with database.write() as tx:
        for number in range(9):
            await shown(tx, replace(FULL, generation_id=f"g{number}", created_at=NOW + number))
        sealed = await tx.vault.seal(BORIS, "of somebody else")
        broken = "UPDATE generations SET file_id = :sealed, prompt = :sealed WHERE generation_id IN ('g7', 'g8')"
        await tx.execute(broken, {"sealed": sealed})
        page = await gallery.from_place(tx, ANNA, gallery.NEWEST, 6)
        assert [picture.generation_id for picture in page] == ["g6", "g5", "g4", "g3", "g2", "g1"]
        assert len(await inline.newest(tx, ANNA)) == 7


async def test_what_an_earlier_version_kept_is_read_as_it_is(database: Database) -> None:
    async with database.write() as tx:
        await shown(tx, FULL)
        plain = "UPDATE generations SET prompt = 'a fox', file_id = 'f', sources = '[\"s\"]', wished = '{\"seed\": 7}'"
        await tx.execute(plain, {})
        found = await store.get(tx, "g1")
        assert found
        assert (found.prompt, found.file_id, found.sources, found.wished) == ("a fox", "f", ("s",), Wished(seed=7))
