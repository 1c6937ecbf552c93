"""The chat by way of which pictures get into inline messages: missing, wrong, and closed in the middle."""

from functools import partial

import pytest

from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from bot.telegram.inline import may_post
from tests.features.inlines import offered, results
from tests.house import ADMIN, House
from tests.waiting import until


@pytest.fixture
async def boss(sandbox: Sandbox, house: House) -> Talk:
    """The private chat of an admin of the bot, who has written to it before."""
    admin = sandbox.person("Boss", user_id=ADMIN, language="en")
    return admin.private(house.bot)


async def met(house: House, boss: Talk) -> None:
    await boss.say("/start")
    await boss.until(lambda talk: talk.answers)
    await house.quiet()


def told(boss: Talk) -> list[str]:
    return [each.text for each in boss.answers if "STORAGE_CHAT_ID" in each.text]


async def test_a_storage_chat_that_closes_fails_with_a_sentence_offers_no_more_and_is_told_once(
    drawing: House, anna: Person, club: Chat, storage: Chat, boss: Talk
) -> None:
    await met(drawing, boss)
    talk = anna.at(club)
    asked = [await talk.ask(drawing.bot, words) for words in ("an owl", "a fox")]
    drawing.sandbox.set_role(storage, drawing.bot, Role.LEFT)
    numbers = [await talk.choose(each, results(each)[0]["id"]) for each in asked]
    for number in numbers:
        await talk.until(partial(_ended, number=number))
    await boss.until(told)
    [result] = results(await talk.ask(drawing.bot, "a lighthouse"))
    assert "has not set up drawing" in result["title"]
    await drawing.quiet()
    [words] = told(boss)
    assert "I may not send pictures" in words
    assert await drawing.rows("SELECT * FROM entries WHERE kind = 'settle'") == []


def _ended(talk: Talk, number: int) -> bool:
    message = talk.message(number)
    said = any(words in message.text for words in ("Nothing was charged", "has not set up"))
    return said and "Try again" in message.labels


async def test_a_wrong_storage_chat_is_found_at_the_start(house: House, anna: Person, club: Chat, boss: Talk) -> None:
    await house.start()
    await met(house, boss)
    await house.restart(storage_chat_id=-1009999999999)
    await boss.until(told)
    assert offered(await anna.at(club).ask(house.bot, "an owl")) == ["said"]


async def test_a_private_storage_chat_is_looked_at_as_well(house: House, anna: Person, club: Chat, boss: Talk) -> None:
    await house.start()
    await met(house, boss)
    await house.restart(storage_chat_id=ADMIN)
    assert await may_post(house.app.ground.api, house.bot.user.user_id, ADMIN)
    boss.block()
    assert await may_post(house.app.ground.api, house.bot.user.user_id, ADMIN) is False
    await house.restart(storage_chat_id=ADMIN)
    assert await until(lambda: _closed(house), "the storage chat is found closed")
    assert offered(await anna.at(club).ask(house.bot, "an owl")) == ["said"]


async def _closed(house: House) -> bool:
    return not house.app.voice.storage_chat.takes


async def test_admins_hear_once_that_somebody_misses_a_storage_chat(
    running: House, anna: Person, club: Chat, boss: Talk
) -> None:
    await met(running, boss)
    assert told(boss) == []
    for words in ("an owl", "a fox"):
        await anna.at(club).ask(running.bot, words)
        await boss.until(told)
    await running.quiet()
    assert len(told(boss)) == 1
