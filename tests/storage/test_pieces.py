"""A long life is forgotten in pieces: the books balance after each, a death between two loses nothing, others write."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import pytest

from bot.imagine.publishing import PUBLISH
from bot.jobs import store as jobs
from bot.jobs.runner import Lease
from bot.ops import forgetting, pieces
from bot.ops.pieces import Pieces, Progress, begin
from bot.quota.service import Ledger
from bot.storage.database import Database, Transaction
from tests.sandbox.clock import HandClock
from tests.storage.columns import NOW

ANNA, BORIS = 4_815_162_342, 5_926_273_453
PICTURES, DAYS = 2 * pieces.PICTURES + 3, 2 * pieces.DAYS + 3
DAY = 86_400
LIMIT = 20

PICTURE = """INSERT INTO generations (generation_id, request_key, user_id, chat_id, model, prompt, ratio, price, status,
  created_at, ended_at, public_id)
  VALUES (:id, :id, :user_id, 1, 'm/m', :prompt, '1:1', 1, :status, :at, :at, :public_id)"""
SHELF = """INSERT INTO shelf (generation_id, file, format, width, height, size, shelved_at)
  VALUES (:id, :id, 'png', 1, 1, 1, :at)"""


class Died(BaseException):
    """The process ended here."""


class Mortal:
    """A database after each commit of which the books are checked, and of which one commit is the last."""

    def __init__(self, database: Database, ledger: Ledger, last: int) -> None:
        self._database = database
        self._ledger = ledger
        self._left = last
        self.vault = database.vault

    def read(self) -> object:
        return self._database.read()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        async with self._database.write() as tx:
            yield tx
        async with self._database.read() as tx:
            assert await self._ledger.audit(tx) == []
        self._left -= 1
        if not self._left:
            raise Died


class Leaving:
    """Somebody with a long life who leaves, and somebody who stays."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = HandClock(NOW - DAYS * DAY)
        self.ledger = Ledger(LIMIT, ZoneInfo("UTC"), self.clock)
        self.removed: set[str] = set()

    async def live(self, chances: random.Random) -> None:
        """Credits of days and gifts are spent, some are given back, for a long time."""
        async with self.database.write() as tx:
            for number in range(DAYS):
                for who in (ANNA, BORIS):
                    await self._spend(tx, who, number, chances)
                self.clock.advance(DAY)
            for number in range(PICTURES):
                await self.draw(tx, f"g{number}", "delivered", "link" if number % 100 == 7 else None)
            await jobs.add(tx, "forget", "anna", f"forget:{ANNA}", NOW)

    async def _spend(self, tx: Transaction, who: int, number: int, chances: random.Random) -> None:
        if chances.random() < 0.3:
            await self.ledger.grant(tx, who, chances.randint(1, 40), f"gift:{who}:{number}")
        balance = await self.ledger.balance(tx, who)
        if price := chances.randint(0, balance.left):
            await self.ledger.hold(tx, who, f"paid{who}-{number}", price)
            await (self.ledger.settle if chances.random() < 0.8 else self.ledger.release)(tx, f"paid{who}-{number}")

    async def draw(self, tx: Transaction, name: str, status: str, link: str | None = None) -> None:
        """A picture of hers, on the shelf."""
        at, words = self.clock.now(), await tx.vault.seal(ANNA, "canary")
        public_id = await tx.vault.seal(ANNA, link) if link else None
        told = {"prompt": words, "status": status, "public_id": public_id}
        await tx.execute(PICTURE, {"id": name, "user_id": ANNA, "at": at, **told})
        await tx.execute(SHELF, {"id": name, "at": at})

    async def leave(self, last: int = 0) -> Progress:
        """Work like a process that dies after so many commits; 0: it does not."""
        database = Mortal(self.database, self.ledger, last)
        async with self.database.write() as tx:
            await jobs.free_all(tx)
            claimed = await jobs.claim(tx, self.clock.now(), self.clock.now() + 60, 99)
            [job] = [each for each in claimed if each.kind == "forget"]
        lease = Lease(self.database, job)
        progress = Progress.read(job.remote_id)
        if progress is None:
            async with self.database.write() as tx:
                progress = await begin(tx, self.ledger, lease, ANNA, self.clock.now())
        assert progress is not None
        parts = (self.ledger, self.clock, lease, ANNA, self._clear, self._no_copies)
        return await Pieces(database, *parts).work(progress)  # type: ignore[arg-type]  # what is used of it

    async def end(self, progress: Progress) -> None:
        """What goes at once."""
        async with self.database.write() as tx:
            before = forgetting.Before(progress.name, progress.since, progress.shared)
            files = await forgetting.forget(tx, self.ledger, ANNA, self.clock.now(), before)
            self._clear(files)
            assert await self.ledger.audit(tx) == []

    def _clear(self, files: Sequence[str]) -> None:
        self.removed.update(files)

    async def _no_copies(self) -> None:
        """There are none."""


