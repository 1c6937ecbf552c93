"""The disk fails, fills up or is held by somebody else: nothing is lost or charged wrongly, and it passes by itself."""

import asyncio
import os
import random
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EIO, ENOSPC
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from bot.imagine import shelf
from bot.sandbox.people import Talk
from bot.storage import replace, sqlite
from bot.storage.connection import Connection
from tests.house import House
from tests.waiting import until

WISHES = int(os.environ.get("DISK_WISHES", "20"))
LOCKS = int(os.environ.get("LOCKS", "3"))
LOCK_SECONDS = float(os.environ.get("LOCK_SECONDS", "1"))
# By itself, and within so many seconds.
RECOVERY = 10.0

HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


class Disk:
    """Our file layer, of which one write in each so many fails, by chance which."""

    def __init__(self, chances: random.Random, in_each: int) -> None:
        self.chances = chances
        self.failed = 0
        # Pictures are written in threads: the next turn is taken in one step.
        self._turns = cycle(chances.sample([True] + [False] * (in_each - 1), in_each))

    def _fails(self) -> bool:
        return next(self._turns)

    def try_it(self) -> None:
        """Raise as a disk does, now and then."""
        if self._fails():
            self.failed += 1
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = self.chances.choice((sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC))
            raise error

    def try_file(self) -> None:
        """The same for a picture."""
        if self._fails():
            self.failed += 1
            raise OSError(self.chances.choice((EIO, ENOSPC)), "the disk failed")


@contextmanager
def failing(disk: Disk) -> Iterator[None]:
    """Every commit and every picture that is put on the shelf may fail: SQLite writes and syncs in a commit only."""

    commit = Connection.commit

    async def commit_or_fail(connection: Connection) -> None:
        disk.try_it()
        await commit(connection)

    put_away = shelf._put_away

    def put_away_or_fail(source: Path, target: Path, key: bytes) -> None:
        disk.try_file()
        put_away(source, target, key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "commit", commit_or_fail)
        patch.setattr(shelf, "_put_away", put_away_or_fail)
        yield


async def test_one_write_in_twenty_fails_and_nothing_is_lost_or_charged_wrongly(running: House) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")
    talks = [running.sandbox.person(f"Person{number}").private(running.bot) for number in range(WISHES)]
    disk = Disk(random.Random(seed), in_each=10)  # one write and one sync in twenty
    with failing(disk):
        for talk in talks:
            await talk.say("/imagine a fox")
        await asyncio.gather(*(talk.until(lambda talk: talk.answers, timeout=60) for talk in talks))
    await running.quiet()
    assert disk.failed


async def test_a_disk_that_takes_nothing_at_all_is_waited_for(chat: Talk, running: House) -> None:
    disk = Disk(random.Random(1), in_each=1)

    async def tried_often() -> bool:
        return disk.failed >= 3

    with failing(disk):
        for number in range(3):
            await chat.say(f"/imagine fox {number}")
        await until(tried_often, "the disk is tried")
        assert not chat.answers
    await chat.until(lambda chat: sum(1 for message in chat.answers if message.picture) == 3, timeout=RECOVERY)


async def shown(chat: Talk, count: int) -> bool:
    """Whether so many pictures are there."""
    return sum(1 for message in chat.answers if message.picture) == count


async def hold(file: Path) -> Process:
    """Another program that keeps the database to itself."""
    line = (sys.executable, "-c", HOLD, str(file))
    process = await asyncio.create_subprocess_exec(*line, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"held\n"
    return process


async def test_nobody_hears_of_a_database_that_somebody_else_holds(
    house: House, anna: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", min(sqlite.BUSY_SECONDS, LOCK_SECONDS / 5))
    await house.start()
    chat: Talk = anna.private(house.bot)
    await chat.say("/start")
    await chat.until(lambda chat: chat.answers)
    for number in range(LOCKS):
        other = await hold(house.data_dir / replace.FILE)
        await chat.say(f"/imagine fox {number}")
        await asyncio.wait((asyncio.get_running_loop().create_future(),), timeout=LOCK_SECONDS)
        other.kill()
        await other.communicate()
        await until(partial(shown, chat, number + 1), "the picture comes", RECOVERY)
    assert not any("locked" in message.text for message in chat.answers)
    assert "database is locked" not in house.log.getvalue()
    assert "handler_failed" not in house.log.getvalue()
