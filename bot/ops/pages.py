"""The three pages for machines, /healthz, /readyz and /metrics, and the door at which Telegram may knock."""

import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import SettingsError
from bot.ops.health import Health
from bot.ops.metrics import Metrics

# Seconds in which what is left of a refused body is read and thrown away, so that the refusal is not lost with it.
LINGER = 1.0
ASK_SECONDS = 5.0
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  where somebody listens who listens everywhere

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
        how: dict[str, Any] = {"access_log": None, "handle_signals": False, "logger": _own_faults()}
        self._runner = web.AppRunner(app, lingering_time=LINGER, **how)
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


async def ask_health(host: str, port: int) -> list[str] | None:
    """What is amiss with the bot whose pages are there; None where no bot answers."""
    name = ANYWHERE.get(host, f"[{host}]" if ":" in host else host)
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=ASK_SECONDS)) as session,
            session.get(f"http://{name}:{port}/healthz", allow_redirects=False) as response,
        ):
            told = await response.json()
        return [str(sign) for sign in told["amiss"]]
    except (ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
        return None


def _own_faults() -> logging.Logger:
    """The log of what broke here. What strangers send that is no HTTP is answered 400, and none of our business."""
    logger = logging.getLogger(__name__)
    logger.addFilter(_is_ours)
    return logger


def _is_ours(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], (HttpProcessingError, web.RequestPayloadError)))


def _reason(error: OSError) -> str:
    """Why it cannot be used, in the system's words: asyncio's own name the address once more."""
    number = error.errno or 0
    return (os.strerror(number) if number > 0 else error.strerror or str(error)).lower()
