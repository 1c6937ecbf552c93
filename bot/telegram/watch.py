"""Keeps the webhook in place, and looks whether Telegram can still reach it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from pydantic import SecretStr

from bot.clock import Clock
from bot.telegram.api import Api, CallError, CallPaused, CallRefused, CallUnknown
from bot.telegram.poller import TokenRefused
from bot.telegram.webhook import announce

log = structlog.get_logger(__name__)

LOOK = 25.0  # seconds between two looks: two may fail before the bot counts as deaf
SOON = 5.0
# What failed before the first look failed while nobody was here.
UNSEEN = object()


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
        last_visit: Callable[[], float | None],
    ) -> None:
        """`kinds` of updates to be brought to `url`; `hello` is called once Telegram answers.

        `last_visit` tells when Telegram last came, monotonic.
        """
        self._api = api
        self._clock = clock
        self._url = url
        self._secret = secret
        self._kinds = kinds
        self._hello = hello
        self._last_visit = last_visit
        self._announced = False
        self._failed_at: object = UNSEEN
        self._looked_at = clock.monotonic()
        self._cut_off = False
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
        if not isinstance(info, dict):
            raise CallUnknown("no answer of Telegram's")
        if info.get("url") != self._url:
            log.warning("webhook_was_moved")
            self._announced = False
            return
        self._listen(info)
        if not self._cut_off:
            self.last_good_poll = self._clock.monotonic()

    def _listen(self, info: Mapping[str, Any]) -> None:
        """Whether Telegram has updates for us, tries to bring them, and does not get through to us."""
        # Its clock is not ours: what counts is that it failed anew since the last look, and nobody came meanwhile.
        failed_at, visit = info.get("last_error_date"), self._last_visit()
        failed_anew = self._failed_at is not UNSEEN and failed_at not in (None, self._failed_at)
        came = visit is not None and visit >= self._looked_at
        self._failed_at, self._looked_at = failed_at, self._clock.monotonic()
        if came or not info.get("pending_update_count"):
            self._cut_off = False
        elif failed_anew:
            self._cut_off = True
            log.warning("webhook_is_cut_off", reason=str(info.get("last_error_message", ""))[:200])

    def _trouble(self, error: CallError) -> float:
        if isinstance(error, CallRefused) and error.code in (401, 404):
            raise TokenRefused("Telegram refused BOT_TOKEN: ask @BotFather for a valid one")
        log.warning("webhook_not_seen", reason=str(error))
        return SOON
