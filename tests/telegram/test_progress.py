"""Notes say how it is going, as long as it is going, and never in the way of the result."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import StorageBusy, StorageError
from bot.imagine import store
from bot.imagine.rules import Status
from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.telegram.chats import Chats
from bot.telegram.limits import PAUSE_BELIEVED
from bot.telegram.progress import Progress
from tests.busy import BusyDatabase
from tests.telegram.conftest import Edge, EdgeMaker, cards_of, holds
from tests.telegram.pictures import keep_generation


class Hands:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.at = 1_700_000_100.0

    def now(self) -> int:
        return int(self.at)

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def life(edge: EdgeMaker, hands: Hands) -> AsyncIterator[Edge]:
    life = edge(clock=hands)
    yield life
    await life.api.close()


@pytest.fixture
async def talk(sandbox: Sandbox, bot: Bot) -> Talk:
    talk = sandbox.person("Anna").private(bot)
    await talk.say("/imagine a red fox")
    return talk


def progress_of(life: Edge) -> Progress:
    return Progress(life.database, life.api, life.chats, cards_of(life), life.clock)


async def begin(life: Edge, talk: Talk, status: Status = Status.DRAWING, **changes: Any) -> None:
    """A generation with its note in the chat."""
    note = await life.api.call("sendMessage", chat_id=talk.chat_id, text="Drawing")
    await keep_generation(life.database, "g1", talk.chat_id, status, note_id=note["message_id"], **changes)


async def test_the_note_tells_the_seconds(life: Edge, talk: Talk, hands: Hands) -> None:
    await begin(life, talk)
    progress = progress_of(life)
    texts = []
    for _ in range(3):
        hands.at += 3
        await progress.look()
        texts.append(talk.last.text)
    assert len(set(texts)) == 3
    assert "a red fox" in texts[0]
    assert len(talk.answers) == 1


async def test_a_note_that_would_say_the_same_is_left_alone(life: Edge, talk: Talk) -> None:
    await begin(life, talk, Status.QUEUED)
    progress = progress_of(life)
    await progress.look()
    await progress.look()
    assert talk.last.edits == 1


async def test_in_a_group_only_a_new_state_is_told(life: Edge, sandbox: Sandbox, bot: Bot, hands: Hands) -> None:
    anna = sandbox.person("Anna")
    talk = anna.at(sandbox.group("Friends", anna, bot))
    await begin(life, talk)
    hands.at -= 100  # since then
    progress = progress_of(life)
    for _ in range(4):
        hands.at += 30
        await progress.look()
    assert talk.last.edits == 1


async def test_nothing_is_said_any_more_once_there_is_a_result(life: Edge, talk: Talk) -> None:
    await begin(life, talk)
    progress = progress_of(life)
    async with life.chats.turn(talk.chat_id):
        assert life.chats.is_busy(talk.chat_id)
        await progress.look()
    async with life.database.write() as tx:
        await store.move(tx, "g1", Status.DRAWING, Status.READY)
    await progress.look()
    assert talk.last.edits == 0


async def test_a_paused_chat_is_left_alone_and_a_pause_is_learned(
    life: Edge, sandbox: Sandbox, talk: Talk, hands: Hands
) -> None:
    await begin(life, talk)
    sandbox.fault("editMessageText", retry_after=60)
    progress = progress_of(life)
    for _ in range(3):
        hands.at += 3
        await progress.look()
    assert len(sandbox.calls_of("editMessageText")) == 1
    assert life.chats.pause_left(talk.chat_id) > 0


async def test_a_deleted_note_is_no_trouble(life: Edge, talk: Talk, sandbox: Sandbox) -> None:
    await begin(life, talk)
    await talk.delete(talk.last)
    await progress_of(life).look()
    assert len(sandbox.calls_of("editMessageText")) == 1
    assert talk.answers == []


async def test_a_pause_counts_at_once_and_is_written_down_as_soon_as_the_database_is_free(
    life: Edge, talk: Talk, sandbox: Sandbox, hands: Hands
) -> None:
    await begin(life, talk)
    sandbox.fault("editMessageText", retry_after=60)
    database = BusyDatabase(life.database, StorageBusy("in use"))
    life.chats = Chats(database, life.clock)
    await progress_of(life).look()
    assert life.chats.pause_left(talk.chat_id) == 60
    assert await life.rows("SELECT until_at FROM pauses") == [{"until_at": hands.now() + 60}]


async def test_a_pause_that_is_over_is_not_written_down_any_more(life: Edge, hands: Hands) -> None:
    database = BusyDatabase(life.database, StorageBusy("in use"), StorageBusy("in use"))
    chats = Chats(database, life.clock)
    async with asyncio.TaskGroup() as group:
        group.create_task(chats.pause(1, 60))
        await holds(lambda: len(database.coming) == 1, "the first try has failed")
        hands.at += 60
    assert await life.rows("SELECT 1 AS one FROM pauses") == []


async def test_trouble_with_the_storage_does_not_end_progress(
    life: Edge, talk: Talk, sandbox: Sandbox, hands: Hands
) -> None:
    class Broken(Chats):
        async def pause(self, chat_id: int, seconds: int) -> None:
            raise StorageError("The disk is gone.")

    await begin(life, talk)
    sandbox.fault("editMessageText", retry_after=1)
    life.chats = Broken(life.database, life.clock)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(progress_of(life).run())
        await holds(lambda: sandbox.calls_of("editMessageText"), "the first edit")
        hands.at += 3
        await holds(lambda: len(sandbox.calls_of("editMessageText")) > 1, "the second edit")
        running.cancel()


async def test_a_clock_that_was_set_back_silences_no_chat_for_long(life: Edge, hands: Hands) -> None:
    await life.chats.pause(1, 60)
    hands.at -= 12 * 3600
    next_life = Chats(life.database, life.clock)
    await next_life.load()
    assert next_life.pause_left(1) == PAUSE_BELIEVED
