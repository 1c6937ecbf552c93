"""The bot comes, goes, is silenced and comes back; people do as well."""

from typing import Any

import pytest

from bot.chats import store as chats
from bot.chats.service import fill
from bot.sandbox.model import Role
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.users import store as users
from tests.features.test_imagine import answer, drawn, pictures
from tests.house import House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

SLOW = 1.0
MUTE = ("can_send_messages", "can_send_photos", "can_send_documents")


@pytest.fixture
def boris(sandbox: Sandbox) -> Person:
    return sandbox.person("Boris", language="en")


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
    await running.quiet()
    assert len([each for each in boris.at(group).answers if not each.picture]) == 1


async def test_an_admin_lacks_nothing(running: House, sandbox: Sandbox, boris: Person) -> None:
    group = sandbox.group("Friends", boris)
    sandbox.set_role(group, running.bot, Role.ADMINISTRATOR)
    [hello] = await boris.at(group).until(lambda chat: chat.answers)
    assert "admin" not in hello.text
    assert "may not" not in hello.text


async def test_rights_that_are_missing_are_named(running: House, sandbox: Sandbox, boris: Person) -> None:
    group = sandbox.group("Friends", boris)
    boris.at(group).set_role(running.bot, Role.RESTRICTED, "can_send_photos")
    [hello] = await boris.at(group).until(lambda chat: chat.answers)
    assert "may not send photos" in hello.text
    assert "may not send files" not in hello.text


async def test_where_it_may_not_write_it_tells_whoever_let_it_in(
    running: House, sandbox: Sandbox, boris: Person
) -> None:
    talk = boris.private(running.bot)
    await answer(talk, "/me")
    group = sandbox.group("Friends", boris)
    boris.at(group).set_role(running.bot, Role.RESTRICTED, *MUTE)
    await talk.until(lambda chat: "“Friends”" in chat.last.text)
    assert boris.at(group).answers == []


async def test_an_anonymous_admin_and_a_stranger_are_greeted_as_well(
    house: House, sandbox: Sandbox, boris: Person
) -> None:
    await house.start(access="members")
    for unseen in (True, False):
        group = sandbox.group("Friends", boris)
        async with house.database.write() as tx:
            await chats.change(tx, group.chat_id, allowed=True)
        boris.at(group).set_role(house.bot, Role.MEMBER, unseen=unseen)
        await boris.at(group).until(lambda chat: chat.answers)


async def test_where_photos_may_not_come_a_file_does(house: House, sandbox: Sandbox, anna: Person) -> None:
    await house.start(providers=house.slow(SLOW))
    group = sandbox.group("Club", anna, house.bot)
    chat = anna.at(group)
    await chat.say("/imagine a fox")
    await chat.until(lambda chat: chat.answers)
    chat.set_role(house.bot, Role.RESTRICTED, "can_send_photos")
    [file] = await chat.until(lambda chat: [each for each in chat.answers if each.document])
    assert "a fox" in file.text


@pytest.mark.parametrize("lost", [MUTE, MUTE[1:]], ids=["every word", "pictures"])
async def test_rights_that_go_while_it_draws_cost_nothing_and_the_picture_comes_when_they_are_back(
    house: House, sandbox: Sandbox, anna: Person, boris: Person, lost: tuple[str, ...]
) -> None:
    await house.start(providers=house.slow(SLOW))
    group = sandbox.group("Club", boris, anna, house.bot)
    chat = anna.at(group)
    await chat.say("/imagine a fox")
    await chat.until(lambda chat: chat.answers)
    boris.at(group).set_role(house.bot, Role.RESTRICTED, *lost)

    async def failed() -> object:
        return await house.rows("SELECT 1 AS one FROM generations WHERE status = 'failed'")

    await until(failed, "the picture is kept")
    await house.quiet()
    assert await house.rows("SELECT held FROM balances WHERE held > 0") == []
    assert len([call for call in sandbox.calls if call.chat_id == group.chat_id]) < 8
    assert ("neither photos nor files" in chat.answers[0].text) is (lost != MUTE)
    boris.at(group).set_role(house.bot, Role.MEMBER)
    [offer] = await chat.until(lambda chat: [each for each in chat.answers if "Show it for one credit" in each.labels])
    assert offer.text.startswith("While I could not show it here")
    await chat.press("Show it", offer)
    await chat.until(pictures)


async def test_being_made_an_admin_or_less_is_answered_by_nothing(
    running: House, sandbox: Sandbox, boris: Person
) -> None:
    group = sandbox.group("Friends", boris, running.bot)
    for role in (Role.ADMINISTRATOR, Role.MEMBER, Role.RESTRICTED, Role.MEMBER, Role.KICKED):
        boris.at(group).set_role(running.bot, role, *(MUTE if role is Role.RESTRICTED else ()))
    await answer(boris.private(running.bot), "/me")
    await running.quiet()
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
    for role in (Role.KICKED, Role.MEMBER):
        boris.at(group).set_role(house.bot, role)
    await house.quiet()
    assert [each.labels for each in chat.answers if each.labels] == [("Show it for one credit",)]
    await chat.press("Show it", offer)
    [picture] = await chat.until(pictures)
    assert picture.thread_id == chat.thread_id


