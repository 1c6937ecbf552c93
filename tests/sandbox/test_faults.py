import asyncio

import aiohttp
import pytest

from bot.sandbox.faults import Lost
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.sandbox.clock import HandClock
from tests.sandbox.conftest import Api


async def test_a_fault_hits_as_often_as_it_should(sandbox: Sandbox, api: Api) -> None:
    sandbox.fault("getMe", status=500, times=2, skip=1)
    bodies = [await api.ask("getMe") for _ in range(4)]
    assert [body["ok"] for body in bodies] == [True, False, False, True]
    assert bodies[1]["description"] == "Internal Server Error"


async def test_a_fault_can_be_for_one_chat_only(sandbox: Sandbox, api: Api, anna: Talk) -> None:
    ben = sandbox.person("Ben").private(api.bot)
    await ben.say("hello")
    sandbox.fault("sendMessage", status=403, times=None, where=lambda call: call.chat_id == ben.chat_id)
    assert await api.call("sendMessage", chat_id=anna.chat_id, text="hi")
    assert await api.refusal("sendMessage", chat_id=ben.chat_id, text="hi") == "Forbidden: bot was blocked by the user"


async def test_a_call_before_the_told_time_is_refused_again_and_noted(
    sandbox: Sandbox, api: Api, anna: Talk, clock: HandClock
) -> None:
    sandbox.fault("sendMessage", retry_after=5)
    body = await api.ask("sendMessage", chat_id=anna.chat_id, text="hi")
    assert (body["error_code"], body["parameters"]) == (429, {"retry_after": 5})
    clock.advance(4)
    body = await api.ask("sendMessage", chat_id=anna.chat_id, text="hi")
    assert body["description"] == "Too Many Requests: retry after 1"
    assert [call.method for call in sandbox.violations] == ["sendMessage"]
    clock.advance(1)
    assert await api.call("sendMessage", chat_id=anna.chat_id, text="hi")
    assert [message.text for message in anna.answers] == ["hi"]


@pytest.mark.parametrize(("lost", "arrived"), [(Lost.BEFORE, 0), (Lost.AFTER, 1)])
async def test_a_connection_is_reset_before_or_after_the_effect(
    sandbox: Sandbox, api: Api, anna: Talk, lost: Lost, arrived: int
) -> None:
    sandbox.fault("sendMessage", lost=lost)
    with pytest.raises(aiohttp.ClientError):
        await api.ask("sendMessage", chat_id=anna.chat_id, text="hi")
    assert len(anna.answers) == arrived
    assert sandbox.calls_of("sendMessage")[0].fault == f"lost {lost}"


async def test_an_answer_may_never_come_though_the_call_had_its_effect(sandbox: Sandbox, api: Api, anna: Talk) -> None:
    sandbox.fault("sendMessage", lost=Lost.HANG)
    call = asyncio.get_running_loop().create_task(api.ask("sendMessage", chat_id=anna.chat_id, text="hi"))
    await anna.until(lambda talk: talk.answers)
    assert not call.done()
    call.cancel()
    await asyncio.wait([call])


async def test_a_group_that_moved_names_its_new_id(sandbox: Sandbox, api: Api) -> None:
    anna = sandbox.person("Anna")
    group = sandbox.group("Friends", anna, api.bot, supergroup=False)
    new = sandbox.upgrade(group)
    body = await api.ask("sendMessage", chat_id=group.chat_id, text="hi")
    assert body["parameters"] == {"migrate_to_chat_id": new.chat_id}
    updates = await api.call("getUpdates")
    moves = [update["message"] for update in updates if "message" in update]
    assert [message.get("migrate_to_chat_id") for message in moves] == [None, new.chat_id]
    assert await api.call("sendMessage", chat_id=new.chat_id, text="hi")


async def test_the_real_pace_can_be_switched_on(sandbox: Sandbox, api: Api, anna: Talk) -> None:
    sandbox.pace.real = True
    codes = [(await api.ask("sendMessage", chat_id=anna.chat_id, text="hi")).get("error_code") for _ in range(6)]
    assert codes == [None] * 5 + [429]
