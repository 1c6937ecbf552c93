"""What is asked of a contender, and the figures that come out. Seconds, megabytes; a picture is lost after a minute."""

import asyncio
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from benchmarks.load.contenders import Running
from benchmarks.load.world import Asked, World

MB = 1_000_000
Numbers = dict[str, float]


@dataclass
class Drive:
    """A world and a contender that works in it. People are told apart by ever new numbers."""

    world: World
    running: Running

    def __post_init__(self) -> None:
        self._people = count(1000)

    async def warm(self) -> None:
        """A few pictures that are not counted: models are built and connections made by them."""
        self.world.delay = 0.05
        for _ in range(5):
            await self._drawn([self.world.wish(next(self._people)) for _ in range(4)])

    async def latency(self, pictures: int = 40) -> Numbers:
        """One picture after the other: what comes on top of the service's own time."""
        self.world.delay = 0.05
        added = []
        for _ in range(pictures):
            asked = self.world.wish(next(self._people))
            await self._drawn([asked])
            added.append((asked.picture - asked.at - self.world.delay) * 1000)
        return {"added p50, ms": quantile(added, 0.5), "added p95, ms": quantile(added, 0.95)}

    async def rate(self, people: int = 64, seconds: float = 6.0) -> Numbers:
        """Everybody asks again as soon as their picture is there."""
        self.world.delay = 0.05
        begun, before = time.perf_counter(), self.running.spent()
        ends = begun + seconds
        mark = len(self.world.wishes)
        async with asyncio.TaskGroup() as group:
            for _ in range(people):
                group.create_task(self._keep_asking(next(self._people), ends))
        took, spent = time.perf_counter() - begun, self.running.spent() - before
        made = len(self.world.wishes) - mark
        return {
            "pictures/s": made / took,
            "CPU a picture, ms": (spent.own + spent.children) / made * 1000,
            "of it its children, ms": spent.children / made * 1000,
            "share of its core, %": (spent.own + spent.children) / took * 100,
        }

    async def _keep_asking(self, person: int, ends: float) -> None:
        while time.perf_counter() < ends:
            await self._drawn([self.world.wish(person)])

    async def burst(self, people: int = 100) -> Numbers:
        """A hundred people within one moment."""
        self.world.delay = 1.0
        asked = [self.world.wish(next(self._people)) for _ in range(people)]
        lost = await self._drawn(asked, patience=60)
        last = max(each.picture - each.at for each in asked if each.picture)
        return {"100 at once: last picture, s": last, "100 at once: lost": lost}

    async def life(self, busy: int = 64, probes: int = 200) -> Numbers:
        """How soon somebody hears anything while many pictures are being drawn."""
        self.world.delay = 3600.0
        for _ in range(busy):
            self.world.wish(next(self._people))
        await self.world.until(lambda: self.world.drawing >= busy)
        signs = [await self._sign() for _ in range(probes)]
        return {"sign of life p50, ms": quantile(signs, 0.5), "sign of life p99, ms": quantile(signs, 0.99)}

    async def _sign(self) -> float:
        asked = self.world.wish(next(self._people))
        async with asyncio.timeout(60):
            await asked.signed.wait()
        await asyncio.sleep(0.01)  # one after the other, with the start of its picture in between
        return (asked.sign - asked.at) * 1000

    async def memory(self, people: int = 50) -> Numbers:
        """Large pictures, all of them in flight at the same time."""
        self.world.delay = 0.5
        before, before_children = self.running.memory()
        watch = asyncio.create_task(self._peak())  # noqa: TID251  ended two lines below
        lost = await self._drawn([self.world.wish(next(self._people)) for _ in range(people)], patience=120)
        watch.cancel()
        peak, peak_children = await watch
        return {
            "growth for each of 50 x 8 MB, MB": (peak - before) / people / MB,
            "its children at their peak, MB": (peak_children - before_children) / MB,
            "50 x 8 MB: lost": lost,
        }

    async def _peak(self) -> tuple[int, int]:
        own = children = 0
        try:
            while True:
                memory = self.running.memory()
                own, children = max(own, memory[0]), max(children, memory[1])
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            return own, children

    async def _drawn(self, asked: Iterable[Asked], patience: float = 60.0) -> int:
        """Wait for these pictures; how many did not come."""
        wanted = list(asked)
        try:
            async with asyncio.timeout(patience):
                for each in wanted:
                    await each.shown.wait()
        except TimeoutError:
            pass  # counted below
        return sum(not each.picture for each in wanted)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def medians(rounds: Sequence[Numbers]) -> Numbers:
    """Of each figure the median of all rounds."""
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
