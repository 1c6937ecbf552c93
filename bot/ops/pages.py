"""The three pages for machines, /healthz, /readyz and /metrics, and the door at which Telegram may knock."""

import os
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.errors import SettingsError
from bot.ops.health import Health
from bot.ops.metrics import Metrics

Hook = Callable[[web.Request], Awaitable[web.Response]]


class Pages:
    """A small web server beside the bot. It tells ages and counts, nothing about people."""

    def __init__(self, health: Health, metrics: Metrics, hooks: Mapping[str, Hook] | None = None) -> None:
        """`hooks` take what is posted to their paths."""
        self._health = health
        self._metrics = metrics
        self._hooks = dict(hooks or {})
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> str:
        """Listen, and return the address. Raises SettingsError when the port is taken."""
        app = web.Application()
        app.add_routes([web.get("/healthz", self._on_health), web.get("/readyz", self._on_ready)])
        app.add_routes([web.get("/metrics", self._on_metrics)])
        app.add_routes([web.post(path, hook) for path, hook in self._hooks.items()])
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError as error:
            await self.stop()
            raise SettingsError(f"HTTP_PORT: {host}:{port} cannot be used ({_reason(error)})") from None
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner:
            await self._runner.cleanup()

    async def _on_health(self, _request: web.Request) -> web.Response:
        return self._report(self._health.stale())

    async def _on_ready(self, _request: web.Request) -> web.Response:
        return self._report(self._health.missing())

    def _report(self, amiss: list[str]) -> web.Response:
        ages = {sign: None if age is None else round(age, 1) for sign, age in self._health.ages().items()}
        return web.json_response({"well": not amiss, "amiss": amiss, "ages": ages}, status=503 if amiss else 200)

    async def _on_metrics(self, _request: web.Request) -> web.Response:
        body = await self._metrics.text()
        return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def _reason(error: OSError) -> str:
    """Why it cannot be used, in the system's words: asyncio's own name the address once more."""
    number = error.errno or 0
    return (os.strerror(number) if number > 0 else error.strerror or str(error)).lower()
