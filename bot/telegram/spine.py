"""Handles each update exactly once: its effects, what is to be said and its end are one commit."""

import asyncio
import json
import secrets
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from aiogram import Dispatcher
from aiogram.enums import ChatType
from aiogram.methods import TelegramMethod
from aiogram.types import Update

from bot.errors import Errand, StorageError, StorageNotNow, UserError
from bot.outgoing import Outgoing
from bot.storage.database import Database, Transaction
from bot.telegram import store, unheard
from bot.telegram.answers import reply, sort
from bot.telegram.api import Api, CallError
from bot.telegram.gate import Scene, migration
from bot.telegram.handler_bot import HandlerBot
from bot.telegram.outbox import Outbox
from bot.telegram.store import Incoming
from bot.telegram.whispers import about, asker, whispered
from bot.telegram.wire import to_wire
from bot.texts import Texts, Translator

log = structlog.get_logger(__name__)

Change = Callable[[Transaction], Awaitable[object]]

# So many questions to Telegram may an update need before it can be handled.
ERRANDS = 3
# A handler that fails so often is not asked again.
TRIES = 3
# So many processes may end with an update in hand, by whatever cause, before the update itself is suspected.
DEATHS = 5
# Updates in memory beyond which no more are fetched; they are safe at Telegram meanwhile.
ROOM = 500
# So many of them wait for one person: what comes beyond them waits in the inbox, and takes the room of nobody else.
LANE_ROOM = 50
STORAGE_REST = 1.0
# Within so many seconds the same notice is said once in a chat. Between two alone nobody else is disturbed by it, and
# whoever corrects a word and is answered by silence thinks that nobody is there.
NOTICE_SECONDS = 30
ALONE_SECONDS = 5
# What is worth something only at once is not waited for longer, in seconds.
LOSSY_TIMEOUT = 4.0


@dataclass(slots=True)
class Lane:
    """The updates of one person: those in memory, and how many were left in the inbox since it was last looked into."""

    queue: deque[Incoming] = field(default_factory=deque)
    left: int = 0


