"""Every outcome of a call is told apart, and none tells the token."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.telegram.api import Answer, Api, CallError, CallMoved, CallNotSent, CallPaused, CallRefused, CallUnknown, read
from bot.telegram.upload import PIECE, Upload

TOKEN = "12345:canary-token"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Server = Callable[[Handler], Awaitable[Api]]


def told(status: int, **said: Any) -> Answer:
    return Answer(status, json.dumps({"ok": False, "error_code": status, **said}).encode())


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    runners: list[web.AppRunner] = []
    apis: list[Api] = []

    async def start(handler: Handler) -> Api:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/bot{token}/{method}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        runners.append(runner)
        apis.append(Api(f"http://127.0.0.1:{runner.addresses[0][1]}/", SecretStr(TOKEN)))
        return apis[-1]

    yield start
    for api in apis:
        await api.close()
    for runner in runners:
        await runner.cleanup()


def test_a_result_is_read() -> None:
    assert read(Answer(200, b'{"ok": true, "result": [1]}')) == [1]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (told(400, description="Bad Request: x"), CallRefused),
        (told(403, description="Forbidden: x"), CallRefused),
        (told(404, description="Not Found"), CallRefused),
        (told(429, parameters={"retry_after": 7}), CallPaused),
        (told(429), CallPaused),
        (told(400, parameters={"migrate_to_chat_id": -1001}), CallMoved),
        (told(500, description="Internal Server Error"), CallUnknown),
        (told(502), CallUnknown),
        (Answer(502, b"<html>Bad Gateway</html>"), CallUnknown),
        (Answer(200, b"<html>Welcome to the hotel</html>"), CallUnknown),
        (Answer(200, b"[]"), CallUnknown),
        (Answer(200, b""), CallUnknown),
        (Answer(413, b"<html>Too Large</html>"), CallRefused),
        (Answer(429, b"<html>slow down</html>"), CallPaused),
        (Answer(400, b'{"ok":false,"error_code":"x"}'), CallRefused),
        (Answer(502, b'{"ok":false,"error_code":null}'), CallUnknown),
        (Answer(400, b'{"ok":false,"parameters":[1]}'), CallRefused),
        (Answer(429, b'{"ok":false,"parameters":{"retry_after":null}}'), CallPaused),
        (Answer(400, b'{"ok":false,"parameters":{"migrate_to_chat_id":"far"}}'), CallRefused),
    ],
)
def test_each_answer_has_its_outcome(answer: Answer, kind: type[CallError]) -> None:
    with pytest.raises(kind):
        read(answer)


def test_a_pause_is_as_long_as_told_and_never_nothing() -> None:
    for asked, kept in ((7, 7), (3600, 3600), (0, 1), (-5, 1), (10**9, 24 * 3600)):
        with pytest.raises(CallPaused) as error:
            read(told(429, parameters={"retry_after": asked}))
        assert error.value.seconds == kept


async def test_params_that_are_none_are_left_out(server: Server) -> None:
    seen: list[Any] = []

    async def echo(request: web.Request) -> web.Response:
        seen.append(await request.json())
        return web.json_response({"ok": True, "result": request.match_info["method"]})

    api = await server(echo)
    assert await api.call("sendMessage", chat_id=1, text="hi", message_thread_id=None) == "sendMessage"
    assert seen == [{"chat_id": 1, "text": "hi"}]
    assert api.bot_id == 12345


async def test_a_server_that_is_not_there_was_not_reached() -> None:
    api = Api("http://127.0.0.1:9", SecretStr(TOKEN))
    with pytest.raises(CallNotSent) as error:
        await api.call("getMe")
    await api.close()
    assert "canary" not in repr(error.value)
    assert error.value.__cause__ is None


async def test_silence_leaves_the_outcome_unknown(server: Server) -> None:
    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise web.HTTPGone

    api = await server(silent)
    with pytest.raises(CallUnknown) as error:
        await api.call("sendMessage", timeout=0.2)
    assert "canary" not in repr(error.value)


async def test_an_answer_that_breaks_off_leaves_the_outcome_unknown(server: Server) -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"ok": tr')
        assert request.transport is not None
        request.transport.abort()
        return response

    api = await server(broken)
    with pytest.raises(CallUnknown):
        await api.call("sendMessage")


async def test_a_redirect_is_not_followed_with_the_token(server: Server) -> None:
    calls: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.Response(status=307, headers={"Location": "/botx/getMe"})

    api = await server(elsewhere)
    with pytest.raises(CallUnknown):
        await api.call("getMe")
    assert len(calls) == 1


async def test_a_file_goes_out_whole_with_its_size_announced(server: Server, tmp_path: Path) -> None:
    content = bytes(range(256)) * (3 * PIECE // 256) + b"tail"
    (tmp_path / "picture").write_bytes(content)
    seen: dict[str, Any] = {}

    async def take(request: web.Request) -> web.Response:
        seen["length"] = request.headers.get("Content-Length")
        form = await request.post()
        file = form["file0"]
        assert isinstance(file, web.FileField)
        seen["content"], seen["name"], seen["markup"] = file.file.read(), file.filename, form["reply_markup"]
        return web.json_response({"ok": True, "result": True})

    api = await server(take)
    files = {"file0": Upload.of(tmp_path / "picture", "fox.png")}
    await api.upload("sendPhoto", {"photo": "attach://file0", "reply_markup": {"a": [1]}, "left_out": None}, files)
    assert seen["content"] == content
    assert seen["name"] == "fox.png"
    assert json.loads(seen["markup"]) == {"a": [1]}
    assert int(seen["length"]) > len(content)


PART = re.compile(
    rb'\r\nContent-Disposition: form-data; name="(?P<name>(?:[^"\\\r\n]|\\.)*)"'
    rb'(?:; filename="(?P<file>(?:[^"\\\r\n]|\\.)*)"\r\nContent-Type: (?P<kind>[a-z]+/[a-z-]+))?\r\n\r\n'
)


def strictly_read(content_type: str, body: bytes) -> list[tuple[str, str | None, bytes]]:
    """Name, file name and content of each part, of a form without a byte too many."""
    boundary = re.fullmatch(r"multipart/form-data; boundary=([0-9a-f]{32})", content_type)
    assert boundary
    nothing, *parts, end = (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())
    assert (nothing, end) == (b"", b"--\r\n")
    heads = [(PART.match(part), part) for part in parts]
    return [(_plain(head["name"]), _plain(head["file"]), part[head.end() :]) for head, part in heads if head]


def _plain(quoted: Any) -> Any:
    return quoted if quoted is None else re.sub(rb"\\(.)", rb"\1", quoted).decode()


async def test_a_strict_reader_finds_every_field_and_file_whatever_they_are_called(
    server: Server, tmp_path: Path
) -> None:
    read_as: list[tuple[str, str | None, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        read_as.extend(strictly_read(request.headers["Content-Type"], await request.read()))
        return web.json_response({"ok": True, "result": True})

    hostile = '"; filename="x\\"\r\nContent-Type: text/html\r\n\r\n--'
    tame = hostile.replace("\r\n", "  ")
    contents = {"one": b"\r\n--\r\n", "two": b"", hostile: bytes(range(256)) * (PIECE // 200)}
    for index, content in enumerate(contents.values()):
        (tmp_path / str(index)).write_bytes(content)
    uploads = {name: Upload.of(tmp_path / str(index), f"{name} žlutý") for index, name in enumerate(contents)}
    api = await server(take)
    await api.upload("sendX", {"caption": "\r\n--x\r\n \U0001f98a", hostile: "", "id": 7}, uploads)
    assert read_as == [
        ("caption", None, "\r\n--x\r\n \U0001f98a".encode()),
        (tame, None, b""),
        ("id", None, b"7"),
        ("one", "one žlutý", contents["one"]),
        ("two", "two žlutý", b""),
        (tame, f"{tame} žlutý", contents[hostile]),
    ]


async def test_a_file_that_grows_meanwhile_sends_nothing_into_the_next_call(server: Server, tmp_path: Path) -> None:
    read_as: list[tuple[str, str | None, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        read_as.extend(strictly_read(request.headers["Content-Type"], await request.read()))
        return web.json_response({"ok": True, "result": True})

    (tmp_path / "file").write_bytes(b"before")
    growing = Upload.of(tmp_path / "file", "fox.png")
    (tmp_path / "file").write_bytes(b"before and after")
    await (await server(take)).upload("sendX", {}, {"file": growing})
    assert read_as == [("file", "fox.png", b"before")]


async def test_a_form_without_files_is_one_all_the_same(server: Server) -> None:
    read_as: list[tuple[str, str | None, bytes]] = []

    async def take(request: web.Request) -> web.Response:
        read_as.extend(strictly_read(request.headers["Content-Type"], await request.read()))
        return web.json_response({"ok": True, "result": True})

    await (await server(take)).upload("sendX", {"media": [1]}, {})
    assert read_as == [("media", None, b"[1]")]
