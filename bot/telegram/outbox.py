"""Makes the calls that handlers wished for: in order per chat, at Telegram's pace, until there is a clear answer."""

import asyncio
from collections import Counter

import structlog

from bot.clock import Clock
from bot.errors import StorageError
from bot.outgoing import Outgoing
from bot.storage.database import Database, Transaction
from bot.telegram import store
from bot.telegram.api import Api
from bot.telegram.chats import Chats
from bot.telegram.sender import Sender
from bot.telegram.store import Row

log = structlog.get_logger(__name__)

# Seconds until a row is looked for whose commit nobody announced, and between two looks when there is none.
SOON = 0.02
LOOK = 5.0
PRUNE_EVERY = 300.0


class Outbox:
    """One chain of calls for each chat that has any, none otherwise."""

    def __init__(self, database: Database, api: Api, chats: Chats, clock: Clock, counts: Counter[str]) -> None:
        self._database = database
        self._clock = clock
        self._chats = chats
        self._sender = Sender(database, api, chats, clock, counts, self._nap)
        self._bell = asyncio.Event()
        self._closing = asyncio.Event()
        self._chains: set[int] = set()
        self._again: set[int] = set()
        self._watched: dict[str, asyncio.Event] = {}
        self._gap = LOOK
        self._newest = 0
        self._look_through_at = 0.0
        self._prune_at = 0.0

    async def add(self, tx: Transaction, outgoing: Outgoing) -> None:
        """Put a call into the outbox, within the transaction of what it is about.

        Whoever can ring after the commit; for others it is looked at soon, and then less and less often.
        Raises TypeError for what cannot be kept.
        """
        await store.add(tx, outgoing, self._clock.now())
        self._gap = SOON
        asyncio.get_running_loop().call_later(SOON, self._bell.set)
        if outgoing.hold:
            asyncio.get_running_loop().call_later(outgoing.hold + SOON, self._look_through)

    def ring(self) -> None:
        """Something was added and committed."""
        self._bell.set()

    def close(self) -> None:
        """Finish the calls that are under way and begin no other; `run` then ends."""
        self._closing.set()
        self._bell.set()
        self._tell()

    async def run(self) -> None:
        """Serve all chats until closed or cancelled."""
        await self._chats.load()
        async with asyncio.TaskGroup() as group:
            while not self._closing.is_set():
                self._bell.clear()
                await self._look(group)
                await self._listen()

    async def close_chat(self, chat_id: int, reason: str) -> None:
        """Nothing reaches this chat: forget what waits for it."""
        await self._sender.close_chat(chat_id, reason)
        self._tell()

    async def move_chat(self, before: int, after: int) -> None:
        """A group became a supergroup: everything that waits for it moves along."""
        await self._sender.move_chat(before, after)
        self.moved(before, after)

    def moved(self, before: int, after: int) -> None:
        """The same, where it is written down already."""
        self._chats.move(before, after)
        self._look_through()

    async def until_sent(self, generation_id: str, patience: float) -> bool:
        """Wait until nothing about this note is left to be sent.

        False when it takes longer than `patience` seconds, or the process is about to end.
        """
        event = self._watched.setdefault(generation_id, asyncio.Event())
        try:
            async with asyncio.timeout(patience):
                while await self._is_waited_for(generation_id):
                    if self._closing.is_set():
                        return False
                    await event.wait()
                    event.clear()
        except TimeoutError:
            return False
        finally:
            self._watched.pop(generation_id, None)
        return True

    def _look_through(self) -> None:
        self._look_through_at = 0.0
        self.ring()

    async def ahead(self, chat_id: int, generation_id: str) -> int:
        """How many calls to this chat go out before all about this note has, its own included."""
        async with self._database.read() as tx:
            return await store.ahead(tx, chat_id, generation_id)

    async def _is_waited_for(self, generation_id: str) -> bool:
        async with self._database.read() as tx:
            return await store.waits_for_note(tx, generation_id)

    async def _look(self, group: asyncio.TaskGroup) -> None:
        try:
            await self._prune()
            chats = await self._waiting()
        except StorageError as error:
            log.warning("outbox_waits_for_storage", reason=str(error))
            return
        for chat_id in chats:
            if chat_id in self._chains:
                self._again.add(chat_id)
            else:
                self._chains.add(chat_id)
                group.create_task(self._serve(chat_id))

    async def _waiting(self) -> list[int]:
        """Chats for which something new waits; now and then all, because rows can move to other chats.

        To look through a few thousand that wait for their turns would cost more than to serve them. Where others
        write, too, the newest row is not always the last to be committed.
        """
        now = self._clock.monotonic()
        thorough = now >= self._look_through_at or not self._database.sole
        async with self._database.read() as tx:
            chats, self._newest = await store.chats(tx, 0 if thorough else self._newest, self._clock.now())
        if thorough:
            self._look_through_at = now + LOOK
        return chats

    async def _listen(self) -> None:
        gap, self._gap = self._gap, min(2 * self._gap, LOOK)
        try:
            async with asyncio.timeout(gap):
                await self._bell.wait()
        except TimeoutError:
            pass  # look anyway

    async def _nap(self, seconds: float) -> bool:
        """Wait; True as soon as the process is about to end."""
        try:
            async with asyncio.timeout(seconds):
                return await self._closing.wait()
        except TimeoutError:
            return False

    async def _serve(self, chat_id: int) -> None:
        """Send what waits for one chat. What is added meanwhile is seen in `_again`, so that nothing is left lying."""
        try:
            while not self._closing.is_set():
                self._again.discard(chat_id)
                if await self._serve_next(chat_id):
                    continue
                if chat_id not in self._again:
                    return
        finally:
            self._chains.discard(chat_id)

    async def _serve_next(self, chat_id: int) -> bool:
        """Try the next row of a chat; False when there is none."""
        try:
            async with self._database.read() as tx:
                row = await store.next_row(tx, chat_id, self._clock.now())
        except StorageError as error:
            log.warning("outbox_waits_for_storage", reason=str(error))
            await self._nap(1.0)
            return True
        if row is None:
            return False
        await self._end(row)
        return True

    async def _end(self, row: Row) -> None:
        try:
            wait = await self._sender.send(row)
        except StorageError as error:
            log.warning("outbox_waits_for_storage", reason=str(error))
            wait = 1.0
        except Exception:
            # A fault of ours must not close the chat for ever.
            log.exception("outbox_row_broken", method=row.method)
            await self._sender.drop(row, "a fault of ours")
            wait = 0.0
        if wait:
            await self._nap(wait)
        else:
            self._tell()

    def _tell(self) -> None:
        # Closed and moved chats end many rows at once, so all who wait look again: there are few.
        for event in self._watched.values():
            event.set()

    async def _prune(self) -> None:
        now = self._clock.monotonic()
        if now >= self._prune_at:
            async with self._database.write() as tx:
                more = await store.prune(tx, self._clock.now())
            self._prune_at = now if more else now + PRUNE_EVERY
