"""Telegram in miniature: a Bot API server over HTTP, with its state in memory."""

import asyncio
import inspect
import itertools
import json
import re
import socket
import struct
from collections import deque
from typing import Any, Self, Unpack

from aiohttp import web

from bot.clock import Clock
from bot.sandbox import methods, schema, wire
from bot.sandbox.calls import METHODS, Call, Record
from bot.sandbox.carrier import carry_all
from bot.sandbox.errors import OFFICIAL, ApiError, wrong_call
from bot.sandbox.faults import Fault, FaultOptions, Lost
from bot.sandbox.markup import resolved
from bot.sandbox.model import Bot
from bot.sandbox.pace import Pace
from bot.sandbox.people import People
from bot.sandbox.world import World

__all__ = ["Sandbox", "methods"]

BIGGEST_BODY = 64 * 1024 * 1024
REMEMBERED = 100_000
SHOWN_LETTERS = 200
TOKEN = re.compile(r"\d{1,15}:[A-Za-z0-9_-]{6,128}")
RESET = struct.pack("ii", 1, 0)


class Sandbox(People):
    """A Bot API server with people in it. Start it, add bots and people, and let them speak.

    `calls` is the log of what bots have called, `violations` the part of it that no server would take. With `any_bot`
    whoever comes with a token of the right shape is a bot from then on.
    """

    def __init__(self, clock: Clock | None = None, *, any_bot: bool = False) -> None:
        super().__init__(World(clock))
        self._any_bot = any_bot
        self.calls: deque[Record] = deque(maxlen=REMEMBERED)
        self.violations: list[Record] = []
        self.faults: list[Fault] = []
        self.pace = Pace()
        self.url = ""
        self.app = web.Application(client_max_size=BIGGEST_BODY)
        self.app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._schema = schema.load()
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._carrying: asyncio.Task[None] | None = None
        self._stopped = asyncio.Event()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Listen; port 0 takes a free one. `url` is then the address for TELEGRAM_API_BASE."""
        self._runner = web.AppRunner(self.app, handler_cancellation=True, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        self._carrying = asyncio.create_task(carry_all(self.world))  # noqa: TID251 - ended and awaited in stop()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        """Stop listening; polls and hanging calls end."""
        self._stopped.set()
        if self._carrying is not None:
            self._carrying.cancel()
            await asyncio.wait([self._carrying])
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    def fault(self, method: str = "*", **how: Unpack[FaultOptions]) -> Fault:
        """Make trouble for the calls of a method; see Fault for the ways. Later faults are asked after earlier ones."""
        found = Fault(method, **how)
        self.faults.append(found)
        return found

    def calls_of(self, *names: str) -> list[Record]:
        """The log of some methods only, oldest first."""
        return [record for record in self.calls if record.method in names]

    async def _answer(self, request: web.Request) -> web.Response:
        world, name = self.world, request.match_info["method"]
        bot = self._bot(request.match_info["token"])
        record = Record(bot, name, world.clock.now(), world.clock.monotonic(), number=next(self._numbers))
        self.calls.append(record)
        try:
            body = {"ok": True, "result": await self._carry_out(request, bot, record)}
            record.code = 200
        except ApiError as error:
            body = self._refuse(record, error)
        self._tell(record)
        return web.Response(body=json.dumps(body).encode(), status=record.code, content_type="application/json")

    def _bot(self, token: str) -> Bot | None:
        found = self.world.bots.get(token)
        if found is None and self._any_bot and TOKEN.fullmatch(token):
            found = self.add_bot(token, f"bot{token.partition(':')[0]}_bot")
            self.meet_everybody(found)
        return found

    def _tell(self, record: Record) -> None:
        record.ms = round(1000 * (self.world.clock.monotonic() - record.since))
        self.world.feed.tell({"kind": "call", "record": record})

    async def _carry_out(self, request: web.Request, bot: Bot | None, record: Record) -> Any:
        if bot is None or bot.revoked:
            raise ApiError(401, "Unauthorized")
        body = await wire.read(request)
        record.values = {name: _shown(value) for name, value in body.values.items()}
        self.pace.check_told(record)
        fault = next((fault for fault in self.faults if fault.strikes(record)), None)
        if fault is None:
            self.pace.check(record)
            return await self._effect(bot, record, body)
        return await self._with_fault(request, fault, bot, record, body)

    async def _effect(self, bot: Bot, record: Record, body: wire.Body) -> Any:
        call = self._checked(bot, record.method, body)
        record.values = {name: _shown(value) for name, value in call.values.items()}
        result = METHODS[record.method](call)
        return await result if inspect.isawaitable(result) else result

    def _checked(self, bot: Bot, name: str, body: wire.Body) -> Call:
        if name not in self._schema.methods:
            raise ApiError(404, "Not Found: method not found", violation=True)
        for part in body.files:
            if part in self._schema.methods[name]:
                body.values.setdefault(part, f"attach://{part}")
        try:
            # The limits of a text hold for what people read of it.
            marked = "parse_mode" in body.values and "parse_mode" in self._schema.methods[name]
            values = self._schema.read_call(name, resolved(body.values) if marked else body.values)
        except schema.Mismatch as error:
            raise _mismatch(name, error) from None
        if name not in METHODS:
            raise wrong_call(f"{name} is a method of the Bot API that the sandbox has not learned")
        return Call(self.world, bot, name, values, body.files)

    async def _with_fault(self, request: web.Request, fault: Fault, bot: Bot, record: Record, body: wire.Body) -> Any:
        record.fault = str(fault)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.lost is Lost.BEFORE:
            self._tell(record)
            await self._drop(request)
        if (error := fault.error()) is not None:
            raise error
        result = await self._effect(bot, record, body)
        if fault.lost is not None:
            self._tell(record)
        if fault.lost is Lost.HANG:
            await self._stopped.wait()
        if fault.lost is Lost.AFTER:
            await self._drop(request)
        return result

    async def _drop(self, request: web.Request) -> None:
        """Reset the connection. What follows is never read by anybody."""
        transport = request.transport
        if transport is not None:
            connection: socket.socket = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            transport.abort()
        await self._stopped.wait()

    def _refuse(self, record: Record, error: ApiError) -> dict[str, Any]:
        if "retry_after" in error.parameters:
            self.pace.told(record, error.parameters["retry_after"])
        record.code, record.description, record.violation = error.code, error.text, error.violation
        if error.violation:
            self.violations.append(record)
        return error.wire()

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] not in self.world.bots:
            raise web.HTTPNotFound
        file = self.world.files.at(request.match_info["path"])
        if file is None or file.content is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type="application/octet-stream")


def _mismatch(name: str, error: schema.Mismatch) -> ApiError:
    if error.kind == "encoding":
        return wrong_call(error.words)
    official = OFFICIAL.get((error.field, error.kind))
    return wrong_call(official or f"{'.'.join(error.path)} of {name} {error.words}")


def _shown(value: Any) -> Any:
    return f"{value[:SHOWN_LETTERS]}…" if isinstance(value, str) and len(value) > SHOWN_LETTERS else value
