"""Pictures arrive and the answer that says so does not: nobody sees one twice, and nobody goes without."""

import asyncio
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from aiogram.methods import SendMessage

from bot.http import Spool
from bot.images import GeneratedImage
from bot.imagine.asking import Asking
from bot.imagine.drawing import EXPIRE, GENERATE, Drawing, Expiry
from bot.imagine.inspection import Inspection
from bot.imagine.rules import Place, Wish
from bot.imagine.service import Imagine
from bot.imagine.shelf import Shelf
from bot.imagine.signs import Signs
from bot.imagine.turns import Turns
from bot.jobs.runner import Runner
from bot.outgoing import Outgoing
from bot.providers import Providers
from bot.providers.spending import Budget
from bot.quota.service import Ledger
from bot.telegram.api import CallError, CallNotSent, CallUnknown
from bot.telegram.cards import Cards
from bot.telegram.chats import Chats
from bot.telegram.delivery import TelegramDelivery
from bot.telegram.files import TelegramFiles
from bot.telegram.outbox import Outbox
from bot.texts import Texts
from bot.users import store as users
from tests.features.workshop import FREE, Painter
from tests.telegram.inmind import InMind, no_storage_chat
from tests.virtual import InlineDatabase, LoopClock, run

LOST = int(os.environ.get("LOST", "500"))
PEOPLE = range(1, 41)
PICTURES = frozenset({"editMessageMedia", "sendPhoto", "sendDocument"})
WAITING = "SELECT 1 AS one FROM outbox WHERE method <> '' UNION ALL SELECT 1 FROM jobs WHERE kind = 'generate'"


class AsItIs(Inspection):
    """Looks at nothing: these pictures are our own."""

    async def inspect(self, picture: GeneratedImage) -> GeneratedImage:
        return picture

    async def decode(self, picture: GeneratedImage) -> None:
        return


