"""Who gets in, and what those hear who do not."""

from typing import Any

import pytest
from aiogram import Router
from aiogram.methods import SendMessage
from aiogram.types import Message

from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.telegram.gate import NOBODY
from bot.texts import Translator
from bot.users import store as users
from bot.users.rules import Person
from tests.telegram.conftest import ADMIN, EdgeMaker


def greeting(met: list[Person], **_: Any) -> Router:
    router = Router()

    @router.message()
    async def on_message(message: Message, person: Person, t: Translator, is_admin: bool, now: int) -> SendMessage:
        met.append(person)
        assert now > 0
        return message.answer(f"{t.language} {is_admin}")

    return router


def said(talk: Talk) -> list[str]:
    return [message.text for message in talk.answers]


async def test_an_admin_gets_in_without_an_invitation(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    talk = sandbox.person("Ada", user_id=ADMIN).private(bot)
    await talk.say("hi")
    async with edge(greeting([]), public=False).at_work():
        await talk.until(lambda chat: said(chat) == ["en True"])


async def test_a_stranger_hears_once_a_day_whom_to_give_their_number(
    edge: EdgeMaker, sandbox: Sandbox, bot: Bot
) -> None:
    stranger, admin = sandbox.person("Eve", language="ru"), sandbox.person("Ada", user_id=ADMIN)
    talk, other = stranger.private(bot), admin.private(bot)
    met: list[Person] = []
    async with edge(greeting(met), public=False).at_work() as life:
        await talk.say("let me in")
        await talk.until(lambda chat: chat.answers)
        await talk.say("please")
        await talk.say("please!")
        await other.say("hi")
        await other.until(lambda chat: chat.answers)
        assert await life.rows("SELECT user_id FROM users") == [{"user_id": ADMIN}]
    assert [person.user_id for person in met] == [ADMIN]
    [answer] = talk.answers
    assert str(stranger.user_id) in answer.text
    assert answer.text.startswith(life.texts.negotiate("ru")("gate-not-invited")[:20])
    assert answer.entities[0]["type"] == "code"


async def test_a_stranger_in_a_group_hears_nothing(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    stranger, admin = sandbox.person("Eve"), sandbox.person("Ada", user_id=ADMIN)
    group = sandbox.group("Friends", admin, stranger, bot)
    await stranger.at(group).say("/imagine a fox")
    await admin.at(group).say("/imagine a fox")
    async with edge(greeting([]), public=False).at_work():
        await admin.at(group).until(lambda chat: chat.answers)
        assert said(admin.at(group)) == ["en True"]


async def test_members_get_in_and_banned_people_hear_one_kind_sentence(
    edge: EdgeMaker, sandbox: Sandbox, bot: Bot
) -> None:
    member, banned = sandbox.person("Mia"), sandbox.person("Bo")
    life = edge(greeting([]), public=False)
    async with life.database.write() as tx:
        for person, columns in ((member, (1, 0)), (banned, (1, 1))):
            values = {"id": person.user_id, "member": columns[0], "banned": columns[1]}
            await tx.execute(
                "INSERT INTO users (user_id, member, banned, created_at) VALUES (:id, :member, :banned, 0)", values
            )
    await banned.private(bot).say("hi")
    await banned.private(bot).say("hello?")
    await member.private(bot).say("hi")
    async with life.at_work():
        await member.private(bot).until(lambda chat: said(chat) == ["en False"])
        assert not await life.rows("SELECT 1 AS one FROM inbox WHERE state = 'new'")
    assert said(banned.private(bot)) == [life.texts.negotiate("en")("gate-banned")]


async def test_a_ban_ends_by_itself(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    person, other = sandbox.person("Bo"), sandbox.person("Ann")
    life = edge(greeting([]))
    async with life.database.write() as tx:
        for one, until in ((person, 1), (other, 4_000_000_000)):
            await users.set_banned(tx, one.user_id, True, until)
    await person.private(bot).say("hi")
    await other.private(bot).say("hi")
    async with life.at_work():
        await person.private(bot).until(lambda chat: said(chat) == ["en False"])
        await other.private(bot).until(lambda chat: chat.answers)
    assert "2096-10-02 07:06 UTC" in said(other.private(bot))[0]


async def test_who_runs_the_bot_cannot_be_shut_out(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    admin = sandbox.person("Ada", user_id=ADMIN)
    life = edge(greeting([]))
    async with life.database.write() as tx:
        await users.set_banned(tx, ADMIN, True)
    await admin.private(bot).say("hi")
    async with life.at_work():
        await admin.private(bot).until(lambda chat: said(chat) == ["en True"])


async def test_whoever_was_turned_out_is_a_stranger_again(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    met: list[Person] = []
    person = sandbox.person("Mia")
    life = edge(greeting(met), public=False)
    async with life.database.write() as tx:
        values = {"id": person.user_id}
        await tx.execute("INSERT INTO users (user_id, member, banned, created_at) VALUES (:id, 0, 0, 0)", values)
    await person.private(bot).say("hi")
    async with life.at_work():
        await person.private(bot).until(lambda chat: chat.answers)
    assert met == []
    assert str(person.user_id) in said(person.private(bot))[0]


@pytest.mark.parametrize("language", ["en", "ru", "ru-RU"])
async def test_people_are_spoken_to_in_the_language_of_their_app(
    edge: EdgeMaker, sandbox: Sandbox, bot: Bot, language: str
) -> None:
    talk = sandbox.person("Ann", language=language).private(bot)
    met: list[Person] = []
    await talk.say("hi")
    async with edge(greeting(met)).at_work():
        await talk.until(lambda chat: said(chat) == [f"{language[:2]} False"])
    assert met[0].client_language == language


async def test_someone_who_comes_back_is_not_gone_any_more(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    anna = sandbox.person("Anna")
    life = edge(greeting([]))
    async with life.database.write() as tx:
        values = {"id": anna.user_id}
        await tx.execute("INSERT INTO users (user_id, gone, created_at) VALUES (:id, 1, 0)", values)
    await anna.private(bot).say("hi")
    async with life.at_work():
        await anna.private(bot).until(lambda chat: chat.answers)
        assert await life.rows("SELECT gone FROM users") == [{"gone": 0}]


@pytest.mark.parametrize("change", [{"from": {"is_bot": True}}, *({"from": {"id": each}} for each in sorted(NOBODY))])
async def test_accounts_that_stand_for_many_people_are_nobody(
    edge: EdgeMaker, sandbox: Sandbox, bot: Bot, change: dict[str, Any]
) -> None:
    talk = sandbox.person("Anna").private(bot)
    met: list[Person] = []
    await talk.say("hi")
    [update] = bot.updates.waiting
    odd = {**update["message"], "from": {**update["message"]["from"], **change["from"]}}
    life = edge(greeting(met))
    await life.inbox.accept([{"update_id": 1, "message": odd}])
    async with life.at_work():
        await talk.until(lambda chat: chat.answers)
    assert len(met) == 1


async def test_a_message_in_the_name_of_a_channel_is_nobodys(edge: EdgeMaker, sandbox: Sandbox, bot: Bot) -> None:
    talk = sandbox.person("Anna").private(bot)
    met: list[Person] = []
    await talk.say("as a channel", sender_chat={"id": -1001, "type": "channel", "title": "News"})
    await talk.say("as myself")
    async with edge(greeting(met)).at_work():
        await talk.until(lambda chat: chat.answers)
    assert len(met) == 1