class Spine:
    """Chains of updates, one for each person: in order for one, at the same time for all."""

    def __init__(
        self,
        database: Database,
        api: Api,
        bot: HandlerBot,
        dispatcher: Dispatcher,
        outbox: Outbox,
        texts: Texts,
        counts: Counter[str],
        on_commit: Callable[[], None],
    ) -> None:
        """`on_commit` is called after each commit that a handler had a part in: there may be new work."""
        self._database = database
        self._api = api
        self._bot = bot
        self._dispatcher = dispatcher
        self._outbox = outbox
        self._texts = texts
        self._counts = counts
        self._on_commit = on_commit
        self._lanes: dict[str, Lane] = {}
        self._waiting = 0
        self._group: asyncio.TaskGroup | None = None
        self._recovered = False
        self._closing = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def take(self, incoming: Incoming) -> None:
        """Queue a committed update behind the others of its lane."""
        if self._closing.is_set():
            return  # it waits in the inbox
        lane = self._lanes.get(incoming.lane)
        if lane is None:
            lane = self._lanes[incoming.lane] = Lane()
            self._start(incoming.lane)
        if lane.left or len(lane.queue) >= LANE_ROOM:
            lane.left += 1
            return
        self._queue(lane, incoming)

    def _queue(self, lane: Lane, *incoming: Incoming) -> None:
        lane.queue.extend(incoming)
        self._waiting += len(incoming)
        if self._waiting >= ROOM:
            self._room.clear()

    @property
    def has_room(self) -> bool:
        """Whether more may be taken in now."""
        return self._room.is_set()

    async def room(self) -> None:
        """Wait until there is room for more."""
        await self._room.wait()

    def close(self) -> None:
        """Finish the updates in hand and begin no other; `run` then ends. What is left waits in the inbox."""
        self._closing.set()

    async def run(self) -> None:
        """Handle what the last process left, one by one; then what comes, until closed or cancelled."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            await self._recover()
            self._recovered = True
            for lane in list(self._lanes):
                self._start(lane)
            await self._closing.wait()

    def _start(self, lane: str) -> None:
        if self._group is not None and self._recovered:
            self._group.create_task(self._work(lane))

    async def _work(self, name: str) -> None:
        lane = self._lanes[name]
        while not self._closing.is_set() and await self._has_next(name, lane):
            await self._handle(lane.queue.popleft())
            self._waiting -= 1
            if self._waiting < ROOM:
                self._room.set()
        del self._lanes[name]

    async def _has_next(self, name: str, lane: Lane) -> bool:
        """Whether anything waits; what was left in the inbox is fetched once nothing before it does."""

        async def look() -> None:
            before = lane.left
            async with self._database.read() as tx:
                found = await store.open_in_lane(tx, self._bot.id, name, LANE_ROOM)
            # Those left meanwhile may be among the found, or not: they are looked for again, and each ends only once.
            lane.left += (len(found) == LANE_ROOM) - before
            self._queue(lane, *found)

        if not lane.queue and lane.left:
            await self._patiently(look)
        return bool(lane.queue)

    async def _recover(self) -> None:
        left: list[Incoming] = []

        async def look() -> None:
            async with self._database.read() as tx:
                left[:] = await store.open_updates(tx, self._bot.id)

        await self._patiently(look)
        for incoming in left:
            if not self._is_known(incoming) and not self._closing.is_set():
                await self._recover_one(incoming)

    def _is_known(self, incoming: Incoming) -> bool:
        """The poller is at work already: what it has just brought is queued, or stands behind what is."""
        lane = self._lanes.get(incoming.lane)
        if lane is None or not lane.queue:
            return False
        queued = (each.update_id for each in lane.queue)
        return incoming.update_id in queued or (lane.left > 0 and incoming.update_id > lane.queue[0].update_id)

    async def _recover_one(self, left: Incoming) -> None:
        spent = left.attempts >= DEATHS
        if not spent:
            await self._write(lambda tx: store.count_attempt(tx, self._bot.id, left.update_id))
        await self._handle(left, spent=spent)

    async def _handle(self, incoming: Incoming, *, spent: bool = False) -> None:
        """Bring one update to its end. `spent`: processes died with it, so it is not tried again."""
        if not incoming.raw:
            await self._pass_by(incoming)
            return
        try:
            update = self._parse(incoming)
        except (ValueError, OverflowError, TypeError) as error:
            await self._set_aside(incoming, f"not an update: {type(error).__name__}")
            return
        scene = Scene(received_at=incoming.received_at)
        for attempt in range(1, 1 if spent else TRIES + 1):
            if self._closing.is_set() and attempt > 1:
                return
            if await self._try(update, scene, attempt):
                return
        await self._give_up(incoming, update, scene.t, "processes died with it" if spent else "its handler failed")

    async def _pass_by(self, incoming: Incoming) -> None:
        log.info("update_passed_by", update_id=incoming.update_id, reason="what it says was forgotten")
        await self._write(lambda tx: store.end_update(tx, self._bot.id, incoming.update_id))

    def _parse(self, incoming: Incoming) -> Update:
        return Update.model_validate(json.loads(incoming.raw), context={"bot": self._bot})

    async def _try(self, update: Update, scene: Scene, attempt: int) -> bool:
        """One try; False when the handler failed."""
        try:
            await self._patiently(lambda: self._once(update, scene))
        except StorageError:
            raise
        except Exception:
            log.exception("handler_failed", update_id=update.update_id, attempt=attempt)
            self._counts["handler_failures"] += 1
            return False
        return True

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work`, all or nothing. A storage that will not take it now is waited for, and no try is counted."""
        while True:
            try:
                await work()
                return
            except StorageNotNow as error:
                log.warning("updates_wait_for_storage", reason=str(error))
                if await self._nap(STORAGE_REST):
                    return  # the next process finds the update in the inbox

    async def _once(self, update: Update, scene: Scene) -> None:
        async def handled(tx: Transaction) -> Any:
            return await self._dispatcher.feed_update(self._bot, update, tx=tx, scene=scene)

        try:
            await self._with_errands(lambda: self._commit(update, handled))
        except UserError as error:
            t = scene.t or self._texts.negotiate()
            await self._say(update, t, error)
            self._counts[f"refusals:{error.text}"] += 1

    async def _with_errands(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` anew each time that it must know something first, which is asked while nothing is open."""
        for _ in range(ERRANDS):
            try:
                return await work()
            except Errand as errand:
                await errand.run()
        return await work()

    async def _say(self, update: Update, t: Translator, error: UserError) -> None:
        """Say what cannot be done: one notice, then silence, however fast somebody asks; to channels nothing."""
        post = update.channel_post
        if post:
            log.info("post_left_as_it_is", chat_id=post.chat.id, reason=error.text)

        async def sentence(tx: Transaction) -> Any:
            if post:
                return await unheard.letter(tx, self._texts, post, error)
            text = t(error.text, **error.values)
            if (said := reply(update, text, t, alert=not error.mild)) is None or update.message is None:
                return said
            alone = update.message.chat.type == ChatType.PRIVATE
            window = int(update.message.date.timestamp()) // (ALONE_SECONDS if alone else NOTICE_SECONDS)
            whom = asker(update)
            return Outgoing(said, once=f"{error.text}:{update.message.chat.id}:{whom}:{window}", whisper_to=whom)

        await self._commit(update, sentence)

    async def _commit(self, update: Update, answer: Callable[[Transaction], Awaitable[Any]]) -> None:
        """End the update and keep what its answer wants said, or change nothing at all."""
        async with self._database.write() as tx:
            if not await store.end_update(tx, self._bot.id, update.update_id):
                return
            kept, lossy = sort(await answer(tx))
            for outgoing in kept:
                await self._outbox.add(tx, about(update, whispered(update, outgoing)))
        if moved := migration(update):
            self._outbox.moved(*moved)
        self._outbox.ring()
        self._on_commit()
        for method in lossy:
            self._spawn(self._send_lossy(method))

    async def _give_up(self, incoming: Incoming, update: Update, t: Translator | None, reason: str) -> None:
        """Set an update aside for good and say one sentence about it, with an id to find the reason in the log."""
        error_id = secrets.token_hex(4)
        t = t or self._texts.negotiate()
        kept, lossy = sort(reply(update, t("gate-trouble", id=error_id), t))
        said = [about(update, whispered(update, replace(each, whisper_to=asker(update)))) for each in kept]
        await self._set_aside(incoming, reason, *said, error_id=error_id)
        for method in lossy:
            self._spawn(self._send_lossy(method))

    async def _set_aside(self, incoming: Incoming, reason: str, *said: Outgoing, **details: str) -> None:
        async def change(tx: Transaction) -> None:
            await store.set_aside(tx, self._bot.id, incoming.update_id)
            for outgoing in said:
                await self._outbox.add(tx, outgoing)

        log.error("update_set_aside", update_id=incoming.update_id, reason=reason, **details)
        self._counts["updates_set_aside"] += 1
        await self._write(change)
        self._outbox.ring()

    async def _write(self, change: Change) -> None:
        async def whole() -> None:
            async with self._database.write() as tx:
                await change(tx)

        await self._patiently(whole)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None:
            work.close()
        else:
            self._group.create_task(work)

    async def _send_lossy(self, method: TelegramMethod[Any]) -> None:
        name, params = to_wire(method)
        try:
            await self._api.call(name, timeout=LOSSY_TIMEOUT, **params)
        except CallError as error:
            # An answer to a press that is older than the press lives is of no use to anybody.
            log.debug("lossy_call_failed", method=name, reason=str(error))
            self._counts["lossy_calls_failed"] += 1

    async def _nap(self, seconds: float) -> bool:
        """Wait; True as soon as the process is about to end."""
        try:
            async with asyncio.timeout(seconds):
                return await self._closing.wait()
        except TimeoutError:
            return False
