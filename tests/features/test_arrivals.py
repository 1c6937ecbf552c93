"""The bot comes, goes, is silenced and comes back; people do as well."""

from typing import Any

import pytest

from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from tests.features.test_imagine import answer, drawn, pictures
from tests.house import House
from tests.waiting import until

SLOW = 1.0


@pytest.fixture
def boris(sandbox: Sandbox) -> Person:
    return sandbox.person("Boris", language="en")


def arrive(house: House, group: Chat, person: Person, new: dict[str, Any], old: str = "left") -> None:
    """Telegram tells what the bot has become, with the rights that go with it."""
    bot = house.bot.user.wire()
    change = {"old_chat_member": {"status": old, "user": bot}, "new_chat_member": {"user": bot, **new}}
    told = {"chat": group.wire(), "from": person.user.wire(), "date": house.sandbox.world.clock.now(), **change}
    house.sandbox.world.update(house.bot, "my_chat_member", told)


def restricted(**rights: bool) -> dict[str, Any]:
    names = ("messages", "audios", "documents", "photos", "videos", "video_notes", "voice_notes", "polls")
    all_rights = {f"can_send_{name}": True for name in names}
    others = ("send_other_messages", "add_web_page_previews", "react_to_messages", "edit_tag", "change_info")
    all_rights |= {f"can_{name}": True for name in (*others, "invite_users", "pin_messages", "manage_topics")}
    return {"status": "restricted", "is_member": True, "until_date": 0, **all_rights, **rights}


async def test_it_says_hello_once_and_what_it_lacks(running: House, sandbox: Sandbox, boris: Person) -> None:
    igor = sandbox.person("Игорь", language="ru")
    for person, word in ((boris, "Hello!"), (igor, "Здравствуйте")):
        group = sandbox.group("Friends", person)
        person.at(group).set_role(running.bot, Role.MEMBER)
        [hello] = await person.at(group).until(lambda chat: chat.answers)
        assert hello.text.startswith(word[:3])
        assert "@imagine_test_bot" in hello.text
    group = sandbox.group("Club", boris)
    for role in (Role.MEMBER, Role.ADMINISTRATOR, Role.MEMBER, Role.KICKED, Role.MEMBER):
        boris.at(group).set_role(running.bot, role)
    await drawn(boris.at(group))
    assert len([each for each in boris.at(group).answers if not each.picture]) == 1


async def test_an_admin_lacks_nothing(running: House, sandbox: Sandbox, boris: Person) -> None:
    group = sandbox.group("Friends", boris)
    sandbox.set_role(group, running.bot, Role.ADMINISTRATOR)
    [hello] = await boris.at(group).until(lambda chat: chat.answers)
    assert "admin" not in hello.text
    assert "may not" not in hello.text


async def test_rights_that_are_missing_are_named(running: House, sandbox: Sandbox, boris: Person) -> None:
    group = sandbox.group("Friends", boris)
    group.join(running.bot.user)
    arrive(running, group, boris, restricted(can_send_photos=False))
    [hello] = await boris.at(group).until(lambda chat: chat.answers)
    assert "may not send photos" in hello.text
    assert "may not send files" not in hello.text


async def test_where_it_may_not_write_it_tells_whoever_let_it_in(
    running: House, sandbox: Sandbox, boris: Person
) -> None:
    talk = boris.private(running.bot)
    await answer(talk, "/me")
    group = sandbox.group("Friends", boris)
    group.join(running.bot.user)
    arrive(running, group, boris, restricted(can_send_messages=False))
    await talk.until(lambda chat: "“Friends”" in chat.last.text)
    assert boris.at(group).answers == []


async def test_a_picture_of_a_group_that_threw_it_out_is_kept_and_offered_when_it_comes_back(
    house: House, sandbox: Sandbox, anna: Person, boris: Person
) -> None:
    await house.start(providers=house.slow(SLOW))
    group = sandbox.forum("Club", boris, anna, house.bot, topics=("Foxes",))
    chat = anna.at(group, "Foxes")
    await chat.say("/imagine a fox")
    await chat.until(lambda chat: chat.answers)
    boris.at(group).set_role(house.bot, Role.KICKED)

    async def failed() -> object:
        return await house.rows("SELECT 1 AS one FROM generations WHERE status = 'failed' AND cause = 'chat-closed'")

    await until(failed, "the picture is kept")
    assert await house.rows("SELECT held FROM balances WHERE held > 0") == []
    boris.at(group).set_role(house.bot, Role.MEMBER)
    [offer] = await chat.until(lambda chat: [each for each in chat.answers if "Show it for one credit" in each.labels])
    refused = await boris.at(group, "Foxes").press("Show it", offer)
    assert refused is not None
    assert refused.alert
    await chat.press("Show it", offer)
    [picture] = await chat.until(pictures)
    assert picture.thread_id == chat.thread_id


async def test_a_group_that_becomes_a_supergroup_in_the_middle_gets_its_picture(
    house: House, sandbox: Sandbox, anna: Person
) -> None:
    await house.start(providers=house.slow(SLOW))
    group = sandbox.group("Small", anna, house.bot, supergroup=False)
    await anna.at(group).say("/imagine a fox")
    await anna.at(group).until(lambda chat: [each for each in chat.answers if "Cancel" in each.labels])
    new = sandbox.upgrade(group)
    [picture] = await anna.at(new).until(pictures)
    assert "a fox" in picture.text
    assert [row["chat_id"] for row in await house.rows("SELECT chat_id FROM generations")] == [new.chat_id]


async def test_who_blocks_the_bot_is_known_to_be_gone_at_once_and_who_returns_is_not(
    running: House, anna: Person
) -> None:
    chat = anna.private(running.bot)
    await answer(chat, "/me")

    async def is_gone(value: int) -> bool:
        return await running.rows("SELECT gone FROM users") == [{"gone": value}]

    chat.block()
    await until(lambda: is_gone(1), "the bot knows")
    chat.unblock()
    await until(lambda: is_gone(0), "the bot knows")
