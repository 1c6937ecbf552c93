"""Days and days with a clock that jumps: each day of a person's is given once, and nobody is left out."""

import os
import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.quota.service import Ledger, NotEnoughCredits
from tests.sandbox.clock import HandClock
from tests.virtual import InlineDatabase, run

DAYS = int(os.environ.get("DAYS", "120"))
ZONES = ("UTC", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Kiritimati")
DAILY, ANNA, HOUR = 5, 101, 3600
JUMPS = (-1, -60, -HOUR, -26 * HOUR, 60, HOUR, 25 * HOUR, 40 * 24 * HOUR)


class Anna:
    """Someone who spends all she has, again and again, by a clock that is wrong now and then."""

    def __init__(self, data_dir: Path, zone: str, seed: int) -> None:
        self.chances = random.Random(seed)
        self.database = InlineDatabase(data_dir)
        self.clock = HandClock()
        self.ledger = Ledger(DAILY, ZoneInfo(zone), self.clock)
        self.spent: Counter[str] = Counter()
        self.honest: set[str] = set()

    async def draw(self) -> None:
        """Spend until nothing is left."""
        try:
            for _ in range(DAILY + 1):
                picture = f"picture-{self.spent.total()}"
                async with self.database.write() as tx:
                    await self.ledger.hold(tx, ANNA, picture, 1)
                    await self.ledger.settle(tx, picture)
                [row] = await self.database.rows(f"SELECT day FROM entries WHERE source = '{picture}' LIMIT 1")
                self.spent[row["day"]] += 1
        except NotEnoughCredits as full:
            hours = full.values.get("hours", 0)
            assert isinstance(hours, int)
            assert hours <= 25

    async def live(self) -> None:
        """Days of true time; each jump of the clock is mended after a while."""
        for _ in range(DAYS * 4):
            self.clock.advance(6 * HOUR + self.chances.uniform(-HOUR, HOUR))
            if self.chances.random() < 0.1:
                wrong = self.chances.choice(JUMPS)
                self.clock.advance(wrong)
                await self.draw()
                self.clock.advance(-wrong)
            self.honest.add(self.ledger.today())
            await self.draw()
        async with self.database.read() as tx:
            assert await self.ledger.audit(tx) == []
        await self.database.close()


def after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


@pytest.mark.parametrize("zone", ZONES)
def test_each_day_is_given_once_however_the_clock_jumps(data_dir: Path, zone: str) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")

    async def story() -> Anna:
        anna = Anna(data_dir, zone, seed)
        await anna.live()
        return anna

    anna = run(story())
    assert max(anna.spent.values()) == DAILY  # never two allowances for a day
    # A day is left out only where a clock that ran ahead had given the next one early.
    assert {day for day in anna.honest - anna.spent.keys() if after(day) not in anna.spent} == set()
    assert {day for day, spent in anna.spent.items() if spent != DAILY} == set()
