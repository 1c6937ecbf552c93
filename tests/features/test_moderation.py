"""What may not be asked for, on the wire: in every kind of chat, before anything is held, and who decides it."""

from functools import partial
from typing import Any

import pytest

from bot.moderation.rules import MOST_STRIKES
from bot.sandbox.model import Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.features.inlines import results
from tests.features.test_panel import forged
from tests.house import ADMIN, House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

REFUSED = "I do not draw that here"


@pytest.fixture
def desk(running: House, sandbox: Sandbox) -> Talk:
    """The private chat of an admin with the bot."""
    return sandbox.person("Ada", user_id=ADMIN, language="en").private(running.bot)


async def said(talk: Talk, words: str, answer: str) -> Any:
    """Say it, and wait for an answer with these words."""
    said = await talk.say(words)
    return await talk.until(
        lambda chat: next((one for one in chat.answers if one.message_id > said and answer in one.text), None)
    )


async def held(house: House) -> int:
    """How often credits were held, and generations and jobs made."""
    sql = """SELECT (SELECT count(*) FROM entries WHERE kind = 'hold') + (SELECT count(*) FROM generations)
      + (SELECT count(*) FROM jobs WHERE kind = 'generate') AS n"""
    return int((await house.rows(sql))[0]["n"])


async def strikes(house: House) -> list[int]:
    """Whose refusals are counted."""
    return [row["user_id"] for row in await house.rows("SELECT user_id FROM strikes ORDER BY at")]


async def counted(house: House, count: int) -> bool:
    """Whether so many refusals are."""
    return len(await strikes(house)) == count


