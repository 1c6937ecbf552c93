"""What a picture costs a group of the messages and edits that Telegram grants it, counted on the wire."""

from collections import Counter
from typing import Any

import pytest

from bot.sandbox.model import Chat
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.features.test_imagine import pictures
from tests.house import House
from tests.waiting import until

SLOW = 30.0


@pytest.fixture
def group(sandbox: Sandbox, house: House, anna: Person, boris: Person) -> Chat:
    """Where the bot is a plain member."""
    return sandbox.group("Friends", anna, boris, house.bot)


def edits(house: House, chat_id: int) -> list[str]:
    """The calls that changed messages of a chat, oldest first."""
    return [each.method for each in house.sandbox.calls if each.method.startswith("edit") and each.chat_id == chat_id]


async def looked(house: House, talk: Talk, done: Any) -> None:
    """Let the bot look after its notes again and again until something is so."""

    async def look() -> bool:
        await house.app.work.progress.look()
        return bool(done(talk))

    await until(look, "what was waited for")


async def test_a_picture_in_a_group_is_two_edits_however_long_it_takes(house: House, anna: Person, group: Chat) -> None:
    await house.start(providers=house.slow(1.0))
    talk = anna.at(group)
    await talk.say("/imagine a fox")
    await looked(house, talk, pictures)
    await house.quiet()
    assert edits(house, group.chat_id) == ["editMessageText", "editMessageMedia"]


async def test_a_restart_in_the_middle_costs_a_group_no_edit_more(house: House, anna: Person, group: Chat) -> None:
    await house.start(providers=house.slow(SLOW))
    talk = anna.at(group)
    await talk.say("/imagine a fox")
    await looked(house, talk, lambda talk: any("Drawing" in each.text for each in talk.answers))
    async with house.database.write() as tx:  # not within the second in which the next process begins
        await tx.execute("UPDATE generations SET created_at = created_at - 1, started_at = started_at - 1", {})
    await house.restart(providers=house.slow(1.0))
    await looked(house, talk, pictures)
    await house.quiet()
    assert edits(house, group.chat_id) == ["editMessageText", "editMessageMedia"]


async def test_a_wish_that_ends_without_a_picture_is_two_edits_at_most(house: House, anna: Person, group: Chat) -> None:
    await house.start(providers=house.slow(SLOW))
    talk = anna.at(group)
    await talk.say("/imagine a fox")
    await looked(house, talk, lambda talk: any("Drawing" in each.text for each in talk.answers))
    await talk.press("Cancel", talk.answers[0])
    await looked(house, talk, lambda talk: any("Cancelled" in each.text for each in talk.answers))
    await house.quiet()
    assert edits(house, group.chat_id) == ["editMessageText", "editMessageText"]


async def test_wishes_of_several_people_at_once_come_each_in_its_note_for_two_edits_at_most(
    house: House, anna: Person, boris: Person, group: Chat
) -> None:
    await house.start(providers=house.slow(0.2))
    said = [await person.at(group).say(f"/imagine {words}") for person, words in ((anna, "a fox"), (boris, "an owl"))]
    said.append(await anna.at(group).say("/imagine a heron"))
    talk = anna.at(group)
    await looked(house, talk, lambda talk: len(pictures(talk)) == len(said))
    await house.quiet()
    assert [each.reply_to for each in sorted(pictures(talk), key=lambda each: each.message_id)] == said
    each = Counter(
        call.values["message_id"]
        for call in house.sandbox.calls
        if call.method.startswith("edit") and call.chat_id == group.chat_id
    )
    assert max(each.values()) <= 2
