"""Telegram and a picture service for load: they check nothing, remember little and use little of the processor."""

import asyncio
import base64
import json
import re
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

from benchmarks.load.wire import Line, Request, reply

CHAT = re.compile(rb'name="chat_id"(?:\r\n[^\r\n]+)*\r\n\r\n(-?\d+)')
NOTE = re.compile(rb'name="message_id"(?:\r\n[^\r\n]+)*\r\n\r\n(\d+)')
EMPTY = {"getMyCommands": [], "getMyDescription": {"description": ""}, "getMyShortDescription": {}}
LEAST_PICTURE = 10_000  # bytes of an upload that is a picture


@dataclass(slots=True)
class Asked:
    """One wish of one person and what came of it, in seconds of the monotonic clock."""

    at: float
    sign: float = 0.0
    picture: float = 0.0
    signed: asyncio.Event = field(default_factory=asyncio.Event)
    shown: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class World:
    """`delay` in seconds is how long the service draws; `most` sends a second are let through, all when None."""

    delay: float = 0.05
    most: float | None = None
    picture: bytes = b""
    wishes: list[Asked] = field(default_factory=list)
    polls: int = 0
    drawing: int = 0
    refused: int = 0
    doubled: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self._waiting: dict[int, deque[Asked]] = defaultdict(deque)
        self._updates: deque[dict[str, Any]] = deque()
        self._poller: tuple[Line, int] | None = None
        self._ids = 0
        self._free_at = 0.0
        self.changed = asyncio.Event()
        self.paint(self.picture)

    async def __aenter__(self) -> "World":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Line(self._serve), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    def paint(self, picture: bytes) -> None:
        """What the service draws from now on."""
        self._drawn = reply(b'{"files":["' + base64.b64encode(picture) + b'"],"elapsed-time":1.5}')

    def wish(self, person: int) -> Asked:
        """This person types /imagine."""
        self._ids += 1
        asked = Asked(time.perf_counter())
        self.wishes.append(asked)
        self._waiting[person].append(asked)
        who = {"id": person, "is_bot": False, "first_name": "Anna", "language_code": "en"}
        message = {
            "message_id": self._ids,
            "date": int(time.time()),  # noqa: TID251  Telegram's own clock
            "chat": {"id": person, "type": "private", "first_name": "Anna"},
            "from": who,
            "text": f"/imagine a red fox in the snow, number {self._ids}",
            "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
        }
        self._updates.append({"update_id": self._ids, "message": message})
        self._bring()
        return asked

    async def until(self, done: Any, patience: float = 120.0) -> None:
        """Wait until something is true. Raises TimeoutError."""
        async with asyncio.timeout(patience):
            while not done():
                self.changed.clear()
                await self.changed.wait()

    def _serve(self, line: Line, request: Request) -> None:
        if request.path.startswith("/bot"):
            self._called(line, request.path.rpartition("/")[2], request)
        elif request.path == "/ai/imagen":
            self.drawing += 1
            asyncio.get_running_loop().call_later(self.delay, self._draw, line)
        else:
            line.answer(*reply(b"{}"))
        self.changed.set()  # polls and what is being drawn: of signs and pictures each wish tells for itself

    def _draw(self, line: Line) -> None:
        self.drawing -= 1
        line.answer(*self._drawn)

    def _called(self, line: Line, method: str, request: Request) -> None:
        if method == "getUpdates":
            self.polls += 1
            self._poll(line, _params(request))
        elif method.startswith(("send", "edit")):
            self._said(line, method, request)
        elif method == "getMe":
            me = {"id": 4242, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
            line.answer(*_result(me))
        else:
            line.answer(*_result(EMPTY.get(method, True)))

    def _poll(self, line: Line, params: dict[str, Any]) -> None:
        offset, hold = int(params.get("offset") or 0), float(params.get("timeout") or 0)
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        self._poller = poller = (line, self.polls)
        if self._updates or not hold:
            self._bring()
        else:
            asyncio.get_running_loop().call_later(hold, self._give_up, poller)

    def _give_up(self, poller: tuple[Line, int]) -> None:
        if self._poller == poller:
            self._bring()

    def _bring(self) -> None:
        if self._poller is not None:
            (line, _), self._poller = self._poller, None
            line.answer(*_result(list(islice(self._updates, 100))))

    def _said(self, line: Line, method: str, request: Request) -> None:
        chat_id, note = _aim(request)
        if method.startswith("send") and (wait := self._over()):
            self.refused += 1
            error = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
            line.answer(*reply(json.dumps({**error, "parameters": {"retry_after": wait}}).encode(), 429))
            return
        now = time.perf_counter()
        shown = request.size > LEAST_PICTURE
        self._note(chat_id, now, shown=shown)
        self._ids += 1
        message = {
            "message_id": note or self._ids,
            "date": 1,
            "chat": {"id": chat_id, "type": "private", "first_name": "Anna"},
        }
        photo = {"file_id": f"file{self._ids}", "file_unique_id": f"u{self._ids}", "width": 1024, "height": 1024}
        line.answer(*_result({**message, **({"photo": [photo]} if shown else {"text": "Drawing"})}))

    def _note(self, chat_id: int, now: float, *, shown: bool) -> None:
        waiting = self._waiting[chat_id]
        for asked in waiting:
            asked.sign = asked.sign or now
            asked.signed.set()
        if shown and waiting:
            asked = waiting.popleft()
            asked.picture = now
            asked.shown.set()
        elif shown:
            self.doubled += 1

    def _over(self) -> int:
        """Seconds to wait where too many messages are sent: as many as come in a second are let through at once."""
        if self.most is None:
            return 0
        now = time.perf_counter()
        if self._free_at - now > 1:
            return 1 + int(self._free_at - now - 1)
        self._free_at = max(self._free_at, now) + 1 / self.most
        return 0


def _aim(request: Request) -> tuple[int, int | None]:
    if not request.head.startswith(b"--"):
        params = _params(request)
        return int(params["chat_id"]), params.get("message_id")
    chat, note = CHAT.search(request.head), NOTE.search(request.head)
    assert chat is not None
    return int(chat[1]), int(note[1]) if note else None


def _result(value: Any) -> tuple[bytes, bytes]:
    return reply(json.dumps({"ok": True, "result": value}).encode())


def _params(request: Request) -> dict[str, Any]:
    """Those of a small call: JSON, or a form as aiogram sends it."""
    if request.head.startswith(b"{"):
        found: dict[str, Any] = json.loads(request.head)
        return found
    return dict(parse_qsl(request.head.decode()))
