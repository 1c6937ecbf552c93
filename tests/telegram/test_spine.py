"""Each update is handled exactly once, in order, whatever happens on the way."""

import asyncio
from typing import Any

import pytest
from aiogram import Router
from aiogram.filters import Command
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.errors import UserError
from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.telegram import spine, store
from tests.telegram.conftest import Edge, EdgeMaker
from tests.waiting import until


def echo(seen: list[str] | None = None) -> Router:
    """Answers every message with its own words."""
    router = Router()

    @router.message()
    async def on_message(message: Message) -> SendMessage:
        if seen is not None:
            seen.append(message.text or "")
        return message.answer(f"you said {message.text}")

    return router


def failing(times: int) -> Router:
    """Breaks on `boom` so many times; answers everything else."""
    router, left = echo(), [times]
    outer = Router()

    @outer.message(lambda message: message.text == "boom" and left[0] > 0)
    async def on_boom(_: Message) -> None:
        left[0] -= 1
        raise RuntimeError("boom")

    outer.include_router(router)
    return outer


def said(talk: Talk) -> list[str]:
    return [message.text for message in talk.answers]


@pytest.fixture
def talk(sandbox: Sandbox, bot: Bot) -> Talk:
    return sandbox.person("Anna").private(bot)


async def done(edge: Edge) -> bool:
    return not await edge.rows("SELECT 1 AS one FROM inbox WHERE state = 'new'")


async def test_an_update_is_answered_and_its_words_are_not_kept(edge: EdgeMaker, talk: Talk) -> None:
    await talk.say("hello")
    async with edge(echo()).at_work() as life:
        await talk.until(lambda chat: said(chat) == ["you said hello"])
        assert await life.rows("SELECT state, raw FROM inbox") == [{"state": "done", "raw": ""}]


async def test_messages_of_one_person_are_handled_in_their_order(edge: EdgeMaker, talk: Talk) -> None:
    seen: list[str] = []
    for number in range(20):
        await talk.say(str(number))
    async with edge(echo(seen)).at_work():
        await talk.until(lambda chat: len(seen) == 20 and said(chat)[:1] == ["you said 0"])
    assert seen == [str(number) for number in range(20)]


async def test_an_update_that_comes_twice_is_handled_once(edge: EdgeMaker, bot: Bot, talk: Talk) -> None:
    seen: list[str] = []
    await talk.say("once")
    copies = bot.updates.waiting * 4
    async with edge(echo(seen)).at_work():
        await talk.until(lambda chat: said(chat) == ["you said once"])
        bot.updates.put(copies, 0)
        await talk.say("twice")
        await talk.until(lambda chat: len(said(chat)) == 2)
    assert seen == ["once", "twice"]


async def test_an_update_that_ended_meanwhile_is_not_handled_again(edge: EdgeMaker, bot: Bot, talk: Talk) -> None:
    seen: list[str] = []
    await talk.say("once")
    before = edge()
    await before.inbox.accept(bot.updates.waiting)
    async with before.database.read() as tx:
        [left] = await store.open_updates(tx, before.api.bot_id)
    async with edge(echo(seen)).at_work() as life:
        await talk.until(lambda chat: said(chat) == ["you said once"])
        life.spine.take(left)
        await talk.say("twice")
        await talk.until(lambda chat: "you said twice" in said(chat))
    assert seen == ["once", "twice"]


async def test_what_was_taken_in_before_a_crash_is_handled_after_it(edge: EdgeMaker, talk: Talk, bot: Bot) -> None:
    for number in range(3):
        await talk.say(str(number))
    await edge().inbox.accept(bot.updates.waiting)
    async with edge(echo()).at_work() as second:
        await talk.until(lambda chat: len(said(chat)) == 3)
        assert await done(second)
    assert said(talk) == [f"you said {number}" for number in range(3)]


async def test_a_handler_that_fails_twice_succeeds_the_third_time(edge: EdgeMaker, talk: Talk) -> None:
    await talk.say("boom")
    async with edge(failing(2)).at_work():
        await talk.until(lambda chat: said(chat) == ["you said boom"])


async def test_a_handler_that_always_fails_is_given_up_with_one_sentence(edge: EdgeMaker, talk: Talk) -> None:
    await talk.say("boom")
    await talk.say("and on")
    async with edge(failing(1000)).at_work() as life:
        await talk.until(lambda chat: "you said and on" in said(chat) and len(said(chat)) == 2)
        trouble = life.texts.negotiate("en")("gate-trouble", id="").strip()
        assert said(talk)[0].startswith(trouble[:40])
        [row] = await life.rows("SELECT state, raw <> '' AS kept FROM inbox WHERE state <> 'done'")
        assert row["state"] == "set_aside"
        assert row["kept"]


