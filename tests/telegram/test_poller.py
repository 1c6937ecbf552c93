"""Nothing that was fetched is lost, and a bot that cannot fetch says so or comes back by itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from aiogram import Router
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiohttp import web
from pydantic import SecretStr

from bot.errors import StorageFull
from bot.sandbox.faults import Lost
from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.telegram import poller
from bot.telegram.api import Api
from bot.telegram.poller import AnotherPoller, Poller, TokenRefused
from tests.telegram.conftest import KINDS, Edge, EdgeMaker, holds


class Hurried:
    """A clock on which half a minute passes between two looks."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> int:
        return 1_700_000_000 + int(self.at)

    def monotonic(self) -> float:
        self.at += 30
        return self.at


def echo() -> Router:
    router = Router()

    @router.message()
    async def on_message(message: Message) -> SendMessage:
        return message.answer(f"you said {message.text}")

    return router


@pytest.fixture
def talk(sandbox: Sandbox, bot: Bot) -> Talk:
    return sandbox.person("Anna").private(bot)


def said(talk: Talk) -> list[str]:
    return [message.text for message in talk.answers]


async def poll(life: Edge) -> None:
    """Poll until something ends it."""
    try:
        async with asyncio.timeout(10):
            await life.poller.run(life.spine.room)
    finally:
        await life.api.close()


async def test_updates_are_confirmed_only_after_they_are_committed(edge: EdgeMaker, bot: Bot, talk: Talk) -> None:
    await talk.say("keep me")
    life = edge(echo())
    async with life.database.write(), life.at_work():  # nobody else can commit anything now
        await holds(lambda: bot.updates.given == 1, "the update is fetched")
        assert len(bot.updates.waiting) == 1
        assert len(life.sandbox.calls_of("getUpdates")) == 1
    async with edge(echo()).at_work():
        await talk.until(lambda chat: said(chat) == ["you said keep me"])
        await holds(lambda: not bot.updates.waiting, "the update is confirmed")


async def test_a_refused_token_stops_the_bot_with_one_line(edge: EdgeMaker, sandbox: Sandbox) -> None:
    sandbox.fault("deleteWebhook", status=401, text="Unauthorized")
    life = edge()
    with pytest.raises(TokenRefused, match="BOT_TOKEN") as error:
        await poll(life)
    assert life.bot.token not in str(error.value)


async def test_a_second_poller_is_waited_for_and_then_given_up(edge: EdgeMaker, sandbox: Sandbox) -> None:
    sandbox.fault("getUpdates", status=409, times=None)
    life = edge(clock=Hurried())
    with pytest.raises(AnotherPoller):
        await poll(life)
    assert len([call for call in sandbox.calls if call.method == "getUpdates"]) >= 2


async def test_a_second_poller_that_leaves_does_no_harm(edge: EdgeMaker, sandbox: Sandbox, talk: Talk) -> None:
    sandbox.fault("getUpdates", status=409, times=1)
    await talk.say("hi")
    async with edge(echo()).at_work():
        await talk.until(lambda chat: said(chat) == ["you said hi"])


@pytest.mark.parametrize(
    "trouble",
    [
        {"lost": Lost.BEFORE},
        {"lost": Lost.AFTER},
        {"status": 500},
        {"status": 502, "text": "Bad Gateway"},
        {"retry_after": 1},
    ],
    ids=["reset before", "reset after", "500", "502", "429"],
)
async def test_polling_goes_on_after_trouble(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk, trouble: dict[str, object]
) -> None:
    sandbox.fault("getUpdates", **trouble)  # type: ignore[arg-type]  # one row of the table each
    await talk.say("hi")
    async with edge(echo()).at_work() as life:
        await talk.until(lambda chat: said(chat) == ["you said hi"])
        assert life.poller.last_good_poll is not None


async def test_a_webhook_of_before_is_taken_down_and_what_waits_is_kept(
    edge: EdgeMaker, sandbox: Sandbox, talk: Talk
) -> None:
    await talk.say("from before")
    async with edge(echo()).at_work():
        await talk.until(lambda chat: said(chat) == ["you said from before"])
    [call] = sandbox.calls_of("deleteWebhook")
    assert not call.values.get("drop_pending_updates")


async def test_ids_that_start_anew_after_a_quiet_week_are_seen(edge: EdgeMaker, bot: Bot, talk: Talk) -> None:
    await talk.say("before")
    async with edge(echo()).at_work() as life:
        await talk.until(lambda chat: said(chat) == ["you said before"])
        await holds(lambda: not bot.updates.waiting, "the update is confirmed")
        bot.updates.put([], 0)  # the poll that has just begun ends empty, as each would in a quiet week
        await holds(lambda: life.poller._offset is None, "no number is too low for the next poll")
        bot.updates.next_id = 5
        await talk.say("after")
        await talk.until(lambda chat: said(chat) == ["you said before", "you said after"])


