"""One call and what became of it: whatever goes wrong on the way leaves here as one of the four provider errors."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from bot.errors import Cause, NotSent, ProviderError, Refused, Unknown
from bot.http.addresses import AddressRefused
from bot.http.body import BrokenBody, TooSlow
from bot.http.decoder import NotBase64
from bot.http.spool import TooLarge
from bot.steps import step


@asynccontextmanager
async def call(
    session: aiohttp.ClientSession, method: str, url: URL, *, seconds: float, **options: Any
) -> AsyncIterator[aiohttp.ClientResponse]:
    """The response to one request, `seconds` from here to the end of the block.

    Raises ProviderError for every fault of the network and of the body that is read inside the block.
    """
    try:
        async with asyncio.timeout(seconds):
            step("before service", method)
            async with session.request(method, url, allow_redirects=False, **options) as response:
                step("during service", method)
                yield response
            step("after service", method)
    except (aiohttp.ClientError, TimeoutError, TooSlow, TooLarge, NotBase64, BrokenBody, UnicodeError) as error:
        raise _read(error) from error


def _read(error: Exception) -> ProviderError:
    """The order matters: several of aiohttp's errors are timeouts or system errors as well."""
    match error:
        case aiohttp.ClientConnectorError(os_error=AddressRefused()):
            return Refused(Cause.ADDRESS_REFUSED, "not a public address")
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return NotSent(Cause.UNREACHABLE, type(error).__name__)
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError() | UnicodeError():  # a name that no host can have
            return Refused(Cause.ADDRESS_REFUSED, "not an address")
        case aiohttp.ClientError():
            return Unknown(Cause.CUT_OFF, type(error).__name__)
        case TooLarge():
            return Refused(Cause.PICTURE_TOO_LARGE)
        case TooSlow():
            return Unknown(Cause.TOO_SLOW)
        case NotBase64() | BrokenBody():
            return Unknown(Cause.BROKEN_ANSWER, str(error) or type(error).__name__)
    return Unknown(Cause.TIMED_OUT)
