"""Single bits of the database file turn over: nobody is ever shown a wrong balance without somebody being told."""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import StorageDamaged, StorageError
from bot.quota.rules import Balance
from bot.quota.service import Ledger, NotEnoughCredits
from bot.storage import open_database
from bot.storage.backup import check
from bot.storage.database import Database
from bot.storage.replace import FILE
from tests.sandbox.clock import HandClock
from tests.vaults import vault_in

FLIPS = int(os.environ.get("FLIPS", "100"))
PEOPLE = range(101, 121)
DAY = 86_400
TABLES = ("balances", "entries", "users", "generations", "jobs", "inbox", "outbox", "wishes", "shelf", "spending")


@dataclass
class Books:
    """A database with a history of three days, and what each person is told today and tomorrow."""

    folder: Path
    clock: HandClock
    ledger: Ledger

    async def write(self, chances: random.Random) -> None:
        database = await open_database("sqlite", self.folder, vault_in(self.folder))
        for _ in range(3):
            for user_id in PEOPLE:
                await self.spend(database, user_id, chances)
            self.clock.advance(DAY)
        await database.close()

    async def spend(self, database: Database, user_id: int, chances: random.Random) -> None:
        for number in range(chances.randint(0, 4)):
            picture = f"{user_id}-{self.clock.now()}-{number}"
            async with database.write() as tx:
                if chances.random() < 0.3:
                    await self.ledger.grant(tx, user_id, chances.randint(1, 50), f"gift:{picture}")
                await self.ledger.hold(tx, user_id, picture, chances.randint(1, 3))
                if chances.random() < 0.8:
                    end = chances.choice((self.ledger.settle, self.ledger.release))
                    await end(tx, picture)

    async def told(self, database: Database) -> list[Balance]:
        """What people see today and would see tomorrow. Nothing of it is kept."""
        found: list[Balance] = []
        try:
            async with database.write() as tx:
                for _ in range(2):
                    found += [await self.ledger.balance(tx, user_id) for user_id in PEOPLE]
                    self.clock.advance(DAY)
                raise Undone
        except Undone:
            self.clock.advance(-2 * DAY)
        return found


class Undone(Exception):
    """Ends a transaction that only wanted to look."""


async def content(database: Database) -> list[str]:
    """Every word in it."""
    async with database.read() as tx:
        return [str([dict(row) for row in await tx.fetch(f"SELECT * FROM {table}", {})]) for table in TABLES]


async def fate(books: Books, healthy: list[Balance], words: list[str]) -> str:
    """What becomes of a damaged file: who notices it, or what nobody noticed."""
    try:
        database = await open_database("sqlite", books.folder, vault_in(books.folder))
    except StorageError:
        return "noticed at the start"
    try:
        async with database.read() as tx:
            if await books.ledger.audit(tx):
                return "noticed by the audit"
        async with database.write() as tx:  # as the bot does beside each audit
            if await books.ledger.end_early_days(tx):
                return "a day that is not there yet is ended"
        if await books.told(database) != healthy:
            return await by_the_backup(books)
        return "harmless" if await content(database) == words else "other words, the books are right"
    except (StorageError, ValueError, NotEnoughCredits):
        return "noticed when it was read"
    finally:
        await database.close()


async def by_the_backup(books: Books) -> str:
    """An index that does not fit its table misses rows; the copy of each hour is checked whole, and admins are told."""
    try:
        await check(books.folder / FILE)
    except StorageDamaged:
        return "noticed by the backup of the hour"
    return "a wrong balance"


Spot = Callable[[bytes, random.Random], int]


def anywhere(file: bytes, chances: random.Random) -> int:
    return chances.randrange(len(file))


def in_the_books(file: bytes, chances: random.Random) -> int:
    """A byte of a page that holds balances or entries."""
    pages = [at for at in range(0, len(file), 4096) if b"daily:1" in file[at : at + 4096] or at in BOOKS]
    return chances.choice(pages) + chances.randrange(4096)


BOOKS: set[int] = set()


@pytest.mark.parametrize("spot", [anywhere, in_the_books])
async def test_no_bit_that_turns_over_changes_a_balance_in_silence(data_dir: Path, tmp_path: Path, spot: Spot) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")
    chances = random.Random(seed)
    clock = HandClock()
    books = Books(data_dir, clock, Ledger(10, ZoneInfo("UTC"), clock))
    await books.write(chances)
    BOOKS.update(await pages_of(data_dir, "balances", "entries"))
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    healthy, words = await books.told(database), await content(database)
    await database.close()
    file = (data_dir / FILE).read_bytes()
    books.folder = tmp_path / "damaged"
    shutil.copytree(data_dir, books.folder)
    fates: Counter[str] = Counter()
    for _ in range(FLIPS):
        at, bit = spot(file, chances), 1 << chances.randrange(8)
        (books.folder / FILE).write_bytes(file[:at] + bytes([file[at] ^ bit]) + file[at + 1 :])
        fates[found := await fate(books, healthy, words)] += 1
        if found == "a wrong balance":
            print(f"byte {at}: {file[at - 30 : at]!r} [{file[at]:02x} ^ {bit:02x}] {file[at + 1 : at + 30]!r}")
    print(dict(fates))
    assert fates["a wrong balance"] == 0


async def pages_of(folder: Path, *tables: str) -> set[int]:
    """Where in the file the rows of these tables begin."""
    database = await open_database("sqlite", folder, vault_in(folder))
    async with database.read() as tx:
        names = ", ".join(f"'{table}'" for table in tables)
        rows = await tx.fetch(f"SELECT pageno FROM dbstat WHERE name IN ({names})", {})
    await database.close()
    return {(row["pageno"] - 1) * 4096 for row in rows}
