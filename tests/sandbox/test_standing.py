"""What a bot may do where it lacks rights, and what it hears when they change."""

import pytest

from bot.sandbox.model import Role
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Api

WHAT = [("can_send_messages", "text messages"), ("can_send_photos", "photos"), ("can_send_documents", "documents")]


@pytest.mark.parametrize(("right", "kind"), WHAT)
async def test_a_restricted_bot_hears_which_right_it_lacks_and_is_refused_in_the_official_words(
    sandbox: Sandbox, api: Api, right: str, kind: str
) -> None:
    anna = sandbox.person("Anna")
    group = sandbox.group("Friends", anna, api.bot)
    sent = await api.call("sendPhoto", chat_id=group.chat_id, photo=await _file_id(sandbox, api))
    anna.at(group).set_role(api.bot, Role.RESTRICTED, right)
    [update] = await api.call("getUpdates")
    assert update["my_chat_member"]["new_chat_member"][right] is False
    calls = {
        "can_send_messages": ("sendMessage", {"text": "hello"}),
        "can_send_photos": ("sendPhoto", {"photo": sent["photo"][-1]["file_id"]}),
        "can_send_documents": ("sendDocument", {"document": sent["photo"][-1]["file_id"]}),
    }
    method, params = calls[right]
    refusal = await api.refusal(method, chat_id=group.chat_id, **params)
    assert refusal == f"Bad Request: not enough rights to send {kind} to the chat"


async def test_an_admin_without_the_right_deletes_no_message_of_others(sandbox: Sandbox, api: Api) -> None:
    anna = sandbox.person("Anna")
    group = sandbox.group("Friends", anna, api.bot)
    said = await anna.at(group).say("hello")
    anna.at(group).set_role(api.bot, Role.ADMINISTRATOR, "can_delete_messages")
    refusal = await api.refusal("deleteMessage", chat_id=group.chat_id, message_id=said)
    assert refusal == "Bad Request: message can't be deleted"
    anna.at(group).set_role(api.bot, Role.ADMINISTRATOR)
    assert await api.call("deleteMessage", chat_id=group.chat_id, message_id=said)


async def test_an_anonymous_admin_is_named_as_the_group(sandbox: Sandbox, api: Api) -> None:
    anna = sandbox.person("Anna")
    group = sandbox.group("Friends", anna)
    anna.at(group).set_role(api.bot, Role.MEMBER, unseen=True)
    [update] = await api.call("getUpdates")
    assert update["my_chat_member"]["from"]["username"] == "GroupAnonymousBot"


async def test_who_writes_to_a_blocked_bot_lets_it_back_in(sandbox: Sandbox, api: Api) -> None:
    talk = sandbox.person("Anna").private(api.bot)
    talk.block()
    await talk.say("/start")
    updates = await api.call("getUpdates")
    statuses = [each["my_chat_member"]["new_chat_member"]["status"] for each in updates if "my_chat_member" in each]
    assert statuses == ["kicked", "member"]
    assert "message" in updates[-1]


async def _file_id(sandbox: Sandbox, api: Api) -> str:
    talk = sandbox.person("Boris").private(api.bot)
    await talk.send_photo(PIXEL)
    updates = await api.call("getUpdates")
    await api.call("getUpdates", offset=updates[-1]["update_id"] + 1)
    return str(updates[-1]["message"]["photo"][-1]["file_id"])


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
