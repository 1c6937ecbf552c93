"""Takes updates that Telegram brings: committed first, acknowledged then. The other way in is the poller."""

import hmac
from collections.abc import Sequence
from typing import Any

import structlog
from aiohttp import web
from pydantic import SecretStr

from bot.errors import SettingsError, StorageBusy, StorageFull
from bot.telegram.api import Api
from bot.telegram.cut import parse
from bot.telegram.inbox import Inbox
from bot.telegram.limits import WEBHOOK_BYTES
from bot.telegram.poller import UPDATE_ID
from bot.telegram.spine import Spine

log = structlog.get_logger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 the name of a header, no secret
# Telegram keeps to a Retry-After of up to an hour; these are seconds.
BUSY = 1
NO_ROOM = 10


class Webhook:
    """The one address that Telegram calls. Nothing secret stands in the path; who calls is told by the header."""

    def __init__(self, inbox: Inbox, spine: Spine, secret: SecretStr) -> None:
        """Raises SettingsError without a secret: anybody could then bring updates in anybody's name."""
        self._inbox = inbox
        self._spine = spine
        self._secret = secret.get_secret_value().encode()
        if not self._secret:
            raise SettingsError("WEBHOOK_SECRET must be set when WEBHOOK_URL is.")

    async def handle(self, request: web.Request) -> web.Response:
        """Take one update in. Anything but 200 makes Telegram bring it again."""
        if not self._is_telegram(request):
            return web.Response(status=401)
        body = await _body(request)
        if body is None:
            return web.Response(status=413)
        if not self._spine.has_room:
            return _later(BUSY)
        try:
            return await self._take(body)
        except (StorageBusy, StorageFull) as error:
            log.warning("updates_wait_for_storage", reason=str(error))
            return _later(NO_ROOM)

    def _is_telegram(self, request: web.Request) -> bool:
        # Compared as bytes: a header may hold any of them, and `compare_digest` takes no other text than ASCII.
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._secret)

    async def _take(self, body: bytes) -> web.Response:
        try:
            update: Any = parse(body)
        except ValueError:
            return await self._set_aside(body)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        await self._inbox.accept([update])
        return web.Response()

    async def _set_aside(self, body: bytes) -> web.Response:
        # Refused, it would come again for a day and hold up what is behind it.
        found = UPDATE_ID.search(body)
        if found is None:
            return web.Response(status=400)
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


def _later(seconds: int) -> web.Response:
    return web.Response(status=503, headers={"Retry-After": str(seconds)})
