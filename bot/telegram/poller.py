"""Asks Telegram for updates and commits each batch before it asks for the next: what was fetched is never lost."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.clock import Clock
from bot.errors import BotError, StorageNotNow
from bot.telegram.api import Answer, Api, CallError, CallPaused, CallRefused, garbled, unwrap
from bot.telegram.cut import parse
from bot.telegram.inbox import Inbox, has_id

log = structlog.get_logger(__name__)

# Seconds that Telegram holds the line open, and how much longer we listen.
HOLD = 30
GRACE = 15
BATCH = 100
LONGEST_BACK_OFF = 10.0
# A second poller is met at every deploy; after so many seconds it is there to stay.
CONFLICT_PATIENCE = 60
STORAGE_REST = 5.0

UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')


class Stop(BotError):
    """The bot cannot go on and a restart alone would not help. The message is one line for the operator."""


class TokenRefused(Stop):
    """Telegram does not know the token (any more)."""


class AnotherPoller(Stop):
    """Somebody else fetches the updates of this bot."""


class Poller:
    """Fetches updates for as long as it runs.

    The offset is kept in memory only: after a restart, and after a quiet week when ids start anew, the inbox knows
    what was seen.
    """

    def __init__(
        self, api: Api, inbox: Inbox, clock: Clock, kinds: Sequence[str], hello: Callable[[], Awaitable[object]]
    ) -> None:
        """`kinds` of updates to ask for; `hello` is called once Telegram answers, before the first update is taken."""
        self._api = api
        self._inbox = inbox
        self._clock = clock
        self._kinds = list(kinds)
        self._hello = hello
        self._greeted = False
        self._offset: int | None = None
        self._limit = BATCH
        self._failures = 0
        self._conflict_since: float | None = None
        self.last_good_poll: float | None = None

    async def run(self, room: Callable[[], Awaitable[None]]) -> None:
        """Fetch until cancelled; before each fetch wait for `room`. Raises Stop, StorageDamaged."""
        while True:
            await room()
            try:
                await self._greet()
                await self._take(await self._fetch())
            except CallError as error:
                await self._rest(error)
            except StorageNotNow as error:
                # The offset stays, so Telegram keeps what we cannot.
                log.warning("updates_wait_for_storage", reason=str(error))
                await asyncio.sleep(STORAGE_REST)

    async def _greet(self) -> None:
        if not self._greeted:
            await self._api.call("deleteWebhook", drop_pending_updates=False)
            await self._hello()
            self._greeted = True

    async def _fetch(self) -> Answer:
        # The first answer comes at once, so that everybody knows soon whether Telegram hears us.
        hold = HOLD if self.last_good_poll is not None else 0
        params = {"offset": self._offset, "limit": self._limit, "timeout": hold, "allowed_updates": self._kinds}
        return await self._api.exchange("getUpdates", params, timeout=hold + GRACE)

    async def _take(self, answer: Answer) -> None:
        try:
            updates = unwrap(answer, parse(answer.body))
        except ValueError:
            await self._take_unreadable(answer)
            return
        if not isinstance(updates, list):
            raise garbled(answer)
        await self._inbox.accept(updates)
        ids = [update["update_id"] for update in updates if has_id(update)]
        if updates and not ids:
            raise garbled(answer)  # asking again at once would bring the same
        # Nothing came: all below the offset is confirmed, and ids may start anew before the next one.
        self._offset = max(ids) + 1 if ids else None
        self._limit = BATCH
        self._good()

    async def _take_unreadable(self, answer: Answer) -> None:
        """Find the one update that is no JSON by asking for them one by one, and pass it by."""
        found = UPDATE_ID.search(answer.body)
        if answer.status != 200 or found is None:
            raise garbled(answer)
        if self._limit == 1:
            await self._inbox.accept_unreadable(int(found[1]), answer.body)
            self._offset = int(found[1]) + 1
        self._limit = 1

    def _good(self) -> None:
        if self._failures:
            log.info("polling_resumed", failures=self._failures)
        self._failures = 0
        self._conflict_since = None
        self.last_good_poll = self._clock.monotonic()

    async def _rest(self, error: CallError) -> None:
        if isinstance(error, CallRefused):
            self._check_refusal(error)
        if self._failures == 0:
            log.warning("polling_failed", reason=str(error))
        self._failures += 1
        await asyncio.sleep(_pause(error, self._failures))

    def _check_refusal(self, error: CallRefused) -> None:
        if error.code in (401, 404):
            raise TokenRefused("Telegram refused BOT_TOKEN: ask @BotFather for a valid one")
        if error.code == 409:
            self._greeted = False  # the other one may be a webhook, which is taken down again
            self._check_patience()

    def _check_patience(self) -> None:
        now = self._clock.monotonic()
        self._conflict_since = now if self._conflict_since is None else self._conflict_since
        if now - self._conflict_since >= CONFLICT_PATIENCE:
            raise AnotherPoller("another program fetches the updates of this bot: stop it, or use another token here")


def _pause(error: CallError, failures: int) -> float:
    if isinstance(error, CallPaused):
        return error.seconds
    # Between half and all of it, so that two of us do not stumble over each other for ever.
    share = 0.5 + secrets.randbelow(500) / 1000
    return float(min(LONGEST_BACK_OFF, 0.5 * 2.0 ** min(failures, 5))) * share
