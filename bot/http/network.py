"""Connections: one set to the services, one to wherever they keep their pictures."""

from dataclasses import dataclass
from typing import Self

import aiohttp

from bot import __version__
from bot.clock import Clock
from bot.http.addresses import public_socket
from bot.http.recorder import Recorder

READ = 1 << 17  # bytes that a connection may buffer ahead: half of it is the mark at which it stops reading


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may cost. Seconds and bytes.

    `connect` covers name, TCP and TLS. Once a body has begun, each `floor` bytes must come within `floor_seconds`.
    `body` is the most that the pictures of one answer may weigh on disk.
    """

    connect: float = 5.0
    floor: int = 10 * 1024
    floor_seconds: float = 10.0
    body: int = 50 << 20
    error: int = 64 << 10
    redirects: int = 3


class Network:
    """The open connections of this process: an async context manager.

    `services` reaches what the operator configured, private addresses too; `public` reaches public addresses only.
    Both keep no cookies, follow no redirects by themselves and know no proxy.
    """

    def __init__(self, clock: Clock, limits: Limits | None = None, recorder: Recorder | None = None) -> None:
        """`recorder` writes down everything that services are asked."""
        self.clock = clock
        self.limits = limits or Limits()
        self.recorder = recorder

    async def __aenter__(self) -> Self:
        self.services = self._session(aiohttp.TCPConnector(limit=0, force_close=True))
        self.public = self._session(aiohttp.TCPConnector(limit=0, force_close=True, socket_factory=public_socket))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.services.close()
        await self.public.close()

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        # A kept connection may be closed by the other side at the moment of asking, and then nobody knows whether
        # the question was heard. A new one for each picture costs milliseconds out of seconds.
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=self.limits.connect, sock_connect=self.limits.connect),
            read_bufsize=READ,
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": f"imagine-bot/{__version__}",
            },
        )
