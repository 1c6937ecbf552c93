"""Reactions as Telegram may tell of them: anonymous, custom, twice, on what is gone. Only two of the owner count."""

from typing import Any

import pytest

from bot.imagine.rules import DELETABLE
from bot.sandbox.people import Person, Talk
from bot.sandbox.views import Seen
from tests.features.test_favorites import HEART, THUMB, liked
from tests.features.test_imagine import drawn, opened, settled
from tests.house import House
from tests.waiting import until

FIRE = "\N{FIRE}"
MILLENNIUM = 1_000_000_000_000


def emoji(*given: str) -> list[dict[str, Any]]:
    return [{"type": "emoji", "emoji": one} for one in given]


@pytest.fixture
async def picture(chat: Talk, running: House) -> Seen:
    picture = await drawn(chat)
    await settled(running, 1)
    return picture


async def told(house: House, chat: Talk, message_id: int, old: list[Any], new: list[Any], **who: Any) -> None:
    """The bot hears of a reaction, and has done what it does."""
    person = {"user": chat.user.wire()}
    where = {"chat": chat.chat.wire(), "message_id": message_id, "date": house.app.ground.clock.now()}
    reaction = {**where, **(who or person), "old_reaction": old, "new_reaction": new}
    house.sandbox.world.update(house.bot, "message_reaction", reaction)
    said = await chat.say("/me")
    await chat.until(lambda chat: [each for each in chat.answers if each.message_id > said])
    await house.quiet()


async def gone(house: House) -> bool:
    [row] = await house.rows("SELECT deleted_at FROM generations")
    return row["deleted_at"] is not None


NOTHING: dict[str, dict[str, Any]] = {
    "a custom emoji": {"new": [{"type": "custom_emoji", "custom_emoji_id": THUMB}]},
    "a star": {"new": [{"type": "paid"}]},
    "another emoji": {"new": emoji(FIRE)},
    "what was there already": {"old": emoji(HEART, THUMB), "new": emoji(HEART, THUMB)},
    "a thumb taken away": {"old": emoji(THUMB), "new": []},
    "an anonymous one": {"new": emoji(HEART, THUMB), "actor_chat": {"id": -1007, "type": "channel", "title": "C"}},
    "nobody's": {"new": emoji(HEART, THUMB), "via": "nobody"},
    "broken ones": {"old": [None, 7], "new": ["\N{THUMBS DOWN SIGN}", {"type": "emoji"}, {"emoji": [THUMB]}]},
}


@pytest.mark.parametrize("case", NOTHING)
async def test_a_reaction_that_is_none_of_the_two_changes_nothing(
    chat: Talk, running: House, picture: Seen, case: str
) -> None:
    given = dict(NOTHING[case])
    await told(running, chat, picture.message_id, given.pop("old", []), given.pop("new"), **given)
    assert not await gone(running)
    assert await liked(running) == []


@pytest.mark.parametrize("number", [0, -1, 1, MILLENNIUM])
async def test_a_reaction_on_a_message_without_a_picture_changes_nothing(
    chat: Talk, running: House, picture: Seen, number: int
) -> None:
    await told(running, chat, number, [], emoji(THUMB, HEART))
    assert not await gone(running)
    assert await liked(running) == []


async def test_counts_of_anonymous_reactions_are_not_even_asked_for(running: House, chat: Talk, picture: Seen) -> None:
    asked = running.sandbox.calls_of("getUpdates")[0].values["allowed_updates"]
    assert "message_reaction" in asked
    assert "message_reaction_count" not in asked


async def test_a_heart_that_is_told_twice_stays_a_favorite(chat: Talk, running: House, picture: Seen) -> None:
    for _ in range(2):
        await told(running, chat, picture.message_id, [], emoji(HEART))
        await opened(chat, picture, "★ Favorite")
    assert await liked(running) == ["a fox"]


async def test_a_thumb_down_that_is_told_twice_deletes_once_and_a_heart_comes_too_late(
    chat: Talk, running: House, picture: Seen
) -> None:
    for given in (emoji(THUMB, HEART), emoji(THUMB), emoji(HEART)):
        await told(running, chat, picture.message_id, [], given)
    assert await gone(running)
    assert await liked(running) == []
    assert len(running.sandbox.calls_of("deleteMessage")) == 1


async def test_a_picture_too_old_to_be_taken_away_says_that_it_was_deleted(
    chat: Talk, running: House, picture: Seen
) -> None:
    async with running.database.write() as tx:
        await tx.execute("UPDATE generations SET ended_at = ended_at - :age", {"age": DELETABLE + 1})
    await told(running, chat, picture.message_id, [], emoji(THUMB))
    assert await gone(running)
    assert running.sandbox.calls_of("deleteMessage") == []
    left = chat.message(picture.message_id)
    assert left.labels == ()
    assert "fox" not in left.text


async def test_whoever_may_not_draw_any_more_changes_nothing_by_a_reaction(
    chat: Talk, running: House, picture: Seen, anna: Person
) -> None:
    async with running.database.write() as tx:
        await tx.execute("UPDATE users SET banned = 1 WHERE user_id = :user_id", {"user_id": anna.user_id})
    heard = await running.rows("SELECT * FROM inbox")
    await chat.react(picture, THUMB)

    async def handled() -> bool:
        return len(await running.rows("SELECT * FROM inbox WHERE state = 'done'")) > len(heard)

    await until(handled, "it is handled")
    assert not await gone(running)
