"""Keeps the webhook in place, and looks whether Telegram can still reach it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from pydantic import SecretStr

from bot.clock import Clock
from bot.telegram.api import Api, CallError, CallPaused, CallRefused
from bot.telegram.poller import TokenRefused
from bot.telegram.webhook import announce

log = structlog.get_logger(__name__)

LOOK = 25.0  # seconds between two looks: two may fail before the bot counts as deaf
SOON = 5.0


class Watch:
    """Stands in the poller's place when Telegram brings the updates."""

    def __init__(
        self,
        api: Api,
        clock: Clock,
        url: str,
        secret: SecretStr,
        kinds: Sequence[str],
        hello: Callable[[], Awaitable[object]],
    ) -> None:
        """`kinds` of updates to be brought to `url`; `hello` is called once Telegram answers."""
        self._api = api
        self._clock = clock
        self._url = url
        self._secret = secret
        self._kinds = kinds
        self._hello = hello
        self._announced = False
        self.last_good_poll: float | None = None

    async def run(self, room: Callable[[], Awaitable[None]]) -> None:
        """Look until cancelled. `room` is not waited for: the webhook itself says when to come back. Raises Stop."""
        while True:
            try:
                await self._look()
                pause = LOOK
            except CallPaused as error:
                pause = float(error.seconds)
            except CallError as error:
                pause = self._trouble(error)
            await asyncio.sleep(pause)

    async def _look(self) -> None:
        if not self._announced:
            await self._hello()
            await announce(self._api, self._url, self._secret, self._kinds)
            self._announced = True
        info = await self._api.call("getWebhookInfo")
        if info.get("url") != self._url:
            log.warning("webhook_was_moved")
            self._announced = False
            return
        self.last_good_poll = self._clock.monotonic()

    def _trouble(self, error: CallError) -> float:
        if isinstance(error, CallRefused) and error.code in (401, 404):
            raise TokenRefused("Telegram refused BOT_TOKEN: ask @BotFather for a valid one")
        log.warning("webhook_not_seen", reason=str(error))
        return SOON