@pytest.fixture
async def leaving(database: Database) -> Leaving:
    found = Leaving(database)
    await found.live(random.Random(7))
    return found


async def named(tx: Transaction, table: str) -> list[int]:
    rows = await tx.fetch(f"SELECT DISTINCT user_id FROM {table} WHERE user_id <> :boris", {"boris": BORIS})
    return [row["user_id"] for row in rows]


async def test_deaths_between_pieces_lose_nothing_and_the_books_balance_after_each(leaving: Leaving) -> None:
    async with leaving.database.read() as tx:
        before = await tx.fetch(
            "SELECT source, kind, day, daily, kept, at FROM entries WHERE user_id = :b", {"b": BORIS}
        )
        drawn = len(await tx.fetch("SELECT 1 AS one FROM generations", {}))
    for last in (1, 1, 2, 1, 1, 1, 1):
        with pytest.raises(Died):
            await leaving.leave(last)
    progress = await leaving.leave()
    async with leaving.database.read() as tx:
        assert await named(tx, "generations") == [progress.name]
    await leaving.end(progress)
    async with leaving.database.read() as tx:
        assert await named(tx, "entries") == await named(tx, "balances") == [progress.name]
        assert await tx.fetch("SELECT 1 AS one FROM entries WHERE source LIKE 'moved:%'", {}) == []
        assert len(await tx.fetch("SELECT 1 AS one FROM generations WHERE prompt = ''", {})) == drawn
        assert await tx.fetch("SELECT 1 AS one FROM shelf", {}) == []
        after = await tx.fetch(
            "SELECT source, kind, day, daily, kept, at FROM entries WHERE user_id = :b", {"b": BORIS}
        )
        links = await tx.fetch("SELECT subject FROM jobs WHERE kind = 'withdraw'", {})
    assert sorted(map(str, map(dict, after))) == sorted(map(str, map(dict, before)))
    assert leaving.removed == {f"g{number}" for number in range(PICTURES)}
    assert sorted(row["subject"] for row in links) == sorted(f"g{number}:link" for number in range(7, PICTURES, 100))


async def test_who_was_forgotten_by_another_name_meanwhile_is_forgotten_and_the_books_balance(
    leaving: Leaving,
) -> None:
    with pytest.raises(Died):
        await leaving.leave(last=6)
    async with leaving.database.write() as tx:
        assert await tx.fetch("SELECT 1 AS one FROM entries WHERE source LIKE 'moved:%'", {})
        await forgetting.erase(tx, leaving.ledger, ANNA, leaving.clock.now())  # as a restored copy is
    await leaving.end(await leaving.leave())
    async with leaving.database.read() as tx:
        assert max(await named(tx, "entries")) < 0
        assert await leaving.ledger.audit(tx) == []


async def test_nothing_can_be_read_after_the_first_piece(leaving: Leaving) -> None:
    with pytest.raises(Died):
        await leaving.leave(last=1)
    async with leaving.database.read() as tx:
        rows = await tx.fetch("SELECT prompt FROM generations WHERE prompt <> ''", {})
        assert rows
        assert {await tx.vault.unseal(ANNA, row["prompt"]) for row in rows} == {None}


async def test_what_is_begun_between_pieces_is_theirs_until_the_end_and_goes_with_the_rest(leaving: Leaving) -> None:
    with pytest.raises(Died):
        await leaving.leave(last=3)
    async with leaving.database.write() as tx:
        await leaving.draw(tx, "late", "queued", "late-link")
        await leaving.ledger.hold(tx, ANNA, "late", 1)
    progress = await leaving.leave()
    async with leaving.database.write() as tx:
        [row] = await tx.fetch("SELECT prompt, user_id FROM generations WHERE generation_id = 'late'", {})
        assert await tx.vault.unseal(ANNA, row["prompt"]) == "canary"
        assert row["user_id"] == ANNA
        await tx.execute("UPDATE generations SET status = 'delivered' WHERE generation_id = 'late'", {})
        await leaving.ledger.settle(tx, "late")
    await leaving.end(progress)
    async with leaving.database.read() as tx:
        assert await named(tx, "generations") == await named(tx, "entries") == [progress.name]
        assert await jobs.is_there(tx, "withdraw", "late:late-link")


async def test_what_is_being_published_between_pieces_stays_until_it_is_known_which_copy_that_is(
    leaving: Leaving,
) -> None:
    with pytest.raises(Died):
        await leaving.leave(last=1)
    async with leaving.database.write() as tx:
        await leaving.draw(tx, "shown", "delivered")
        await jobs.add(tx, PUBLISH, "shown", f"link:{ANNA}", leaving.clock.now())
    await leaving.leave()  # whose process has taken up both jobs
    async with leaving.database.read() as tx:
        assert await jobs.is_there(tx, PUBLISH, "shown")
        [row] = await tx.fetch("SELECT user_id FROM generations WHERE generation_id = 'shown'", {})
        assert row["user_id"] == ANNA
