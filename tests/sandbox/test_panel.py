"""Behind the curtain: calls, books, switches."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.quota.service import Ledger
from bot.sandbox.panel import Panel
from bot.sandbox.server import Sandbox
from bot.sandbox.studio import Studio, Trouble
from bot.sandbox.web import Page
from bot.storage import open_database
from tests.sandbox.clock import HandClock
from tests.sandbox.conftest import Api
from tests.vaults import vault_in

TOKEN = "42:secret"

Ask = Any


@pytest.fixture
def studio(clock: HandClock) -> Studio:
    return Studio(clock, Sandbox(clock).world.feed)


@pytest.fixture
async def sandbox(clock: HandClock, studio: Studio, tmp_path: Path) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(clock)
    sandbox.person("Anna")
    studio.feed = sandbox.world.feed
    studio.add_routes(sandbox.app)
    bot = sandbox.add_bot(TOKEN, "painter_bot")
    Page(sandbox, bot, panel=Panel(sandbox, studio=studio, vault=vault_in(tmp_path))).add_routes()
    async with sandbox:
        yield sandbox


@pytest.fixture
def api(session: aiohttp.ClientSession, sandbox: Sandbox) -> Api:
    return Api(session, sandbox, sandbox.world.bots[TOKEN])


@pytest.fixture
def anna(sandbox: Sandbox) -> int:
    return next(iter(sandbox.world.people))


@pytest.fixture
def ask(session: aiohttp.ClientSession, sandbox: Sandbox) -> Ask:
    async def ask(path: str, **values: Any) -> Any:
        sending = (
            session.post(f"{sandbox.url}/sandbox/{path}", json=values)
            if values
            else session.get(f"{sandbox.url}/sandbox/{path}")
        )
        async with sending as response:
            return await response.json()

    return ask


async def test_calls_are_shown_with_what_came_of_them(api: Api, ask: Ask, anna: int) -> None:
    await api.call("getMe")
    await api.ask("sendMessage", chat_id=1, text="x")
    await api.ask("sendMessage", chat_id=1, text="x", wings=2)
    shown = await ask(f"panel?person={anna}")
    assert [(call["method"], call["code"], call["violation"]) for call in shown["calls"]] == [
        ("sendMessage", 400, True),
        ("sendMessage", 400, False),
        ("getMe", 200, False),
    ]
    assert shown["violations"] == 1
    after = await ask(f"calls?after={shown['calls'][1]['id']}")
    assert [call["description"] for call in after["calls"]] == [shown["calls"][0]["description"]]


async def test_before_the_bot_keeps_books_there_are_none_to_show(ask: Ask, anna: int) -> None:
    shown = await ask(f"panel?person={anna}")
    assert shown["ledger"] == {"balance": None, "entries": []}
    assert shown["generations"] == shown["jobs"] == []


async def test_the_ledger_of_the_person_is_read_while_the_bot_writes(
    ask: Ask, anna: int, tmp_path: Path, clock: HandClock
) -> None:
    from zoneinfo import ZoneInfo

    database = await open_database("sqlite", tmp_path, vault_in(tmp_path))
    ledger = Ledger(20, ZoneInfo("UTC"), clock)
    async with database.write() as tx:
        await ledger.hold(tx, anna, "g1", 3)
    async with database.write() as tx:
        await ledger.settle(tx, "g1")
        shown = await ask(f"panel?person={anna}")
    assert shown["ledger"]["balance"]["held"] == 3
    shown = await ask(f"panel?person={anna}")
    assert [(one["kind"], one["daily"]) for one in shown["ledger"]["entries"]] == [
        ("settle", 3),
        ("hold", 3),
        ("grant", 20),
    ]
    assert (await ask(f"panel?person={anna + 1}"))["ledger"]["entries"] == []
    await database.close()


@pytest.mark.parametrize(("kind", "code"), [("429", 429), ("500", 500), ("403", 403)])
async def test_a_fault_that_is_switched_on_hits_as_often_as_it_should(
    api: Api, ask: Ask, anna: int, kind: str, code: int
) -> None:
    switched = await ask("fault", kind=kind, method="getMe", times=2)
    assert switched["left"] == 2
    assert [(await api.ask("getMe")).get("error_code") for _ in range(3)] == [code, code, None]
    assert (await ask(f"panel?person={anna}"))["faults"] == []


async def test_a_lost_answer_shows_up_as_a_call_without_one(api: Api, ask: Ask, anna: int) -> None:
    await ask("fault", kind="reset_after", method="setMyName")
    with pytest.raises(aiohttp.ClientError):
        await api.ask("setMyName", name="Fox")
    shown = await ask(f"panel?person={anna}")
    assert [(call["code"], call["fault"]) for call in shown["calls"]] == [(0, "lost after")]
    assert (await api.call("getMyName"))["name"] == "Fox"


async def test_faults_without_end_are_switched_off_and_leave_polls_alone(api: Api, ask: Ask, anna: int) -> None:
    number = (await ask("fault", kind="500", times=None))["id"]
    assert await api.call("getUpdates") == []
    assert (await api.ask("getMe"))["error_code"] == 500
    await ask("fault/end", id=number)
    await api.call("getMe")
    assert "kind" in (await ask("fault", kind="nonsense"))["error"]


async def draw(session: aiohttp.ClientSession, sandbox: Sandbox, prompt: str) -> tuple[int, bytes]:
    asked = {"model": "sketch", "prompt": prompt, "n": 1, "size": "128x64"}
    async with session.post(f"{sandbox.url}/studio/v1/images/generations", json=asked) as response:
        return response.status, await response.read()


async def test_the_service_draws_the_same_for_the_same_seed(session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    inside = '<sd_cpp_extra_args>{"seed": 7}</sd_cpp_extra_args>'
    first, again = [await draw(session, sandbox, f"a fox {inside}") for _ in range(2)]
    assert first == again
    assert json.loads(first[1])["data"][0]["b64_json"]


async def test_the_service_has_the_day_that_was_chosen(
    session: aiohttp.ClientSession, sandbox: Sandbox, ask: Ask, anna: int
) -> None:
    codes = []
    for trouble in ("down", "refusing", "hostile", "none"):
        assert (await ask("service", trouble=trouble))["trouble"] == trouble
        codes.append((await draw(session, sandbox, "a fox"))[0])
    assert codes == [503, 400, 200, 200]
    shown = (await ask(f"panel?person={anna}"))["service"]
    assert [order["trouble"] for order in shown["orders"]] == ["none", "hostile", "refusing", "down"]
    assert "error" in await ask("service", trouble="sleepy")


async def test_other_pages_switch_nothing(session: aiohttp.ClientSession, sandbox: Sandbox, studio: Studio) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    for path in ("fault", "fault/end", "service", "kill", "pace", "people", "bots", "chats", "role", "upgrade"):
        async with session.post(f"{sandbox.url}/sandbox/{path}", json={}, headers=headers) as response:
            assert response.status == 403
    assert studio.trouble is Trouble.NONE


async def test_the_cast_grows_while_it_runs(sandbox: Sandbox, ask: Ask) -> None:
    dora = (await ask("people", name="Dora", language="de"))["id"]
    bot = await ask("bots", username="second_bot", guest=True)
    chat = await ask("chats", kind="forum", title="Club", members=[dora, bot["id"]], topics=["Foxes"])
    assert [topic["name"] for topic in chat["topics"]] == ["Foxes"]
    await ask("role", chat=chat["chat"], who=bot["id"], role="administrator")
    assert str(sandbox.world.chats[chat["chat"]].role(bot["id"])) == "administrator"
    small = await ask("chats", kind="group", title="Small", members=[dora, bot["id"]])
    assert (await ask("upgrade", chat=small["chat"]))["id"] < small["id"]
    for wrong in (
        {"kind": "circle", "title": "x", "members": []},
        {"title": "x"},
        {"kind": "group", "title": "x", "members": [1]},
    ):
        assert "error" in await ask("chats", **wrong)
