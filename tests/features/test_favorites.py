"""What people like best: by button, by heart, and where they find it again."""

import pytest

from bot.sandbox.model import Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.features.test_imagine import drawn, opened, settled
from tests.house import House

HEART, THUMB = "\N{HEAVY BLACK HEART}", "\N{THUMBS DOWN SIGN}"


@pytest.fixture
def boris(sandbox: Sandbox) -> Person:
    return sandbox.person("Boris", language="en")


async def liked(house: House) -> list[str]:
    return [row["prompt"] for row in await house.rows("SELECT prompt FROM generations WHERE favorite_at IS NOT NULL")]


async def test_a_favorite_is_found_again_and_can_be_one_no_longer(chat: Talk, running: House) -> None:
    fox = await drawn(chat, "/imagine a fox")
    await drawn(chat, "/imagine an owl")
    await settled(running, 2)
    said = await chat.press("☆ Favorite", fox)
    assert said is not None
    assert "/favorites" in said.text
    await opened(chat, fox, "★ Favorite")
    assert await liked(running) == ["a fox"]
    await chat.say("/favourites")
    shown = (await chat.until(lambda chat: [chat.last] if chat.last.by_bot else []))[0]
    assert "a fox" in shown.text
    assert "✓ 1" not in shown.labels
    await chat.press("★ Favorite", shown)
    await chat.until(lambda chat: "no favorites here yet" in chat.last.text)
    assert await liked(running) == []


async def test_pages_of_favorites_show_no_other_pictures(chat: Talk, running: House) -> None:
    for number in range(4):
        picture = await drawn(chat, f"/imagine {'fox' if number % 2 else 'owl'} {number}")
        if number % 2:
            await settled(running, number + 1)
            await chat.press("☆ Favorite", picture)
    await chat.say("/favorites")
    shown = (await chat.until(lambda chat: [chat.last] if chat.last.by_bot else []))[0]
    first, second = ("fox 3", "fox 1") if "fox 3" in shown.text else ("fox 1", "fox 3")  # drawn within one second
    assert first in shown.text
    await chat.press("2", shown)
    await chat.until(lambda chat: second in chat.message(shown.message_id).text)
    await chat.press("★ Favorite", shown)
    await chat.until(lambda chat: first in chat.message(shown.message_id).text)
    assert await liked(running) == [first]


async def test_a_heart_of_the_owner_makes_a_favorite_until_it_is_taken_away(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await settled(running, 1)
    await chat.react(picture, HEART + "\N{VARIATION SELECTOR-16}", "\N{FIRE}")
    await opened(chat, picture, "★ Favorite")
    await chat.react(picture, "\N{FIRE}")
    await opened(chat, picture, "☆ Favorite")
    assert await liked(running) == []


async def test_a_thumb_down_of_the_owner_deletes(chat: Talk, running: House) -> None:
    picture = await drawn(chat)
    await settled(running, 1)
    await chat.react(picture, THUMB)
    await chat.until(lambda chat: not chat.answers)
    [row] = await running.rows("SELECT deleted_at, status FROM generations")
    assert row["deleted_at"] is not None


async def test_in_a_group_the_reactions_of_others_change_nothing_and_leave_no_trace(
    running: House, sandbox: Sandbox, anna: Person, boris: Person
) -> None:
    group = sandbox.group("Friends", anna, boris, running.bot)
    sandbox.set_role(group, running.bot, Role.ADMINISTRATOR)
    picture = await drawn(anna.at(group))
    await settled(running, 1)
    for emoji in (THUMB, HEART):
        await boris.at(group).react(picture, emoji)
    await anna.at(group).react(picture, HEART)
    await opened(anna.at(group), picture, "★ Favorite")
    assert await running.rows("SELECT 1 AS one FROM generations WHERE deleted_at IS NOT NULL") == []
    assert [row["user_id"] for row in await running.rows("SELECT user_id FROM users")] == [anna.user_id]
    await anna.at(group).react(picture, THUMB)
    await anna.at(group).until(lambda chat: not chat.answers)


async def test_an_admin_of_the_group_deletes_and_a_member_is_told_whose_it_is(
    running: House, sandbox: Sandbox, anna: Person, boris: Person
) -> None:
    cleo = sandbox.person("Cleo", language="en")
    group = sandbox.group("Friends", boris, anna, cleo, running.bot)
    picture = await drawn(anna.at(group))
    await settled(running, 1)
    for label in ("Delete", "Again", "☆ Favorite"):
        said = await cleo.at(group).press(label, picture)
        assert said is not None
        assert said.alert
        assert said.text == "These buttons belong to whoever asked for the picture."
    said = await boris.at(group).press("Again", picture)
    assert said is not None
    assert said.alert
    await boris.at(group).press("Delete", picture)
    await opened(boris.at(group), picture, "Keep it")
    await boris.at(group).press("Keep it", picture)
    await opened(boris.at(group), picture, "Again")
    await boris.at(group).press("Delete", picture)
    await opened(boris.at(group), picture, "Delete this picture")
    said = await cleo.at(group).press("Delete this picture", picture)
    assert said is not None
    await boris.at(group).press("Delete this picture", picture)
    await anna.at(group).until(lambda chat: not chat.answers)
    assert len(await running.rows("SELECT 1 AS one FROM generations WHERE deleted_at IS NOT NULL")) == 1
