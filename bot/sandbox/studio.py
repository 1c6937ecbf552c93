"""The service that draws for the bot in the sandbox: it speaks as a server of stable-diffusion.cpp does, and sketches.

The bot asks it over HTTP, by the adapter that it has for such servers, so a bad day of the service is a real one.
"""

import asyncio
import base64
import itertools
import json
import re
import secrets
import tempfile
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.sandbox import spoiled
from bot.sandbox.signal import Feed

PATH = "/studio"
MODEL = "sketch"
SLOWLY = 20.0
REMEMBERED = 200
ARGUMENTS = re.compile(r"\s*<sd_cpp_extra_args>(.*?)</sd_cpp_extra_args>\s*", re.DOTALL)
SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")
LONGEST = 2048


class Trouble(StrEnum):
    """What kind of day the service has."""

    NONE = "none"
    SLOW = "slow"
    DOWN = "down"
    REFUSING = "refusing"
    HOSTILE = "hostile"


@dataclass(slots=True)
class Order:
    """One question to the service. `at` in Unix seconds, `ms` until its answer; `code` is 0 while there is none."""

    path: str
    at: int
    since: float
    trouble: str
    code: int = 0
    ms: int = 0

    def shown(self) -> dict[str, Any]:
        """As the page gets it."""
        return {name: value for name, value in asdict(self).items() if name != "since"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn; `source` is the picture to change."""

    prompt: str
    seed: int
    size: tuple[int, int]
    source: bytes | None = None


@dataclass(slots=True, eq=False)
class Studio:
    """Draws for whoever asks. `seconds` is how long a picture takes on a good day."""

    clock: Clock
    feed: Feed
    seconds: float = 0.0
    trouble: Trouble = Trouble.NONE
    orders: deque[Order] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    tricks: "itertools.cycle[spoiled.Trick]" = field(default_factory=lambda: itertools.cycle(spoiled.TRICKS))

    def add_routes(self, app: web.Application) -> None:
        """Serve below PATH. To be called before the server starts."""
        app.router.add_get(f"{PATH}/v1/models", self._models)
        app.router.add_post(f"{PATH}/v1/images/generations", self._asked(_generation))
        app.router.add_post(f"{PATH}/v1/images/edits", self._asked(_edit))

    def shown(self) -> dict[str, Any]:
        """As the page gets it, newest order first."""
        return {"trouble": self.trouble, "orders": [order.shown() for order in reversed(self.orders)]}

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    def _asked(
        self, read: Callable[[web.Request], Awaitable[Wanted]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            order = Order(request.path, self.clock.now(), self.clock.monotonic(), self.trouble)
            self.orders.append(order)
            self._tell(order)
            try:
                response = await self._answer(request, read)
                order.code = response.status
                return response
            finally:
                order.ms = round(1000 * (self.clock.monotonic() - order.since))
                self._tell(order)

        return answer

    async def _answer(
        self, request: web.Request, read: Callable[[web.Request], Awaitable[Wanted]]
    ) -> web.StreamResponse:
        match self.trouble:
            case Trouble.DOWN:
                return _error(503, "the server is down for maintenance")
            case Trouble.REFUSING:
                return _error(400, "the prompt was rejected by the content policy")
            case Trouble.HOSTILE:
                return await next(self.tricks)(request)
        wanted = await read(request)
        await asyncio.sleep(SLOWLY if self.trouble is Trouble.SLOW else self.seconds)
        picture = await asyncio.to_thread(_drawn, wanted)
        return web.json_response({"data": [{"b64_json": base64.b64encode(picture).decode()}]})

    def _tell(self, order: Order) -> None:
        self.feed.tell({"kind": "order", "order": order})


async def _generation(request: web.Request) -> Wanted:
    return _wanted(await request.json())


async def _edit(request: web.Request) -> Wanted:
    form = await request.post()
    picture = form.get("image[]")
    source = picture.file.read() if isinstance(picture, web.FileField) else None
    return _wanted(form, source)


def _wanted(values: Mapping[str, Any], source: bytes | None = None) -> Wanted:
    """Arguments that have no field of their own stand inside the prompt."""
    prompt = str(values.get("prompt", ""))
    found = ARGUMENTS.search(prompt)
    inside = json.loads(found[1]) if found else {}
    seed = int(inside.get("seed", secrets.randbelow(1 << 31)))
    return Wanted(ARGUMENTS.sub(" ", prompt).strip(), seed, _size(str(values.get("size", ""))), source)


def _size(words: str) -> tuple[int, int]:
    found = SIZE.fullmatch(words)
    width, height = (int(found[1]), int(found[2])) if found else (1024, 1024)
    return min(width, LONGEST), min(height, LONGEST)


def _drawn(wanted: Wanted) -> bytes:
    """The picture as JPEG. Blocks."""
    from bot.providers.sketch.painting import paint
    from bot.providers.sketch.repainting import repaint

    with tempfile.TemporaryDirectory(prefix="imagine-studio-") as folder:
        path, before = Path(folder) / "picture", Path(folder) / "before"
        if wanted.source is None:
            paint(wanted.prompt, wanted.seed, wanted.size, path)
        else:
            before.write_bytes(wanted.source)
            repaint(wanted.prompt, wanted.seed, before, wanted.size, path)
        return path.read_bytes()


def _error(status: int, words: str) -> web.Response:
    return web.json_response({"error": {"message": words}}, status=status)
