"""A sandbox, and a bot that calls it by hand."""

import io
import json
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.model import Bot
from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from tests.sandbox.clock import HandClock


class Api:
    """Calls methods as a bot's program would, over HTTP."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox, bot: Bot) -> None:
        self.session = session
        self.sandbox = sandbox
        self.bot = bot

    def address(self, method: str) -> str:
        return f"{self.sandbox.url}/bot{self.bot.token}/{method}"

    async def call(self, method: str, **values: Any) -> Any:
        """The result of a call. Raises AssertionError when there is none."""
        body = await self.ask(method, **values)
        assert body["ok"], body
        return body["result"]

    async def ask(self, method: str, **values: Any) -> Any:
        """The whole answer to a call."""
        async with self.session.post(self.address(method), json=values) as response:
            return await response.json()

    async def refusal(self, method: str, **values: Any) -> str:
        """The words with which a call is refused."""
        body = await self.ask(method, **values)
        assert not body["ok"], body
        return str(body["description"])

    async def upload(self, method: str, files: dict[str, bytes], **values: Any) -> Any:
        """The whole answer to a call that brings files along."""
        form = aiohttp.FormData()
        for name, value in values.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, content in files.items():
            form.add_field(name, io.BytesIO(content), filename=f"{name}.png", content_type="image/png")
        async with self.session.post(self.address(method), data=form) as response:
            return await response.json()


def png(width: int = 64, height: int = 48, size: int = 0) -> bytes:
    """A PNG of a shape, filled up to `size` bytes with a chunk that readers pass by."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress(b"".join(b"\0" + bytes(width) for _ in range(min(height, 200))))
    tail = chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    filling = size - len(head) - len(tail) - 12
    return head + (chunk(b"flLl", bytes(filling)) if filling > 0 else b"") + tail


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def sandbox(clock: HandClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as open_session:
        yield open_session


@pytest.fixture
def api(session: aiohttp.ClientSession, sandbox: Sandbox) -> Api:
    return Api(session, sandbox, sandbox.add_bot("42:secret", "painter_bot"))


@pytest.fixture
async def anna(sandbox: Sandbox, api: Api) -> Talk:
    """Anna's chat with the bot, where she has said hello and the bot has heard it."""
    talk = sandbox.person("Anna").private(api.bot)
    await talk.say("hello")
    [update] = await api.call("getUpdates")
    await api.call("getUpdates", offset=update["update_id"] + 1)
    return talk
