"""Groups by their own rules: who may draw, with what, when, and who pays."""

from typing import Any

import pytest

from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.house import ADMIN, House


@pytest.fixture
def boris(sandbox: Sandbox) -> Person:
    return sandbox.person("Boris")


@pytest.fixture
def group(sandbox: Sandbox, running: House, anna: Person, boris: Person) -> Chat:
    """Anna leads it."""
    return sandbox.group("Friends", anna, boris, running.bot)


async def drawn(talk: Talk, words: str = "/imagine a fox --seed 7") -> Any:
    """The picture that answers."""
    asked = await talk.say(words)
    return await talk.until(
        lambda chat: next((one for one in chat.answers if one.photo and one.message_id > asked), None)
    )


async def told(talk: Talk, words: str) -> str:
    """The sentence that answers."""
    asked = await talk.say(words)
    seen = await talk.until(lambda chat: next((one for one in chat.answers if one.message_id > asked), None))
    return str(seen.text)


async def panel(talk: Talk) -> Any:
    asked = await talk.say("/settings")
    return await talk.until(
        lambda chat: next((one for one in chat.answers if one.buttons and one.message_id > asked), None)
    )


async def choose(talk: Talk, *starts: str) -> None:
    """Open the settings and press the buttons that begin so, one after the other."""
    message = await panel(talk)
    for start in starts:
        shown = await talk.until(
            lambda chat: next(
                (label for label in chat.message(message.message_id).labels if label.startswith(start)), None
            )  # noqa: B023  it is awaited at once
        )
        answer = await talk.press(shown, message.message_id)
        assert answer is None or answer.text == "Saved."


async def test_a_group_is_set_up_by_its_own_admins_only(group: Chat, anna: Person, boris: Person) -> None:
    message = await panel(anna.at(group))
    assert message.labels[0] == "Who may draw: everybody"
    assert await told(boris.at(group), "/settings") == (
        "Only admins of this chat can change its settings. Yours are in our private chat: send /settings there."
    )
    answer = await boris.at(group).press("Who may draw: everybody", message.message_id)
    assert answer is not None
    assert answer.alert
    assert anna.at(group).message(message.message_id).labels[0] == "Who may draw: everybody"


async def test_where_only_admins_draw_others_are_told(group: Chat, anna: Person, boris: Person) -> None:
    await choose(anna.at(group), "Who may draw")
    assert await told(boris.at(group), "/imagine a fox") == (
        "In this chat only its admins may draw. In our private chat you can."
    )
    assert (await drawn(anna.at(group))).photo
