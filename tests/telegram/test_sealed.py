"""What waits in the inbox and in the outbox is read by nobody who has the database and not the keys."""

import pytest
from aiogram.methods import EditMessageText, SendMessage

from bot.outgoing import Outgoing
from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.telegram import store
from tests.telegram.conftest import Edge, EdgeMaker
from tests.telegram.test_spine import done, echo, said
from tests.waiting import until

NOW = 1_700_000_000


@pytest.fixture
async def talk(sandbox: Sandbox, bot: Bot) -> Talk:
    return sandbox.person("Anna").private(bot)


async def empty(edge: Edge) -> bool:
    return not await edge.rows("SELECT 1 AS one FROM outbox WHERE method <> ''")


async def put(edge: Edge, *calls: Outgoing) -> None:
    async with edge.database.write() as tx:
        for call in calls:
            await store.add(tx, call, NOW)


def words(talk: Talk, text: str, about: int | None = None) -> Outgoing:
    return Outgoing(SendMessage(chat_id=talk.chat_id, text=text), about=about)


async def test_what_waits_cannot_be_read_in_the_database(edge: EdgeMaker, talk: Talk, bot: Bot) -> None:
    await talk.say("a canary asked")
    life = edge()
    await life.inbox.accept(bot.updates.waiting)
    await life.inbox.accept_unreadable(7, b"a canary without a cage")
    await put(life, words(talk, "a canary answers", 7), words(talk, "a canary of a chat"))
    kept = await life.rows("SELECT owner_id, raw AS text FROM inbox UNION ALL SELECT owner_id, payload FROM outbox")
    assert sorted(row["owner_id"] for row in kept) == sorted([talk.chat_id, 0, 7, talk.chat_id])
    assert not [row for row in kept if "canary" in row["text"]]


async def test_what_is_said_is_about_whoever_asked(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    anna = sandbox.person("Anna")
    group = sandbox.group("Friends", anna, bot)
    await anna.at(group).say("/hello")
    life = edge(echo())
    await life.inbox.accept(bot.updates.waiting)
    sandbox.fault("sendMessage", retry_after=600)
    async with life.at_work():
        await until(lambda: done(life), "it was handled")
        [row] = await life.rows("SELECT owner_id, chat_id FROM outbox")
        assert row == {"owner_id": anna.user.user_id, "chat_id": group.chat_id}


async def test_what_a_forgotten_person_asked_is_passed_by(edge: EdgeMaker, talk: Talk, bot: Bot) -> None:
    await talk.say("forget me")
    before = edge()
    await before.inbox.accept(bot.updates.waiting)
    await before.database.vault.destroy(talk.chat_id, NOW)
    await talk.say("hello again")
    async with edge(echo()).at_work() as life:
        await talk.until(lambda chat: said(chat) == ["you said hello again"])
        await until(lambda: done(life), "nothing waits")
        assert {row["state"] for row in await life.rows("SELECT state FROM inbox")} == {"done"}


async def test_what_was_to_be_said_of_a_forgotten_person_is_not(edge: EdgeMaker, talk: Talk, bot: Bot) -> None:
    await talk.say("hello")
    bot.updates.clear()
    life = edge()
    await put(life, words(talk, "of somebody", about=7), words(talk, "of nobody"))
    await life.database.vault.destroy(7, NOW)
    async with life.at_work(polling=False):
        await talk.until(lambda chat: said(chat) == ["of nobody"])
        await until(lambda: empty(life), "nothing waits")


async def test_what_an_earlier_version_left_waiting_is_said(edge: EdgeMaker, talk: Talk, bot: Bot) -> None:
    await talk.say("hello")
    life = edge(echo())
    await life.inbox.accept(bot.updates.waiting)
    await put(life, words(talk, "first"))
    async with life.database.write() as tx:
        [row] = await tx.fetch("SELECT raw FROM inbox", {})
        raw = await tx.vault.unseal(talk.chat_id, row["raw"])
        await tx.execute("UPDATE inbox SET raw = :raw, owner_id = 0", {"raw": raw})
        await tx.execute("UPDATE outbox SET payload = :payload, owner_id = 0", {"payload": '{"text": "first"}'})
    bot.updates.clear()
    async with life.at_work():
        await talk.until(lambda chat: sorted(said(chat)) == ["first", "you said hello"])


async def test_an_edit_takes_the_place_of_an_edit_of_the_same_message_only(edge: EdgeMaker, talk: Talk) -> None:
    def edit(message_id: int, text: str) -> Outgoing:
        return Outgoing(EditMessageText(chat_id=talk.chat_id, message_id=message_id, text=text))

    life = edge()
    await put(life, edit(1, "a"), edit(11, "b"), edit(1, "c"))
    targets = [row["target"] for row in await life.rows("SELECT target FROM outbox ORDER BY outbox_id")]
    assert targets == ['{"message_id": 11}', '{"message_id": 1}']
