"""Where updates are taken in: cut, committed, and only then handed on. Poller and webhook both come here."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.clock import Clock
from bot.storage.database import Database
from bot.telegram import store
from bot.telegram.cut import INT64, cut, lane
from bot.telegram.store import Incoming

# Of an update that is no JSON so much is kept for whoever looks into it.
UNREADABLE_KEPT = 64 * 1024


class Inbox:
    """Takes updates in. `take` gets each fresh one after its commit."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        clock: Clock,
        counts: Counter[str],
        take: Callable[[Incoming], None],
        check_room: Callable[[], None],
        hears: Callable[[Mapping[str, Any]], bool] = bool,
    ) -> None:
        """`check_room` raises StorageFull while the disk should be left to the work in progress.

        What `hears` says no to is counted and forgotten.
        """
        self._database = database
        self._bot_id = bot_id
        self._clock = clock
        self._counts = counts
        self._take = take
        self._check_room = check_room
        self._hears = hears

    async def accept(self, updates: Iterable[Any]) -> None:
        """Keep a batch in one commit; what is known already is passed by. Raises StorageError, then nothing is kept."""
        whole = [cut(update) for update in updates if has_id(update)]
        batch = [update for update in whole if self._hears(update)]
        self._counts["updates_passed_by"] += len(whole) - len(batch)
        # A lone update is tried at once, so its first try is counted here and costs no commit of its own. Of a larger
        # batch nobody knows which one a crash would be about: those are counted one by one after a restart.
        incoming = [_incoming(update, attempts=int(len(batch) == 1)) for update in batch]
        fresh = await self._keep(incoming)
        self._counts["updates"] += len(fresh)
        self._counts["updates_known"] += len(batch) - len(fresh)
        for each in fresh:
            self._take(each)

    async def accept_unreadable(self, update_id: int, body: bytes) -> None:
        """Set aside what cannot be read, so that the next ones are not kept waiting. Raises StorageError."""
        raw = json.dumps(body[:UNREADABLE_KEPT].decode("latin-1"))
        async with self._database.write() as tx:
            await store.put_unreadable(tx, self._bot_id, update_id, raw, self._clock.now())
        self._counts["updates_set_aside"] += 1

    async def _keep(self, incoming: list[Incoming]) -> list[Incoming]:
        if not incoming:
            return []
        self._check_room()
        for each in incoming:
            await store.have_key(self._database, each)
        now = self._clock.now()
        async with self._database.write(urgent=True) as tx:
            return [each for each in incoming if await store.put_update(tx, self._bot_id, each, now)]


def has_id(update: Any) -> bool:
    """Whether this is an update that can be told from others."""
    if not isinstance(update, dict):
        return False
    update_id = update.get("update_id")
    return isinstance(update_id, int) and not isinstance(update_id, bool) and 0 <= update_id < INT64


def _incoming(small: dict[str, Any], attempts: int) -> Incoming:
    return Incoming(small["update_id"], lane(small), json.dumps(small), attempts)
