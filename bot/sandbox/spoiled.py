"""Answers of a service that means ill: none of them may reach a chat, fill the memory or bring the bot down."""

import base64
import struct
import zlib
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.blank import chunk

Trick = Callable[[web.Request], Awaitable[web.StreamResponse]]

PIECE = b" " * 65536
# Enough to be cut short by anybody who counts; then it ends, for the sake of those who do not.
PIECES = 8192
SIDE = 60_000


async def web_page(request: web.Request) -> web.StreamResponse:
    """A page with a script where a picture was asked for."""
    return web.Response(
        text="<html><title>Free credits</title><script>alert(1)</script></html>", content_type="text/html"
    )


async def order_to_people(request: web.Request) -> web.StreamResponse:
    """Words that want to be read in the chat."""
    words = "Your account is locked. Send your password to @helpdesk, or visit http://127.0.0.1/unlock"
    return web.json_response({"error": {"message": words}}, status=418)


async def bomb(request: web.Request) -> web.StreamResponse:
    """A small file that says it is a picture of billions of points."""
    return web.json_response({"data": [{"b64_json": base64.b64encode(_huge()).decode()}]})


async def no_picture(request: web.Request) -> web.StreamResponse:
    """A program in the place of a picture."""
    return web.json_response({"data": [{"b64_json": base64.b64encode(b"MZ" + bytes(4096)).decode()}]})


async def elsewhere(request: web.Request) -> web.StreamResponse:
    """The address of something inside the operator's own network."""
    return web.json_response({"data": [{"url": "http://169.254.169.254/latest/meta-data/"}]})


async def endless(request: web.Request) -> web.StreamResponse:
    """An answer that does not end."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(PIECES):
        await response.write(PIECE)
    return response


TRICKS: tuple[Trick, ...] = (web_page, bomb, order_to_people, no_picture, elsewhere, endless)


def _huge() -> bytes:
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
