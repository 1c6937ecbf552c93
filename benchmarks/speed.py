"""How quick and how light it is, next to three programs that promise nothing: `python -m benchmarks speed`.

All take turns within each round, so that whatever else the machine does meets each of them; medians of all rounds.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

from benchmarks.load import contenders
from benchmarks.load.contenders import ALL, BARE, BOT, DURABLE, LOAD_CORE, NAIVE, PACED, Contender
from benchmarks.load.drive import MB, Drive, Numbers, medians
from benchmarks.load.paint import jpeg
from benchmarks.load.world import World
from benchmarks.report import Figure

ROUNDS = int(os.environ.get("ROUNDS", "3"))
TELEGRAM_LETS = 30.0  # messages a second, to all chats together
Found = dict[Contender, Numbers]


async def speed() -> list[Figure]:
    """Everything that is measured side by side."""
    os.sched_setaffinity(0, {LOAD_CORE})
    small, large = jpeg(1024, 97, 12), jpeg(2816, 97, 14)
    rounds: dict[Contender, list[Numbers]] = {each: [] for each in (*ALL, PACED)}
    for _ in range(ROUNDS):
        for contender in ALL:
            rounds[contender].append(await _worked(contender, small) | await _large(contender, large))
        rounds[PACED].append(await _paced(small))
    os.sched_setaffinity(0, set(contenders.CORES))
    return _figures({contender: medians(found) for contender, found in rounds.items()}, len(small))


@asynccontextmanager
async def _driving(contender: Contender, picture: bytes) -> AsyncIterator[tuple[Drive, float]]:
    """A contender that is ready for people, and how long it took to its first poll."""
    async with contenders.prepared(contender) as data_dir, World(picture=picture) as world:
        begun = time.perf_counter()
        async with contenders.running(contender, world, data_dir) as running:
            yield Drive(world, running), time.perf_counter() - begun


async def _worked(contender: Contender, picture: bytes) -> Numbers:
    async with _driving(contender, picture) as (drive, start):
        await asyncio.sleep(3)
        idle = drive.running.memory()[0] / MB
        await drive.warm()
        before = _busy()
        found = await drive.latency() | await drive.rate() | await drive.burst() | await drive.life()
        return found | {"cold start, s": start, "idle memory, MB": idle, "share of both cores, %": _busy_since(before)}


async def _large(contender: Contender, picture: bytes) -> Numbers:
    async with _driving(contender, picture) as (drive, _):
        drive.world.paint(jpeg(256))  # still large enough to be told from words
        await drive.warm()
        drive.world.paint(picture)
        return await drive.memory()


async def _paced(picture: bytes) -> Numbers:
    async with _driving(PACED, picture) as (drive, _):
        drive.world.most = TELEGRAM_LETS
        found = await drive.burst()
        return found | {"doubled": drive.world.doubled, "refused": drive.world.refused}


def _busy() -> tuple[float, float]:
    times = psutil.cpu_times()
    return time.perf_counter(), times.user + times.nice + times.system


def _busy_since(before: tuple[float, float]) -> float:
    now, busy = _busy()
    return (busy - before[1]) / (now - before[0]) / len(psutil.cpu_times(percpu=True)) * 100


def _figures(found: Found, size: int) -> list[Figure]:
    bare, durable, naive, bot = (found[each] for each in (BARE, DURABLE, NAIVE, BOT))
    cpu, rate, last = "CPU a picture, ms", "pictures/s", "100 at once: last picture, s"
    cheap = bot[cpu] <= 2 * durable[cpu] and bot[cpu] < naive[cpu]
    rows = [
        (cpu, f"of {size / MB:.1f} MB, with its children", "≤ 2 × durable, < naive", cheap),
        ("of it its children, ms", "none for an ordinary picture", "", True),
        (rate, "on one core, children included, service of 0.05 s", "≥ 60", bot[rate] >= 60),
        *_times("added p50, ms", "added p95, ms", bot, bare),
        (last, "service of 1 s, pacing off", "≤ 1.3 × bare", bot[last] <= 1.3 * bare[last]),
        ("sign of life p99, ms", "64 running", "≤ 100", bot["sign of life p99, ms"] <= 100),
        ("cold start, s", "", "≤ 2", bot["cold start, s"] <= 2),
        ("idle memory, MB", "", "≤ 90", bot["idle memory, MB"] <= 90),
        (GROWTH, "", "≤ 2", bot[GROWTH] <= 2),
        ("its children at their peak, MB", "both together", "", True),
        ("share of both cores, %", "used by all that runs on the machine", "", True),
    ]
    return [*(_row(found, *row[:3], reached=row[3]) for row in rows), _paced_figure(found[PACED])]


GROWTH = "growth for each of 50 x 8 MB, MB"
Row = tuple[str, str, str, bool]


def _times(p50: str, p95: str, bot: Numbers, bare: Numbers) -> list[Row]:
    note, goal = "on top of the service's time", "≤ 1.5 × bare"
    return [(each, note, goal, bot[each] <= 1.5 * bare[each]) for each in (p50, p95)]


def _row(found: Found, name: str, note: str, goal: str, *, reached: bool) -> Figure:
    others = ", ".join(f"{each.name} {found[each][name]:.3g}" for each in (BARE, DURABLE, NAIVE))
    measured = f"**{found[BOT][name]:.3g}** ({others})"
    return Figure(f"{name} {note}".strip(), measured, goal, reached, "make bench ARGS=speed")


def _paced_figure(found: Numbers) -> Figure:
    lost, doubled = found["100 at once: lost"], found["doubled"]
    last = found["100 at once: last picture, s"]
    measured = f"{lost:.0f} lost, {doubled:.0f} doubled; last picture after {last:.1f} s"
    name = "100 at once with Telegram's limits and the bot's pace"
    return Figure(name, measured, "0 lost", lost == 0 and doubled == 0, "make bench ARGS=speed")
