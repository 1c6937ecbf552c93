"""Rows of drafts and channels, on both databases."""

from dataclasses import replace

from bot.chats import store as chats
from bot.posts import store
from bot.posts.rules import Asked, Post, State
from bot.storage.database import Database

CHANNEL, OTHER = -1_001_000_000_001, -1_001_000_000_002
ANNA, BORIS = 11, 12
BOLD = {"type": "bold", "offset": 0, "length": 3}
POST = Post("draft-1", ANNA, CHANNEL, "News", 100, 100, "fox", (BOLD,), "Anna", asked=Asked.CAPTION)


async def test_a_draft_is_kept_as_it_is_and_belongs_to_its_person(database: Database) -> None:
    async with database.write() as tx:
        assert await store.insert(tx, POST)
        assert not await store.insert(tx, replace(POST, caption="another"))
        assert await store.get(tx, "draft-1") == POST
        assert await store.get_owned(tx, "draft-1", ANNA) == POST
        assert await store.get_owned(tx, "draft-1", BORIS) is None


async def test_a_draft_is_changed_from_the_expected_state_only(database: Database) -> None:
    async with database.write() as tx:
        await store.insert(tx, POST)
        planned = await store.change(tx, POST, 200, state=State.PLANNED, due_at=900, asked=None)
        assert planned == replace(POST, state=State.PLANNED, due_at=900, asked=None, changed_at=200)
        assert await store.change(tx, POST, 300, state=State.DISCARDED) is None
        assert await store.get(tx, "draft-1") == planned


async def test_old_drafts_are_forgotten_and_planned_ones_are_not(database: Database) -> None:
    async with database.write() as tx:
        for number, state in enumerate(State):
            await store.insert(tx, replace(POST, post_id=state.value, state=state, changed_at=number))
        await store.insert(tx, replace(POST, post_id="young", changed_at=1000))
        await store.prune(tx, 500)
        left = [each for each in (*(state.value for state in State), "young") if await store.get(tx, each)]
        assert left == ["planned", "sending", "begun", "young"]


async def test_the_last_draft_of_a_person_for_a_channel_counts(database: Database) -> None:
    async with database.write() as tx:
        await store.insert(tx, POST)
        await store.insert(tx, replace(POST, post_id="later", created_at=300))
        await store.insert(tx, replace(POST, post_id="other", chat_id=OTHER, created_at=400))
        assert await store.last_draft(tx, CHANNEL, ANNA, 999) == 300
        assert await store.last_draft(tx, CHANNEL, ANNA, 200) == 100
        assert await store.last_draft(tx, CHANNEL, BORIS, 999) is None


async def test_channels_of_a_person_come_first_and_those_let_in_by_number_last(database: Database) -> None:
    async with database.write() as tx:
        await store.note_channel(tx, CHANNEL, ANNA, 100)
        await store.note_channel(tx, OTHER, BORIS, 200)
        await chats.change(tx, -1_001_000_000_003, allowed=True)
        await chats.change(tx, -1_001_000_000_004, allowed=False)
        await chats.change(tx, -5_000, allowed=True)
        await chats.change(tx, OTHER, allowed=True)
        assert await store.candidates(tx, ANNA, 9) == [CHANNEL, OTHER, -1_001_000_000_003]
        assert await store.candidates(tx, BORIS, 1) == [OTHER]
        await store.drop_channel(tx, CHANNEL)
        assert CHANNEL not in await store.candidates(tx, ANNA, 9)
