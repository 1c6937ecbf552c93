"""What Telegram brings is acknowledged once it is committed, and nobody else can bring anything."""

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.errors import SettingsError, StorageBusy, StorageError, StorageFull
from bot.sandbox.server import Sandbox
from bot.telegram.webhook import SECRET_HEADER, Webhook, announce
from tests.busy import BusyDatabase
from tests.telegram.conftest import KINDS, Edge, EdgeMaker

SECRET = "s3cret_for-tests"
BEFORE = "what_it_was-until-now"
UPDATE = b'{"update_id": 7, "message": {"message_id": 1, "date": 1}}'


class Line:
    """Posts to the webhook as Telegram would, or as somebody else."""

    def __init__(self, life: Edge, url: str) -> None:
        self.life = life
        self.url = url

    async def post(self, body: bytes, secret: str | None = SECRET) -> int:
        return (await self.answer(body, secret))[0]

    async def answer(self, body: bytes, secret: str | None = SECRET) -> tuple[int, str | None]:
        headers = {SECRET_HEADER: secret} if secret is not None else {}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=io.BytesIO(body), headers=headers) as answer,
        ):
            return answer.status, answer.headers.get("Retry-After")

    async def states(self) -> list[Any]:
        return [row["state"] for row in await self.life.rows("SELECT state FROM inbox")]


@pytest.fixture
async def line(edge: EdgeMaker) -> AsyncIterator[Line]:
    life = edge()
    app = web.Application()
    hook = Webhook(life.inbox, life.spine, SecretStr(SECRET), life.clock, SecretStr(BEFORE))
    app.router.add_post("/telegram", hook.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Line(life, f"http://127.0.0.1:{runner.addresses[0][1]}/telegram")
    await runner.cleanup()
    await life.api.close()


async def test_while_the_secret_is_changed_both_count(line: Line) -> None:
    assert await line.post(UPDATE, BEFORE) == await line.post(UPDATE.replace(b"7", b"8")) == 200
    assert [await line.post(UPDATE, wrong) for wrong in (BEFORE[:-1], BEFORE + SECRET, "", None)] == [401] * 4


async def test_no_secret_before_is_none_that_counts(line: Line) -> None:
    for none in (SecretStr(""), None):
        hook = Webhook(line.life.inbox, line.life.spine, SecretStr(SECRET), line.life.clock, none)
        assert hook._secrets == [SECRET.encode()]


async def test_an_update_is_kept_before_it_is_acknowledged(line: Line) -> None:
    assert await line.post(UPDATE) == 200
    assert await line.states() == ["new"]


async def test_an_update_that_is_brought_again_is_kept_once(line: Line) -> None:
    assert [await line.post(UPDATE) for _ in range(3)] == [200, 200, 200]
    assert await line.states() == ["new"]


@pytest.mark.parametrize("secret", [None, "", "wrong", f"{SECRET}x", "séc", SECRET[:-1], f"{SECRET[:-1]}x"])
async def test_nobody_without_the_secret_brings_anything(line: Line, secret: str | None) -> None:
    assert await line.post(UPDATE, secret) == 401
    assert await line.states() == []


async def test_a_body_that_no_update_can_have_is_refused(line: Line) -> None:
    assert await line.post(b" " * (1024 * 1024 + 1)) == 413


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"{}", b'{"update_id": "7"}', b"\xff\xfe", b"9" * 5000])
async def test_what_is_no_update_is_refused(line: Line, body: bytes) -> None:
    assert await line.post(body) == 400
    assert await line.states() == []


async def test_an_update_that_cannot_be_read_is_set_aside_and_not_brought_again(line: Line) -> None:
    deep = b'{"update_id": 8, "message": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}"
    assert await line.post(deep) == 200
    assert await line.states() == ["set_aside"]


async def test_telegram_is_asked_to_wait_while_there_is_no_room(line: Line) -> None:
    line.life.spine._room.clear()
    assert await line.answer(UPDATE) == (503, "1")


@pytest.mark.parametrize("trouble", [StorageFull("No room is left."), StorageBusy("Another program holds it.")])
async def test_what_cannot_be_kept_now_is_not_acknowledged(line: Line, trouble: StorageError) -> None:
    line.life.inbox._database = BusyDatabase(line.life.database, trouble)
    assert await line.answer(UPDATE) == (503, "10")
    assert await line.states() == []
    assert await line.post(UPDATE) == 200
    assert await line.states() == ["new"]


async def test_no_secret_no_webhook(edge: EdgeMaker) -> None:
    life = edge()
    with pytest.raises(SettingsError, match="WEBHOOK_SECRET"):
        Webhook(life.inbox, life.spine, SecretStr(""), life.clock)


async def test_telegram_is_told_where_to_bring_updates(edge: EdgeMaker, sandbox: Sandbox) -> None:
    life = edge()
    await announce(life.api, "https://bot.example.org/telegram", SecretStr(SECRET), KINDS)
    await life.api.close()
    [call] = sandbox.calls_of("setWebhook")
    assert call.ok
    assert call.values["allowed_updates"] == list(KINDS)
