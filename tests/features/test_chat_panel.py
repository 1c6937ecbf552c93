"""The settings of a group as they are seen and pressed, and what a group hears that is turned out."""

import pytest

from bot.chats import store as chats
from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.features.test_chats import answered, boris, choose, drawn, group, is_out, panel, tap, told
from tests.features.test_whispers import fade, introduced
from tests.house import ADMIN, House
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("patient_telegram")

__all__ = ["boris", "group"]


async def test_a_group_may_draw_in_general_only(sandbox: Sandbox, running: House, anna: Person) -> None:
    forum = sandbox.forum("Club", anna, running.bot, topics=("Pictures",))
    here = "Draw in this topic only: "
    await choose(anna.at(forum), f"{here}no", f"{here}yes", f"{here}no", "Done")
    assert (await told(anna.at(forum, "Pictures"), "/imagine a fox")).startswith("In this group I draw in one topic")
    assert (await drawn(anna.at(forum))).photo
    message = await panel(anna.at(forum, "Pictures"))
    assert "Draw in another topic only: yes" in message.labels


async def test_no_topic_is_chosen_but_the_one_in_which_the_button_stands(
    running: House, group: Chat, anna: Person
) -> None:
    message = await panel(anna.at(group))
    for value in ("7", "1", "9" * 30, "٣", "-1"):
        query = anna.at(group).press_data(f"chat:{group.chat_id}:thread_id:{value}", message.message_id)
        assert await answered(query) == "This is not on offer any more."
    async with running.database.read() as tx:
        assert (await chats.get(tx, group.chat_id)).thread_id is None


async def test_the_settings_are_seen_by_whoever_asked_alone(
    sandbox: Sandbox, running: House, group: Chat, anna: Person, boris: Person
) -> None:
    sandbox.set_role(group, running.bot, Role.ADMINISTRATOR)
    await choose(anna.at(group), "Pictures behind a spoiler", "Done")
    assert (await told(boris.at(group), "/settings")).startswith("Only admins of that chat")
    assert not any("Settings of this chat" in one.text for one in boris.at(group).messages)
    assert not any("Only admins of that chat" in one.text for one in anna.at(group).messages)


async def test_where_it_may_not_whisper_the_settings_go_away_two_minutes_after_the_last_press(
    running: House, group: Chat, anna: Person, boris: Person
) -> None:
    await introduced(running)
    running.bot.commands.clear()
    talk = anna.at(group)
    message = await panel(talk)
    assert boris.at(group).answers

    async def aged() -> object:
        async with running.database.write() as tx:
            return await tx.execute("UPDATE jobs SET due_at = due_at - 60 WHERE kind = 'take-away'", {})

    await until(aged, "it is noted that it goes")
    [before] = await running.rows("SELECT due_at FROM jobs WHERE kind = 'take-away'")
    await tap(talk, message, "Pictures behind a spoiler")
    [after] = await running.rows("SELECT due_at FROM jobs WHERE kind = 'take-away'")
    assert after["due_at"] >= before["due_at"] + 60
    await fade(running)
    await talk.until(lambda chat: not chat.answers)


@pytest.mark.parametrize("strange", ["ignore", "leave"])
async def test_a_group_that_is_turned_out_hears_it_first(
    sandbox: Sandbox, house: House, anna: Person, strange: str
) -> None:
    await house.start(access="members", strange_groups=strange)
    keeper = sandbox.person("Keeper", user_id=ADMIN)
    far, near = (sandbox.group(title, keeper, anna, house.bot) for title in ("Far", "Near"))
    for each in (far, near):
        await told(keeper.at(each), "/allow")
    await let_out(keeper.private(house.bot), far)
    await far_says(anna.at(far), "The person who runs this bot does not let me draw in this chat any more.")
    await told(keeper.at(near), "/disallow")
    await far_says(anna.at(near), "I do not draw in this chat any more.")
    await house.quiet()
    gone = [each.role(house.bot.user.user_id) is Role.LEFT for each in (far, near)]
    assert gone == [strange == "leave"] * 2
    await told(keeper.private(house.bot), "/me")


async def test_a_channel_that_is_turned_out_is_told_nothing_in_front_of_its_readers(
    sandbox: Sandbox, house: House, anna: Person
) -> None:
    await house.start(access="members", strange_groups="leave")
    keeper = sandbox.person("Keeper", user_id=ADMIN)
    channel = sandbox.channel("News", anna, house.bot)
    await told(keeper.private(house.bot), f"/allow {channel.chat_id}")
    await let_out(keeper.private(house.bot), channel)
    await until(is_out(house, channel), "the bot is gone")
    assert anna.at(channel).messages == []
    await told(keeper.private(house.bot), "/me")


async def let_out(talk: Talk, chat: Chat) -> None:
    """An admin says so in private, and answers the question."""
    await told(talk, f"/disallow {chat.chat_id}")
    await talk.until(lambda talk: any(one.button("Let them out") for one in talk.answers))
    await talk.press("Let them out")


async def far_says(talk: Talk, words: str) -> None:
    """It is the last that is said there."""
    await talk.until(lambda chat: chat.answers and chat.answers[-1].text == words)
