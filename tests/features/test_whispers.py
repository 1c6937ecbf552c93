"""What one person in a group needs to hear and nobody else."""

from typing import Any

import pytest

from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from tests.features.test_imagine import drawn
from tests.house import House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

MASKS: dict[str, dict[str, Any]] = {
    "an anonymous admin": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
    "a channel": {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"},
}


@pytest.fixture
def boris(sandbox: Sandbox) -> Person:
    return sandbox.person("Boris", language="en")


@pytest.fixture
def group(sandbox: Sandbox, running: House, anna: Person, boris: Person) -> Chat:
    return sandbox.group("Friends", anna, boris, running.bot)


async def fade(house: House) -> None:
    """The minutes pass in which a notice stays."""

    async def noted() -> object:
        async with house.database.write() as tx:
            return await tx.execute("UPDATE jobs SET due_at = 1 WHERE kind = 'take-away'", {})

    await until(noted, "it is noted that something goes")
    house.app.work.runner.ring()

    async def gone() -> bool:
        return not await house.rows("SELECT 1 AS one FROM jobs WHERE kind = 'take-away'")

    await until(gone, "it is on its way out")


async def introduced(house: House) -> None:
    """Telegram knows which commands are nobody else's business."""
    await until(lambda: _asked(house, "setMyCommands"), "the bot has introduced itself")


async def _asked(house: House, method: str) -> object:
    return len(house.sandbox.calls_of(method)) >= 2


@pytest.mark.parametrize(("words", "answer"), [("/me", "credits left"), ("/help", "seed")])
async def test_account_settings_and_help_are_between_the_person_and_the_bot(
    running: House, group: Chat, anna: Person, boris: Person, words: str, answer: str
) -> None:
    await introduced(running)
    await anna.at(group).say(words)
    await anna.at(group).until(lambda chat: answer in chat.last.text.casefold())
    assert boris.at(group).messages == []


async def test_settings_change_in_the_whisper_itself(running: House, group: Chat, anna: Person, boris: Person) -> None:
    await introduced(running)
    chat = anna.at(group)
    await chat.say("/language")
    await chat.until(lambda chat: chat.last.labels)
    await chat.press("Русский")
    await chat.until(lambda chat: "Ваши настройки" in chat.last.text)
    assert len(chat.answers) == 1
    assert boris.at(group).messages == []


async def test_where_it_leads_an_error_is_whispered(
    running: House, sandbox: Sandbox, group: Chat, anna: Person, boris: Person
) -> None:
    sandbox.set_role(group, running.bot, Role.ADMINISTRATOR)
    await anna.at(group).say("/imagine a fox --ratio 77:1")
    await anna.at(group).until(lambda chat: chat.answers)
    assert boris.at(group).answers == []


async def test_where_it_may_not_whisper_an_error_is_taken_away_again(
    running: House, group: Chat, anna: Person, boris: Person
) -> None:
    asked = await anna.at(group).say("/imagine a fox --bogus")
    [told] = await boris.at(group).until(lambda chat: chat.answers)
    assert told.reply_to == asked
    await running.restart()
    await fade(running)
    await boris.at(group).until(lambda chat: not chat.answers)


async def test_what_is_taken_away_is_no_message_of_the_group_it_moved_to(
    running: House, sandbox: Sandbox, group: Chat, anna: Person
) -> None:
    await anna.at(group).say("/imagine a fox --bogus")
    await anna.at(group).until(lambda chat: chat.answers)
    new = sandbox.upgrade(group)
    picture = await drawn(anna.at(new))
    await fade(running)
    await running.quiet()
    assert [each.message_id for each in anna.at(new).answers] == [picture.message_id]


async def test_who_has_no_credits_hears_it_and_so_does_the_next(
    house: House, sandbox: Sandbox, anna: Person, boris: Person
) -> None:
    await house.start(daily_credits=1)
    group = sandbox.group("Friends", anna, boris, house.bot)
    for person in (anna, boris):
        await drawn(person.at(group))
    for person in (anna, boris):
        await person.at(group).say("/imagine an owl")
    await anna.at(group).until(lambda chat: len([each for each in chat.answers if "used up" in each.text]) == 2)


@pytest.mark.parametrize("who", MASKS)
async def test_whoever_speaks_as_many_is_told_once_why_nothing_happens(
    running: House, group: Chat, anna: Person, who: str
) -> None:
    mask: dict[str, Any] = {
        "from": MASKS[who],
        "sender_chat": {"id": group.chat_id, "type": "group", "title": "Friends"},
    }
    for _ in range(2):
        await anna.at(group).say("/imagine a fox", **mask)
    await anna.at(group).say("just talking", **mask)
    await drawn(anna.at(group), "/imagine an owl")
    told = [each for each in anna.at(group).answers if not each.picture]
    assert [each.text[:14] for each in told] == ["You speak here"]
    assert len(await running.rows("SELECT * FROM generations")) == 1
    assert [row["user_id"] for row in await running.rows("SELECT user_id FROM users")] == [anna.user_id]
    await fade(running)
    await anna.at(group).until(lambda chat: len(chat.answers) == 1)


async def test_a_post_of_the_linked_channel_is_passed_by(running: House, group: Chat, anna: Person) -> None:
    channel = {"id": -1001, "type": "channel", "title": "News"}
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    post: dict[str, Any] = {"from": telegram, "sender_chat": channel}
    await anna.at(group).say("/imagine a fox", **post)
    picture = await drawn(anna.at(group), "/imagine an owl")
    assert [each.message_id for each in anna.at(group).answers] == [picture.message_id]
