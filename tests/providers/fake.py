"""A picture service on a plain socket: it answers as told, misbehaves as told, and remembers who asked."""

import asyncio
import base64
import contextlib
import json
import struct
import zlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

Writer = asyncio.StreamWriter
Fault = Callable[["Answer", Writer, asyncio.Event], Awaitable[None]]


@dataclass(frozen=True)
class Call:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What to send. `fault` sends it in another way; `delay` in seconds comes before it."""

    status: int = 200
    json: Any = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    fault: Fault | None = None

    @property
    def payload(self) -> bytes:
        return self.body if self.body is not None else json.dumps(self.json).encode()

    def head(self, length: int | None = None) -> bytes:
        headers = {"Content-Type": "application/json", "Content-Length": str(length or len(self.payload))}
        lines = [f"{name}: {value}" for name, value in (headers | dict(self.headers)).items() if value]
        return "\r\n".join([f"HTTP/1.1 {self.status} Told", *lines, "Connection: close", "", ""]).encode()


class FakeService:
    """An async context manager; `url` is where it listens.

    Answers come from `will` in order; when none is left, `otherwise` is asked.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.otherwise: Callable[[Call], Answer] = lambda call: Answer(json=picture_answer())
        self.most_at_once = 0
        self._told: deque[Answer] = deque()
        self._open = 0
        self._end = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._end.set()
        self._server.close()
        await self._server.wait_closed()

    def will(self, *answers: Answer) -> None:
        """Give these answers next."""
        self._told.extend(answers)

    async def _serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                call = await _read(reader)
                self.calls.append(call)
                await self._reply(self._told.popleft() if self._told else self.otherwise(call), writer)
        finally:
            self._open -= 1
            writer.close()

    async def _reply(self, answer: Answer, writer: Writer) -> None:
        if answer.delay:
            await self._wait(answer.delay)
        await (answer.fault or _plainly)(answer, writer, self._end)

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._end.wait(), seconds)


async def _read(reader: asyncio.StreamReader) -> Call:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Call(method, path, headers, body)


async def _plainly(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
    writer.write(answer.head() + answer.payload)
    await writer.drain()


async def silence(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
    """Never say a word."""
    await end.wait()


async def silence_after_headers(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
    """The headers, and then nothing."""
    writer.write(answer.head())
    await end.wait()


async def silence_in_the_middle(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
    """Half of the body, and then nothing."""
    writer.write(answer.head() + answer.payload[: len(answer.payload) // 2])
    await end.wait()


async def trickle(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
    """One byte at a time, for ever so long."""
    writer.write(answer.head())
    for at in range(len(answer.payload)):
        writer.write(answer.payload[at : at + 1])
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(end.wait(), 0.02)
            return


async def reset(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
    """Hang up before the first byte of the answer."""
    _hang_up(writer)


async def reset_in_headers(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
    """Hang up inside the headers."""
    writer.write(answer.head()[:20])
    await writer.drain()
    _hang_up(writer)


async def cut_off(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
    """Promise more bytes than are sent."""
    writer.write(answer.head(len(answer.payload) + 1000) + answer.payload)
    await writer.drain()


async def endless(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
    """Begin a picture and never end it."""
    writer.write(answer.head(1 << 40) + b'{"files":["')
    block = BEGINNING + b"A" * 65536
    while not end.is_set():
        writer.write(block)
        await writer.drain()
        block = b"A" * 65536


def large(size: int) -> Answer:
    """A picture of about this many bytes, sent without ever being whole in memory."""

    async def stream(answer: Answer, writer: Writer, end: asyncio.Event) -> None:
        blocks = [b'{"files":["', BEGINNING, *[b"A" * 65536] * (size * 4 // 3 // 65536)]
        tail = base64.b64encode(PNG[-12:]) + b'"],"elapsed-time":1.5}'
        writer.write(answer.head(sum(map(len, blocks)) + len(tail)))
        for block in [*blocks, tail]:
            writer.write(block)
            await writer.drain()

    return Answer(fault=stream)


def gzip_bomb(size: int) -> Answer:
    """A few kilobytes that unpack to this many bytes of a picture."""
    packer = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    parts = [packer.compress(b'{"files":["')]
    parts += [packer.compress(b"A" * 65536) for _ in range(size // 65536)]
    parts += [packer.compress(b'"]}'), packer.flush()]
    return Answer(body=b"".join(parts), headers={"Content-Encoding": "gzip"})


def _hang_up(writer: Writer) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER of no time: the other side sees a reset
    writer.transport.abort()


def png(width: int = 16, height: int = 9) -> bytes:
    """The smallest honest picture of this size: one grey."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + b"\x80" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PNG = png()
# The header and the start of an enormous chunk: a picture of any length may follow.
BEGINNING = base64.b64encode(PNG[:33] + struct.pack(">I4sx", 1 << 30, b"IDAT"))


def picture_answer(count: int = 1) -> dict[str, Any]:
    """What OnlySq says when it has drawn."""
    return {
        "id": "imagen_1",
        "created": 1750000000,
        "model": "flux",
        "files": [base64.b64encode(PNG).decode()] * count,
        "ratio": "16:9",
        "elapsed-time": 3.2,
        "usage": 1,
        "user": 0,
    }


@contextlib.asynccontextmanager
async def deaf_port() -> AsyncIterator[int]:
    """A port that takes connections and never reads or says anything: TLS with it hangs."""
    end = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: Writer) -> None:
        await end.wait()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        end.set()
        server.close()
        await server.wait_closed()