async def test_only_the_kinds_that_have_handlers_are_asked_for(edge: EdgeMaker, sandbox: Sandbox, talk: Talk) -> None:
    await talk.say("hi")
    async with edge(echo()).at_work():
        await talk.until(lambda chat: chat.answers)
    assert sandbox.calls_of("getUpdates")[0].values["allowed_updates"] == list(KINDS)


async def test_a_full_disk_loses_nothing_and_is_over_when_there_is_room(edge: EdgeMaker, bot: Bot, talk: Talk) -> None:
    life = edge(echo())
    async with life.database.write() as tx:
        [used] = await tx.fetch("PRAGMA page_count", {})
        await tx.fetch(f"PRAGMA max_page_count = {used['page_count']}", {})
    for _ in range(5):
        await talk.say("x" * 4000)
    async with life.at_work():
        await holds(lambda: bot.updates.given >= 5, "the updates are fetched")
        assert len(bot.updates.waiting) == 5
        async with life.database.write() as tx:
            await tx.fetch("PRAGMA max_page_count = 1000000", {})
        await talk.until(lambda chat: len(chat.answers) == 5, timeout=15)


async def test_nothing_is_fetched_while_there_is_little_room_on_the_disk(
    edge: EdgeMaker, bot: Bot, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "STORAGE_REST", 0.5)
    life = edge(echo(), check_room=Scarce())
    await talk.say("hi")
    async with life.at_work():
        await holds(lambda: bot.updates.given >= 1, "the update is fetched")
        assert len(bot.updates.waiting) == 1
        await talk.until(lambda chat: said(chat) == ["you said hi"], timeout=15)


class Scarce:
    """A disk that has room again when it is asked for the second time."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked == 1:
            raise StorageFull("no room")


class Scripted:
    """Answers getUpdates with prepared bytes: what no real server should say."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self.bodies = list(bodies)
        self.asked: list[dict[str, object]] = []

    async def answer(self, request: web.Request) -> web.Response:
        if request.match_info["method"] == "getMe":
            return web.json_response({"ok": True, "result": {"id": 5, "is_bot": True, "first_name": "B"}})
        if request.match_info["method"] != "getUpdates":
            return web.json_response({"ok": True, "result": True})
        self.asked.append(await request.json())
        if not self.bodies:
            raise web.HTTPUnauthorized(text='{"ok": false, "error_code": 401, "description": "Unauthorized"}')
        return web.Response(body=self.bodies.pop(0), content_type="application/json")


@pytest.fixture
async def scripted() -> AsyncIterator[tuple[Scripted, str]]:
    server = Scripted([])
    app = web.Application()
    app.router.add_post("/bot5:token/{method}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield server, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


GOOD = b'{"update_id": 7, "message": {"message_id": 1, "date": 1}}'
DEEP = b'{"update_id": 8, "message": {"rich_message": ' + b'{"text":' * 50_000 + b"1" + b"}" * 50_000 + b"}}"
LATER = b'{"update_id": 9, "message": {"message_id": 2, "date": 1}}'


def batch(*updates: bytes) -> bytes:
    return b'{"ok": true, "result": [' + b",".join(updates) + b"]}"


@pytest.mark.parametrize("bad", [DEEP, DEEP[:60] + b"\xff"], ids=["bottomless", "no JSON"])
async def test_an_update_that_is_no_json_is_found_and_set_aside(
    edge: EdgeMaker, scripted: tuple[Scripted, str], bad: bytes
) -> None:
    server, url = scripted
    server.bodies = [batch(GOOD, bad, LATER), batch(GOOD), batch(bad, LATER), batch(bad), batch(LATER)]
    life = edge()
    api = Api(url, SecretStr("5:token"))
    poller = Poller(api, life.inbox, life.clock, KINDS, lambda: api.call("getMe"))
    try:
        with pytest.raises(TokenRefused):
            async with asyncio.timeout(10):
                await poller.run(life.spine.room)
    finally:
        await api.close()
    assert [call.get("offset") for call in server.asked] == [None, None, 8, 8, 9, 10]
    assert [call["limit"] for call in server.asked] == [100, 1, 100, 1, 1, 100]
    rows = await life.rows("SELECT update_id, state FROM inbox ORDER BY update_id")
    assert [(row["update_id"], row["state"]) for row in rows] == [(7, "new"), (8, "set_aside"), (9, "new")]


async def test_numbers_of_five_thousand_digits_do_not_stop_the_batch(
    edge: EdgeMaker, scripted: tuple[Scripted, str]
) -> None:
    server, url = scripted
    server.bodies = [batch(b'{"update_id": 8, "message": {"date": ' + b"9" * 5000 + b"}}", LATER)]
    life = edge()
    api = Api(url, SecretStr("5:token"))
    try:
        with pytest.raises(TokenRefused):
            await Poller(api, life.inbox, life.clock, KINDS, lambda: api.call("getMe")).run(life.spine.room)
    finally:
        await api.close()
    assert len(await life.rows("SELECT 1 AS one FROM inbox")) == 2
