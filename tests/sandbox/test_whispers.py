"""Messages that one person sees, who is what in a chat, reactions."""

from typing import Any

import pytest

from bot.sandbox import schema
from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person, Talk
from bot.sandbox.server import Sandbox
from tests.sandbox.clock import HandClock
from tests.sandbox.conftest import Api, png


@pytest.fixture
def ben(sandbox: Sandbox) -> Person:
    return sandbox.person("Ben")


@pytest.fixture
def cleo(sandbox: Sandbox) -> Person:
    return sandbox.person("Cleo")


@pytest.fixture
def group(sandbox: Sandbox, api: Api, ben: Person, cleo: Person) -> Chat:
    return sandbox.group("Friends", ben, cleo, api.bot)


def only_for(person: Person, **more: Any) -> dict[str, Any]:
    return {"receiver_user_id": person.user_id, **more}


async def news(api: Api) -> list[Any]:
    """All updates that wait; each fits the schema, and none comes again."""
    updates: list[Any] = await api.call("getUpdates")
    for update in updates:
        schema.load().read("Update", update)
    if updates:
        await api.call("getUpdates", offset=updates[-1]["update_id"] + 1)
    return updates


async def test_an_admin_bot_whispers_to_one_person(
    sandbox: Sandbox, api: Api, group: Chat, ben: Person, cleo: Person
) -> None:
    sandbox.set_role(group, api.bot, Role.ADMINISTRATOR)
    told = {"ephemeral_message_parameters": only_for(ben)}
    sent = await api.call("sendMessage", chat_id=group.chat_id, text="3 credits left", **told)
    schema.load().read("Message", sent)
    assert (sent["message_id"], sent["receiver_user"]["id"]) == (0, ben.user_id)
    assert [one.text for one in ben.at(group).messages] == ["3 credits left"]
    assert cleo.at(group).messages == []
    about = {"chat_id": group.chat_id, "receiver_user_id": ben.user_id}
    about["ephemeral_message_id"] = sent["ephemeral_message_id"]
    assert await api.call("editEphemeralMessageText", **about, text="2 credits left") is True
    assert ben.at(group).last.text == "2 credits left"
    upload = await api.upload(
        "editEphemeralMessageMedia", {"a": png()}, **about, media={"type": "photo", "media": "attach://a"}
    )
    assert upload["result"] is True
    assert ben.at(group).last.photo is not None
    assert await api.call("deleteEphemeralMessage", **about) is True
    assert await api.refusal("deleteEphemeralMessage", **about) == "Bad Request: message to edit not found"


async def test_a_bot_that_leads_nothing_whispers_only_at_once_after_a_press(
    api: Api, group: Chat, ben: Person, cleo: Person, clock: HandClock
) -> None:
    keys = {"inline_keyboard": [[{"text": "Credits", "callback_data": "credits"}]]}
    await api.call("sendMessage", chat_id=group.chat_id, text="menu", reply_markup=keys)
    query = ben.at(group).begin_press("Credits").query_id
    told = {"chat_id": group.chat_id, "text": "3 credits left"}
    pressed = only_for(ben, callback_query_id=query)
    await api.call("sendMessage", **told, ephemeral_message_parameters=pressed)
    for parameters in (only_for(ben), only_for(cleo, callback_query_id=query)):
        words = await api.refusal("sendMessage", **told, ephemeral_message_parameters=parameters)
        assert words == "Bad Request: not enough rights to send ephemeral messages to the user"
    clock.advance(16)
    assert "not enough rights" in await api.refusal("sendMessage", **told, ephemeral_message_parameters=pressed)


async def test_nobody_whispers_in_a_private_chat(api: Api, anna: Talk) -> None:
    parameters = {"receiver_user_id": anna.user.user_id}
    words = await api.refusal("sendMessage", chat_id=anna.chat_id, text="x", ephemeral_message_parameters=parameters)
    assert words == "Bad Request: ephemeral messages can be sent only in groups and supergroups"


async def test_an_ephemeral_command_reaches_only_its_bot_which_may_answer_so(
    sandbox: Sandbox, api: Api, group: Chat, ben: Person, cleo: Person
) -> None:
    other = sandbox.add_bot("43:secret", "other_bot")
    sandbox.set_role(group, other, Role.ADMINISTRATOR)
    command = {"command": "me", "description": "credits", "is_ephemeral": True}
    await api.call("setMyCommands", commands=[command])
    await news(api)
    waiting = len(other.updates)
    await ben.at(group).say("/me")
    [update] = await news(api)
    number = update["message"]["ephemeral_message_id"]
    assert (update["message"]["message_id"], len(other.updates)) == (0, waiting)
    assert cleo.at(group).messages == []
    reply = {"reply_parameters": {"ephemeral_message_id": number}, "ephemeral_message_parameters": only_for(ben)}
    await api.call("sendMessage", chat_id=group.chat_id, text="3 credits", **reply)
    assert ben.at(group).last.text == "3 credits"


async def test_a_bot_hears_what_it_becomes_in_a_chat(api: Api, group: Chat, ben: Person, cleo: Person) -> None:
    await news(api)
    for role in (Role.ADMINISTRATOR, Role.MEMBER, Role.KICKED, Role.MEMBER):
        ben.at(group).set_role(api.bot, role)
    changes = [update["my_chat_member"] for update in await news(api)]
    assert [one["new_chat_member"]["status"] for one in changes] == ["administrator", "member", "kicked", "member"]
    assert {one["from"]["id"] for one in changes} == {ben.user_id}
    with pytest.raises(Exception, match="not enough rights"):
        cleo.at(group).set_role(api.bot, Role.KICKED)
    await api.call("leaveChat", chat_id=group.chat_id)
    assert [one["my_chat_member"]["new_chat_member"]["status"] for one in await news(api)] == ["left"]


async def test_reactions_are_told_to_bots_that_lead_and_ask_for_them(
    sandbox: Sandbox, api: Api, group: Chat, ben: Person
) -> None:
    said = await ben.at(group).say("look")
    await api.call("getUpdates", allowed_updates=["message_reaction", "message_reaction_count"])
    await news(api)
    await ben.at(group).react(said, "🔥")
    assert await news(api) == []
    sandbox.set_role(group, api.bot, Role.ADMINISTRATOR)
    await ben.at(group).react(said)
    [update] = await news(api)
    assert update["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "🔥"}]
    channel = sandbox.channel("News", ben, api.bot)
    post = await ben.at(channel).say("post")
    await ben.at(channel).react(post, "👍")
    [update] = await news(api)
    assert update["message_reaction_count"]["reactions"][0]["total_count"] == 1
