import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.people import Talk
from bot.sandbox.server import Sandbox
from bot.sandbox.webhook import SECRET_HEADER
from tests.sandbox.conftest import Api


class Hook:
    """A bot's own server, which may be told to fail."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.secrets: set[str] = set()
        self.failures = 0
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get(SECRET_HEADER, ""))
        if self.failures:
            self.failures -= 1
            return web.Response(status=503)
        self.heard.append(await request.json())
        return web.Response()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    found = Hook()
    app = web.Application()
    app.router.add_post("/hook", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield found
    await runner.cleanup()


async def test_updates_are_brought_with_the_secret_and_in_order(api: Api, anna: Talk, hook: Hook) -> None:
    await api.call("setWebhook", url=hook.url, secret_token="s3cret")
    for word in ("one", "two", "three"):
        await anna.say(word)
    await delivered(api)
    assert [update["message"]["text"] for update in hook.heard] == ["one", "two", "three"]
    assert hook.secrets == {"s3cret"}


async def test_an_update_is_brought_again_until_it_is_taken(api: Api, anna: Talk, hook: Hook) -> None:
    hook.failures = 2
    await api.call("setWebhook", url=hook.url)
    assert api.bot.webhook is not None
    api.bot.webhook.pause = 0.01
    await anna.say("patience")
    await delivered(api)
    assert [update["message"]["text"] for update in hook.heard] == ["patience"]
    info = await api.call("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert info["pending_update_count"] == 0


async def test_polling_is_refused_while_a_webhook_is_set(sandbox: Sandbox, api: Api, anna: Talk, hook: Hook) -> None:
    poll = asyncio.get_running_loop().create_task(api.refusal("getUpdates", timeout=30))
    await api.bot.updates.polled()
    await api.call("setWebhook", url=hook.url)
    assert await poll == "Conflict: terminated by setWebhook request"
    assert (await api.refusal("getUpdates")).startswith("Conflict: can't use getUpdates method while webhook is active")
    await api.call("deleteWebhook")
    assert await api.call("getUpdates") == []


async def test_a_plain_address_far_away_is_refused(api: Api) -> None:
    words = await api.refusal("setWebhook", url="http://example.org/hook")
    assert words == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"


async def delivered(api: Api) -> None:
    """Return when nothing waits to be brought."""
    async with asyncio.timeout(5):
        while len(api.bot.updates):
            await api.bot.updates.new()