async def test_an_update_that_took_several_processes_down_is_not_tried_again(
    edge: EdgeMaker, talk: Talk, bot: Bot
) -> None:
    seen: list[str] = []
    await talk.say("poison")
    first = edge()
    await first.inbox.accept(bot.updates.waiting)
    async with first.database.write() as tx:
        await tx.execute("UPDATE inbox SET attempts = :most", {"most": spine.DEATHS})
    async with edge(echo(seen)).at_work():
        await talk.until(lambda chat: len(said(chat)) == 1)
    assert seen == []


async def test_what_took_processes_down_and_is_no_update_is_set_aside_in_silence(
    edge: EdgeMaker, talk: Talk, bot: Bot
) -> None:
    first = edge()
    await first.inbox.accept([{"update_id": 1, "message": {"message_id": "x"}}])
    async with first.database.write() as tx:
        await tx.execute("UPDATE inbox SET attempts = :most", {"most": spine.DEATHS})
    await talk.say("and on")
    async with edge(echo([])).at_work() as life:
        await talk.until(lambda chat: said(chat) == ["you said and on"])
        assert len(await life.rows("SELECT * FROM inbox WHERE state = 'set_aside'")) == 1


async def test_each_try_after_a_crash_is_counted_before_it_is_made(edge: EdgeMaker, talk: Talk, bot: Bot) -> None:
    counted: list[Any] = []
    router = Router()

    @router.message()
    async def on_message(message: Message, tx: Any) -> SendMessage:
        rows = await tx.fetch("SELECT attempts FROM inbox", {})
        counted.extend(row["attempts"] for row in rows)
        return message.answer("counted")

    await talk.say("hi")
    await edge().inbox.accept(bot.updates.waiting)
    async with edge(router).at_work():
        await talk.until(lambda chat: chat.answers)
    assert counted == [2]


async def test_one_update_that_is_none_does_not_hold_up_the_other_99(
    edge: EdgeMaker, sandbox: Sandbox, bot: Bot, talk: Talk
) -> None:
    for number in range(99):
        await talk.say(str(number))
    waiting = bot.updates.waiting
    waiting.insert(0, {"update_id": waiting[0]["update_id"] - 1, "message": {"message_id": "no", "date": "never"}})
    bot.updates.clear()
    bot.updates.put(waiting, sandbox.world.clock.now())
    seen: list[str] = []
    async with edge(echo(seen)).at_work() as life, asyncio.timeout(10):
        await talk.until(lambda _: len(seen) == 99)
        assert len(await life.rows("SELECT 1 AS one FROM inbox WHERE state = 'set_aside'")) == 1


async def test_a_mistake_of_the_person_is_explained_and_changes_nothing(edge: EdgeMaker, talk: Talk) -> None:
    router = Router()

    @router.message(Command("mistake"))
    async def on_mistake(_: Message, tx: Any) -> None:
        await tx.execute("INSERT INTO lanes (lane, served) VALUES ('x', 1)", {})
        raise UserError("settings-done")

    await talk.say("/mistake")
    async with edge(router).at_work() as life:
        await talk.until(lambda chat: said(chat) == ["Done"])
        assert await life.rows("SELECT * FROM lanes") == []
        assert await done(life)


async def test_a_hundred_mistakes_at_once_are_answered_by_one_notice(edge: EdgeMaker, talk: Talk) -> None:
    router = Router()

    @router.message(Command("mistake"))
    async def on_mistake(_: Message) -> None:
        raise UserError("settings-done")

    for _ in range(100):
        await talk.say("/mistake", date=1_700_000_000)
    async with edge(router).at_work() as life:
        await talk.until(lambda chat: said(chat) == ["Done"])

        async def all_heard() -> bool:
            return await done(life)

        await until(all_heard, "all are heard")
        assert await life.rows("SELECT * FROM outbox WHERE method <> ''") == []
        assert said(talk) == ["Done"]


