import asyncio
import json
from typing import Any

import aiohttp
import pytest

from bot.sandbox.model import Chat, User
from bot.sandbox.server import Sandbox
from bot.sandbox.web import Page
from tests.sandbox.clock import HandClock
from tests.sandbox.conftest import Api, png


class Browser:
    """Asks the server as the page does."""

    def __init__(self, api: Api) -> None:
        self.api = api

    async def get(self, path: str) -> Any:
        async with self.api.session.get(self.api.sandbox.url + path) as response:
            assert response.status == 200
            return await response.json()

    async def do(self, action: str, status: int = 200, **values: Any) -> Any:
        address = f"{self.api.sandbox.url}/sandbox/do/{action}"
        async with self.api.session.post(address, json=values) as response:
            assert response.status == status
            return await response.json() if status == 200 else None


@pytest.fixture
async def sandbox(clock: HandClock) -> Any:
    sandbox = Sandbox(clock)
    sandbox.person("Anna")
    Page(sandbox, sandbox.add_bot("42:secret", "painter_bot")).add_routes()
    async with sandbox:
        yield sandbox


@pytest.fixture
def api(session: Any, sandbox: Sandbox) -> Api:
    return Api(session, sandbox, sandbox.world.bots["42:secret"])


@pytest.fixture
def browser(api: Api) -> Browser:
    return Browser(api)


@pytest.fixture
def place(sandbox: Sandbox, api: Api) -> dict[str, Any]:
    """Anna's private chat with the bot, as the page names it."""
    [anna] = sandbox.world.people.values()
    return {"person": anna.user_id, "chat": sandbox.world.private(api.bot, anna).key}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:1", 200),
        ("sandbox.localhost", 200),
        ("[::1]:1", 200),
        ("evil.example", 403),
        ("[", 403),
        ("10.0.0.1", 403),
    ],
)
async def test_a_site_that_takes_the_address_of_this_machine_reads_nothing(api: Api, host: str, status: int) -> None:
    async with api.session.get(f"{api.sandbox.url}/sandbox/state", headers={"Host": host}) as response:
        assert response.status == status


async def test_a_form_without_a_file_is_refused(api: Api, place: dict[str, Any]) -> None:
    async with api.session.post(f"{api.sandbox.url}/sandbox/send", data=place) as response:
        assert response.status == 400


async def test_the_page_and_its_files_come_with_a_strict_policy(api: Api) -> None:
    for path, kind in (("/", "text/html"), ("/page/app.js", "text/javascript"), ("/page/style.css", "text/css")):
        async with api.session.get(api.sandbox.url + path) as response:
            assert (response.status, response.content_type) == (200, kind)
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fserver.py", "%2e%2e%2fweb.py", "index"])
async def test_no_other_file_is_served(api: Api, name: str) -> None:
    async with api.session.get(f"{api.sandbox.url}/page/{name}") as response:
        assert response.status == 404


async def test_what_is_typed_on_the_page_reaches_the_bot_and_its_answer_comes_back(
    api: Api, browser: Browser, place: dict[str, Any]
) -> None:
    await browser.do("say", **place, text="/imagine a fox")
    [update] = await api.call("getUpdates")
    assert update["message"]["text"] == "/imagine a fox"
    button = {"inline_keyboard": [[{"text": "Again", "callback_data": "again"}]]}
    sent = await api.call("sendMessage", chat_id=place["person"], text="drawing", reply_markup=button)
    answer = await browser.get(f"/sandbox/messages?person={place['person']}&chat={place['chat']}")
    assert [message["text"] for message in answer["messages"]] == ["/imagine a fox", "drawing"]
    await browser.do("press", **place, message=sent["message_id"], data="again")
    updates = await api.call("getUpdates", offset=update["update_id"] + 1)
    assert [one["callback_query"]["data"] for one in updates] == ["again"]


async def test_the_page_hears_of_a_message_at_once(api: Api, browser: Browser, place: dict[str, Any]) -> None:
    async with api.session.get(f"{api.sandbox.url}/sandbox/events") as events:
        await events.content.readline()
        await browser.do("say", **place, text="hi")
        line = await events.content.readline()
        while not line.startswith(b"data: "):
            line = await events.content.readline()
    told = json.loads(line.removeprefix(b"data: "))
    assert (told["kind"], told["chat"], told["message"]["text"]) == ("message", place["chat"], "hi")


