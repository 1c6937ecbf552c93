"""Messages go out in order, at Telegram's pace, until there is a clear answer; pictures never twice."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiogram.methods import (
    DeleteMessage,
    EditEphemeralMessageText,
    EditMessageText,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import ReplyParameters

from bot.outgoing import Outgoing
from bot.sandbox.faults import Lost
from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.telegram import store
from tests.telegram.conftest import Edge, EdgeMaker, holds
from tests.telegram.pictures import keep_generation, photo_id
from tests.waiting import until


@pytest.fixture
async def talk(sandbox: Sandbox, bot: Bot) -> Talk:
    talk = sandbox.person("Anna").private(bot)
    await talk.say("hello")
    bot.updates.clear()
    return talk


@pytest.fixture
async def other(sandbox: Sandbox, bot: Bot) -> Talk:
    other = sandbox.person("Ben").private(bot)
    await other.say("hello")
    bot.updates.clear()
    return other


def said(talk: Talk) -> list[str]:
    return [message.text for message in talk.answers]


async def put(life: Edge, *methods: TelegramMethod[Any] | Outgoing) -> None:
    async with life.database.write() as tx:
        for method in methods:
            await life.outbox.add(tx, method if isinstance(method, Outgoing) else Outgoing(method))
    life.outbox.ring()


def words(talk: Talk, text: str, **params: Any) -> SendMessage:
    return SendMessage(chat_id=talk.chat_id, text=text, **params)


async def empty(life: Edge) -> bool:
    return not await life.rows("SELECT 1 AS one FROM outbox WHERE method <> ''")


async def test_messages_of_a_chat_keep_their_order(edge: EdgeMaker, talk: Talk) -> None:
    async with edge().at_work(polling=False) as life:
        await put(life, *(words(talk, str(number)) for number in range(5)))
        await talk.until(lambda chat: said(chat) == ["0", "1", "2", "3", "4"])
        await until(lambda: empty(life), "the outbox is empty")


async def test_a_row_whose_commit_nobody_announced_is_found_soon(edge: EdgeMaker, talk: Talk) -> None:
    async with edge().at_work(polling=False) as life:
        async with life.database.write() as tx:
            await life.outbox.add(tx, Outgoing(words(talk, "hi")))
        await talk.until(lambda chat: said(chat) == ["hi"], timeout=1)


async def test_what_waited_through_a_crash_is_sent_after_it(edge: EdgeMaker, talk: Talk) -> None:
    await put(edge(), words(talk, "late"))
    async with edge().at_work(polling=False):
        await talk.until(lambda chat: said(chat) == ["late"])


async def test_a_pause_holds_one_chat_exactly_as_long_as_told_and_no_other(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk, other: Talk
) -> None:
    sandbox.fault("sendMessage", retry_after=2, where=lambda call: call.chat_id == talk.chat_id)
    async with edge().at_work(polling=False) as life:
        await put(life, words(talk, "first"), words(talk, "second"))
        await holds(lambda: life.chats.pause_left(talk.chat_id) > 0, "the chat is paused")
        await put(life, words(other, "mine"))
        await other.until(lambda chat: said(chat) == ["mine"])
        await talk.until(lambda chat: said(chat) == ["first", "second"])
    refused, repeated = [call for call in sandbox.calls_of("sendMessage") if call.values.get("text") == "first"]
    [mine] = [call for call in sandbox.calls_of("sendMessage") if call.values.get("text") == "mine"]
    assert mine.since - refused.since < 2.0 <= repeated.since - refused.since < 3.0


async def test_a_pause_is_kept_to_by_the_next_process(edge: EdgeMaker, sandbox: Sandbox, talk: Talk) -> None:
    sandbox.fault("sendMessage", retry_after=2)
    async with edge().at_work(polling=False) as life:
        await put(life, words(talk, "patience"))
        await holds(lambda: life.chats.pause_left(talk.chat_id) > 0, "the chat is paused")
        await until(lambda: _kept_pause(life), "the pause is kept")
    async with edge().at_work(polling=False):
        await talk.until(lambda chat: said(chat) == ["patience"])
    refused, repeated = sandbox.calls_of("sendMessage")
    assert repeated.since - refused.since >= 2.0


async def _kept_pause(life: Edge) -> bool:
    return bool(await life.rows("SELECT 1 AS one FROM pauses"))


@pytest.mark.parametrize("trouble", [{"status": 500}, {"lost": Lost.BEFORE}], ids=["500", "reset"])
async def test_words_are_said_again_when_their_fate_is_unknown(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk, trouble: dict[str, Any]
) -> None:
    sandbox.fault("sendMessage", **trouble)
    async with edge().at_work(polling=False) as life:
        await put(life, words(talk, "hi"))
        await talk.until(lambda chat: said(chat) == ["hi"])


async def test_words_come_twice_at_most_however_often_their_fate_is_unknown(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk
) -> None:
    async with edge().at_work(polling=False) as life:
        sandbox.fault("sendMessage", lost=Lost.AFTER, times=2)
        await put(life, words(talk, "hi"), words(talk, "after"))
        await talk.until(lambda chat: said(chat)[-1:] == ["after"])
    assert said(talk) == ["hi", "hi", "after"]


async def test_a_note_of_unknown_fate_is_remembered_by_a_restart_and_then_left_alone(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk
) -> None:
    sandbox.fault("sendMessage", lost=Lost.AFTER, times=2)
    first = edge()
    await keep_generation(first.database, "g1", talk.chat_id)
    async with first.at_work(polling=False):
        await put(first, Outgoing(words(talk, "Drawing"), note_of="g1"))
        await until(lambda: first.rows("SELECT 1 AS one FROM outbox WHERE attempts = 1"), "the first sending is known")
    async with edge().at_work(polling=False) as life:
        await until(lambda: empty(life), "the outbox is empty")
        assert await life.rows("SELECT note_id FROM generations") == [{"note_id": None}]
    assert said(talk) == ["Drawing", "Drawing"]


async def test_a_picture_is_not_sent_again_when_its_fate_is_unknown(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    async with edge().at_work(polling=False) as life:
        file_id = await photo_id(life.api, talk.chat_id, tmp_path)
        sandbox.fault("sendPhoto", lost=Lost.AFTER)
        await put(life, SendPhoto(chat_id=talk.chat_id, photo=file_id), words(talk, "after"))
        await talk.until(lambda chat: said(chat)[-1:] == ["after"])
    assert [bool(message.photo) for message in talk.answers] == [True, True, False]


async def test_a_picture_begun_before_a_crash_is_not_sent_again(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    first = edge()
    file_id = await photo_id(first.api, talk.chat_id, tmp_path)
    await first.api.close()
    await put(first, SendPhoto(chat_id=talk.chat_id, photo=file_id), words(talk, "after"))
    async with first.database.write() as tx:
        await tx.execute("UPDATE outbox SET attempts = 1 WHERE method = 'sendPhoto'", {})
    async with edge().at_work(polling=False):
        await talk.until(lambda chat: said(chat)[-1:] == ["after"])
    assert len(sandbox.calls_of("sendPhoto")) == 1


async def test_a_picture_that_was_not_let_through_is_sent_later(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk, tmp_path: Path
) -> None:
    async with edge().at_work(polling=False) as life:
        file_id = await photo_id(life.api, talk.chat_id, tmp_path)
        sandbox.fault("sendPhoto", retry_after=1)
        await put(life, SendPhoto(chat_id=talk.chat_id, photo=file_id, caption="here"))
        await talk.until(lambda chat: said(chat)[-1:] == ["here"])


async def test_a_blocked_bot_forgets_what_it_wanted_to_say(edge: EdgeMaker, bot: Bot, talk: Talk) -> None:
    life = edge()
    async with life.database.write() as tx:
        await tx.execute("INSERT INTO users (user_id, created_at) VALUES (:id, 0)", {"id": talk.chat_id})
    talk.block()
    async with life.at_work(polling=False):
        await put(life, words(talk, "one"), words(talk, "two"))
        await until(lambda: empty(life), "the outbox is empty")
        assert await life.rows("SELECT gone FROM users") == [{"gone": 1}]
    assert len(life.sandbox.calls_of("sendMessage")) == 1


async def test_what_telegram_refuses_does_not_hold_up_the_rest(edge: EdgeMaker, sandbox: Sandbox, talk: Talk) -> None:
    sandbox.fault("sendMessage", text="Bad Request: some new reason")
    async with edge().at_work(polling=False) as life:
        await put(life, words(talk, "refused"), words(talk, "accepted"))
        await talk.until(lambda chat: said(chat) == ["accepted"])


async def test_an_answer_to_a_deleted_message_still_comes(edge: EdgeMaker, sandbox: Sandbox, talk: Talk) -> None:
    sandbox.fault("sendMessage", text="Bad Request: message to be replied not found")
    async with edge().at_work(polling=False) as life:
        await put(life, words(talk, "hi", reply_parameters=ReplyParameters(message_id=1)))
        await talk.until(lambda chat: said(chat) == ["hi"])
    assert talk.last.reply_to is None


async def test_a_note_is_remembered_and_edits_find_it(edge: EdgeMaker, talk: Talk) -> None:
    async with edge().at_work(polling=False) as life:
        await keep_generation(life.database, "g1", talk.chat_id)
        edit = EditMessageText(chat_id=talk.chat_id, text="cancelled")
        await put(life, Outgoing(words(talk, "queued"), note_of="g1"), Outgoing(edit, note_of="g1"))
        await talk.until(lambda chat: said(chat) == ["cancelled"])
        assert await life.rows("SELECT note_id FROM generations") == [{"note_id": talk.last.message_id}]


async def test_words_for_a_deleted_note_come_in_a_new_one(edge: EdgeMaker, talk: Talk) -> None:
    async with edge().at_work(polling=False) as life:
        await keep_generation(life.database, "g1", talk.chat_id)
        await put(life, Outgoing(words(talk, "queued"), note_of="g1"))
        await talk.until(lambda chat: said(chat) == ["queued"])
        await until(lambda: empty(life), "the note is remembered")
        await talk.delete(talk.last)
        await put(life, Outgoing(EditMessageText(chat_id=talk.chat_id, text="failed"), note_of="g1"))
        await talk.until(lambda chat: said(chat) == ["failed"])
        await until(lambda: empty(life), "the outbox is empty")
        assert await life.rows("SELECT note_id FROM generations") == [{"note_id": talk.last.message_id}]


async def test_an_edit_that_changes_nothing_is_fine(edge: EdgeMaker, talk: Talk) -> None:
    async with edge().at_work(polling=False) as life:
        await put(life, words(talk, "same"))
        await talk.until(lambda chat: said(chat) == ["same"])
        edit = EditMessageText(chat_id=talk.chat_id, message_id=talk.last.message_id, text="same")
        await put(life, edit, words(talk, "next"))
        await talk.until(lambda chat: said(chat) == ["same", "next"])


async def test_of_edits_of_one_message_that_wait_only_the_last_is_made(edge: EdgeMaker, talk: Talk) -> None:
    async with edge().at_work(polling=False) as life:
        await put(life, words(talk, "panel"), words(talk, "another"))
        await talk.until(lambda chat: said(chat) == ["panel", "another"])
        panel, another = (message.message_id for message in talk.answers)
        presses = [
            EditMessageText(chat_id=talk.chat_id, message_id=message_id, text=text)
            for message_id, text in ((panel, "page 1"), (another, "stays"), (panel, "page 2"), (panel, "page 3"))
        ]
        await put(life, *presses, words(talk, "done"))
        await talk.until(lambda chat: said(chat) == ["page 3", "stays", "done"])
    made = [call.values["text"] for call in life.sandbox.calls if call.method == "editMessageText"]
    assert made == ["stays", "page 3"]


async def test_taking_messages_away_uses_up_nothing_of_what_may_be_changed(edge: EdgeMaker, sandbox: Sandbox) -> None:
    async with edge().at_work(polling=False) as life:
        group = sandbox.group("Friends", sandbox.person("Ben"), life.bot)
        before = life.chats.pace.chance(group.chat_id, edit=True)
        for number in range(1, 6):
            await put(life, DeleteMessage(chat_id=group.chat_id, message_id=number))
        await until(lambda: empty(life), "the outbox is empty")
        assert before
        assert life.chats.pace.chance(group.chat_id, edit=True)


async def test_whispers_of_two_people_with_the_same_number_are_edited_both(edge: EdgeMaker, talk: Talk) -> None:
    async with edge().at_work(polling=False) as life, life.database.write() as tx:
        for whom, text in ((1, "a"), (2, "b"), (1, "c")):
            edit = EditEphemeralMessageText(
                chat_id=talk.chat_id, receiver_user_id=whom, ephemeral_message_id=7, text=text
            )
            await store.add(tx, Outgoing(edit), 0)
        rows = await tx.fetch("SELECT payload FROM outbox ORDER BY outbox_id", {})
        payloads = [await tx.vault.unseal(talk.chat_id, row["payload"]) for row in rows]
        assert [json.loads(payload or "")["text"] for payload in payloads] == ["b", "c"]
        await tx.execute("DELETE FROM outbox", {})


async def test_a_key_that_was_used_is_not_used_again_for_a_day(edge: EdgeMaker, talk: Talk) -> None:
    async with edge().at_work(polling=False) as life:
        await put(life, Outgoing(words(talk, "once"), once="k"))
        await talk.until(lambda chat: said(chat) == ["once"])
        await until(lambda: empty(life), "the outbox is empty")
        await put(life, Outgoing(words(talk, "once"), once="k"), words(talk, "done"))
        await talk.until(lambda chat: said(chat)[-1:] == ["done"])
    assert said(talk) == ["once", "done"]


async def test_a_group_that_moved_gets_its_messages_at_the_new_place(
    edge: EdgeMaker, sandbox: Sandbox, bot: Bot
) -> None:
    anna = sandbox.person("Anna")
    group = sandbox.group("Friends", anna, bot, supergroup=False)
    life = edge()
    await keep_generation(life.database, "g1", group.chat_id)
    new = sandbox.upgrade(group)
    bot.updates.clear()
    async with life.at_work(polling=False):
        await put(life, SendMessage(chat_id=group.chat_id, text="hi"))
        await anna.at(new).until(lambda chat: said(chat) == ["hi"])
        assert await life.rows("SELECT chat_id FROM generations") == [{"chat_id": new.chat_id}]


async def test_a_group_that_says_it_moved_is_followed(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    anna = sandbox.person("Anna")
    group = sandbox.group("Friends", anna, bot, supergroup=False)
    life = edge()
    await keep_generation(life.database, "g1", group.chat_id)
    new = sandbox.upgrade(group)
    async with life.at_work():

        async def moved() -> bool:
            return await life.rows("SELECT chat_id FROM generations") == [{"chat_id": new.chat_id}]

        await until(moved, "the generation has moved")


async def test_calls_under_way_are_finished_when_the_outbox_closes(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk
) -> None:
    sandbox.fault("sendMessage", delay=0.3)
    life = edge()
    await put(life, words(talk, "under way"), words(talk, "not begun"))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(life.outbox.run())
        await holds(lambda: bool(sandbox.calls_of("sendMessage")), "the call is under way")
        life.outbox.close()
        await asyncio.wait_for(running, 5)
    assert said(talk) == ["under way"]
    async with life.database.read() as tx:
        row = await store.next_row(tx, talk.chat_id, 0)
    assert row
    assert row.params["text"] == "not begun"
    await life.api.close()
