"""Who is measured, each a process of its own on a core of its own."""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.load.world import World

ROOT = Path(__file__).resolve().parent.parent.parent
CORES = sorted(os.sched_getaffinity(0))
BOT_CORE, LOAD_CORE = CORES[0], CORES[-1]


@dataclass(frozen=True, slots=True)
class Contender:
    """A program that draws: how it is called in tables, and the module that is run."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()


BARE = Contender("bare relay", "benchmarks.floors.bare")
DURABLE = Contender("durable relay", "benchmarks.floors.durable")
NAIVE = Contender("naive handler", "benchmarks.floors.naive")
BOT = Contender("this bot", "benchmarks.floors.unpaced")
PACED = Contender("this bot, paced", "bot", ("run",))
ALL = (BARE, DURABLE, NAIVE, BOT)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time: of the program itself, and of the processes that it started."""

    own: float
    children: float

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(self.own - before.own, self.children - before.children)


class Running:
    """A contender at work."""

    def __init__(self, process: Process, data_dir: Path) -> None:
        self.process = psutil.Process(process.pid)
        self.data_dir = data_dir

    def spent(self) -> Spent:
        """Up to now."""
        times = self.process.cpu_times()
        alive = sum(_user_and_system(child) for child in self.process.children(recursive=True))
        return Spent(times.user + times.system, times.children_user + times.children_system + alive)

    def memory(self) -> tuple[int, int]:
        """Bytes in memory: its own, and of its children."""
        return self.process.memory_info().rss, sum(_rss(child) for child in self.process.children(recursive=True))


def _user_and_system(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _rss(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


@asynccontextmanager
async def running(contender: Contender, world: World, data_dir: Path, **settings: str) -> AsyncIterator[Running]:
    """The contender, from its first poll on."""
    polls = world.polls
    command = ("taskset", "-c", str(BOT_CORE), sys.executable, "-m", contender.module, *contender.arguments)
    environment = {**_environment(world, data_dir), **settings}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stderr=DEVNULL)
    try:
        await world.until(lambda: world.polls > polls)
        yield Running(process, data_dir)
    finally:
        process.terminate()
        await process.wait()


def _environment(world: World, data_dir: Path) -> Mapping[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "BOT_TOKEN": "4242:benchmark-token",
        "TELEGRAM_API_BASE": world.url,
        "ONLYSQ_BASE_URL": world.url,
        "ONLYSQ_API_KEY": "benchmark-key",
        "DATA_DIR": str(data_dir),
        "ACCESS": "public",
        "DAILY_CREDITS": "100000",
        "HTTP_PORT": "0",
        "WORKERS": "1000",
    }


@asynccontextmanager
async def prepared(contender: Contender) -> AsyncIterator[Path]:
    """A data directory that the contender has seen once, so that no measured start makes its tables."""
    with tempfile.TemporaryDirectory() as folder:
        async with World() as world, running(contender, world, Path(folder)):
            pass
        yield Path(folder)
