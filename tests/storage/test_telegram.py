"""Rows of inbox and outbox, on both databases."""

from typing import Any

from aiogram.methods import (
    DeleteMessage,
    EditEphemeralMessageText,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMessage,
)
from aiogram.methods.base import TelegramMethod
from aiogram.types import EphemeralMessageParameters

from bot.outgoing import Outgoing
from bot.storage.database import Database, Transaction
from bot.telegram import store
from bot.telegram.store import Incoming, Row

BOT = 5
NOW = 1_700_000_000


def message(chat_id: int, text: str) -> SendMessage:
    return SendMessage(chat_id=chat_id, text=text)


async def test_an_update_is_kept_once_and_ends_once(database: Database) -> None:
    incoming = Incoming(7, "user:1", '{"update_id": 7}', 0)
    async with database.write() as tx:
        assert await store.put_update(tx, BOT, incoming, NOW)
        assert not await store.put_update(tx, BOT, incoming, NOW)
        await store.count_attempt(tx, BOT, 7)
        assert [each.attempts for each in await store.open_updates(tx, BOT)] == [1]
        assert await store.end_update(tx, BOT, 7)
        assert not await store.end_update(tx, BOT, 7)
        assert await store.open_updates(tx, BOT) == []


async def test_updates_of_another_bot_are_other_updates(database: Database) -> None:
    incoming = Incoming(7, "user:1", "{}", 0)
    async with database.write() as tx:
        assert await store.put_update(tx, BOT, incoming, NOW)
        assert await store.put_update(tx, BOT + 1, incoming, NOW)
        assert len(await store.open_updates(tx, BOT)) == 1


async def test_updates_are_taken_up_in_the_order_they_came_even_when_ids_start_anew(database: Database) -> None:
    async with database.write() as tx:
        for update_id, at in ((10**9, NOW), (10**9 + 1, NOW), (1, NOW + 60)):
            await store.put_update(tx, BOT, Incoming(update_id, "user:1", "{}", 0), at)
        assert [each.update_id for each in await store.open_updates(tx, BOT)] == [10**9, 10**9 + 1, 1]


async def test_what_is_over_is_forgotten_and_what_is_not_stays(database: Database) -> None:
    async with database.write() as tx:
        for update_id in (1, 2):
            await store.put_update(tx, BOT, Incoming(update_id, "user:1", "{}", 0), NOW)
        await store.end_update(tx, BOT, 1)
        await store.pause(tx, 3, NOW + 10)
        await store.prune(tx, NOW + store.INBOX_KEPT + 1)
        assert await tx.fetch("SELECT update_id FROM inbox", {}) == [{"update_id": 2}]
        assert await store.pauses(tx) == {}


async def test_calls_come_out_in_order_for_each_chat(database: Database) -> None:
    async with database.write() as tx:
        for chat_id, text in ((2, "a"), (1, "b"), (2, "c")):
            await store.add(tx, Outgoing(message(chat_id, text)), NOW)
        assert await store.chats(tx, 0, NOW) == ([2, 1], 3)
        row = await store.next_row(tx, 2, NOW)
        assert row is not None
        assert (row.method, row.params) == ("sendMessage", {"chat_id": 2, "text": "a"})
        await store.remove(tx, row, NOW)
        following = await store.next_row(tx, 2, NOW)
        assert following is not None
        assert following.params["text"] == "c"
        assert await store.drop_chat(tx, 2) == 1
        assert (await store.chats(tx, 0, NOW))[0] == [1]


async def test_of_the_edits_of_a_message_only_the_newest_waits(database: Database) -> None:
    def bare(message_id: int) -> EditMessageReplyMarkup:
        return EditMessageReplyMarkup(chat_id=-2, message_id=message_id)

    def edited(text: str, **where: Any) -> EditMessageText:
        return EditMessageText(text=text, **where)

    inline = {"inline_message_id": "AB-1"}
    calls: list[TelegramMethod[Any] | Outgoing] = [
        *(bare(number) for number in (5, 55, 5, 5)),
        edited("first", chat_id=-2, message_id=5),
        edited('"message_id": 5, or so', chat_id=-2, message_id=6),
        edited("a note", chat_id=-2, message_id=5),
        Outgoing(edited("kept", chat_id=-2), note_of="g1"),
        *(Outgoing(edited(words, **inline), chat_id=-2) for words in ("one", "two")),
        edited("elsewhere", chat_id=-3, message_id=5),
    ]
    async with database.write() as tx:
        for call in calls:
            await store.add(tx, call if isinstance(call, Outgoing) else Outgoing(call), NOW)
        left = [(row.method, row.params.get("text"), row.params.get("message_id")) for row in await waiting(tx, -2)]
    assert left == [
        ("editMessageReplyMarkup", None, 55),
        ("editMessageReplyMarkup", None, 5),
        ("editMessageText", '"message_id": 5, or so', 6),
        ("editMessageText", "a note", 5),
        ("editMessageText", "kept", None),
        ("editMessageText", "two", None),
    ]


