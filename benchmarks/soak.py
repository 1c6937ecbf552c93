"""An hour of ordinary days: does the process grow?"""

import asyncio
import itertools
import os
import random
import re
import socket
import statistics
import time
from dataclasses import dataclass, field

import aiohttp
import psutil

from benchmarks.report import Figure
from benchmarks.stage import Stage, open_stage
from bot.sandbox.people import Talk
from bot.storage.replace import FILE
from bot.storage.sqlite import CACHE, READERS

MB = 1_000_000
RATE = 20  # updates a second
PEOPLE = 300
LOOK_EVERY = 5.0  # seconds
# What people do, and how often: few enough messages that Telegram's 25 a second are no limit here.
DOINGS = {"/imagine a fox": 15, "/me": 25, "/history": 20, "/settings": 15, "edit": 25}


@dataclass
class Looks:
    """What was seen of the process, one entry for each look; times in seconds, sizes in bytes."""

    at: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    log: list[int] = field(default_factory=list)
    database: list[int] = field(default_factory=list)

    def warm(self) -> slice:
        """The looks after the first quarter, in which pages of the database and aiogram's models fill their caches."""
        return slice(len(self.at) // 4, None)

    def slope(self) -> float:
        """Growth of memory after the warm-up, in MB an hour: the straight line that fits all looks best."""
        hours = [at / 3600 for at in self.at[self.warm()]]
        return statistics.linear_regression(hours, [size / MB for size in self.memory[self.warm()]]).slope

    def quarters(self) -> list[float]:
        """Memory at the end of each quarter, in MB: what fills up once levels off, what leaks does not."""
        ends = [len(self.at) * quarter // 4 for quarter in (1, 2, 3, 4)]
        return [statistics.median(self.memory[max(0, end - 20) : end]) / MB for end in ends]

    def span(self, name: str) -> str:
        """The least and the most of one row after the warm-up."""
        found = getattr(self, name)[self.warm()]
        return f"{min(found)} to {max(found)}"


async def soak() -> list[Figure]:
    """So many minutes as SOAK_MINUTES says, an hour by default."""
    minutes = float(os.environ.get("SOAK_MINUTES", "60"))
    looks = Looks()
    async with open_stage() as stage:
        port = _free_port()
        async with stage.running(HTTP_PORT=str(port)) as bot, asyncio.TaskGroup() as group:
            watch = group.create_task(_watch(stage, bot, f"http://127.0.0.1:{port}/metrics", looks))
            said = await _live(stage.talks(PEOPLE), minutes * 60)
            await stage.until(lambda: not stage.count("SELECT COUNT(*) FROM jobs"), patience=300)
            watch.cancel()
        drawn = stage.count("SELECT COUNT(*) FROM generations WHERE status = 'delivered'")
    where = f"{minutes:g} minutes at {said / minutes / 60:.1f} updates/s, {drawn} pictures: "
    return _figures(looks, where, f"make bench ARGS=soak SOAK_MINUTES={minutes:g}")


def _figures(looks: Looks, where: str, command: str) -> list[Figure]:
    quarters = " → ".join(f"{size:.1f}" for size in looks.quarters())
    slope, log, grown = looks.slope(), max(looks.log) / MB, (looks.database[-1] - looks.database[0]) / MB
    cached = (READERS + 1) * CACHE * 1024 / MB
    files, tasks = looks.files[looks.warm()], looks.tasks[looks.warm()]
    return [
        Figure(
            f"{where}memory after a warm-up of a quarter of the time",
            f"{slope:+.2f} MB/h (at the end of each quarter {quarters} MB; the database grew by {grown:.1f} MB,"
            f" of which SQLite keeps {cached:.1f} MB in memory at most)",
            "< 1 MB/h",
            slope < 1,
            command,
        ),
        Figure(
            f"{where}open files and tasks",
            f"{looks.span('files')} files, {looks.span('tasks')} tasks",
            "flat",
            statistics.median(files[-20:]) <= statistics.median(files[:20]) + 5
            and statistics.median(tasks[-20:]) <= statistics.median(tasks[:20]) + 10,
            command,
        ),
        Figure(f"{where}write-ahead log", f"{log:.1f} MB at most", "< 64 MiB", log * MB < 64 * 1024**2, command),
    ]


async def _live(talks: list[Talk], seconds: float) -> int:
    """People do what they do; how many updates it were."""
    chances = random.Random(1)
    last: dict[Talk, int] = {}
    begun = time.monotonic()
    for number in itertools.count():
        at = begun + number / RATE
        if at >= begun + seconds:
            return number
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        talk = chances.choice(talks)
        [doing] = chances.choices(list(DOINGS), list(DOINGS.values()))
        if doing == "edit" and talk in last:
            await talk.edit(last[talk], f"/imagine a fox number {number}")
        else:
            last[talk] = await talk.say("/me" if doing == "edit" else doing)
    raise AssertionError("unreachable")


async def _watch(stage: Stage, bot: psutil.Process, metrics: str, looks: Looks) -> None:
    begun = time.monotonic()
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(metrics) as answer:
                page = await answer.text()
            found = re.search(r"^imagine_tasks (\d+)", page, re.MULTILINE)
            assert found
            wal = stage.data_dir / "imagine.sqlite3-wal"
            looks.at.append(time.monotonic() - begun)
            looks.memory.append(bot.memory_info().rss)
            looks.files.append(bot.num_fds())
            looks.tasks.append(int(found[1]))
            looks.log.append(wal.stat().st_size if wal.exists() else 0)
            looks.database.append((stage.data_dir / FILE).stat().st_size)
            await asyncio.sleep(LOOK_EVERY)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
