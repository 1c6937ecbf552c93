"""Limits are kept by arithmetic, tested by turning the hands of a clock."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SystemClock
from bot.telegram.limits import GROUP, PRIVATE, Rate, fits_photo
from bot.telegram.pace import Bucket, Pace


class Hands:
    def __init__(self) -> None:
        self.at = 1000.0

    def now(self) -> int:
        return int(self.at)

    def monotonic(self) -> float:
        return self.at


def test_a_burst_is_let_through_and_the_next_waits() -> None:
    bucket = Bucket(Rate(1, 1, burst=3))
    assert [bucket.take(50.0) for _ in range(5)] == [0.0, 0.0, 0.0, 1.0, 2.0]


@given(st.lists(st.floats(0, 10), min_size=1, max_size=200))
def test_no_minute_ever_sees_more_calls_than_the_rate_and_its_burst(gaps: list[float]) -> None:
    bucket, now, calls = Bucket(GROUP), 0.0, list[float]()
    for gap in gaps:
        now += gap
        calls.append(now + bucket.take(now))
    for start in calls:
        assert sum(start <= call < start + 60 for call in calls) <= GROUP.calls + GROUP.burst


def test_chances_are_only_taken_when_there_is_room() -> None:
    hands = Hands()
    pace = Pace(hands)
    assert [pace.chance(7, edit=False) for _ in range(4)] == [True, True, True, False]
    hands.at += 1 / (PRIVATE.calls / PRIVATE.seconds)
    assert pace.chance(7, edit=False)


def test_edits_are_counted_apart_from_messages() -> None:
    pace = Pace(Hands())
    while pace.chance(7, edit=False):
        pass
    assert pace.chance(7, edit=True)


def test_a_busy_chat_does_not_slow_another() -> None:
    pace = Pace(Hands())
    while pace.chance(-5, edit=False):
        pass
    assert pace.chance(7, edit=False)


async def test_a_turn_waits_for_its_time() -> None:
    pace = Pace(SystemClock())
    clock = SystemClock()
    start = clock.monotonic()
    async with asyncio.timeout(5):
        for _ in range(7):
            await pace.turn(7, edit=True)
    assert 0.4 <= clock.monotonic() - start < 2


@pytest.mark.parametrize(
    ("width", "height", "size", "fits"),
    [
        (1024, 1024, 1_000_000, True),
        (5000, 5000, 1_000_000, True),
        (5001, 5000, 1_000_000, False),
        (2000, 100, 1_000_000, True),
        (2001, 100, 1_000_000, False),
        (100, 2001, 1_000_000, False),
        (1024, 1024, 10 * 1024 * 1024, True),
        (1024, 1024, 10 * 1024 * 1024 + 1, False),
    ],
)
def test_only_what_telegram_takes_goes_as_a_photo(width: int, height: int, size: int, fits: bool) -> None:
    assert fits_photo(width, height, size) is fits
