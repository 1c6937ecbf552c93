"""Words of people and the ids of their pictures: sealed in every row, read as before, gone with their key."""

from dataclasses import replace

from bot.admin import store as audit
from bot.admin.panel import store as panel
from bot.admin.store import Ask, Decision
from bot.broadcast import store as broadcasts
from bot.broadcast.rules import Letter
from bot.chats import store as chats
from bot.history import store as gallery
from bot.history.rules import PAGE
from bot.images import AspectRatio
from bot.imagine import store
from bot.imagine.rules import Generation, Place, Status, Wish, Wished
from bot.inline import store as inline
from bot.posts import store as posts
from bot.posts.rules import Post
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


async def rows(tx: Transaction, table: str) -> str:
    return str([dict(row) for row in await tx.fetch(f"SELECT * FROM {table}", {})])


async def test_a_draft_is_its_persons(database: Database) -> None:
    post = Post("p1", ANNA, -1000, "Canaries", NOW, NOW, "a canary", ({"type": "bold"},), "canary")
    async with database.write() as tx:
        await posts.insert(tx, post)
        changed = await posts.change(tx, post, NOW, caption="two canaries")
        assert CANARY not in (await rows(tx, "posts")).casefold()
        assert await posts.get(tx, "p1") == changed
    await database.vault.destroy(ANNA, NOW)
    async with database.read() as tx:
        found = await posts.get(tx, "p1")
        assert found
        assert (found.title, found.caption, found.entities, found.signature) == ("", "", (), None)


async def test_a_reason_is_forgotten_with_whom_it_is_about(database: Database) -> None:
    ban = Decision(NOW, BORIS, "ban", str(ANNA), "60", "a canary")
    close = Decision(NOW, BORIS, "close", "", "", "canary")
    async with database.write() as tx:
        for decision in (ban, close):
            await audit.write_down(tx, decision)
        ask_id = await audit.ask(tx, BORIS, Ask("ban", str(ANNA), "60", "a canary"), NOW, 60)
        assert CANARY not in await rows(tx, "audit") + await rows(tx, "asks")
        assert await audit.last_about(tx, "ban", str(ANNA)) == ban
    await database.vault.destroy(ANNA, NOW)
    async with database.write() as tx:
        assert [each for _, each in await audit.decisions(tx, 9)] == [close, replace(ban, detail="", reason="")]
        assert await audit.answered(tx, ask_id, BORIS, NOW) == Ask("ban", str(ANNA), "", "")


async def test_a_signature_moves_with_its_group(database: Database) -> None:
    async with database.write() as tx:
        await chats.change(tx, -42, signature="a canary")
        await chats.move(tx, -42, -1042)
        assert CANARY not in await rows(tx, "chats")
        assert (await chats.get(tx, -1042)).signature == "a canary"


async def test_a_broadcast_of_a_forgotten_admin_has_no_words(database: Database) -> None:
    letter = Letter("sendMessage", {"text": "a canary"})
    async with database.write() as tx:
        await broadcasts.add_draft(tx, "b1", BORIS, letter, NOW)
        assert CANARY not in await rows(tx, "broadcasts")
        assert [found.letter for found in [await broadcasts.get(tx, "b1")] if found] == [letter]
    await database.vault.destroy(BORIS, NOW)
    async with database.read() as tx:
        assert [found.letter for found in [await broadcasts.get(tx, "b1")] if found] == [Letter("", {})]
