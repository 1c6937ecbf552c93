"""Builds and wires everything, starts it, and stops it. The only file that knows every part."""

from bot.telegram import lazy_types

lazy_types.install()

# isort: split
# ruff: noqa: E402  whatever imports aiogram must come after it was told to build its models late

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

import structlog
from aiogram import Dispatcher

from bot import __version__
from bot.admin import handlers as admin
from bot.chats import handlers as chats
from bot.chats.admins import Admins
from bot.chats.kinds import Kinds
from bot.chats.service import Means
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.doctor import handlers as doctor
from bot.doctor.service import Doctor
from bot.history import handlers as history
from bot.http import Network, Spool, private
from bot.imagine import handlers as imagine
from bot.imagine.asking import Asking
from bot.imagine.drawing import EXPIRE, GENERATE
from bot.imagine.inspection import Inspection
from bot.imagine.orders import TAKE_BACK, TakingBack
from bot.imagine.publishing import PUBLISH, WITHDRAW, Publishing, Withdrawing
from bot.imagine.service import Drawing, Expiry, Imagine
from bot.imagine.shelf import Shelf
from bot.imagine.signs import Signs
from bot.imagine.turns import Turns
from bot.inline import handlers as inline
from bot.inline.storage_chat import StorageChat
from bot.jobs.runner import Handler, Runner
from bot.moderation.judge import Judge
from bot.moderation.service import Moderation
from bot.ops.backup import Backups
from bot.ops.chores import Chores
from bot.ops.ending import cancel, first_of
from bot.ops.forgetting import Forgetting
from bot.ops.health import Health
from bot.ops.keys import lock_copy_anew, require_keys
from bot.ops.metrics import Metrics
from bot.ops.pages import Hook, Pages
from bot.ops.surroundings import Surroundings
from bot.posts import handlers as posts
from bot.posts.service import barred
from bot.presets.service import PresetFile, Presets
from bot.privacy import handlers as privacy
from bot.privacy.export import Exporting
from bot.privacy.rules import EXPORT, FORGET
from bot.providers import PriceFile, Providers
from bot.providers.spending import Budget
from bot.quota import handlers as quota
from bot.quota.service import Ledger
from bot.review import handlers as review
from bot.settings import handlers as settings_handlers
from bot.start import handlers as start
from bot.stats import handlers as stats
from bot.storage import open_database
from bot.storage.database import Database
from bot.storage.room import require_room
from bot.storage.vault import Vault
from bot.telegram.api import Api
from bot.telegram.cards import Cards
from bot.telegram.chats import Chats
from bot.telegram.delivery import TelegramDelivery
from bot.telegram.files import TelegramFiles
from bot.telegram.fleeting import TAKE_AWAY, TakingAway
from bot.telegram.gate import Gate
from bot.telegram.handler_bot import HandlerBot
from bot.telegram.hearing import Hearing, commands_of
from bot.telegram.inbox import Inbox
from bot.telegram.inline import may_post
from bot.telegram.kinds import kind_of
from bot.telegram.links import Links
from bot.telegram.notices import Notices
from bot.telegram.operating import Operating, warn_of_strangers
from bot.telegram.outbox import Outbox
from bot.telegram.parcels import Parcels
from bot.telegram.places import Places
from bot.telegram.poller import Poller
from bot.telegram.posting import PostOffice
from bot.telegram.postman import BROADCAST, enlist
from bot.telegram.profile import keep_introduced, keep_menus
from bot.telegram.progress import Progress
from bot.telegram.reviewing import LOOK, looking
from bot.telegram.roles import role_of
from bot.telegram.spine import Spine
from bot.telegram.watch import Watch
from bot.telegram.webhook import Webhook
from bot.telegram.whispers import Whispering
from bot.texts import Texts
from bot.users.faces import Faces

# Work in hand may take so long to end when the process is asked to stop; what does not is taken up by the next one.
GRACE = 5.0
HOUR = 3600

log = structlog.get_logger()


