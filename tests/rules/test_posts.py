"""Captions, signatures and times of drafts."""

import contextlib
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.posts.rules import (
    CAPTION,
    FARTHEST,
    NotATime,
    TooLong,
    a_signature,
    fitting,
    link_to,
    moment,
    morning,
    signed,
)
from bot.texts import utf16_len

BERLIN = ZoneInfo("Europe/Berlin")
NOW = int(datetime(2026, 11, 21, 16, 0, tzinfo=BERLIN).timestamp())


def at(*parts: int) -> int:
    year, month, day, hour, minute = parts
    return int(datetime(year, month, day, hour, minute, tzinfo=BERLIN).timestamp())


def test_a_signature_stands_below_the_caption_set_apart() -> None:
    bold = {"type": "bold", "offset": 0, "length": 2}
    text, entities = signed("🦊 fox", [bold], "Anna")
    assert text == "🦊 fox\n\nAnna"
    assert entities == [bold, {"type": "italic", "offset": 8, "length": 4}]


def test_a_signature_alone_has_no_empty_lines_above() -> None:
    assert signed("", (), "Anna")[0] == "Anna"
    assert signed("fox", (), None) == ("fox", [])


@given(st.text(max_size=1200), st.one_of(st.none(), st.text(min_size=1, max_size=64)))
def test_what_fits_is_never_longer_than_telegram_takes(caption: str, signature: str | None) -> None:
    text, entities = signed(caption, (), signature)
    assert all(each["offset"] + each["length"] == utf16_len(text) for each in entities)
    if utf16_len(text) <= CAPTION:
        fitting(caption, signature)
    else:
        with pytest.raises(TooLong):
            fitting(caption, signature)


@pytest.mark.parametrize(("typed", "kept"), [("  The\n News  ", "The News"), ("-", None), ("—", None), ("", None)])
def test_a_signature_is_one_line_and_a_dash_takes_it_away(typed: str, kept: str | None) -> None:
    assert a_signature(typed) == kept


def test_a_long_signature_is_not_taken() -> None:
    with pytest.raises(UserError):
        a_signature("n" * 65)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("18:30", at(2026, 11, 21, 18, 30)),
        ("9:05", at(2026, 11, 22, 9, 5)),
        ("16:00", at(2026, 11, 22, 16, 0)),
        ("2026-12-31 23:59", at(2026, 12, 31, 23, 59)),
        (" 2027-1-2T08:00 ", at(2027, 1, 2, 8, 0)),
    ],
)
def test_a_typed_time_is_understood_in_the_zone_of_the_channel(typed: str, wanted: int) -> None:
    assert moment(typed, NOW, BERLIN) == wanted


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "2026-02-30 10:00", "2026-11-21", "12:60", "9999-12-31 23:59", "0000-01-01 00:00"]
)
def test_what_is_no_time_that_can_be_planned_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(NotATime):
        moment(typed, NOW, BERLIN)


def test_a_time_that_is_over_or_too_far_is_refused() -> None:
    with pytest.raises(NotATime, match="over"):
        moment("2026-11-21 15:59", NOW, BERLIN)
    with pytest.raises(NotATime, match="far"):
        moment("2028-01-01 00:00", NOW, BERLIN)
    assert moment("2027-11-20 16:00", NOW, BERLIN) <= NOW + FARTHEST


@given(st.text(max_size=20))
def test_any_words_are_a_time_to_come_or_refused(typed: str) -> None:
    with contextlib.suppress(NotATime):
        assert NOW < moment(typed, NOW, BERLIN) <= NOW + FARTHEST


def test_tomorrow_morning_is_nine_also_when_the_clocks_change() -> None:
    before = int(datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN).timestamp())
    assert datetime.fromtimestamp(morning(before, BERLIN), BERLIN).hour == 9


def test_a_link_leads_to_public_and_to_private_channels() -> None:
    assert link_to(-1001234567890, "news", 7) == "https://t.me/news/7"
    assert link_to(-1001234567890, None, 7) == "https://t.me/c/1234567890/7"