async def test_a_blocked_word_is_refused_before_anything_is_held(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await said(
        desk, "/block Big c*ts", "“big c*ts” is not drawn any more: private chats, groups, channels, inline mode"
    )
    await said(chat, "/imagine a BIG\u200b ＣＡＴＳ in the sun", REFUSED)
    assert await held(running) == 0
    assert await strikes(running) == [anna.user_id]
    await chat.say("/imagine a bigger cat")
    await chat.until(lambda chat: any(one.photo for one in chat.answers))
    assert (await running.rows("SELECT count(*) AS n FROM generations"))[0]["n"] == 1


async def test_what_was_drawn_before_is_not_drawn_again_by_a_button(running: House, chat: Talk, desk: Talk) -> None:
    await chat.say("/imagine a red fox")
    picture = (await chat.until(lambda chat: [one for one in chat.answers if one.photo]))[0]
    await running.quiet()
    before = await held(running)
    await said(desk, "/block fox", "is not drawn any more")
    for label in ("Again", "Vary"):
        assert REFUSED in str(await chat.press(label, picture))
    assert await held(running) == before


async def test_words_that_change_a_picture_are_looked_at_too(running: House, chat: Talk, desk: Talk) -> None:
    await said(desk, "/block fox", "is not drawn any more")
    await said(chat, "/imagine a red hen --no fox", REFUSED)
    assert await held(running) == 0


async def test_a_list_counts_in_its_kind_of_chat_alone(
    running: House, sandbox: Sandbox, anna: Person, chat: Talk, desk: Talk
) -> None:
    group = anna.at(sandbox.group("Friends", anna, running.bot))
    channel = anna.at(sandbox.channel("News", anna, running.bot))
    await said(desk, "/block fox —in groups, channels", "groups, channels")
    await said(group, "/imagine a red fox", REFUSED)
    await channel.say("/imagine a red fox")
    await running.quiet()
    assert await held(running) == 0
    assert await strikes(running) == [anna.user_id, channel.chat_id]
    await chat.say("/imagine a red fox")
    await chat.until(lambda chat: any(one.photo for one in chat.answers))


async def test_a_draft_for_a_channel_is_under_the_list_of_channels(
    running: House, sandbox: Sandbox, anna: Person, chat: Talk, desk: Talk
) -> None:
    sandbox.set_role(sandbox.channel("News", anna), running.bot, Role.ADMINISTRATOR)
    await running.quiet()
    await said(desk, "/block fox --in channels", "is not drawn any more: channels")
    await said(chat, "/post a red fox", REFUSED)
    assert await held(running) == 0


async def test_in_inline_mode_a_refusal_is_shown_while_typing_and_not_counted(
    drawing: House, sandbox: Sandbox, anna: Person, boris: Person
) -> None:
    desk = sandbox.person("Ada", user_id=ADMIN, language="en").private(drawing.bot)
    await said(desk, "/block fox --in inline", "inline mode")
    talk = anna.at(sandbox.group("Strangers", anna, boris))
    asked = await talk.ask(drawing.bot, "a red fox")
    assert REFUSED in str(results(asked)[0])
    assert await strikes(drawing) == []
    assert await drawing.rows("SELECT * FROM wishes") == []


async def test_what_was_blocked_after_it_was_offered_is_not_drawn(
    drawing: House, sandbox: Sandbox, anna: Person, boris: Person
) -> None:
    desk = sandbox.person("Ada", user_id=ADMIN, language="en").private(drawing.bot)
    talk = anna.at(sandbox.group("Strangers", anna, boris))
    asked = await talk.ask(drawing.bot, "a red fox")
    await said(desk, "/block fox", "is not drawn any more")
    number = await talk.choose(asked, results(asked)[0]["id"])
    await talk.until(lambda talk: REFUSED in talk.message(number).text)
    assert await held(drawing) == 0
    assert await strikes(drawing) == [anna.user_id]


async def test_admins_see_the_lists_take_rules_off_and_every_change_is_written_down(
    running: House, chat: Talk, desk: Talk
) -> None:
    await said(desk, "/block", "Nothing is blocked")
    await said(desk, "/block fox --in private", "private chats")
    await said(desk, "/block", "fox · private chats")
    await said(desk, "/block fox", "inline mode")
    page = await said(desk, "/block", "fox · private chats, groups")
    assert "1 rule" in page.text
    await said(desk, "/unblock FOX", "may be drawn again")
    await said(desk, "/unblock fox", "on no list")
    await said(desk, "/block *", "nearly everything")
    await said(desk, "/block fox --in moon", "Behind --in I know")
    rows = await running.rows("SELECT admin_id, action, subject, detail FROM audit ORDER BY audit_id")
    everywhere = "private, groups, channels, inline"
    assert [tuple(row.values()) for row in rows] == [
        (ADMIN, "block", "fox", "private"),
        (ADMIN, "block", "fox", everywhere),
        (ADMIN, "unblock", "fox", ""),
    ]
    await said(desk, "/audit", "blocked “fox” in: private")


async def test_a_long_list_is_turned_by_pages(running: House, desk: Talk) -> None:
    async with running.database.write() as tx:
        for number in range(60):
            sql = "INSERT INTO blocked (rule, places, admin_id, at) VALUES (:rule, 'groups', 1, 0)"
            await tx.execute(sql, {"rule": f"word{number:02}"})
    page = await said(desk, "/block", "60 rules")
    assert "word24" in page.text
    assert "word25" not in page.text
    await desk.press("More", page)
    await desk.until(lambda talk: "word49" in talk.message(page.message_id).text)
    await desk.press("More", page)
    await desk.until(lambda talk: "word59" in talk.message(page.message_id).text)
    await desk.press("Beginning", page)
    await desk.until(lambda talk: "word00" in talk.message(page.message_id).text)


@pytest.mark.parametrize("after", ["9" * 40, "-1", str(2**63)])
async def test_a_page_that_no_list_has_is_an_old_button(running: House, desk: Talk, after: str) -> None:
    page = await said(desk, "/block", "")
    assert "no longer works" in await forged(desk, f"blocked:{after}", page)


async def test_nobody_else_finds_the_lists(running: House, chat: Talk) -> None:
    await chat.say("/block fox")
    await chat.until(lambda chat: chat.answers)
    assert await running.rows("SELECT * FROM blocked") == []


async def test_many_refusals_in_a_day_are_a_pause_and_the_same_request_counts_once(
    running: House, anna: Person, chat: Talk, desk: Talk
) -> None:
    await said(desk, "/block fox", "is not drawn any more")
    for number in range(MOST_STRIKES):
        await chat.say(f"/imagine fox number {number}")
        await until(partial(counted, running, number + 1), "it is counted")
    assert await strikes(running) == [anna.user_id] * MOST_STRIKES
    await chat.say("/imagine a white hen")
    await chat.until(lambda chat: any("Let us go on in 60 minutes" in one.text for one in chat.answers))
    assert await held(running) == 0
    await running.restart()
    await chat.say("/imagine a brown hen")
    await said(chat, "/me", "20")
    assert await held(running) == 0


async def test_admins_who_try_the_lists_are_not_counted(running: House, desk: Talk) -> None:
    await said(desk, "/block fox", "is not drawn any more")
    await said(desk, "/imagine a red fox", REFUSED)
    assert await strikes(running) == []