class App:
    """One bot. Make it with `open_app`."""

    def __init__(
        self, settings: Settings, clock: Clock, database: Database, network: Network, stopping: asyncio.Event
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.database = database
        self.counts: Counter[str] = Counter()
        self.texts = Texts.load(settings.default_language)
        self.address = ""
        self._heard = asyncio.Event()
        self._stopping = stopping
        self._build_voice()
        self._build_pictures(network)
        self._build_edge()
        self._build_work()
        self._build_ops()

    def stop(self) -> None:
        """Ask `run` to end. Work in hand has a few seconds; the rest is taken up by the next process."""
        self._stopping.set()

    async def run(self) -> None:
        """Be a bot until `stop`. Raises BotError when it cannot go on."""
        self.address = await self.pages.start(self.settings.http_host, self.settings.http_port)
        log.info("started", version=__version__, bot_id=self.settings.bot_id, health=f"{self.address}/healthz")
        try:
            async with asyncio.TaskGroup() as group:
                await self._end(self._begin(group))
        except BaseExceptionGroup as errors:
            raise first_of(errors) from None
        finally:
            await self.pages.stop()
            await self.api.close()
        log.info("stopped")

    def _begin(self, group: asyncio.TaskGroup) -> "Tasks":
        """Start everything. What takes work in ends first, what does the work next, the rest at the end."""
        taking = [group.create_task(self.reception.run(self.spine.room), name="reception")]
        working = [
            group.create_task(self.spine.run(), name="spine"),
            group.create_task(self.runner.run(), name="runner"),
            group.create_task(self.outbox.run(), name="outbox"),
        ]
        check = partial(warn_of_strangers, self.providers, self.settings.default_model, self.settings.fallbacks)
        others = [
            group.create_task(self.progress.run(), name="progress"),
            group.create_task(self.providers.refresh_loop(check), name="models"),
            group.create_task(self.chores.run(), name="chores"),
            group.create_task(self.operating.run(), name="operating"),
            group.create_task(self.health.beat(self.database), name="health"),
            group.create_task(self.storage_chat.watch(), name="storage-chat"),
            group.create_task(self._greet(), name="greet"),
        ]
        return taking, working, others

    async def _end(self, tasks: "Tasks") -> None:
        """Wait for `stop`, then end everything in order."""
        await self._stopping.wait()
        taking, working, others = tasks
        log.info("stopping")
        cancel(taking + others)
        self.spine.close()
        self.runner.stop()
        self.outbox.close()
        await asyncio.wait(working, timeout=GRACE)
        cancel(working)

    async def _greet(self) -> None:
        """Once Telegram hears us: build what the first update will need, and say who we are."""
        await self._heard.wait()
        await lazy_types.warm()
        await keep_introduced(self.api, self.texts, self.settings.admin_ids)
        await keep_menus(self.api, self.texts, self.database, self.settings.admin_ids)

    def _build_voice(self) -> None:
        """How people and admins hear of us."""
        settings = self.settings
        self.api = Api(settings.telegram_api_base, settings.bot_token)
        self.chats = Chats(self.database, self.clock)
        self.outbox = Outbox(self.database, self.api, self.chats, self.clock, self.counts)
        self.ledger = Ledger(settings.daily_credits, settings.time_zone, self.clock)
        self.notices = Notices(
            self.database, self.outbox, self.texts, self.clock, settings.admin_ids, self.ledger.today
        )
        asks = partial(may_post, self.api, settings.bot_id)
        self.storage_chat = StorageChat(settings.storage_chat_id, asks, self.notices.inline)

    def _build_pictures(self, network: Network) -> None:
        settings, data_dir = self.settings, self.settings.data_dir
        self.spool = Spool(data_dir / "spool").empty()
        self.shelf = Shelf(private(data_dir / "shelf"), self.spool, settings.keep_pictures * HOUR)
        self.inspection = Inspection(keep_sent=settings.originals == "as_sent")
        self.signs = Signs()
        self.budget = Budget(self.database, self.ledger.today)
        self.providers = Providers.build(
            settings.providers,
            network,
            self.spool,
            seconds=settings.job_timeout,
            remembered=data_dir / "models.json",
            prices=PriceFile(settings.prices_file, required="prices_file" in settings.model_fields_set),
            on_trouble=self.notices.trouble,
        )
        self.presets = Presets(PresetFile(settings.presets_file, required="presets_file" in settings.model_fields_set))
        judge = Judge(settings.judging, network, self.spool, self.clock) if settings.judging else None
        drawn = (self.providers, self.ledger, self.shelf, self.clock)
        self.imagine = Imagine(
            *drawn,
            words_kept=settings.keep_prompts,
            default_model=settings.default_model,
            signs=self.signs,
            most_waiting=settings.most_waiting,
            closed=admin.Closing(settings.admin_ids),
            moderation=Moderation(self.database, self.clock, settings.admin_ids, judge),
            presets=self.presets,
        )

    def _build_edge(self) -> None:
        settings = self.settings
        self.bot = HandlerBot(self.api, settings.bot_token)
        public, means = settings.access == "public", (self.api, self.chats, self.outbox, self.texts, self.clock)
        self.post_office = PostOffice(self.database, *means, public=public, admin_ids=settings.admin_ids)
        dispatcher = self._dispatcher()
        self.spine = Spine(
            self.database, self.api, self.bot, dispatcher, self.outbox, self.texts, self.counts, self._on_commit
        )
        check_room = partial(require_room, settings.data_dir)
        hears = Hearing(settings.bot_id, commands_of(dispatcher), lambda: self.bot.username)
        inbox = Inbox(self.database, settings.bot_id, self.clock, self.counts, self.spine.take, check_room, hears)
        self._build_reception(inbox, dispatcher.resolve_used_update_types())

    def _build_reception(self, inbox: Inbox, kinds: list[str]) -> None:
        """Updates are asked for, or brought to us where the operator has a public address."""
        settings = self.settings
        url, secret = settings.webhook_url, settings.webhook_secret
        self.hooks: dict[str, Hook] = {}
        self.reception: Poller | Watch
        if url:
            hook = Webhook(inbox, self.spine, secret, self.clock, settings.webhook_secret_before, self.counts)
            self.hooks[urlsplit(url).path or "/"] = hook.handle
            self.reception = Watch(self.api, self.clock, url, secret, kinds, self._hello, lambda: hook.last_visit)
        else:
            self.reception = Poller(self.api, inbox, self.clock, kinds, self._hello)

    def _dispatcher(self) -> Dispatcher:
        """The handlers of all features, the gate in front of them, and what they get by name."""
        settings = self.settings
        dispatcher = Dispatcher(
            disable_fsm=True,
            imagine=self.imagine,
            ledger=self.ledger,
            providers=self.providers,
            texts=self.texts,
            **admin.staff(settings.admin_ids, *stats.ENTRIES),
            storage_chat=self.storage_chat,
            kinds=Kinds(kind_of(self.api)),
            leaves=settings.strange_groups == "leave",
            policy=settings.policy(self.providers.titles.values()),
        )
        self.faces: Faces = dispatcher["faces"]
        public, admin_ids = settings.access == "public", frozenset(settings.admin_ids)
        leaves: bool = dispatcher["leaves"]
        places = Places(self.texts, self._means(dispatcher), admin_ids, public=public, leaves=leaves)
        dispatcher.message.middleware(Whispering())
        dispatcher.callback_query.middleware(Whispering())
        dispatcher.update.outer_middleware(places)
        for_all = privacy.router()
        gate = Gate(self.texts, self.clock, admin_ids, public=public, counts=self.counts, anyone=for_all)
        dispatcher.update.outer_middleware(gate)
        features = (posts, admin, review, doctor, stats, start, quota, chats, settings_handlers, history, inline)
        edge = (self.database, self.api, self.outbox, self.chats, self.texts, self.clock)
        self.mailing = enlist(dispatcher, *edge, everybody=public)
        dispatcher.include_routers(imagine.command(), for_all, *(feature.router() for feature in features))
        dispatcher.include_router(imagine.router())  # last: it takes plain words that nobody else wanted
        return dispatcher

    def _means(self, dispatcher: Dispatcher) -> Means:
        """What places need to keep their rules; handlers ask for `admins`, too."""
        dispatcher["admins"] = Admins(role_of(self.api), self.clock)
        means = Means(self.ledger, dispatcher["admins"], self.clock, self.settings.time_zone)
        dispatcher["posts"] = self.post_office.desk(self.imagine, means)
        return means

    def _build_work(self) -> None:
        settings, parts = self.settings, (self.database, self.providers, self.outbox, self.texts, self.clock)
        self.operating = Operating(*parts, settings.time_zone, settings.admin_ids, settings.data_dir, self.presets)
        cards = Cards(self.database, self.imagine, self.ledger, self.texts)
        decode = partial(self.shelf.show_to, self.inspection.decode)
        edge = (self.database, self.api, self.outbox, self.chats)
        delivery = TelegramDelivery(*edge, cards, decode, self.clock, self.storage_chat)
        kept, hours = (self.ledger, self.shelf, delivery), settings.moderation_hours
        look = looking(self.database, self.api, self.chats, *kept, self.texts, self.clock, settings.admin_ids, hours)
        holding = look if settings.judging else None
        parcels = Parcels(*edge, self.texts, self.clock)
        self.progress = Progress(self.database, self.api, self.chats, cards, self.clock)
        drawing = Drawing(self.database, self._asking(), self.ledger, self.shelf, delivery, self.clock, holding)
        expiry = Expiry(self.database, self.ledger, self.shelf, delivery, self.clock)
        links = Links(self.outbox, self.texts, self.shelf.kept)
        looks = Doctor(self.settings, self.api, self.providers, self.clock)
        handlers: dict[str, Handler] = {
            GENERATE: drawing,
            LOOK: look,
            EXPIRE: expiry,
            PUBLISH: Publishing(self.database, self.providers, self.shelf, links, self.clock),
            WITHDRAW: Withdrawing(self.database, self.providers, links, self.clock),
            TAKE_BACK: TakingBack(self.database, self.providers, self.clock),
            TAKE_AWAY: TakingAway(self.database, self.outbox.add),
            EXPORT: Exporting(self.database, parcels, self.clock),
            FORGET: Forgetting(
                self.database, self.imagine, self.ledger, delivery, parcels, self.faces, settings.data_dir, self.clock
            ),
            **self.operating.jobs,
            BROADCAST: self.mailing,
            **self.post_office.jobs,
            doctor.EXAMINE: doctor.Examining(self.database, looks, self.outbox, self.texts),
        }
        awaited = {GENERATE, PUBLISH, WITHDRAW, TAKE_BACK, EXPORT, FORGET, doctor.EXAMINE}
        self.runner = Runner(self.database, handlers, self.clock, self.settings.workers, awaited=awaited)

    def _asking(self) -> Asking:
        turns = Turns(self.providers, self.settings.fallbacks)
        files = TelegramFiles(self.api, self.spool, self.inspection)
        parts = (self.budget, self.shelf, self.inspection, files, self.signs, self.clock, self.settings.job_timeout)
        return Asking(self.database, self.providers, turns, *parts, barred)

    def _build_ops(self) -> None:
        self.health = Health(self.clock, {"telegram": lambda: self.reception.last_good_poll})
        parts, days = (self.database, self.ledger, self.shelf, self.budget, self.clock), self.imagine.words_kept
        self.chores = Chores(*parts, self.notices.mismatch, self._backups(), self.notices.no_backup, days)
        around = Surroundings(
            self.settings.data_dir, self.clock, self.providers, self.chores, lambda: self.api.clock_there
        )
        self.pages = Pages(self.health, Metrics(self.database, self.health, self.counts, around), self.hooks)

    def _backups(self) -> Backups | None:
        """Those of SQLite; PostgreSQL has tools of its own."""
        settings = self.settings
        if not settings.backups or settings.database_url.get_secret_value() != "sqlite":
            return None
        return Backups(settings.data_dir, self.clock, settings.backups)

    def _on_commit(self) -> None:
        self.runner.ring()

    async def _hello(self) -> None:
        await self.bot.me()
        self._heard.set()


Tasks = tuple[list[asyncio.Task[None]], list[asyncio.Task[None]], list[asyncio.Task[None]]]


@asynccontextmanager
async def open_app(
    settings: Settings, clock: Clock | None = None, stopping: asyncio.Event | None = None
) -> AsyncIterator[App]:
    """Lock the data directory, open the database and build the bot. Raises StorageError, SettingsError.

    Setting `stopping` is the same as `App.stop`, and may happen before the bot is built.
    """
    clock = clock or SystemClock()
    vault = Vault(settings.data_dir, settings.master)
    database = await open_database(settings.database_url.get_secret_value(), settings.data_dir, vault)
    try:
        await require_keys(database)
        await lock_copy_anew(database, settings.master)
        async with Network(clock) as network:
            app = App(settings, clock, database, network, stopping or asyncio.Event())
            async with app.inspection:
                yield app
    finally:
        await database.close()


async def serve(settings: Settings) -> int:
    """Run the bot until SIGTERM or SIGINT; the exit code. Raises BotError when it cannot go on."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with open_app(settings, stopping=stopping) as app:
        await app.run()
    return 0
