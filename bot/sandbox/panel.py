"""Behind the curtain: what the side panel of the page shows, and the switches on it. web.py lists the addresses."""

from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Any

from aiohttp import web

from bot.sandbox.books import read_books
from bot.sandbox.calls import Record
from bot.sandbox.child import Child
from bot.sandbox.server import Sandbox
from bot.sandbox.studio import Studio, Trouble
from bot.sandbox.switches import KINDS, Switches
from bot.storage.vault import Vault

LATEST = 100
# Answers to polls come every few seconds and tell a reader nothing.
SILENT = frozenset({"getUpdates"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Panel:
    """Serves the side panel. `studio` is the service that draws, `vault` opens the books, which lie beside it."""

    def __init__(
        self, sandbox: Sandbox, child: Child | None = None, studio: Studio | None = None, vault: Vault | None = None
    ) -> None:
        self._sandbox = sandbox
        self._child = child
        self._studio = studio
        self._vault = vault
        self._switches = Switches(sandbox)

    def add_routes(self) -> None:
        """Add its addresses to the server. To be called before it starts."""
        router = self._sandbox.app.router
        router.add_get("/sandbox/panel", self._show)
        router.add_get("/sandbox/calls", self._calls)
        for path, handler in (
            ("/sandbox/fault", self._fault),
            ("/sandbox/fault/end", self._end),
            ("/sandbox/service", self._service),
            ("/sandbox/kill", self._kill),
            ("/sandbox/pace", self._pace),
        ):
            router.add_post(path, _own_page_only(handler))

    async def _show(self, request: web.Request) -> web.Response:
        person = int(request.query.get("person", 0))
        shown = {
            **await read_books(self._vault, person),
            "now": self._sandbox.world.clock.now(),
            "calls": latest_calls(self._sandbox),
            "violations": len(self._sandbox.violations),
            "faults": self._switches.shown(),
            "kinds": list(KINDS),
            "pace": self._sandbox.pace.real,
            "service": None if self._studio is None else self._studio.shown(),
            "troubles": [] if self._studio is None else list(Trouble),
            "pending": {bot.user.username: len(bot.updates) for bot in self._sandbox.world.bots.values()},
        }
        return web.json_response(shown, headers={"Cache-Control": "no-store"})

    async def _calls(self, request: web.Request) -> web.Response:
        since = int(request.query.get("after", 0))
        shown = [call_of(record) for record in self._sandbox.calls if record.number > since]
        return web.json_response({"calls": shown}, headers={"Cache-Control": "no-store"})

    async def _fault(self, request: web.Request) -> web.Response:
        try:
            switch = self._switches.add(await request.json())
        except (KeyError, TypeError, ValueError):
            return web.json_response({"error": f"A fault has a kind: {', '.join(KINDS)}"}, status=400)
        self._changed()
        return web.json_response(switch.shown())

    async def _end(self, request: web.Request) -> web.Response:
        number = (await request.json()).get("id")
        self._switches.end(None if number is None else int(number))
        self._changed()
        return web.json_response({"faults": self._switches.shown()})

    async def _service(self, request: web.Request) -> web.Response:
        values = await request.json()
        if self._studio is None or values.get("trouble") not in list(Trouble):
            return web.json_response({"error": f"A trouble is one of: {', '.join(Trouble)}"}, status=400)
        self._studio.trouble = Trouble(values["trouble"])
        self._changed()
        return web.json_response({"trouble": self._studio.trouble})

    async def _kill(self, request: web.Request) -> web.Response:
        return web.json_response({"killed": self._child is not None and self._child.kill()})

    async def _pace(self, request: web.Request) -> web.Response:
        self._sandbox.pace.real = bool((await request.json()).get("real"))
        self._changed()
        return web.json_response({"pace": self._sandbox.pace.real})

    def _changed(self) -> None:
        self._sandbox.world.feed.tell({"kind": "panel"})


def latest_calls(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The newest calls, newest first, without the polls that went well."""
    found = (record for record in reversed(sandbox.calls) if not is_silent(record))
    return [call_of(record) for record in islice(found, LATEST)]


def is_silent(record: Record) -> bool:
    """Whether a call says nothing to a reader: a poll that waits, or that went well."""
    return record.method in SILENT and record.code in (0, 200) and not record.fault


def call_of(record: Record) -> dict[str, Any]:
    """A call as the page gets it. `code` is 0 for one whose answer was lost, or that has none yet."""
    return {
        "id": record.number,
        "bot": record.bot.user.username if record.bot else None,
        "method": record.method,
        "at": record.at,
        "ms": record.ms,
        "code": record.code,
        "description": record.description,
        "violation": record.violation,
        "fault": record.fault,
        "values": record.values,
    }


def check_origin(request: web.Request) -> None:
    """Other pages in the same browser may not act here. Raises HTTPForbidden."""
    origin = request.headers.get("Origin", "")
    if origin and origin.partition("://")[2] != request.host:
        raise web.HTTPForbidden


def _own_page_only(handler: Handler) -> Handler:
    async def checked(request: web.Request) -> web.StreamResponse:
        check_origin(request)
        return await handler(request)

    return checked