async def test_whoever_tries_again_in_private_after_some_seconds_is_answered_again(edge: EdgeMaker, talk: Talk) -> None:
    router = Router()

    @router.message(Command("mistake"))
    async def on_mistake(_: Message) -> None:
        raise UserError("settings-done")

    for later in (0, 5, 10):
        await talk.say("/mistake", date=1_700_000_000 + later)
    async with edge(router).at_work():
        await talk.until(lambda chat: said(chat) == ["Done"] * 3)


async def test_a_mistake_behind_a_button_comes_up_as_an_alert(edge: EdgeMaker, talk: Talk) -> None:
    router = Router()

    @router.message()
    async def on_message(message: Message) -> SendMessage:
        button = InlineKeyboardButton(text="Press", callback_data="x")
        return message.answer("here", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]))

    @router.callback_query()
    async def on_press(_: CallbackQuery) -> None:
        raise UserError("settings-done")

    await talk.say("hi")
    async with edge(router).at_work():
        await talk.until(lambda chat: chat.answers)
        answer = await talk.press("Press")
    assert answer is not None
    assert (answer.text, answer.alert) == ("Done", True)


@pytest.mark.parametrize(("waited", "heard"), [(60, ["x"]), (86_400, [])], ids=["a minute", "a day"])
async def test_a_press_that_waited_for_long_does_nothing(
    edge: EdgeMaker, talk: Talk, bot: Bot, waited: int, heard: list[str]
) -> None:
    pressed: list[str] = []
    router = echo([])

    @router.callback_query()
    async def on_press(query: CallbackQuery) -> None:
        pressed.append(str(query.data))

    wire = {"id": "1", "from": talk.user.wire(), "chat_instance": "1", "data": "x"}
    first = edge()
    await first.inbox.accept([{"update_id": 1, "callback_query": wire}])
    async with first.database.write() as tx:
        await tx.execute("UPDATE inbox SET received_at = received_at - :waited", {"waited": waited})
    await talk.say("and on")
    async with edge(router).at_work() as life:
        await talk.until(lambda chat: said(chat) == ["you said and on"])
        assert await life.rows("SELECT * FROM inbox WHERE state <> 'done'") == []
    assert pressed == heard


async def test_an_edited_message_starts_nothing(edge: EdgeMaker, talk: Talk) -> None:
    seen: list[str] = []
    message_id = await talk.say("first")
    await talk.edit(message_id, "second")
    async with edge(echo(seen)).at_work():
        await talk.until(lambda chat: said(chat) == ["you said first"])
        await talk.say("third")
        await talk.until(lambda chat: len(said(chat)) == 2)
    assert seen == ["first", "third"]


async def test_handlers_that_send_by_themselves_are_told_not_to(edge: EdgeMaker, talk: Talk) -> None:
    router = Router()

    @router.message()
    async def on_message(message: Message) -> SendMessage:
        with pytest.raises(RuntimeError, match="sendMessage"):
            await message.answer("now")
        return message.answer("told")

    await talk.say("hi")
    async with edge(router).at_work():
        await talk.until(lambda chat: said(chat) == ["told"])


async def test_the_next_step_is_rung_for_after_each_commit(edge: EdgeMaker, talk: Talk) -> None:
    await talk.say("hi")
    async with edge(echo()).at_work() as life:
        await talk.until(lambda chat: said(chat))
        assert life.commits == 1


async def test_who_says_a_thousand_things_is_heard_in_order_and_takes_no_room_from_others(
    edge: EdgeMaker, sandbox: Sandbox, bot: Bot, talk: Talk
) -> None:
    seen: list[str] = []
    boris = sandbox.person("Boris").private(bot)
    for number in range(1000):
        await talk.say(str(number))
    await boris.say("hello")
    async with edge(echo(seen)).at_work():
        await until(lambda: _counts(seen, 1001), "all is handled")
    assert seen.index("hello") < spine.ROOM
    assert [each for each in seen if each != "hello"] == [str(number) for number in range(1000)]


async def test_what_was_left_in_the_inbox_by_one_life_is_handled_in_order_by_the_next(
    edge: EdgeMaker, talk: Talk
) -> None:
    seen: list[str] = []
    for number in range(300):
        await talk.say(str(number))
    async with edge(echo(seen)).at_work():
        await until(lambda: _counts(seen, 1), "the first is handled")
    for number in range(300, 600):
        await talk.say(str(number))
    async with edge(echo(seen)).at_work():
        await until(lambda: _counts(seen, 600), "all is handled")
    assert seen == [str(number) for number in range(600)]


async def _counts(seen: list[str], least: int) -> bool:
    return len(seen) >= least
