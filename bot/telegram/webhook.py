"""Takes updates that Telegram brings: committed first, acknowledged then. The other way in is the poller."""

import asyncio
import hmac
from collections import Counter
from collections.abc import Sequence
from typing import Any

import structlog
from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import SecretStr

from bot.clock import Clock
from bot.errors import SettingsError, StorageError
from bot.telegram.api import Api
from bot.telegram.cut import parse
from bot.telegram.inbox import Inbox, has_id
from bot.telegram.limits import WEBHOOK_BYTES
from bot.telegram.poller import UPDATE_ID
from bot.telegram.spine import Spine

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 the name of a header, no secret
# Telegram keeps to a Retry-After of up to an hour; these are seconds.
BUSY = 1
NO_ROOM = 10
# Seconds for a whole body. Who knows the secret is Telegram, which sends it at once.
BODY_TIMEOUT = 10.0


class Webhook:
    """The one address that Telegram calls. Nothing secret stands in the path; who calls is told by the header.

    Answers are empty: a method in an answer would be carried out without telling what came of it.
    """

    def __init__(
        self,
        inbox: Inbox,
        spine: Spine,
        secret: SecretStr,
        clock: Clock,
        before: SecretStr | None = None,
        counts: Counter[str] | None = None,
    ) -> None:
        """`before` is the secret until now, which counts, too, while another one is introduced.

        `counts` hears of each answer by its status.

        Raises SettingsError without a secret: anybody could then bring updates in anybody's name.
        """
        self._inbox = inbox
        self._spine = spine
        self._clock = clock
        self._counts = Counter() if counts is None else counts
        secrets = (each.get_secret_value().encode() for each in (secret, before) if each)
        self._secrets = [each for each in secrets if each]
        self.last_visit: float | None = None
        """When Telegram last came, whatever it brought: monotonic."""
        if not secret.get_secret_value():
            raise SettingsError("WEBHOOK_SECRET must be set when WEBHOOK_URL is.")

    async def handle(self, request: web.Request) -> web.Response:
        """Take one update in. Anything but 200 makes Telegram bring it again."""
        response = await self._handle(request)
        self._counts[f"webhook:{response.status}"] += 1
        return response

    async def _handle(self, request: web.Request) -> web.Response:
        if not self._is_telegram(request):
            return _refusal(401)
        self.last_visit = self._clock.monotonic()
        if not self._spine.has_room:
            return _later(BUSY)
        try:
            async with asyncio.timeout(BODY_TIMEOUT):
                body = await _body(request)
        except (TimeoutError, OSError, HttpProcessingError, ClientError, web.RequestPayloadError):
            return _refusal(400)  # too slow, cut off, or not packed as it says
        if body is None:
            return _refusal(413)
        return await self._keep(body)

    def _is_telegram(self, request: web.Request) -> bool:
        # Compared as bytes: a header may hold any of them, and `compare_digest` takes no other text than ASCII.
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        return any([hmac.compare_digest(given, secret) for secret in self._secrets])  # noqa: C419  all, in equal time

    async def _keep(self, body: bytes) -> web.Response:
        try:
            return await self._take(body)
        except StorageError as error:
            log.warning("updates_wait_for_storage", reason=str(error))
            return _later(NO_ROOM)

    async def _take(self, body: bytes) -> web.Response:
        try:
            update: Any = parse(body)
        except ValueError:
            return await self._set_aside(body)
        if not has_id(update):
            return _refusal(400)
        await self._inbox.accept([update])
        return web.Response()

    async def _set_aside(self, body: bytes) -> web.Response:
        # Refused, it would come again for a day and hold up what is behind it.
        found = UPDATE_ID.search(body)
        if found is None:
            return _refusal(400)
        await self._inbox.accept_unreadable(int(found[1]), body)
        return web.Response()


async def announce(api: Api, url: str, secret: SecretStr, kinds: Sequence[str]) -> None:
    """Tell Telegram where to bring updates of these kinds. What waits there is kept. Raises CallError."""
    await api.call(
        "setWebhook",
        url=url,
        secret_token=secret.get_secret_value(),
        allowed_updates=list(kinds),
        drop_pending_updates=False,
    )


async def _body(request: web.Request) -> bytes | None:
    """The whole body, or None as soon as it is larger than any update."""
    if (request.content_length or 0) > WEBHOOK_BYTES:
        return None
    body = bytearray()
    async for piece in request.content.iter_chunked(64 * 1024):
        body += piece
        if len(body) > WEBHOOK_BYTES:
            return None
    return bytes(body)


def _refusal(status: int) -> web.Response:
    # What is left of the body is not read: the connection ends with the answer.
    response = web.Response(status=status)
    response.force_close()
    return response


def _later(seconds: int) -> web.Response:
    return web.Response(status=503, headers={"Retry-After": str(seconds)})
