"""What each service draws in a day, in credits: counted before it is asked, so that a crash counts as spent."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import structlog

from bot.errors import Cause, Refused, StorageError
from bot.images import ImageModel
from bot.storage.database import Database, Transaction
from bot.storage.queries import load

SQL = load(Path(__file__).with_name("spending.sql"))

KEPT_DAYS = 40

log = structlog.get_logger()

Spent = tuple[str, str, int]
"""What was counted: service, day, credits."""


class Budget:
    """Keeps a service within what the operator lets it draw in a day. `today` names the day, such as 2026-11-21."""

    def __init__(self, database: Database, today: Callable[[], str]) -> None:
        self._database = database
        self._today = today

    async def spend(self, model: ImageModel, cap: int | None) -> Spent | None:
        """Count one picture; None where there is no cap. Raises Refused(SPENT_TODAY), and StorageError: not counted.

        What is free here counts as one credit: its service bills it all the same.
        """
        if cap is None:
            return None
        spent = (model.provider, self._today(), max(1, model.price))
        async with self._database.write() as tx:
            counted = await SQL.reserve(tx, provider=spent[0], day=spent[1], credits=spent[2], cap=cap)
        if not counted:
            raise Refused(Cause.SPENT_TODAY, f"{cap} credits")
        return spent

    async def give_back(self, spent: Spent | None) -> None:
        """Uncount what was surely not drawn. Where that fails it stays counted: the safe side."""
        if spent is None:
            return
        provider, day, price = spent
        try:
            async with self._database.write() as tx:
                await SQL.give_back(tx, provider=provider, day=day, credits=price)
        except StorageError as error:
            log.warning("stays_counted", provider=provider, credits=price, reason=str(error))

    async def prune(self, tx: Transaction) -> None:
        """Forget what was counted long ago; not yesterday, as a clock may have run ahead."""
        before = date.fromisoformat(self._today()) - timedelta(days=KEPT_DAYS)
        await SQL.prune(tx, before=before.isoformat())