async def test_a_file_never_becomes_a_page_of_the_server(api: Api, browser: Browser, place: dict[str, Any]) -> None:
    await browser.do("say", **place, text="hi")
    await api.upload("sendDocument", {"document": b"<script>alert(1)</script>"}, chat_id=place["person"])
    [file] = api.sandbox.world.files.all()
    file.mime, file.name = "text/html", "page.html"
    async with api.session.get(f"{api.sandbox.url}/sandbox/files/{file.file_id}.html") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_another_page_in_the_same_browser_may_not_act(api: Api, place: dict[str, Any]) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    address = f"{api.sandbox.url}/sandbox/do/say"
    async with api.session.post(address, json={**place, "text": "hi"}, headers=headers) as response:
        assert response.status == 403
    assert await api.call("getUpdates") == []


async def test_nobody_acts_in_a_chat_of_somebody_else(
    sandbox: Sandbox, browser: Browser, place: dict[str, Any]
) -> None:
    ben = sandbox.person("Ben")
    await browser.do("say", 403, **{**place, "person": ben.user_id}, text="hi")
    await browser.do("say", 404, person=1, chat="none", text="hi")
    await browser.do("delete", 404, **place, message=77)


async def test_a_photo_from_the_page_arrives_as_one(sandbox: Sandbox, api: Api, place: dict[str, Any]) -> None:
    form = aiohttp.FormData({**{name: str(value) for name, value in place.items()}, "as": "photo", "text": "look"})
    form.add_field("file", png(), filename="fox.png", content_type="image/png")
    async with api.session.post(f"{sandbox.url}/sandbox/send", data=form) as response:
        assert response.status == 200
    [update] = await api.call("getUpdates")
    assert (update["message"]["caption"], update["message"]["photo"][-1]["width"]) == ("look", 64)


@pytest.mark.parametrize("kind", ["photo", "file"])
async def test_a_picture_from_the_page_can_answer_a_message(
    sandbox: Sandbox, browser: Browser, api: Api, place: dict[str, Any], kind: str
) -> None:
    await browser.do("say", **place, text="hi")
    [said] = await api.call("getUpdates")
    values = {**place, "as": kind, "text": "/imagine both", "reply": said["message"]["message_id"]}
    form = aiohttp.FormData({name: str(value) for name, value in values.items()})
    form.add_field("file", png(), filename="fox.png", content_type="image/png")
    async with api.session.post(f"{sandbox.url}/sandbox/send", data=form) as response:
        assert response.status == 200
    [update] = await api.call("getUpdates", offset=said["update_id"] + 1)
    assert update["message"]["reply_to_message"]["text"] == "hi"
    assert update["message"]["caption_entities"][0]["type"] == "bot_command"
    assert ("document" in update["message"]) == (kind == "file")


async def test_who_is_named_in_a_question_is_asked(sandbox: Sandbox, api: Api, browser: Browser) -> None:
    ben, anna = sandbox.person("Ben"), sandbox.person("Ann")
    group = sandbox.group("Friends", ben, anna, api.bot)
    await anna.at(group).say("/start")
    name = {"type": "text_mention", "offset": 0, "length": 3, "user": ben.user.wire()}
    markup = {"force_reply": True, "selective": True}
    await api.call("sendMessage", chat_id=group.chat_id, text="Ben: what?", entities=[name], reply_markup=markup)
    answer = await browser.get(f"/sandbox/messages?person={anna.user_id}&chat={group.key}")
    assert answer["messages"][-1]["forceReply"] == {"person": ben.user_id, "placeholder": ""}


async def test_commands_are_offered_in_the_language_of_the_app(
    sandbox: Sandbox, api: Api, browser: Browser, place: dict[str, Any]
) -> None:
    for language, words in (("", "draw"), ("ru", "рисовать")):
        commands = [{"command": "imagine", "description": words}]
        await api.call("setMyCommands", commands=commands, language_code=language)
    path = f"/sandbox/messages?person={place['person']}&chat={place['chat']}"
    assert (await browser.get(path))["commands"][0]["description"] == "draw"
    sandbox.world.people[place["person"]].language = "ru"
    assert (await browser.get(path))["commands"][0]["description"] == "рисовать"


