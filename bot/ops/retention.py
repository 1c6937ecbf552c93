"""Words are kept for a while only: those of pictures as long as the operator says, others as is said here."""

from pathlib import Path

from bot.clock import Clock
from bot.imagine import store as generations
from bot.imagine.rules import WISH_KEPT
from bot.inline import store as typed
from bot.posts import store as posts
from bot.posts.rules import DRAFT_KEPT
from bot.storage.database import Database
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("retention.sql"))

DAY = 24 * 3600
# So many pictures lose their words in one transaction: others wait for it.
AT_ONCE = 500
# Seconds that an admin's reasons are kept, and their unanswered questions.
REASONS_KEPT = 365 * DAY
ASKS_KEPT = DAY


class Retention:
    """Forgets words whose time is over. `days`: how long those of ended pictures are kept; favorites keep theirs."""

    def __init__(self, database: Database, clock: Clock, days: int) -> None:
        self._database = database
        self._clock = clock
        self._kept = days * DAY

    async def sweep(self) -> None:
        """Do it once. Raises StorageError."""
        now = self._clock.now()
        async with self._database.write() as tx:
            await generations.prune_wishes(tx, now - min(WISH_KEPT, self._kept))
            await typed.prune(tx, now)
            await posts.prune(tx, now - min(DRAFT_KEPT, self._kept))
            await SQL.empty_letters(tx, before=now - self._kept)
            await SQL.empty_reasons(tx, before=now - REASONS_KEPT)
            await SQL.drop_asks(tx, before=now - ASKS_KEPT)
        while await self._empty_some(now - self._kept) == AT_ONCE:
            pass

    async def _empty_some(self, before: int) -> int:
        async with self._database.write() as tx:
            emptied: int = await SQL.empty_words(tx, before=before, most=AT_ONCE)
            return emptied
