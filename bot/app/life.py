"""One bot from its start to its end."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog

from bot import __version__
from bot.app.edge import Edge
from bot.app.features import Features
from bot.app.ground import Ground
from bot.app.ops import Ops
from bot.app.pictures import Pictures
from bot.app.voice import Voice
from bot.app.work import Work
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.http import Network
from bot.ops.ending import cancel, first_of
from bot.ops.keys import lock_copy_anew, require_keys
from bot.ops.sealing import compact_if_due
from bot.storage import open_database
from bot.storage.vault import Vault
from bot.telegram import lazy_types
from bot.telegram.api import Api
from bot.telegram.operating import warn_of_strangers
from bot.telegram.profile import keep_introduced, keep_menus

# Work in hand may take so long to end when the process is asked to stop; what does not is taken up by the next one.
GRACE = 5.0

log = structlog.get_logger()

Tasks = tuple[list[asyncio.Task[None]], list[asyncio.Task[None]], list[asyncio.Task[None]]]


class App:
    """One bot: its parts, each resting on those before it. Make it with `open_app`."""

    def __init__(self, ground: Ground, stopping: asyncio.Event) -> None:
        self.ground = ground
        self.voice = Voice.build(ground)
        self.pictures = Pictures.build(ground, self.voice)
        self.features = Features.build(ground, self.voice, self.pictures)
        self.work = Work.build(ground, self.voice, self.pictures, self.features)
        self.edge = Edge.build(ground, self.voice, self.features, on_commit=self.work.runner.ring)
        self.ops = Ops.build(ground, self.voice, self.pictures, self.edge)
        self.address = ""
        self._stopping = stopping

    def stop(self) -> None:
        """Ask `run` to end. Work in hand has a few seconds; the rest is taken up by the next process."""
        self._stopping.set()

    async def run(self) -> None:
        """Be a bot until `stop`. Raises BotError when it cannot go on."""
        settings = self.ground.settings
        self.address = await self.ops.pages.start(settings.http_host, settings.http_port)
        log.info("started", version=__version__, bot_id=settings.bot_id, health=f"{self.address}/healthz")
        try:
            await self.work.operating.begin()
            async with asyncio.TaskGroup() as group:
                await self._end(self._begin(group))
        except BaseExceptionGroup as errors:
            raise first_of(errors) from None
        finally:
            await self.ops.pages.stop()
            await self.ground.api.close()
        log.info("stopped")

    def _begin(self, group: asyncio.TaskGroup) -> Tasks:
        """Start everything. What takes work in ends first, what does the work next, the rest at the end."""
        settings, providers, spine = self.ground.settings, self.pictures.providers, self.edge.spine
        taking = [group.create_task(self.edge.reception.run(spine.room), name="reception")]
        working = [
            group.create_task(spine.run(), name="spine"),
            group.create_task(self.work.runner.run(), name="runner"),
            group.create_task(self.voice.outbox.run(), name="outbox"),
        ]
        check = partial(warn_of_strangers, providers, settings.default_model, settings.fallbacks)
        others = [
            group.create_task(self.work.progress.run(), name="progress"),
            group.create_task(providers.refresh_loop(check), name="models"),
            group.create_task(self.ops.chores.run(), name="chores"),
            group.create_task(self.work.operating.run(), name="operating"),
            group.create_task(self.ops.health.beat(self.ground.database), name="health"),
            group.create_task(self.voice.storage_chat.watch(), name="storage-chat"),
            group.create_task(self._greet(), name="greet"),
        ]
        return taking, working, others

    async def _end(self, tasks: Tasks) -> None:
        """Wait for `stop`, then end everything in order."""
        await self._stopping.wait()
        taking, working, others = tasks
        log.info("stopping")
        cancel(taking + others)
        self.edge.spine.close()
        self.work.runner.stop()
        self.voice.outbox.close()
        await asyncio.wait(working, timeout=GRACE)
        cancel(working)

    async def _greet(self) -> None:
        """Once Telegram hears us: build what the first update will need, and say who we are."""
        api, texts, admin_ids = self.ground.api, self.ground.texts, self.ground.settings.admin_ids
        await self.edge.heard.wait()
        await lazy_types.warm()
        await keep_introduced(api, texts, admin_ids)
        await keep_menus(api, texts, self.ground.database, admin_ids)


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
        await compact_if_due(database, clock)
        async with Network(clock) as network:
            api = Api(settings.telegram_api_base, settings.bot_token)
            app = App(Ground.build(settings, clock, database, network, api), stopping or asyncio.Event())
            async with app.pictures.inspection:
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