class Studio:
    """Wishes, a service that draws at once, and a Telegram that takes pictures and keeps its answers to itself."""

    def __init__(self, data_dir: Path, seed: int) -> None:
        self.clock = LoopClock()
        self.chances = random.Random(seed)
        self.database = InlineDatabase(data_dir)
        self.api = InMind(self.clock, self.chances, before=self.before, after=self.after)
        self.lost = 0
        self.asked: list[tuple[int, str]] = []
        self.spool = data_dir / "spool"
        self.spool.mkdir(exist_ok=True)
        self.shelf = Shelf(data_dir / "shelf", Spool(self.spool))
        self.providers = Providers([Painter("free", [FREE], self.spool, repeatable=True)], self.clock)
        self.ledger = Ledger(1_000_000, ZoneInfo("UTC"), self.clock)
        self.imagine = Imagine(self.providers, self.ledger, self.shelf, self.clock, default_model=FREE.key)

    def before(self, api: InMind, method: str, chat_id: int) -> CallError | None:
        if method not in PICTURES or not self.troubled:
            return None
        chance = self.chances.random()
        if chance < 0.05:  # somebody tidies up
            api.chats[chat_id] = {key: shown for key, shown in api.chats[chat_id].items() if "photo" in shown}
        return CallUnknown("reset") if 0.05 <= chance < 0.2 else CallNotSent("down") if 0.2 <= chance < 0.25 else None

    def after(self, _: InMind, method: str, __: int) -> CallError | None:
        if method in PICTURES and self.troubled and self.chances.random() < 0.6:
            self.lost += 1
            return CallUnknown("reset")
        return None

    @property
    def troubled(self) -> bool:
        return self.lost < LOST

    async def ask(self) -> None:
        """Somebody wants one more picture."""
        who, prompt = self.chances.choice(PEOPLE), f"fox {len(self.asked)}"
        self.asked.append((who, prompt))
        outbox = Outbox(self.database, self.api, Chats(self.database, self.clock), self.clock, Counter())
        async with self.database.write() as tx:
            person = await users.get(tx, who) or await users.meet(tx, who, "en", self.clock.now())
            [made] = await self.imagine.submit(tx, person, Place(who, None, 7), Wish(prompt), prompt)
            note = SendMessage(chat_id=who, text="in a moment")
            await outbox.add(tx, Outgoing(note, note_of=made.generation_id))

    async def live(self, seconds: float | None) -> None:
        """One process, for so long or until everything is done; its end is sudden."""
        chats = Chats(self.database, self.clock)
        outbox = Outbox(self.database, self.api, chats, self.clock, Counter())
        cards = Cards(self.database, self.imagine, self.ledger, Texts.load(strict=True))
        edge = (self.database, self.api, outbox, chats, cards)
        delivery = TelegramDelivery(*edge, AsItIs().decode, self.clock, no_storage_chat())
        drawing = Drawing(self.database, self.asking(), self.ledger, self.shelf, delivery, self.clock)
        expiry = Expiry(self.database, self.ledger, self.shelf, delivery, self.clock)
        runner = Runner(self.database, {GENERATE: drawing, EXPIRE: expiry}, self.clock, 8, awaited={GENERATE})
        tasks = [asyncio.get_running_loop().create_task(each) for each in (outbox.run(), runner.run())]
        if seconds is not None:
            await asyncio.wait(tasks, timeout=seconds)
        while seconds is None and await self.database.rows(WAITING):
            await asyncio.wait(tasks, timeout=1.0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert [task.cancelled() for task in tasks] == [True, True]

    def asking(self) -> Asking:
        return Asking(
            self.database,
            self.providers,
            Turns(self.providers, ()),
            budget=Budget(self.database, self.ledger.today),
            shelf=self.shelf,
            inspection=AsItIs(),
            sources=cast("TelegramFiles", None),  # nobody sends pictures here
            signs=Signs(),
            clock=self.clock,
            job_timeout=180.0,
        )

    def shown(self) -> Counter[tuple[int, str]]:
        """How often each wish is seen."""
        return Counter(
            (who, message["caption"].partition("\n")[0]) for who in PEOPLE for message in self.api.pictures(who)
        )

    async def press_show(self) -> int:
        """Everybody whose picture never came presses the button that says so; how many they are."""
        unsure = await self.database.rows("SELECT * FROM generations WHERE status = 'ready' AND fenced = 1")
        missing = [row for row in unsure if not self.shown()[row["chat_id"], row["prompt"]]]
        async with self.database.write() as tx:
            for row in missing:
                assert await self.imagine.show(tx, row["generation_id"], row["user_id"])
        return len(missing)

    async def states(self) -> dict[str, Any]:
        """By prompt, where each wish has come to."""
        rows = await self.database.rows("SELECT prompt, status, fenced FROM generations")
        return {row["prompt"]: (row["status"], row["fenced"]) for row in rows}


def test_a_picture_whose_arrival_was_not_confirmed_comes_once(data_dir: Path) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")

    async def story() -> Studio:
        studio = Studio(data_dir, seed)
        while studio.troubled:
            for _ in range(studio.chances.randint(0, 20)):
                await studio.ask()
            await studio.live(studio.chances.uniform(0, 120))
        await studio.live(None)
        assert max(studio.shown().values()) == 1
        await studio.press_show()
        await studio.live(None)
        await check(studio)
        await studio.database.close()
        return studio

    assert run(story()).lost >= LOST


async def check(studio: Studio) -> None:
    """Everybody has each picture once, and pays for those that were brought for sure."""
    assert studio.shown() == Counter(dict.fromkeys(studio.asked, 1))
    states = await studio.states()
    unsure = [prompt for prompt, state in states.items() if state == ("ready", 1)]
    assert Counter(status for status, _ in states.values()) == Counter(
        {"delivered": len(states) - len(unsure), "ready": len(unsure)}
    )
    [paid] = await studio.database.rows("SELECT count(*) AS n FROM entries WHERE kind = 'settle'")
    assert paid["n"] == len(states) - len(unsure)
    async with studio.database.read() as tx:
        assert await studio.ledger.audit(tx) == []
