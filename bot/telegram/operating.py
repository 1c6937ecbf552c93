"""What tells the operator how the services stand: reports when they are asked for, incidents by themselves."""

import asyncio
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from aiogram.methods import SendMessage

from bot.clock import Clock
from bot.edited import EditedFile
from bot.errors import Cause, StorageError
from bot.http import SERVICE_TROUBLE
from bot.jobs.runner import Handler
from bot.offers.service import OFFERS, Offers
from bot.outgoing import Outgoing
from bot.presets.service import Presets
from bot.providers import Providers
from bot.stats.incidents import Incidents
from bot.stats.reporting import REPORT, Reporting
from bot.stats.rules import Incident, Turn
from bot.stats.service import Stats
from bot.storage.database import Database, Transaction
from bot.telegram.outbox import Outbox
from bot.texts import Texts, Translator
from bot.users import store as users

# Seconds between two looks at what was switched: another process may have done it.
LOOK = 60.0
# Seconds between two looks at files that may be edited.
GLANCE = 20.0

MINUTE = 60

log = structlog.get_logger(__name__)


class Operating:
    """`zone` tells when a day begins, files to be sent lie in `data_dir`."""

    def __init__(
        self,
        database: Database,
        providers: Providers,
        outbox: Outbox,
        texts: Texts,
        clock: Clock,
        zone: ZoneInfo,
        admin_ids: Collection[int],
        data_dir: Path,
        presets: Presets,
    ) -> None:
        self._outbox = outbox
        self._texts = texts
        self._clock = clock
        self._admin_ids = admin_ids
        self._database = database
        self._files: Sequence[EditedFile[Any]] = (providers.price_file, presets.file)
        self._told: dict[str, str | None] = {}
        self.stats = Stats(database, providers, zone, clock)
        self.offers = Offers(database, providers, presets)
        self._reporting = Reporting(
            database, self.stats, self.offers, providers, texts, clock, data_dir / "figures", outbox.add, outbox.ring
        )
        self.incidents = Incidents(database, providers, clock, self._tell, outbox.ring)

    @property
    def jobs(self) -> dict[str, Handler]:
        """The handlers of its jobs, by kind."""
        return {REPORT: self._reporting, OFFERS: self.offers}

    async def begin(self) -> None:
        """Let count what was switched and priced in an earlier life, before anybody is heard. Raises StorageError.

        Without it pictures would cost what they do not cost here.
        """
        await self.offers.load()

    async def run(self) -> None:
        """Keep an eye on the services until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_switched())
            group.create_task(self._keep_read())
            group.create_task(self.incidents.run())

    async def _keep_switched(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self.offers.load()
            except StorageError as error:
                log.warning("switches_wait_for_storage", reason=str(error))

    async def _keep_read(self) -> None:
        """Read edited files anew; no service that hangs keeps new prices waiting."""
        while True:
            for file in self._files:
                file.look()
                try:
                    await self._tell_of(file)
                except StorageError as error:
                    log.warning("edits_wait_for_storage", reason=str(error))
            await asyncio.sleep(GLANCE)

    async def _tell_of(self, file: EditedFile[Any]) -> None:
        """Tell the admins of a broken edit, and when it is mended; once for each edit."""
        if file.trouble == self._told.get(file.kind):
            return
        async with self._database.write() as tx:
            for admin_id in self._admin_ids:
                if person := await users.get(tx, admin_id):
                    t = self._texts.negotiate(person.language, person.client_language)
                    key = f"file-broken-{file.kind}" if file.trouble else f"file-whole-{file.kind}"
                    once = f"file:{admin_id}:{file.edition}"
                    said = SendMessage(chat_id=admin_id, text=t(key, line=file.line))
                    await self._outbox.add(tx, Outgoing(said, once=once))
        self._told[file.kind] = file.trouble
        self._outbox.ring()

    async def _tell(self, tx: Transaction, what: Turn, incident: Incident, title: str, link: str) -> None:
        """Each admin in their language; a bot may not write to people who never wrote to it."""
        for admin_id in self._admin_ids:
            if person := await users.get(tx, admin_id):
                t = self._texts.negotiate(person.language, person.client_language)
                text = _words(t, what, incident, title, link, self._clock.now())
                once = f"incident:{admin_id}:{incident.provider}:{incident.opened_at}:{what}:{incident.cause}"
                await self._outbox.add(tx, Outgoing(SendMessage(chat_id=admin_id, text=text), once=once))


def warn_of_strangers(providers: Providers, wished: str, fallbacks: Collection[str]) -> None:
    """The bot goes on without the models that nobody offers, which the operator should know."""
    if providers.model(wished) is None:
        nearest = providers.nearest(wished)
        log.warning("default_model_unknown", DEFAULT_MODEL=wished, nearest=nearest.key if nearest else None)
    known = {name for model in providers.models() for name in (model.key, model.provider)}
    if strangers := [name for name in fallbacks if name not in known]:
        log.warning("fallbacks_unknown", FALLBACKS=",".join(strangers))


def _words(t: Translator, what: Turn, incident: Incident, title: str, link: str, now: int) -> str:
    if what is Turn.CLOSED:
        return t("incident-closed", provider=title, minutes=max(1, (now - incident.opened_at) // MINUTE))
    if Cause(incident.cause) in SERVICE_TROUBLE:
        return t(f"admin-trouble-{incident.cause}", provider=title) + (f"\n{link}" if link else "")
    return t("incident-opened", provider=title, cause=t(f"stats-cause-{incident.cause}"))
