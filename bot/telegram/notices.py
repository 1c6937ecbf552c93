"""Tells the admins of the bot what they should look after, each in their language."""

from collections.abc import Callable, Collection

from aiogram.methods import SendMessage

from bot.clock import Clock
from bot.errors import Cause, ProviderError
from bot.outgoing import Outgoing
from bot.storage.database import Database
from bot.telegram.outbox import Outbox
from bot.texts import Texts
from bot.users import store as users

HOUR = 3600


class Notices:
    """One message for each thing that is wrong, and then silence for a while. `today` names the day of the ledger."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        texts: Texts,
        clock: Clock,
        admin_ids: Collection[int],
        today: Callable[[], str],
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._texts = texts
        self._clock = clock
        self._admin_ids = admin_ids
        self._today = today

    async def trouble(self, provider: str, error: ProviderError) -> None:
        """A service has spent what it may today. All other trouble is an incident: see `bot/stats/incidents.py`."""
        if error.cause is Cause.SPENT_TODAY:
            about, again = f"{provider}:{error.cause}", self._today()
            await self._tell("admin-trouble-spent-today", about, again=again, provider=provider)

    async def mismatch(self, found: list[str]) -> None:
        """The books do not add up for these accounts."""
        await self._tell("admin-books", "books", count=len(found))

    async def no_backup(self) -> None:
        """The last backup could not be made."""
        await self._tell("admin-no-backup", "backup")

    async def inline(self, key: str) -> bool:
        """Nothing can be drawn in inline mode, and `key` says why; False while there is no admin to tell it to."""
        return await self._tell(key, key, again="")

    async def _tell(self, key: str, about: str, tail: str = "", again: str | None = None, **values: str | int) -> bool:
        """Each admin in their language; the same thing once for each value of `again`, usually the hour.

        False where nobody could be told.
        """
        period = self._clock.now() // HOUR if again is None else again
        reached = False
        async with self._database.write() as tx:
            for admin_id in self._admin_ids:
                person = await users.get(tx, admin_id)
                if person is None:
                    continue  # a bot may not write to people who never wrote to it
                t = self._texts.negotiate(person.language, person.client_language)
                notice = SendMessage(chat_id=admin_id, text=t(key, **values) + tail)
                await self._outbox.add(tx, Outgoing(notice, once=f"notice:{admin_id}:{about}:{period}"))
                reached = True
        self._outbox.ring()
        return reached
