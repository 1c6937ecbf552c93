"""A hundred wishes at once in one group, in virtual time: all arrive, in order, at Telegram's pace, in nobody's way."""

import asyncio
import random
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

from aiogram.methods import SendMessage

from bot.errors import DeliveryNotNow
from bot.http import Spool
from bot.images import GeneratedImage
from bot.imagine import store
from bot.imagine.rules import Generation, Status
from bot.imagine.service import Imagine
from bot.imagine.shelf import Shelf
from bot.outgoing import Outgoing
from bot.providers import Providers
from bot.quota.service import Ledger
from bot.telegram.api import CallError
from bot.telegram.cards import Cards
from bot.telegram.chats import Chats
from bot.telegram.delivery import TelegramDelivery
from bot.telegram.limits import GROUP_EDITS
from bot.telegram.outbox import Outbox
from bot.telegram.progress import Progress
from bot.texts import Texts
from tests.telegram.inmind import InMind, no_storage_chat
from tests.telegram.pictures import keep_generation, picture
from tests.virtual import InlineDatabase, LoopClock, run

GROUP, PEOPLE, WISHES, WORKERS = -500, range(1001, 1011), 100, 8
DRAWING = 4.0


def no_trouble(_: InMind, __: str, ___: int) -> CallError | None:
    return None


async def sound(_: GeneratedImage) -> None:
    """It decodes."""


class Rush:
    """Everybody in a group wishes at once, and so do ten people in private; eight workers draw and bring."""

    def __init__(self, data_dir: Path) -> None:
        self.clock = LoopClock()
        self.database = InlineDatabase(data_dir)
        self.api = InMind(self.clock, random.Random(7), before=no_trouble)
        self.chats = Chats(self.database, self.clock)
        self.outbox = Outbox(self.database, self.api, self.chats, self.clock, Counter())
        ledger = Ledger(20, ZoneInfo("UTC"), self.clock)
        shelf = Shelf(data_dir, Spool(data_dir))
        imagine = Imagine(Providers([], self.clock), ledger, shelf, self.clock, default_model="sketch/default")
        cards = Cards(self.database, imagine, ledger, Texts.load(strict=True))
        self.progress = Progress(self.database, self.api, self.chats, cards, self.clock)
        edge = (self.database, self.api, self.outbox, self.chats, cards)
        self.delivery = TelegramDelivery(*edge, sound, self.clock, no_storage_chat())
        self.picture = picture(data_dir)
        self.due: list[tuple[float, int, str]] = []
        self.brought: dict[str, float] = {}

    async def wish(self, number: int, chat_id: int) -> None:
        generation_id = f"g{number}"
        await keep_generation(self.database, generation_id, chat_id, Status.QUEUED, user_id=number + 1, message_id=1)
        async with self.database.write() as tx:
            note = SendMessage(chat_id=chat_id, text=generation_id)
            await self.outbox.add(tx, Outgoing(note, note_of=generation_id))
        self.due.append((0.0, number, generation_id))

    async def work(self) -> None:
        """One worker: takes what is due first, draws it, brings it, or puts it back until it is told to come."""
        while len(self.brought) < WISHES + len(PEOPLE):
            now = self.clock.now()
            ready = min((each for each in self.due if each[0] <= now), default=None)
            if ready is None:
                await self.rest()
                continue
            self.due.remove(ready)
            await self.bring(ready[1], ready[2])

    async def rest(self) -> None:
        """Until something may be due: a second, skipped like any other."""
        future = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.5, future.set_result, None)
        await future

    async def bring(self, number: int, generation_id: str) -> None:
        generation = await self.drawn(generation_id)
        try:
            shown = await self.delivery.show(generation, self.picture)
        except DeliveryNotNow as later:
            self.due.append((later.retry_at, number, generation_id))
            return
        async with self.database.write() as tx:
            await store.move(tx, generation_id, Status.READY, Status.DELIVERED, note_id=shown.message_id)
        self.brought[generation_id] = self.clock.monotonic()

    async def drawn(self, generation_id: str) -> Generation:
        generation = await self.read(generation_id)
        if generation.status is Status.QUEUED:
            await self.move(generation_id, Status.QUEUED, Status.DRAWING)
            for _ in range(int(DRAWING / 0.5)):
                await self.rest()
            await self.move(generation_id, Status.DRAWING, Status.READY)
        return await self.read(generation_id)

    async def move(self, generation_id: str, before: Status, after: Status) -> None:
        async with self.database.write() as tx:
            await store.move(tx, generation_id, before, after, started_at=self.clock.now())

    async def read(self, generation_id: str) -> Generation:
        async with self.database.read() as tx:
            generation = await store.get(tx, generation_id)
        assert generation is not None
        return generation

    async def live(self) -> None:
        loop = asyncio.get_running_loop()
        others = [loop.create_task(self.outbox.run()), loop.create_task(self.progress.run())]
        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(self.work())
        for task in others:
            task.cancel()
        await asyncio.wait(others)


def rushed(data_dir: Path) -> Rush:
    async def story() -> Rush:
        rush = Rush(data_dir)
        for number in range(WISHES):
            await rush.wish(number, GROUP)
        for number, person in enumerate(PEOPLE, WISHES):
            await rush.wish(number, person)
        await rush.live()
        await rush.database.close()
        return rush

    return run(story())


def test_a_hundred_wishes_in_a_group_all_arrive_in_order_at_its_pace_and_slow_nobody_else(data_dir: Path) -> None:
    rush = rushed(data_dir)
    shown = rush.api.messages(GROUP)
    assert len(shown) == WISHES
    assert all("photo" in message for message in shown)
    sent = [made for made in rush.api.made if made.chat_id == GROUP and made.method == "sendMessage"]
    assert [made.params["text"] for made in sent] == [f"g{number}" for number in range(WISHES)]
    edits = [made for made in rush.api.made if made.chat_id == GROUP and made.method.startswith("edit")]
    for calls in (sent, edits):
        for first in calls:
            assert sum(first.at <= made.at < first.at + 60 for made in calls) <= 20
    each = Counter(made.params["message_id"] for made in edits)
    assert max(each.values()) <= 2
    private = {
        made.chat_id: made.at for made in rush.api.made if made.method == "editMessageMedia" and made.chat_id > 0
    }
    # Behind a hundred others, eight of which are drawn at a time; whoever waits for the group waits elsewhere.
    assert len(private) == len(PEOPLE)
    assert max(private.values()) <= (WISHES + len(PEOPLE)) / WORKERS * (DRAWING + 1) + 30
    # The group is never left waiting: first eight draw at a time, and then its limit is all that counts.
    assert (
        max(rush.brought.values())
        <= WISHES / WORKERS * (DRAWING + 1) + WISHES * GROUP_EDITS.seconds / GROUP_EDITS.calls
    )
    print(f"group {max(rush.brought.values()):.0f} s, private {max(private.values()):.0f} s, {len(edits)} edits")
