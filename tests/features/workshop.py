"""Everything between a wish and its picture, without Telegram: a real database and ledger, and what is fake shows it.

Jobs are worked by hand, one claim at a time, so that a test can stop between any two steps.
"""

import asyncio
import struct
import zlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.errors import Cause, Refused
from bot.http import Spool, finished
from bot.images import GeneratedImage, ImageModel, ImageRequest
from bot.imagine import store
from bot.imagine.asking import Asking
from bot.imagine.drawing import EXPIRE, GENERATE, Drawing, Expiry, Shown
from bot.imagine.inspection import Inspection
from bot.imagine.orders import TAKE_BACK, TakingBack
from bot.imagine.rules import UNFINISHED, Generation, Place, Status, Wish
from bot.imagine.service import Imagine
from bot.imagine.shelf import Shelf
from bot.imagine.signs import Signs
from bot.imagine.turns import Turns
from bot.jobs import store as jobs
from bot.jobs.runner import LEASE_SECONDS, Handler, Lease, LeaseLost
from bot.posts.service import barred
from bot.providers import Provider, Providers, ProviderSettings, Ticket
from bot.providers.spending import Budget
from bot.quota.service import Ledger
from bot.storage.database import Database, Transaction
from bot.users import store as users
from bot.users.rules import Person
from tests.generations import ANNA
from tests.sandbox.clock import HandClock

CREDITS = 10

PAID = ImageModel("paid/one", "One", prompt_limit=500)
PLAIN = ImageModel("paid/plain", "Plain", prompt_limit=500)
FREE = ImageModel("free/two", "Two", seed=True, negative=True, prompt_limit=500)
DEAR = ImageModel("free/dear", "Dear", price=4, seed=True)


class Killed(BaseException):
    """The process ended here."""


