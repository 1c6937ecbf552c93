"""HTTP as a load needs it: enough of it to answer quickly; of a body only the beginning is kept."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Found = TypeVar("Found")
KEPT = 16 * 1024  # bytes of a body that somebody may want to read


@dataclass(slots=True)
class Request:
    """One request: its path, how long its body was, and the body's beginning."""

    path: str
    size: int
    head: bytes


class Line(asyncio.Protocol):
    """One connection. `serve` is called with each request and answers by `answer`, now or later."""

    def __init__(self, serve: Callable[["Line", Request], None]) -> None:
        self._serve = serve
        self._held = bytearray()
        self._path: str | None = None
        self._left = 0  # bytes of the body, or of the chunk, that are still to come
        self._chunked = False
        self._size = 0
        self._head = bytearray()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._path and self._left >= len(data) and not self._held:
            self._eat(data)  # the middle of a large body: never copied
            if not self._left and not self._chunked:
                self._end()
            return
        self._held += data
        while self._step():
            pass

    def answer(self, *parts: bytes) -> None:
        """Send an answer that is ready made, from its first line on."""
        if not self._transport.is_closing():
            self._transport.writelines(parts)

    def _step(self) -> bool:
        """Go on by one piece of what is held; False when more must come first."""
        if self._path is None:
            return self._begin()
        if self._left:
            return self._eat_held()
        if self._chunked:
            return self._next_chunk()
        self._end()
        return True

    def _begin(self) -> bool:
        end = self._held.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._held[:end])
        del self._held[: end + 4]
        self._path = head[head.index(b" ") + 1 : head.index(b" HTTP")].decode()
        lower = head.lower()
        self._chunked = b"\ntransfer-encoding: chunked" in lower
        _, _, length = lower.partition(b"\ncontent-length:")
        self._left = int(length.split(b"\r", 1)[0] or 0)
        return True

    def _eat(self, data: bytes | bytearray) -> None:
        self._left -= len(data)
        self._size += len(data)
        if len(self._head) < KEPT:
            self._head += data[: KEPT - len(self._head)]

    def _eat_held(self) -> bool:
        piece = self._held[: self._left]
        del self._held[: self._left]
        self._eat(piece)
        return bool(piece)

    def _next_chunk(self) -> bool:
        if self._held.startswith(b"\r\n"):
            del self._held[:2]  # the end of the chunk before
        end = self._held.find(b"\r\n")
        if end <= 0:
            return False
        self._left = int(self._held[:end], 16)
        if self._left:
            del self._held[: end + 2]
            return True
        if len(self._held) < end + 4:
            return False
        del self._held[: end + 4]
        self._chunked = False
        return True

    def _end(self) -> None:
        request = Request(self._path or "", self._size, bytes(self._head))
        self._path, self._size, self._left = None, 0, 0
        self._head.clear()
        self._serve(self, request)


def reply(body: bytes, status: int = 200) -> tuple[bytes, bytes]:
    """Head and body of a JSON answer."""
    head = f"HTTP/1.1 {status} Told\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode(), body
