"""Reading a body that nobody trusts: not too slowly, unpacked in small blocks, never whole in memory."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator

import aiohttp

from bot.http.network import Limits

BLOCK = 1 << 18  # bytes handed on at once
PACKED = {"gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class TooSlow(Exception):
    """The body has begun and now trickles."""


class BrokenBody(Exception):
    """Packed in a way that was not asked for, or not to its end."""


async def blocks(response: aiohttp.ClientResponse, limits: Limits) -> AsyncIterator[bytes]:
    """The body in blocks of at most 256 KiB. Raises TooSlow, BrokenBody and what aiohttp raises."""
    unpacker = _Unpacker(response.headers.get("Content-Encoding", "identity").lower())
    arriving = _Arriving(response.content, limits)
    while data := await arriving.read():
        for number, block in enumerate(unpacker.blocks(data)):
            if number:
                # A small packed body can hold a thousand times its size: let others work between its blocks.
                await asyncio.sleep(0)
            yield block
    unpacker.end()


async def beginning(response: aiohttp.ClientResponse, limits: Limits) -> bytes:
    """The first `limits.error` bytes of a body that only the log wants; what is unreadable is left out."""
    text = bytearray()
    try:
        async for block in blocks(response, limits):
            text += block
            if len(text) >= limits.error:
                break
    except (TooSlow, BrokenBody, aiohttp.ClientError):
        text += b" (broke off)"
    return bytes(text[: limits.error])


class _Arriving:
    """Once the first byte is there, each `floor` bytes must come within `floor_seconds`."""

    def __init__(self, content: aiohttp.StreamReader, limits: Limits) -> None:
        self._content = content
        self._limits = limits
        self._missing = 0
        self._deadline: float | None = None

    async def read(self) -> bytes:
        """What has come; empty at the end. Raises TooSlow."""
        patience = asyncio.timeout_at(self._deadline)
        try:
            async with patience:
                data = await self._content.readany()
        except TimeoutError as error:
            raise TooSlow from error
        self._missing -= len(data)
        if self._missing <= 0:
            self._missing = self._limits.floor
            self._deadline = asyncio.get_running_loop().time() + self._limits.floor_seconds
        return data


class _Unpacker:
    """Undoes gzip and deflate, which were not asked for but come from some gateways, a block at a time."""

    def __init__(self, encoding: str) -> None:
        if encoding not in ("identity", "", *PACKED):
            raise BrokenBody(f"encoded as {encoding[:20]}")
        self._unpack = zlib.decompressobj(PACKED[encoding]) if encoding in PACKED else None

    def blocks(self, data: bytes) -> Iterator[bytes]:
        if self._unpack is None:
            yield from (data[at : at + BLOCK] for at in range(0, len(data), BLOCK))
            return
        while data and not self._unpack.eof:
            try:
                yield self._unpack.decompress(data, BLOCK)
            except zlib.error as error:
                raise BrokenBody("not packed as it says") from error
            data = self._unpack.unconsumed_tail

    def end(self) -> None:
        """The body is over. Raises BrokenBody when the packed data is not."""
        if self._unpack and not self._unpack.eof:
            raise BrokenBody("breaks off inside its packing")
