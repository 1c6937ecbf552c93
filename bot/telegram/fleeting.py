"""Takes away after a while what was to be a whisper in a group and had to be said aloud."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiogram.methods import DeleteMessage

from bot.jobs import store as jobs
from bot.jobs.runner import Lease
from bot.outgoing import Outgoing
from bot.storage.database import Database, Transaction

TAKE_AWAY = "take-away"
# Seconds for which it stays.
STAYS = 120


async def let_fade(tx: Transaction, chat_id: int, result: Mapping[str, Any], now: int) -> None:
    """Remember to take a message away, unless it is seen by one person only: those have no number of their own."""
    if number := result.get("message_id"):
        await jobs.add(tx, TAKE_AWAY, f"{chat_id}:{number}", f"{TAKE_AWAY}:{chat_id}", now + STAYS)


async def let_stay(tx: Transaction, chat_id: int, message_id: int, now: int) -> None:
    """It is in use: if it is to be taken away at all, its time begins anew."""
    if await jobs.cancel(tx, TAKE_AWAY, f"{chat_id}:{message_id}"):
        await let_fade(tx, chat_id, {"message_id": message_id}, now)


class TakingAway:
    """The handler of `take-away` jobs; their subject is `chat:message`."""

    def __init__(self, database: Database, add: Callable[[Transaction, Outgoing], Awaitable[None]]) -> None:
        """`add` puts a call into the outbox."""
        self._database = database
        self._add = add

    async def __call__(self, lease: Lease) -> None:
        """Take one message away."""
        chat_id, message_id = map(int, lease.job.subject.split(":"))
        async with self._database.write() as tx:
            if await lease.done(tx):
                await self._add(tx, Outgoing(DeleteMessage(chat_id=chat_id, message_id=message_id)))
