"""Pictures fetched from Telegram to be changed: every fault has its cause, and nobody learns where they lie."""

import io
import json
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from PIL import Image
from pydantic import SecretStr

from bot.errors import Cause, NotNow, ProviderError, Refused
from bot.http import Spool
from bot.imagine.inspection import Inspection
from bot.imagine.rules import SOURCE_BYTES
from bot.sandbox.model import Bot
from bot.sandbox.server import Sandbox
from bot.telegram.api import Api
from bot.telegram.files import TelegramFiles
from tests.telegram.pictures import png

TOKEN = "12345:canary-token"
ID = "AgAC-some-id"

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Telegram:
    """A server that answers getFile with `found`, and the door for files with `give`."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {"file_path": "photos/file_1.jpg", "file_size": 1000}
        self.refusal: tuple[int, dict[str, Any]] | None = None
        self.give: Answer = self._nothing
        self.asked: list[str] = []

    async def get_file(self, _: web.Request) -> web.Response:
        if self.refusal:
            status, body = self.refusal
            return web.json_response({"ok": False, "error_code": status, **body}, status=status)
        return web.json_response({"ok": True, "result": {"file_id": ID, "file_unique_id": "u", **self.found}})

    async def file(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.raw_path)
        return await self.give(request)

    async def _nothing(self, _: web.Request) -> web.StreamResponse:
        return web.Response(body=png())


def bytes_of(content: bytes) -> Answer:
    async def give(_: web.Request) -> web.StreamResponse:
        return web.Response(body=content)

    return give


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[Telegram, str]]:
    server = Telegram()
    app = web.Application()
    app.router.add_post("/bot{token}/getFile", server.get_file)
    app.router.add_get("/file/bot{token}/{path:.*}", server.file)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield server, f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
def server(telegram: tuple[Telegram, str]) -> Telegram:
    return telegram[0]


@pytest.fixture
async def files(telegram: tuple[Telegram, str], spool: Spool) -> AsyncIterator[TelegramFiles]:
    api = Api(telegram[1], SecretStr(TOKEN))
    async with Inspection() as inspection:
        yield TelegramFiles(api, spool, inspection)
    await api.close()


async def failure(files: TelegramFiles, spool: Spool) -> ProviderError:
    """The error of a fetch; it tells no secret, and leaves nothing behind."""
    with pytest.raises(ProviderError) as caught:
        await files.fetch(ID)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caught.value.detail
    assert "canary" not in told
    assert "/file/bot" not in told
    assert list(spool.directory.iterdir()) == []
    return caught.value


async def test_a_photo_is_fetched_upright_small_and_without_what_its_camera_wrote(
    sandbox: Sandbox, bot: Bot, spool: Spool
) -> None:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "secret camera"  # to be turned by a quarter
    Image.new("RGB", (3000, 1500), "orange").save(content, "JPEG", exif=exif)
    talk = sandbox.person("Anna").private(bot)
    message = talk.message(await talk.send_photo(content.getvalue()))
    assert message.photo
    api = Api(sandbox.url, SecretStr(bot.token))
    async with Inspection() as inspection:
        path = await TelegramFiles(api, spool, inspection).fetch(message.photo.file_id)
    await api.close()
    with Image.open(path) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1024, 2048))
    assert b"secret camera" not in path.read_bytes()
    assert list(spool.directory.iterdir()) == [path]


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (400, {"description": "Bad Request: wrong file_id or the file is temporarily unavailable"}, Cause.SOURCE_GONE),
        (400, {"description": "Bad Request: invalid file_id"}, Cause.SOURCE_GONE),
        (400, {"description": "Bad Request: file is too big"}, Cause.SOURCE_UNFIT),
        (404, {}, Cause.SOURCE_GONE),
    ],
)
async def test_a_file_that_telegram_will_not_give_is_gone_or_unfit(
    files: TelegramFiles, server: Telegram, spool: Spool, status: int, body: dict[str, Any], cause: Cause
) -> None:
    server.refusal = (status, body)
    error = await failure(files, spool)
    assert (type(error), error.cause) == (Refused, cause)


@pytest.mark.parametrize(
    ("status", "body", "seconds"),
    [(429, {"parameters": {"retry_after": 7}}, 7), (500, {}, None), (502, {}, None), (401, {}, None)],
)
async def test_when_telegram_is_busy_or_broken_the_picture_waits(
    files: TelegramFiles, server: Telegram, spool: Spool, status: int, body: dict[str, Any], seconds: int | None
) -> None:
    server.refusal = (status, body)
    error = await failure(files, spool)
    assert isinstance(error, NotNow)
    assert (error.cause, error.retry_after) == (Cause.UNREACHABLE, seconds)


async def test_without_a_connection_the_picture_waits(spool: Spool) -> None:
    api = Api("http://127.0.0.1:9", SecretStr(TOKEN))
    error = await failure(TelegramFiles(api, spool, Inspection()), spool)
    await api.close()
    assert (type(error), error.cause) == (NotNow, Cause.UNREACHABLE)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "../../etc/passwd",
        "photos/../../x",
        "photos//x.jpg",
        "./x",
        "photos/x\r\nHost: elsewhere",
        "photos\\x.jpg",
    ],
)
async def test_a_path_that_leads_elsewhere_is_never_asked_for(
    files: TelegramFiles, server: Telegram, spool: Spool, path: str
) -> None:
    server.found = {"file_path": path}
    error = await failure(files, spool)
    assert (type(error), error.cause, server.asked) == (Refused, Cause.SOURCE_GONE, [])


async def test_signs_in_a_path_stay_part_of_it(files: TelegramFiles, server: Telegram) -> None:
    server.found = {"file_path": "documents/a b?c#d%2e.png"}
    (await files.fetch(ID)).unlink()
    assert server.asked == [f"/file/bot{TOKEN}/documents/a%20b%3Fc%23d%252e.png"]


async def test_a_file_on_the_disk_of_a_local_server_is_refused(
    files: TelegramFiles, server: Telegram, spool: Spool
) -> None:
    server.found = {"file_path": "/var/lib/telegram-bot-api/photos/file_1.jpg"}
    error = await failure(files, spool)
    assert (error.cause, server.asked) == (Cause.SOURCE_UNFIT, [])
    assert "--local" in error.detail


@pytest.mark.parametrize("found", [{"file_size": "many"}, {"file_path": 7}, {"file_size": -1}])
async def test_an_answer_that_is_not_telegrams_is_no_file(
    files: TelegramFiles, server: Telegram, spool: Spool, found: dict[str, Any]
) -> None:
    server.found |= found
    error = await failure(files, spool)
    assert (type(error), error.cause) == (NotNow, Cause.UNREACHABLE)


async def test_a_file_that_is_said_to_be_too_large_is_not_fetched(
    files: TelegramFiles, server: Telegram, spool: Spool
) -> None:
    server.found |= {"file_size": SOURCE_BYTES + 1}
    assert (await failure(files, spool)).cause is Cause.SOURCE_UNFIT
    assert server.asked == []


async def test_a_file_that_is_larger_than_it_was_said_to_be_is_cut_off(
    files: TelegramFiles, server: Telegram, spool: Spool
) -> None:
    given = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal given
        response = web.StreamResponse()
        await response.prepare(request)
        while given < 4 * SOURCE_BYTES:
            await response.write(bytes(1 << 20))
            given += 1 << 20
        return response

    server.give = endless
    assert (await failure(files, spool)).cause is Cause.SOURCE_UNFIT
    assert given < 3 * SOURCE_BYTES


@pytest.mark.parametrize(
    ("content", "detail"),
    [(b"<html>hello</html>", "begins with"), (png()[:-20], "a chunk is damaged"), (b"", "begins with")],
)
async def test_what_is_no_whole_picture_is_unfit(
    files: TelegramFiles, server: Telegram, spool: Spool, content: bytes, detail: str
) -> None:
    server.give = bytes_of(content)
    error = await failure(files, spool)
    assert error.cause is Cause.SOURCE_UNFIT
    assert detail in error.detail


@pytest.mark.parametrize(
    ("status", "body", "kind", "cause"),
    [
        (404, b"Not Found", Refused, Cause.SOURCE_GONE),
        (
            404,
            json.dumps({"ok": False, "error_code": 404, "description": "Not Found"}).encode(),
            Refused,
            Cause.SOURCE_GONE,
        ),
        (302, b"", NotNow, Cause.UNREACHABLE),
        (502, b"<html>Bad Gateway</html>", NotNow, Cause.UNREACHABLE),
        (429, b'{"ok":false,"parameters":{"retry_after":7}}', NotNow, Cause.UNREACHABLE),
        (206, b"half", NotNow, Cause.UNREACHABLE),
    ],
)
async def test_a_door_for_files_that_does_not_open(
    files: TelegramFiles, server: Telegram, spool: Spool, status: int, body: bytes, kind: type[Exception], cause: Cause
) -> None:
    async def give(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers={"Location": "http://127.0.0.1:9/elsewhere"})

    server.give = give
    error = await failure(files, spool)
    assert (type(error), error.cause) == (kind, cause)
    assert len(server.asked) == 1


async def test_a_download_that_breaks_off_is_tried_later(files: TelegramFiles, server: Telegram, spool: Spool) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(png())
        assert request.transport
        request.transport.abort()
        return response

    server.give = cut
    error = await failure(files, spool)
    assert (type(error), error.cause) == (NotNow, Cause.UNREACHABLE)


async def test_a_disk_without_room_lets_the_picture_wait(files: TelegramFiles, spool: Spool) -> None:
    spool.directory.rmdir()
    with pytest.raises(NotNow) as caught:
        await files.fetch(ID)
    assert caught.value.cause is Cause.STORAGE_FULL