async def test_commands_of_the_nearest_scope_are_offered(
    sandbox: Sandbox, api: Api, browser: Browser, place: dict[str, Any]
) -> None:
    anna, ben = sandbox.world.people[place["person"]], sandbox.person("Ben")
    ben.private(api.bot)
    for name, scope in (
        ("me", {"type": "default"}),
        ("allow", {"type": "chat", "chat_id": anna.user_id}),
        ("draw", {"type": "all_group_chats"}),
        ("ban", {"type": "all_chat_administrators"}),
    ):
        await api.call("setMyCommands", commands=[{"command": name, "description": name}], scope=scope)

    group = sandbox.group("Friends", ben, api.bot)
    group.join(anna)

    async def offered(user: User, chat: Chat) -> str:
        answer = await browser.get(f"/sandbox/messages?person={user.user_id}&chat={chat.key}")
        return str(answer["commands"][0]["command"])

    assert await offered(anna, sandbox.world.private(api.bot, anna)) == "allow"
    assert await offered(ben.user, sandbox.world.private(api.bot, ben.user)) == "me"
    assert await offered(anna, group) == "draw"
    assert await offered(ben.user, group) == "ban"


@pytest.mark.parametrize("selective", [True, False])
async def test_who_is_asked_for_words_is_told_to_the_page(
    sandbox: Sandbox, api: Api, browser: Browser, place: dict[str, Any], selective: bool
) -> None:
    anna, ben = sandbox.world.people[place["person"]], sandbox.person("Ben")
    group = sandbox.group("Friends", ben, api.bot)
    group.join(anna)
    wish = await ben.at(group).say("/imagine")
    markup = {"force_reply": True, "selective": selective, "input_field_placeholder": "A fox"}
    reply = {"message_id": wish}
    await api.call("sendMessage", chat_id=group.chat_id, text="What?", reply_markup=markup, reply_parameters=reply)
    answer = await browser.get(f"/sandbox/messages?person={anna.user_id}&chat={group.key}")
    wanted = {"person": ben.user.user_id if selective else None, "placeholder": "A fox"}
    assert [message["forceReply"] for message in answer["messages"][-2:]] == [None, wanted]


async def test_several_pictures_from_the_page_arrive_as_one_album(
    sandbox: Sandbox, api: Api, place: dict[str, Any]
) -> None:
    form = aiohttp.FormData({**{name: str(value) for name, value in place.items()}, "as": "photo", "text": "look"})
    for name in ("fox.png", "owl.png"):
        form.add_field("file", png(), filename=name, content_type="image/png")
    async with api.session.post(f"{sandbox.url}/sandbox/send", data=form) as response:
        assert response.status == 200
    first, second = [update["message"] for update in await api.call("getUpdates")]
    assert first["media_group_id"] == second["media_group_id"]
    assert (first["caption"], "caption" in second) == ("look", False)


async def test_what_a_bot_answers_while_somebody_types_is_offered_and_chosen(
    sandbox: Sandbox, api: Api, browser: Browser, place: dict[str, Any]
) -> None:
    content = {"message_text": "a fox"}
    result = {"type": "article", "id": "1", "title": "Fox", "description": "red", "input_message_content": content}

    async def answer() -> None:
        [update] = await api.call("getUpdates", timeout=10)
        await api.call("answerInlineQuery", inline_query_id=update["inline_query"]["id"], results=[result])

    offered, _ = await asyncio.gather(browser.do("inline", **place, query="fox"), answer())
    shown = {"id": "1", "type": "article", "title": "Fox", "description": "red", "picture": None}
    assert offered["result"]["results"] == [shown]
    await browser.do("choose", **place, query=offered["result"]["id"], result="1")
    answers = await browser.get(f"/sandbox/messages?person={place['person']}&chat={place['chat']}")
    assert [(one["text"], one["via"]) for one in answers["messages"]] == [("a fox", "painter_bot")]
    await browser.do("choose", 404, **place, query=offered["result"]["id"], result="2")


async def test_who_leads_a_group_changes_what_the_bot_is_there(sandbox: Sandbox, api: Api, browser: Browser) -> None:
    ben = sandbox.person("Ben")
    group = sandbox.group("Friends", ben, api.bot)
    place: dict[str, Any] = {"person": ben.user_id, "chat": group.key}
    await browser.do("role", **place, role="administrator")
    assert group.role(api.bot.user.user_id) == "administrator"
    await browser.do("role", 400, **place, role="king")
    await browser.do("role", **place, role="kicked")
    await browser.do("role", **place, bot=api.bot.user.user_id, role="member")
    assert group.has(api.bot.user.user_id)