def png(width: int, height: int) -> bytes:
    """A white picture, as small as a picture can be."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Painter(Provider):
    """Draws at once, unless the next of its `outcomes` is something else."""

    title = "Painter"

    def __init__(self, key: str, models: Sequence[ImageModel], spool: Path, *, repeatable: bool) -> None:
        self.key = key
        self.repeatable = repeatable
        self.shipped = models  # type: ignore[misc]  # each of these is its own service
        self.requests: list[ImageRequest] = []
        self.outcomes: deque[BaseException | Callable[[Ticket], Any]] = deque()
        self.taken_back: list[str] = []
        self.refusals: deque[Exception] = deque()
        """What is said to the next attempts to take an order back."""
        self._spool = spool
        super().__init__(None, ProviderSettings())  # type: ignore[arg-type]  # it asks nobody

    async def generate(self, request: ImageRequest, ticket: Ticket) -> list[GeneratedImage]:
        self.requests.append(request)
        outcome = self.outcomes.popleft() if self.outcomes else None
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome and (result := await outcome(ticket)) is not None:
            return list(result)
        return [self.picture()]

    async def take_back(self, remote_id: str) -> None:
        self.taken_back.append(remote_id)
        if self.refusals:
            raise self.refusals.popleft()

    def picture(self, content: bytes | None = None) -> GeneratedImage:
        path = self._spool / f"{len(list(self._spool.iterdir()))}-{len(self.requests)}"
        path.write_bytes(content or png(8, 6))
        return finished(path)


@dataclass
class Chat:
    """Where pictures arrive: a `Delivery` that takes everything, unless the next of its `outcomes` is an error."""

    shown: list[str] = field(default_factory=list)
    told: list[tuple[str, Status]] = field(default_factory=list)
    outcomes: deque[BaseException] = field(default_factory=deque)
    kind: str = "photo"
    on_show: Callable[[], None] = lambda: None

    async def show(self, generation: Generation, picture: GeneratedImage) -> Shown:
        outcome = self.outcomes.popleft() if self.outcomes else None
        self.on_show()
        if outcome:
            raise outcome
        assert picture.path.exists()
        self.shown.append(generation.generation_id)
        return Shown(f"file-{generation.generation_id}", self.kind, 1000 + len(self.shown))

    async def tell(self, tx: Transaction, generation: Generation) -> None:
        self.told.append((generation.generation_id, generation.status))


class Album:
    """The pictures at Telegram that people want changed, by file id. What is not here is gone."""

    def __init__(self, spool: Path) -> None:
        self.pictures: dict[str, bytes] = {}
        self._spool = spool

    async def fetch(self, file_id: str) -> Path:
        if file_id not in self.pictures:
            raise Refused(Cause.SOURCE_GONE)
        path = self._spool / f"source-{file_id}"
        path.write_bytes(self.pictures[file_id])
        return path


class Workshop:
    """The house around a wish. `paid` is a service that bills each call, `free` one that bills none."""

    def __init__(self, database: Database, directory: Path) -> None:
        self.spool = spool = directory / "spool"
        spool.mkdir(exist_ok=True)
        self.database = database
        self.clock = HandClock()
        self.paid = Painter("paid", [PAID], spool, repeatable=False)
        self.free = Painter("free", [FREE, DEAR], spool, repeatable=True)
        self.providers = Providers([self.paid, self.free], self.clock)
        self.ledger = Ledger(CREDITS, ZoneInfo("UTC"), self.clock)
        self.shelf = Shelf(directory / "shelf", Spool(spool))
        self.chat = Chat()
        self.sources = Album(spool)
        self.imagine = Imagine(
            self.providers, self.ledger, self.shelf, self.clock, default_model=PAID.key, most_waiting=1000
        )
        self.inspection = Inspection()
        self.asking_in_turn()
        self.expiry = Expiry(database, self.ledger, self.shelf, self.chat, self.clock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.inspection.__aexit__(*_)

    def staff(self, providers: Sequence[Provider]) -> None:
        """Let these services draw from now on."""
        self.providers = Providers(providers, self.clock)
        self.imagine = Imagine(self.providers, self.ledger, self.shelf, self.clock, default_model="")
        self.asking_in_turn()

    def asking_in_turn(self, *fallbacks: str, job_timeout: float = 5.0) -> None:
        """Let these models or services draw when the wished one cannot."""
        asking = Asking(
            self.database,
            self.providers,
            Turns(self.providers, fallbacks),
            budget=Budget(self.database, self.ledger.today),
            shelf=self.shelf,
            inspection=self.inspection,
            sources=self.sources,
            signs=Signs(),
            clock=self.clock,
            job_timeout=job_timeout,
            barred=barred,
        )
        self.drawing = Drawing(self.database, asking, self.ledger, self.shelf, self.chat, self.clock)

    async def person(self, user_id: int = ANNA) -> Person:
        async with self.database.write() as tx:
            return await self.person_in(tx, user_id)

    async def person_in(self, tx: Transaction, user_id: int = ANNA) -> Person:
        return await users.get(tx, user_id) or await users.meet(tx, user_id, "en", self.clock.now())

    async def ask(self, wish: Wish | None = None, key: str = "msg:1:1", user_id: int = ANNA) -> list[Generation]:
        """Anna, unless another, wishes for a fox, unless something else."""
        person = await self.person(user_id)
        async with self.database.write() as tx:
            return await self.imagine.submit(tx, person, Place(user_id, None, 7), wish or Wish("a fox"), key)

    async def ask_one(self, wish: Wish | None = None, key: str = "msg:1:1") -> str:
        return (await self.ask(wish, key))[0].generation_id

    async def work(self) -> bool:
        """Do one job that is due, as the runner would; False when none is."""
        lease = await self.claim()
        if lease is None:
            return False
        try:
            await self.run(lease)
        except LeaseLost:
            return True
        assert lease.ended, "the handler left its job as it was"
        return True

    async def claim(self) -> Lease | None:
        now = self.clock.now()
        async with self.database.write() as tx:
            claimed = await jobs.claim(tx, now, now + LEASE_SECONDS, 1)
        return Lease(self.database, claimed[0]) if claimed else None

    async def run(self, lease: Lease) -> None:
        taking_back = TakingBack(self.database, self.providers, self.clock)
        handlers: Mapping[str, Handler] = {GENERATE: self.drawing, EXPIRE: self.expiry, TAKE_BACK: taking_back}
        await handlers[lease.job.kind](lease)

    async def die(self) -> None:
        """Work one job in a process that is killed on the way, and start the next process."""
        lease = await self.claim()
        assert lease is not None
        try:
            await self.run(lease)
        except Killed:
            await self.restart()
            return
        raise AssertionError("nobody was killed")

    async def restart(self) -> None:
        """Begin the next process: no job is held by anybody."""
        async with self.database.write() as tx:
            await jobs.free_all(tx)

    async def work_until_done(self, patience: int = 24 * 3600) -> None:
        """Work, and turn the clock to the next due time, until nothing is left or nothing is due for a day."""
        limit = self.clock.now() + patience
        while True:
            while await self.work():
                pass
            async with self.database.read() as tx:
                [row] = await tx.fetch("SELECT MIN(due_at) AS due FROM jobs WHERE leased_until IS NULL", {})
            due = row["due"]
            if due is None or due > limit:
                return
            self.clock.advance(max(0, due - self.clock.now()))

    async def get(self, generation_id: str) -> Generation:
        async with self.database.read() as tx:
            return await self.get_in(tx, generation_id)

    async def get_in(self, tx: Transaction, generation_id: str) -> Generation:
        found = await store.get(tx, generation_id)
        assert found is not None
        return found

    async def status(self, generation_id: str) -> Status:
        return (await self.get(generation_id)).status

    async def left(self, user_id: int = ANNA) -> int:
        """Credits that can be spent."""
        async with self.database.write() as tx:
            balance = await self.ledger.balance(tx, user_id)
        return balance.daily + balance.kept

    async def held(self, user_id: int = ANNA) -> int:
        async with self.database.write() as tx:
            return (await self.ledger.balance(tx, user_id)).held

    async def mistakes(self) -> list[str]:
        """What must be true at any moment, and is not."""
        async with self.database.write() as tx:
            found = await self.ledger.audit(tx)
            rows = await tx.fetch("SELECT generation_id, status FROM generations WHERE price > 0", {})
            entries = await tx.fetch("SELECT source, kind FROM entries WHERE kind IN ('settle', 'release')", {})
            subjects = {row["subject"] for row in await tx.fetch("SELECT subject FROM jobs", {})}
        ends = {entry["source"]: entry["kind"] for entry in entries}
        for row in rows:
            generation_id, status = row["generation_id"], Status(row["status"])
            paid = "settle" if status is Status.DELIVERED else None if status in UNFINISHED else "release"
            if ends.get(generation_id) != paid:
                found.append(f"{generation_id} is {status} and ended by {ends.get(generation_id)}")
            if (status in UNFINISHED) != (generation_id in subjects):
                found.append(f"{generation_id} is {status} and has {'a' if generation_id in subjects else 'no'} job")
            if (self.chat.shown.count(generation_id) == 1) != (status is Status.DELIVERED):
                found.append(f"{generation_id} is {status}, shown {self.chat.shown.count(generation_id)} times")
        return found


async def never(_: Ticket) -> None:
    """A service that does not answer."""
    await asyncio.Event().wait()


__all__ = ["Chat", "Killed", "Painter", "Workshop", "never", "png"]