async def test_a_missed_picture_that_is_brought_into_a_group_by_force_follows_its_rules(
    house: House, sandbox: Sandbox, anna: Person, boris: Person
) -> None:
    await house.start(providers=house.slow(SLOW))
    private = anna.private(house.bot)
    group = anna.at(sandbox.group("Club", boris, anna, house.bot))
    for talk in (private, group):
        await answer(talk, "/me")
    async with house.database.write() as tx:
        await chats.change(tx, group.chat_id, quiet_from=0, quiet_to=0)
    house.sandbox.fault("editMessageMedia", status=403, text="Forbidden: bot was blocked by the user")
    await answer(private, "/imagine a heron")

    async def failed() -> list[dict[str, Any]]:
        return await house.rows("SELECT generation_id FROM generations WHERE status = 'failed'")

    [row] = await until(failed, "the picture is kept")
    query = group.press_data(f"bring:{row['generation_id']}", group.answers[-1])
    await group.until(lambda _: query.answer is not None)
    assert "Quiet hours" in str(query.answer)
    async with house.database.write() as tx:
        await chats.change(tx, group.chat_id, quiet_from=None, quiet_to=None, models=("sketch/other",))
    query = group.press_data(f"bring:{row['generation_id']}", group.answers[-1])
    await group.until(lambda _: query.answer is not None)
    assert not [one for one in group.answers if one.photo]
    await house.quiet()
    assert await house.rows("SELECT 1 AS one FROM entries WHERE kind = 'settle'") == []


async def test_what_a_pot_would_have_paid_is_paid_by_its_person_where_it_is_brought_in_private(
    house: House, sandbox: Sandbox, anna: Person, boris: Person
) -> None:
    await house.start(providers=house.slow(SLOW))
    private = anna.private(house.bot)
    await answer(private, "/me")
    group = sandbox.group("Club", boris, anna, house.bot)
    async with house.database.write() as tx:
        await fill(tx, house.app.ground.ledger, group.chat_id, 5, "gift")
    await anna.at(group).say("/imagine a fox")
    await anna.at(group).until(lambda chat: chat.answers)
    boris.at(group).set_role(house.bot, Role.KICKED)

    async def failed() -> object:
        return await house.rows("SELECT 1 AS one FROM generations WHERE status = 'failed' AND cause = 'chat-closed'")

    await until(failed, "the picture is kept")
    private.block()
    private.unblock()
    [offer] = await private.until(lambda chat: [each for each in chat.answers if each.button("Show it")])
    await private.press("Show it", offer)
    await private.until(pictures)
    await house.quiet()
    settled = await house.rows("SELECT user_id FROM entries WHERE kind = 'settle'")
    assert [row["user_id"] for row in settled] == [anna.user_id]


async def test_a_group_that_becomes_a_supergroup_in_the_middle_gets_its_picture_once_and_no_second_hello(
    house: House, sandbox: Sandbox, anna: Person
) -> None:
    """Strange groups are left here: the new number must not be taken for one."""
    await house.start(providers=house.slow(SLOW), access="members", strange_groups="leave")
    group = sandbox.group("Small", anna, house.bot, supergroup=False)
    async with house.database.write() as tx:
        await users.set_member(tx, (await users.meet(tx, anna.user_id, "en", 0)).user_id, True)
        await chats.change(tx, group.chat_id, allowed=True, spoiler=True)
        await fill(tx, house.app.ground.ledger, group.chat_id, 2, "gift")
    for words in ("/imagine a fox", "/imagine an owl"):
        await anna.at(group).say(words)
    await anna.at(group).until(lambda chat: len([each for each in chat.answers if "Cancel" in each.labels]) == 2)
    new = sandbox.upgrade(group)
    await anna.at(new).until(lambda chat: len(pictures(chat)) == 2)
    await house.quiet()
    assert sorted(each.text.splitlines()[0] for each in anna.at(new).answers if each.picture) == ["a fox", "an owl"]
    assert len(anna.at(new).answers) == 2
    assert new.role(house.bot.user.user_id) is Role.MEMBER
    assert {row["chat_id"] for row in await house.rows("SELECT chat_id FROM generations")} == {new.chat_id}
    settled = await house.rows("SELECT user_id FROM entries WHERE kind = 'settle'")
    assert [row["user_id"] for row in settled] == [group.chat_id] * 2
    async with house.database.read() as tx:
        assert (await chats.get(tx, new.chat_id)).spoiler


async def test_a_strange_group_that_gets_a_new_number_is_left_all_the_same(
    house: House, sandbox: Sandbox, anna: Person
) -> None:
    await house.start(access="members", strange_groups="leave")
    group = sandbox.group("Strangers", anna)
    anna.at(group).set_role(house.bot, Role.MEMBER)

    async def gone() -> bool:
        return group.role(house.bot.user.user_id) is Role.LEFT

    await until(gone, "the bot is out")


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


async def test_whoever_says_start_first_is_offered_what_was_kept_and_only_once(house: House, anna: Person) -> None:
    await house.start(providers=house.slow(SLOW))
    chat = anna.private(house.bot)
    await answer(chat, "/imagine a heron")
    house.sandbox.fault("editMessageMedia", status=403, text="Forbidden: bot was blocked by the user")

    async def failed() -> object:
        return await house.rows("SELECT 1 AS one FROM generations WHERE status = 'failed' AND cause = 'chat-closed'")

    await until(failed, "the picture is kept")
    # Nobody told the bot that it was blocked, or that it is let in again.
    await chat.say("/start")
    [offer] = await chat.until(lambda chat: [each for each in chat.answers if each.button("Show it")])
    assert "a heron" in offer.text
    chat.block()
    chat.unblock()
    await chat.say("/start")
    await house.quiet()
    shown = [each for each in chat.answers if "a heron" in each.text]
    assert shown == [offer]
    await chat.press("Show it", offer)
    await chat.until(pictures)
