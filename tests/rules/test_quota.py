from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quota.rules import Account, next_day_at, today

# Days of 23 and of 25 hours, midnights that do not exist, midnights that come twice, half an hour of summer time.
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/Santiago",
        "Africa/Cairo",
        "Asia/Beirut",
        "America/Havana",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
    )
]
START = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_every_day_of_five_years_begins_when_the_one_before_ends(zone: ZoneInfo) -> None:
    now = next_day_at(START, zone)
    for _ in range(5 * 365):
        after = next_day_at(now, zone)
        assert 23 <= (after - now) / 3600 <= 25
        assert today(after - 1, zone) == today(now, zone)
        assert date.fromisoformat(today(after, zone)) == date.fromisoformat(today(now, zone)) + timedelta(days=1)
        now = after


@given(st.integers(START, START + 400 * 86_400), st.sampled_from(ZONES))
def test_waiting_for_the_next_day_takes_a_day_at_most(now: int, zone: ZoneInfo) -> None:
    at = next_day_at(now, zone)
    assert 0 < at - now <= 25 * 3600
    assert today(now, zone) < today(at, zone)


@given(st.integers(1, 50), st.integers(0, 30), st.integers(0, 30))
def test_credits_that_end_with_the_day_are_spent_first(price: int, daily: int, kept: int) -> None:
    split = Account(1, "2026-11-21", daily, kept, 0).split(price)
    assert (split is None) == (price > daily + kept)
    if split:
        assert sum(split) == price
        assert split == (min(price, daily), price - min(price, daily))
