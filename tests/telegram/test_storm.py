"""A storm of 429 in virtual time: nobody is called before the time that Telegram named, and nothing is lost."""

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

from aiogram.methods import SendMessage

from bot.outgoing import Outgoing
from bot.telegram.api import CallError, CallPaused
from bot.telegram.chats import Chats
from bot.telegram.outbox import Outbox
from tests.telegram.inmind import InMind
from tests.virtual import InlineDatabase, LoopClock, run

PAUSES = int(os.environ.get("PAUSES", "1000"))
STORMY = range(1, 41)
CALM = range(101, 111)
ROUNDS = 5


def seed() -> int:
    """Of this run; a failure is repeated by setting it."""
    found = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={found}")
    return found


class Storm:
    """An outbox over several lives, and forty chats of fifty in which Telegram asks for patience again and again."""

    def __init__(self, data_dir: Path, chances: random.Random, pauses: int) -> None:
        self.clock = LoopClock()
        self.chances = chances
        self.left = pauses
        self.database = InlineDatabase(data_dir)
        self.api = InMind(self.clock, chances, before=self.answer)

    def answer(self, _: InMind, __: str, chat_id: int) -> CallError | None:
        if chat_id in STORMY and self.left and self.chances.random() < 0.9:
            self.left -= 1
            return CallPaused(self.chances.choice((1, 2, 3, 5, 30, 90, 600)))
        return None

    async def live(self, seconds: float | None) -> None:
        """One process, for so long or until everything is sent."""
        chats = Chats(self.database, self.clock)
        outbox = Outbox(self.database, self.api, chats, self.clock, Counter())
        task = asyncio.get_running_loop().create_task(outbox.run())
        if seconds is not None:
            await asyncio.wait((task,), timeout=seconds)
        while seconds is None and await self.database.rows("SELECT 1 AS one FROM outbox WHERE method <> ''"):
            await asyncio.wait((task,), timeout=1.0)
        task.cancel()
        await asyncio.wait((task,))
        assert task.cancelled(), task.exception()

    async def say(self, number: int) -> None:
        """One more message to everybody."""
        writing = Outbox(self.database, self.api, Chats(self.database, self.clock), self.clock, Counter())
        async with self.database.write() as tx:
            for chat_id in (*STORMY, *CALM):
                await writing.add(tx, Outgoing(SendMessage(chat_id=chat_id, text=str(number))))


def test_no_pause_is_cut_short_by_a_restart_and_no_message_is_lost(data_dir: Path) -> None:
    async def story() -> Storm:
        storm = Storm(data_dir, random.Random(seed()), PAUSES)
        for number in range(ROUNDS):
            await storm.say(number)
        while storm.left:
            await storm.live(storm.chances.uniform(0, 900))
        await storm.live(None)
        await storm.database.close()
        return storm

    storm = run(story())
    refused = [made for made in storm.api.made if made.error]
    assert len(refused) == PAUSES
    assert storm.api.early == []
    wanted = [str(number) for number in range(ROUNDS)]
    assert {chat_id: storm.api.texts(chat_id) for chat_id in (*STORMY, *CALM)} == dict.fromkeys(
        (*STORMY, *CALM), wanted
    )


def test_chats_that_were_not_asked_to_wait_do_not_wait(data_dir: Path) -> None:
    async def story() -> Storm:
        storm = Storm(data_dir, random.Random(seed()), PAUSES // 4)
        for number in range(ROUNDS):
            await storm.say(number)
        await storm.live(None)
        await storm.database.close()
        return storm

    storm = run(story())
    # 250 messages at 25 a second: whoever may speak has spoken after that, though others wait for hours.
    last = {chat_id: max(made.at for made in storm.api.made if made.chat_id == chat_id) for chat_id in CALM}
    assert max(last.values()) <= 2 * len((*STORMY, *CALM)) * ROUNDS / 25
    assert storm.api.early == []
