"""A database that has grown old: a million generations, and what is asked of it all day."""

import itertools
import os
import random
import secrets
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.report import Figure
from bot.history import service as history
from bot.imagine import store as generations
from bot.imagine.rules import Place, Wish
from bot.ops.backup import Backups
from bot.ops.health import Health
from bot.ops.metrics import Metrics
from bot.storage import open_database
from bot.storage.database import Database
from bot.storage.replace import FILE
from bot.storage.vault import Vault
from tests.features.workshop import Workshop
from tests.vaults import vault_in

PEOPLE = 10_000
HEAVY = 1  # whoever has a twentieth of all pictures
NOW = 1_800_000_000
DAY = 86_400
TOPIC = "a red fox in deep snow under northern lights, oil on canvas, by an old lighthouse in the evening"
WORDS = TOPIC.split()
COMMAND = "make bench ARGS=million"

Row = tuple[Any, ...]


async def million() -> list[Figure]:
    """So many as GENERATIONS says, a million by default."""
    count = int(os.environ.get("GENERATIONS", "1000000"))
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        await (await open_database("sqlite", data_dir, vault_in(data_dir))).close()
        await _fill(data_dir, count)
        size = (data_dir / FILE).stat().st_size / count
        begun = time.perf_counter()
        database = await open_database("sqlite", data_dir, vault_in(data_dir))
        opened = time.perf_counter() - begun
        try:
            timed = await _measure(database, data_dir)
        finally:
            await database.close()
    name = f"{count:,} generations stored"
    fitted: list[tuple[str, str, str, bool]] = [
        (what, f"p50 {p50:.2f} ms, p95 {p95:.2f} ms", f"≤ {goal:g} ms", p50 <= goal) for what, p50, p95, goal in timed
    ]
    return [
        Figure(f"{name}: size of the database", f"{size:.0f} bytes each", "≤ 1,024 bytes", size <= 1024, COMMAND),
        Figure(f"{name}: opening with its check", f"{opened:.2f} s", "≤ 5 s", opened <= 5, COMMAND),
        *(Figure(f"{name}: {what}", measured, goal, fit, COMMAND) for what, measured, goal, fit in fitted),
    ]


