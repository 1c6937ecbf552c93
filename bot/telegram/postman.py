"""Carries the operator's letters to people, behind everything else that is said."""

import asyncio

from aiogram import Dispatcher

from bot.broadcast import handlers, views
from bot.broadcast.counting import Counting
from bot.broadcast.rules import A_SECOND, Broadcast, Fate, Later, Letter, Outcome, Unmet
from bot.broadcast.service import Broadcasts, Mailing
from bot.broadcast.store import BROADCAST
from bot.clock import Clock
from bot.outgoing import Outgoing
from bot.storage.database import Database, Transaction
from bot.telegram.api import Api, CallError, CallNotSent, CallPaused, CallRefused, CallUnknown
from bot.telegram.chats import Chats
from bot.telegram.limits import Rate
from bot.telegram.outbox import Outbox
from bot.telegram.pace import Bucket
from bot.telegram.verdicts import LONGEST_REST, is_closed
from bot.telegram.wire import to_wire
from bot.texts import Texts, Translator
from bot.users import store as users

__all__ = ["BROADCAST", "Postman", "enlist"]

# How Telegram says that somebody never spoke to the bot in private.
UNMET = ("bot can't initiate conversation", "chat not found", "peer_id_invalid")

# Two letters never leave together: what is left of Telegram's limits is there for pictures at any moment.
LETTERS = Rate(A_SECOND, 1, burst=1)


class Postman:
    """The `Post` of broadcasts."""

    def __init__(self, api: Api, outbox: Outbox, chats: Chats, texts: Texts, clock: Clock) -> None:
        self._api = api
        self._outbox = outbox
        self._chats = chats
        self._texts = texts
        self._clock = clock
        self._pace = Bucket(LETTERS)

    async def room(self, user_id: int) -> bool:
        """Wait for the turn of a letter; whether then one more call keeps nobody waiting."""
        await asyncio.sleep(self._pace.take(self._clock.monotonic()))
        return self._chats.pace.chance(user_id, edit=False)

    async def send(self, user_id: int, letter: Letter, t: Translator) -> Fate:
        """One letter to one person. A call of which nothing comes back is not made again."""
        method, params = to_wire(views.letter(letter, user_id, t))
        async with self._chats.turn(user_id):
            if left := self._chats.pause_left(user_id):
                return Later(left, all=False)
            try:
                await self._api.call(method, **params)
            except CallPaused as pause:
                await self._chats.pause(user_id, pause.seconds)
                return Later(max(pause.seconds, self._chats.pause_left(user_id)))
            except CallError as error:
                return _fate(error)
        return Outcome.DELIVERED

    async def tell(self, tx: Transaction, broadcast: Broadcast) -> None:
        """Put the panel of its admin, as it is to look now, into the outbox."""
        person = await users.get(tx, broadcast.admin_id)
        if person is None or not broadcast.panel_id:
            return
        t = self._texts.negotiate(person.language, person.client_language)
        await self._outbox.add(tx, Outgoing(views.panel(broadcast, views.progress(t, broadcast))))


def enlist(
    dispatcher: Dispatcher,
    database: Database,
    api: Api,
    outbox: Outbox,
    chats: Chats,
    texts: Texts,
    clock: Clock,
    *,
    everybody: bool,
) -> Mailing:
    """Let admins write to people, and people say that they want no more; the handler of the jobs."""
    dispatcher["broadcasts"] = broadcasts = Broadcasts(texts, everybody=everybody)
    dispatcher.include_router(handlers.router())
    counting = Counting(database, broadcasts, texts, clock, outbox.add, outbox.ring)
    return Mailing(database, Postman(api, outbox, chats, texts, clock), texts, clock, counting, everybody=everybody)


def _fate(error: CallError) -> Fate:
    """What a call without a result means for the one to whom it was made."""
    if isinstance(error, CallNotSent):
        return Later(0)
    if isinstance(error, CallUnknown):
        return Outcome.UNKNOWN
    if isinstance(error, CallRefused) and error.code == 401:
        return Later(LONGEST_REST)  # whoever asks for updates sees it too, and stops the bot
    if isinstance(error, CallRefused) and error.says(*UNMET):
        return Unmet()
    if isinstance(error, CallRefused) and is_closed(error):
        return Outcome.BLOCKED
    return Outcome.FAILED
