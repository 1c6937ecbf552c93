import asyncio

from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.sandbox.clock import HandClock
from tests.sandbox.conftest import Api


async def test_a_long_poll_ends_as_soon_as_somebody_speaks(api: Api, anna: Talk) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(api.call("getUpdates", timeout=30))
        await api.bot.updates.polled()
        await anna.say("quick")
    assert [update["message"]["text"] for update in poll.result()] == ["quick"]


async def test_updates_stay_until_they_are_confirmed(api: Api, anna: Talk) -> None:
    await anna.say("one")
    await anna.say("two")
    first, second = await api.call("getUpdates")
    assert await api.call("getUpdates", limit=1) == [first]
    assert await api.call("getUpdates", offset=second["update_id"]) == [second]
    assert await api.call("getUpdates", offset=second["update_id"] + 1) == []


async def test_a_negative_offset_keeps_only_the_newest(api: Api, anna: Talk) -> None:
    for word in ("one", "two", "three"):
        await anna.say(word)
    assert [update["message"]["text"] for update in await api.call("getUpdates", offset=-1)] == ["three"]


async def test_a_second_poller_ends_the_first(api: Api, anna: Talk) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(api.ask("getUpdates", timeout=30))
        await api.bot.updates.polled()
        second = group.create_task(api.ask("getUpdates", timeout=30))
        body = await first
        await api.bot.updates.polled()
        await anna.say("hi")
    assert body["error_code"] == 409
    assert body["description"].startswith("Conflict: terminated by other getUpdates request")
    assert second.result()["ok"]


async def test_each_bot_hears_only_its_own_chats(session: object, sandbox: Sandbox, api: Api, anna: Talk) -> None:
    other = Api(api.session, sandbox, sandbox.add_bot("43:other", "other_bot"))
    await anna.say("for the painter")
    assert await other.call("getUpdates") == []
    assert (await other.call("getMe"))["username"] == "other_bot"


async def test_only_wanted_kinds_of_updates_come(api: Api, anna: Talk) -> None:
    await api.call("getUpdates", allowed_updates=["edited_message"])
    said = await anna.say("unheard")
    await anna.edit(said, "heard")
    [update] = await api.call("getUpdates")
    assert update["edited_message"]["text"] == "heard"


async def test_old_queries_and_old_messages_are_forgotten(api: Api, anna: Talk, clock: HandClock) -> None:
    button = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await api.call("sendMessage", chat_id=anna.chat_id, text="x", reply_markup=button)
    await anna.say("a word")
    anna.begin_press("Go")
    clock.advance(200)
    assert [list(update)[1] for update in await api.call("getUpdates")] == ["message"]
    clock.advance(24 * 3600)
    assert await api.call("getUpdates") == []


async def test_an_unknown_token_is_refused(api: Api) -> None:
    api.bot.revoked = True
    body = await api.ask("getUpdates")
    assert (body["error_code"], body["description"]) == (401, "Unauthorized")


async def test_what_was_said_to_a_dead_bot_waits_for_the_next_one(api: Api, anna: Talk) -> None:
    poll = asyncio.get_running_loop().create_task(api.ask("getUpdates", timeout=30))
    await api.bot.updates.polled()
    poll.cancel()
    await asyncio.wait([poll])
    await anna.say("are you there?")
    assert [update["message"]["text"] for update in await api.call("getUpdates", timeout=1)] == ["are you there?"]