class _OldBot:
    """What is asked of a database that has grown old."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self.shop = Workshop(database, data_dir)
        self.shop.clock.seconds = float(NOW + DAY)
        self.shop.ledger.daily_credits = 20
        self.database = database
        self.metrics = Metrics(database, Health(self.shop.clock), {})
        self._backups = Backups(data_dir, self.shop.clock)
        self._numbers = itertools.count()
        self._deepest = ""

    async def accept(self) -> None:
        number = next(self._numbers)
        async with self.database.write() as tx:
            person = await self.shop.person_in(tx, 2 + number % (PEOPLE - 2))
            await self.shop.imagine.submit(tx, person, Place(person.user_id, None, 7), Wish("a fox"), f"new:{number}")

    async def page(self) -> None:
        async with self.database.read() as tx:
            found = await history.newest(tx, HEAVY)
        assert found
        self._deepest = found.pictures[-1].generation_id

    async def older(self) -> None:
        async with self.database.read() as tx:
            found = await history.older_than(tx, HEAVY, self._deepest)
        assert found
        self._deepest = found.pictures[-1].generation_id

    async def places(self) -> None:
        async with self.database.read() as tx:
            assert await self.shop.imagine.places(tx)

    async def typical(self) -> None:
        async with self.database.read() as tx:
            assert await self.shop.imagine.typical(tx, "paid/one")

    async def notes(self) -> None:
        async with self.database.read() as tx:
            await generations.open_notes(tx)

    async def credits_left(self) -> None:
        async with self.database.write() as tx:
            await self.shop.ledger.balance(tx, HEAVY)

    async def audit(self, everybody: bool) -> None:
        async with self.database.read() as tx:
            assert await self.shop.ledger.audit(tx, everybody=everybody) == []

    async def backup(self) -> None:
        await self._backups.make()
        self.shop.clock.advance(1)


async def _measure(database: Database, data_dir: Path) -> list[tuple[str, float, float, float]]:
    """What, its median and 95th percentile in ms, and the goal."""
    bot = _OldBot(database, data_dir)
    done: list[tuple[str, Callable[[], Awaitable[Any]], int, float]] = [
        ("accepting one", bot.accept, 500, 5),
        ("a /history page", bot.page, 200, 10),
        ("the next older page, again and again", bot.older, 500, 10),
        ("places in a queue of 500", bot.places, 50, 10),
        ("the typical time of a model", bot.typical, 200, 10),
        ("the notes of all unfinished", bot.notes, 50, 10),
        ("/me", bot.credits_left, 200, 10),
        ("the audit of each minute, which rests 19 times as long", lambda: bot.audit(everybody=False), 5, 10_000),
        ("the audit of all books, once an hour", lambda: bot.audit(everybody=True), 1, 60_000),
        ("the page for Prometheus", bot.metrics.text, 3, 1_000),
        ("a checked backup", bot.backup, 1, 60_000),
    ]
    return [(what, *await _timed(work, times), goal) for what, work, times, goal in done]


async def _timed(work: Callable[[], Awaitable[Any]], times: int) -> tuple[float, float]:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        await work()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took), sorted(took)[int(len(took) * 0.95)]


async def _fill(data_dir: Path, count: int) -> None:
    """As the bot would have left it, words and ids of files sealed."""
    vault = vault_in(data_dir)
    chances = random.Random(1)
    people = [HEAVY if chances.random() < 0.05 else chances.randrange(2, PEOPLE) for _ in range(count)]
    with closing(sqlite3.connect(data_dir / FILE)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        ids = [secrets.token_urlsafe(9) for _ in people]
        insert = f"INSERT INTO generations ({', '.join(COLUMNS)}) VALUES ({_marks(COLUMNS)})"
        async for row in _rows(vault, people, ids, chances):
            connection.execute(insert, row)
        connection.executemany(f"INSERT INTO entries VALUES ({_marks('7' * 7)})", _entries(people, ids))
        connection.execute(
            "INSERT INTO users (user_id, created_at) SELECT DISTINCT user_id, 0 FROM generations WHERE user_id > 0"
        )
        connection.execute(BALANCES)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await vault.close()


COLUMNS = (
    "generation_id", "request_key", "user_id", "chat_id", "message_id", "note_id", "model", "prompt", "ratio", "seed",
    "price", "status", "created_at", "started_at", "ended_at", "draw_ms", "shown_as", "file_id", "width", "height",
)  # fmt: skip
BALANCES = """
INSERT INTO balances
SELECT user_id, MAX(day), SUM(daily * CASE kind WHEN 'grant' THEN 1 WHEN 'settle' THEN 0 ELSE -1 END), 0, 0
FROM entries GROUP BY user_id
"""


async def _rows(vault: Vault, people: list[int], ids: list[str], chances: random.Random) -> AsyncIterator[Row]:
    for number, (user_id, generation_id) in enumerate(zip(people, ids, strict=True)):
        at = _at(number, len(people))
        chat = 5_000_000_000 + user_id
        words = await vault.seal(user_id, " ".join(chances.sample(WORDS, 12)))
        # A file id of Telegram has about 80 characters.
        file_id = await vault.seal(user_id, f"AgACAgIAAxkDAAIB{chances.getrandbits(256):064x}")
        seen = ("photo", file_id, 1024, 1024)
        told = ("paid/one", words, "1:1", chances.getrandbits(31), 1, "delivered", at, at + 1, at + 9, 8000)
        yield (generation_id, f"msg:{chat}:{number}:0", user_id, chat, number, number + 1, *told, *seen)


def _entries(people: list[int], ids: list[str]) -> Iterator[Row]:
    """Held and spent; each fifth picture of a person begins another day, with its gift and what is left of it."""
    drawn, all_of = Counter[int](), Counter(people)
    for number, (user_id, generation_id) in enumerate(zip(people, ids, strict=True)):
        at = _at(number, len(people))
        days_ago = (all_of[user_id] - 1) // 5 - drawn[user_id] // 5 + user_id % 4
        day = time.strftime("%Y-%m-%d", time.gmtime(NOW - days_ago * DAY))
        if drawn[user_id] % 5 == 0:
            left = 20 - min(5, all_of[user_id] - drawn[user_id])
            yield (f"daily:{user_id}:{day}", "grant", user_id, day, 20, 0, at)
            yield (f"daily:{user_id}:{day}", "revoke", user_id, day, left, 0, at)
        drawn[user_id] += 1
        yield (generation_id, "hold", user_id, day, 1, 0, at)
        yield (generation_id, "settle", user_id, day, 1, 0, at + 9)


def _at(number: int, count: int) -> int:
    """Over the last year."""
    return NOW - 365 * DAY + 365 * DAY * number // count


def _marks(columns: Any) -> str:
    return ", ".join("?" for _ in columns)