async def test_of_the_whispers_to_one_person_only_the_newest_few_wait(database: Database) -> None:
    def whisper(user_id: int, text: str) -> SendMessage:
        to = EphemeralMessageParameters(receiver_user_id=user_id)
        return SendMessage(chat_id=-2, text=text, ephemeral_message_parameters=to)

    async with database.write() as tx:
        await store.add(tx, Outgoing(message(-2, "aloud")), NOW)
        await store.add(tx, Outgoing(whisper(71, "somebody else")), NOW)
        for number in range(9):
            await store.add(tx, Outgoing(whisper(7, str(number))), NOW)
        left = [row.params["text"] for row in await waiting(tx, -2)]
    assert left == ["aloud", "somebody else", "6", "7", "8"]


async def waiting(tx: Transaction, chat_id: int) -> list[Row]:
    """Every call that waits for a chat, taken out in order."""
    rows = []
    while row := await store.next_row(tx, chat_id, NOW):
        rows.append(row)
        await store.remove(tx, row, NOW)
    return rows


async def test_a_key_keeps_its_word_for_a_day(database: Database) -> None:
    async with database.write() as tx:
        await store.add(tx, Outgoing(message(1, "a"), once="k"), NOW)
        await store.add(tx, Outgoing(message(1, "b"), once="k"), NOW)
        row = await store.next_row(tx, 1, NOW)
        assert row is not None
        await store.remove(tx, row, NOW)
        await store.add(tx, Outgoing(message(1, "c"), once="k"), NOW)
        assert await store.next_row(tx, 1, NOW) is None
        await store.prune(tx, NOW + store.ONCE_KEPT + 1)
        await store.add(tx, Outgoing(message(1, "d"), once="k"), NOW)
        assert (await store.chats(tx, 0, NOW))[0] == [1]


async def test_tries_are_counted_and_taken_back(database: Database) -> None:
    async with database.write() as tx:
        await store.add(tx, Outgoing(message(1, "a"), note_of="g"), NOW)
        row = await store.next_row(tx, 1, NOW)
        assert row is not None
        await store.mark_attempt(tx, row)
        marked = await store.next_row(tx, 1, NOW)
        assert marked is not None
        assert marked.attempts == 1
        await store.unmark_attempt(tx, row)
        assert await store.next_row(tx, 1, NOW) == row
        assert await store.waits_for_note(tx, "g")
        assert not await store.waits_for_note(tx, "h")


async def test_the_last_pause_of_a_chat_counts(database: Database) -> None:
    async with database.write() as tx:
        await store.pause(tx, 1, NOW + 5)
        await store.pause(tx, 1, NOW + 60)
        assert await store.pauses(tx) == {1: NOW + 60}


async def test_no_message_of_the_new_group_is_changed_for_one_of_the_old(
    database: Database,
) -> None:
    async with database.write() as tx:
        for change in (
            DeleteMessage(chat_id=-5, message_id=7),
            EditMessageReplyMarkup(chat_id=-5, message_id=7),
            EditEphemeralMessageText(chat_id=-5, receiver_user_id=1, ephemeral_message_id=7, text="a"),
            Outgoing(EditMessageText(chat_id=-5, text="a note"), note_of="g1"),
        ):
            await store.add(tx, change if isinstance(change, Outgoing) else Outgoing(change), NOW)
        await store.move_chat(tx, -5, -1005, NOW)
        assert [row.note_of for row in await waiting(tx, -1005)] == ["g1"]


async def test_what_waits_for_a_moved_group_goes_to_its_new_place(database: Database) -> None:
    async with database.write() as tx:
        await store.add(tx, Outgoing(message(-5, "a")), NOW)
        await store.move_chat(tx, -5, -1005, NOW)
        row = await store.next_row(tx, -1005, NOW)
        assert row is not None
        assert row.params["chat_id"] == -1005
