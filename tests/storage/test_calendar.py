"""Days and days with a clock that jumps: each day of a person's is given once, and nobody is left out."""

import os
import random
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.quota.rules import STEP_BACK, date_of, next_day_at
from bot.quota.service import Ledger, NotEnoughCredits
from tests.sandbox.clock import HandClock
from tests.virtual import InlineDatabase, run

DAYS = int(os.environ.get("DAYS", "400"))
ZONES = ("UTC", "America/Santiago", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Kiritimati")
DAILY, ANNA, HOUR, DAY = 5, 101, 3600, 86_400
JUMPS = (60, HOUR, 5 * HOUR, DAY, 25 * HOUR, 2 * DAY)
# A clock is wrong once in a few days: two leaps into one date are more than its second day makes good.
RIGHT_FOR = 3 * DAY
LONGEST_LOCK = 25 * HOUR + STEP_BACK


class Anna:
    """Someone who spends all she has, again and again, by a clock that is wrong now and then."""

    def __init__(self, data_dir: Path, zone: str, seed: int) -> None:
        self.chances = random.Random(seed)
        self.database = InlineDatabase(data_dir)
        self.zone = ZoneInfo(zone)
        self.clock = HandClock()
        self.ledger = Ledger(DAILY, self.zone, self.clock)
        self.spent: Counter[str] = Counter()
        self.leaps = 0
        self.given_at = self.clock.now()
        self.longest_lock = 0

    async def draw(self) -> int:
        """Spend until nothing is left; return how much it was."""
        before = self.spent.total()
        try:
            for _ in range(DAILY + 1):
                await self._spend_one(f"picture-{self.spent.total()}")
        except NotEnoughCredits as full:
            hours = full.values.get("hours", 0)
            assert isinstance(hours, int)
            assert hours <= 25
        return self.spent.total() - before

    async def _spend_one(self, picture: str) -> None:
        async with self.database.write() as tx:
            await self.ledger.hold(tx, ANNA, picture, 1)
            await self.ledger.settle(tx, picture)
        [row] = await self.database.rows(f"SELECT day FROM entries WHERE source = '{picture}' LIMIT 1")
        self.spent[row["day"]] += 1

    async def live(self) -> None:
        """Days of true time; each jump of the clock is mended after a while."""
        began = right_since = self.clock.now()
        while self.clock.now() < began + DAYS * DAY:
            self._wait()
            if self.clock.now() - right_since > RIGHT_FOR and self.chances.random() < 0.2:
                await self._be_wrong(self.chances.choice(JUMPS) * self.chances.choice((-1, 1)))
                right_since = self.clock.now()
            self._note(await self.draw())
        async with self.database.read() as tx:
            assert await self.ledger.audit(tx) == []
        await self.database.close()

    def _wait(self) -> None:
        """For some hours; she never misses a midnight."""
        now = self.clock.now()
        some_hours = now + int(self.chances.uniform(60, 8 * HOUR))
        self.clock.seconds = float(min(some_hours, next_day_at(now, self.zone)))

    async def _be_wrong(self, jump: int) -> None:
        self.leaps += 1
        self.clock.advance(jump)
        drawn = await self.draw()
        self.clock.advance(-jump)
        async with self.database.write() as tx:
            await self.ledger.end_early_days(tx)  # as is done each minute
        self._note(drawn)

    def _note(self, drawn: int) -> None:
        """How long it is, in true time, since she was given something."""
        now = self.clock.now()
        if drawn:
            self.given_at = now
        self.longest_lock = max(self.longest_lock, now - self.given_at)


@pytest.mark.parametrize("zone", ZONES)
def test_each_day_is_given_once_however_the_clock_jumps(data_dir: Path, zone: str) -> None:
    seed = int(os.environ.get("SEED", random.SystemRandom().getrandbits(32)))
    print(f"repeat with SEED={seed}")

    async def story() -> Anna:
        anna = Anna(data_dir, zone, seed)
        await anna.live()
        return anna

    anna = run(story())
    assert set(anna.spent.values()) == {DAILY}  # never two allowances for a day
    assert anna.longest_lock <= LONGEST_LOCK
    # A wrong clock brings one day more at most: that of another date, or a second one of a date that came too early.
    assert len(anna.spent) <= DAYS + 1 + anna.leaps
    seconds = [day for day in anna.spent if day != date_of(day)]
    assert len(seconds) <= anna.leaps
