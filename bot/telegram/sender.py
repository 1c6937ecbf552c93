"""Carries one row of the outbox to its end: sent, given up, or to be tried again later."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiogram.methods import DeleteMessage, SendMessage

from bot.broadcast import store as broadcasts
from bot.clock import Clock
from bot.imagine import shelf
from bot.imagine import store as generations
from bot.outgoing import Outgoing
from bot.posts import store as posts
from bot.storage.database import Database, Transaction
from bot.storage.patience import patiently
from bot.telegram import store
from bot.telegram.api import Api, CallError
from bot.telegram.chats import Chats
from bot.telegram.fleeting import let_fade
from bot.telegram.store import Row
from bot.telegram.verdicts import (
    WHISPER,
    Again,
    Anew,
    Closed,
    Done,
    Drop,
    Moved,
    Once,
    Paused,
    Sent,
    Verdict,
    Without,
    anew,
    is_edit,
    is_inline,
    is_removal,
    judge,
    repeatable,
    without,
)
from bot.telegram.wire import attach, holds_file
from bot.users import store as users

log = structlog.get_logger(__name__)

Change = Callable[[Transaction], Awaitable[object]]
Call = tuple[str, dict[str, Any]]


class Sender:
    """Makes calls. `nap` waits for so many seconds; it is True when the process is about to end."""

    def __init__(
        self,
        database: Database,
        api: Api,
        chats: Chats,
        clock: Clock,
        counts: Counter[str],
        nap: Callable[[float], Awaitable[bool]],
    ) -> None:
        self._database = database
        self._api = api
        self._chats = chats
        self._clock = clock
        self._counts = counts
        self._nap = nap
        # Of the first row of each chat that has failed so far: no other is tried before it has ended.
        self._failures: Counter[int] = Counter()

    async def send(self, row: Row) -> float:
        """Try one row. Gives the seconds after which the chat may be served again; 0 when the row has ended."""
        async with self._chats.turn(row.chat_id):
            if left := self._chats.pause_left(row.chat_id):
                return left
            verdict = await self._try(row)
            return await self._apply(row, verdict)

    async def drop(self, row: Row, reason: str, instead: str | None = None) -> None:
        """Give a row up, and say something `instead`. Its text is not logged."""
        log.warning("message_dropped", method=row.method, chat_id=row.chat_id, reason=reason[:200])
        self._counts["messages_dropped"] += 1
        await self._commit(lambda tx: self._give_up(tx, row, instead))

    async def _give_up(self, tx: Transaction, row: Row, instead: str | None) -> None:
        now = self._clock.now()
        await store.remove(tx, row, now)
        if instead:
            where = {name: row.params[name] for name in ("message_thread_id", "reply_parameters") if name in row.params}
            await store.add(tx, Outgoing(SendMessage(chat_id=row.chat_id, text=instead, **where)), now)

    async def _try(self, row: Row) -> Verdict:
        if row.lost:
            return Drop("what it says was forgotten")
        if not repeatable(row.method):
            if row.attempts:
                return Drop("begun before a crash, and never sent twice")
            await self._commit(lambda tx: store.mark_attempt(tx, row))
        if (call := await self._aim(row)) is None:
            return Done()
        if not is_removal(call[0]):
            await self._chats.pace.turn(row.chat_id, edit=is_edit(call[0]))
        return await self._insist(row, call)

    async def _insist(self, row: Row, call: Call) -> Verdict:
        """Call; where Telegram minds a detail that can be given up, call again without it."""
        while True:
            verdict = await self._call(row, *call)
            if isinstance(verdict, Without):
                call = call[0], without(call[1], verdict.param)
            elif isinstance(verdict, Anew):
                call = await self._as_new(row, call[1])
            else:
                return verdict

    async def _call(self, row: Row, method: str, params: Mapping[str, Any]) -> Verdict:
        try:
            result = await self._post(row, method, params)
        except CallError as error:
            return judge(method, params, error, self._failures[row.chat_id] + 1, row.attempts)
        except FileNotFoundError as error:
            return Drop(f"the file to send is gone: {type(error).__name__}", row.instead)
        await self._commit(lambda tx: self._sent(tx, row, result))
        self._counts["messages_sent"] += 1
        return Sent()

    async def _post(self, row: Row, method: str, params: Mapping[str, Any]) -> Any:
        plain, files = attach(params, await self._key(row, params))
        if files:
            return await self._api.upload(method, plain, files)
        return await self._api.call(method, **plain)

    async def _key(self, row: Row, params: Mapping[str, Any]) -> bytes | None:
        """That of a picture from the shelf. It is not kept in the outbox."""
        if not (row.note_of and holds_file(params)):
            return None
        async with self._database.read() as tx:
            return await shelf.key_of(tx, row.note_of)

    async def _sent(self, tx: Transaction, row: Row, result: Any) -> None:
        await store.remove(tx, row, self._clock.now())
        if row.note_of and isinstance(result, dict):
            await _learn(tx, row, result)
        if row.once and row.once.startswith(f"{posts.QUESTION}:") and isinstance(result, dict):
            await self._asked(tx, row, row.once.split(":")[1], result["message_id"])
        if WHISPER in row.params and isinstance(result, dict):
            await let_fade(tx, row.chat_id, result, self._clock.now())

    async def _asked(self, tx: Transaction, row: Row, post_id: str, message_id: int) -> None:
        """A question about a draft is there; where nobody waits for an answer any more it goes again."""
        if not await posts.set_question(tx, post_id, message_id):
            gone = Outgoing(DeleteMessage(chat_id=row.chat_id, message_id=message_id))
            await store.add(tx, gone, self._clock.now())

    async def _aim(self, row: Row) -> Call | None:
        """An edit of a note is aimed when it goes out: only now is it sure which message the note is.

        None: what it would show is gone, such as the draft of a broadcast in whose place there is another.
        """
        if not (row.note_of and is_edit(row.method)) or is_inline(row.params):
            return row.method, row.params
        async with self._database.read() as tx:
            generation = await generations.get(tx, row.note_of)
            note_id = generation.note_id or 0 if generation else await broadcasts.panel(tx, row.note_of)
        if note_id is None:
            return None
        if note_id:
            return row.method, {**row.params, "message_id": note_id}
        return await self._as_new(row, row.params)

    async def _as_new(self, row: Row, params: Mapping[str, Any]) -> Call:
        if not row.note_of:
            return "sendMessage", anew(params, None, None)
        async with self._database.read() as tx:
            generation = await generations.get(tx, row.note_of)
        if generation is None:
            return "sendMessage", anew(params, None, None)
        return "sendMessage", anew(params, generation.thread_id, generation.message_id)

    async def _apply(self, row: Row, verdict: Verdict) -> float:
        if isinstance(verdict, (Again, Once, Paused)):
            return await self._postpone(row, verdict)
        self._failures.pop(row.chat_id, None)
        if isinstance(verdict, Drop):
            await self.drop(row, verdict.reason, verdict.instead)
        elif isinstance(verdict, Closed):
            await self.close_chat(row.chat_id, verdict.reason)
        elif isinstance(verdict, Moved):
            await self.move_chat(row.chat_id, verdict.chat_id)
        elif isinstance(verdict, Done):
            await self._commit(lambda tx: store.remove(tx, row, self._clock.now()))
        return 0.0

    async def _postpone(self, row: Row, verdict: Again | Once | Paused) -> float:
        self._failures[row.chat_id] += 1
        if isinstance(verdict, Once):
            await self._commit(lambda tx: store.mark_attempt(tx, row))
        elif not repeatable(row.method):
            await self._commit(lambda tx: store.unmark_attempt(tx, row))
        if isinstance(verdict, Paused):
            self._counts["pauses"] += 1
            await self._chats.pause(row.chat_id, verdict.seconds)
        return verdict.seconds

    async def close_chat(self, chat_id: int, reason: str) -> None:
        """Nothing reaches this chat: forget what waits for it, and remember it of a person."""
        log.info("chat_closed", chat_id=chat_id, reason=reason[:200])
        self._failures.pop(chat_id, None)
        self._counts["chats_closed"] += 1
        await self._commit(lambda tx: _close(tx, chat_id))

    async def move_chat(self, before: int, after: int) -> None:
        """A group became a supergroup."""
        log.info("chat_moved", before=before, after=after)
        self._failures.pop(before, None)
        await self._commit(lambda tx: store.move_chat(tx, before, after, self._clock.now()))

    async def _commit(self, change: Change) -> None:
        """Write down what has happened, or what is about to."""
        await patiently(self._database, change, self._nap)


async def _learn(tx: Transaction, row: Row, result: Mapping[str, Any]) -> None:
    if document := result.get("document"):
        await generations.set_original(tx, str(row.note_of), document["file_id"])
    elif "text" in result:
        await generations.set_note(tx, str(row.note_of), result["message_id"])
        await broadcasts.set_panel(tx, str(row.note_of), result["message_id"])


async def _close(tx: Transaction, chat_id: int) -> None:
    await store.drop_chat(tx, chat_id)
    if chat_id > 0:
        await users.set_gone(tx, chat_id, True)
