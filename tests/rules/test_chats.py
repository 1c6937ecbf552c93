"""Rules of a group, told without one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.chats.rules import QUIET, ZONES, Chat, changes, quiet_word, toggled

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ((22, 7), "2026-11-21T20:59", None),
        ((22, 7), "2026-11-21T21:00", "2026-11-22T06:00"),
        ((22, 7), "2026-11-22T05:59", "2026-11-22T06:00"),
        ((22, 7), "2026-11-22T06:00", None),
        ((0, 6), "2026-11-21T23:30", "2026-11-22T05:00"),
        ((0, 6), "2026-11-22T05:00", None),
    ],
)
def test_quiet_hours_begin_and_end_by_the_clock_of_the_chat(
    hours: tuple[int, int], now: str, until: str | None
) -> None:
    chat = Chat(-1, quiet_from=hours[0], quiet_to=hours[1], zone="Europe/Berlin")
    assert chat.quiet_until(at(now), ZoneInfo("UTC")) == (until and at(until))
    assert Chat(-1, quiet_from=hours[0], quiet_to=hours[1]).quiet_until(at(now), BERLIN) == (until and at(until))


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert Chat(-1).quiet_until(at("2026-11-21T03:00"), BERLIN) is None


@pytest.mark.parametrize(
    ("allowed", "public", "members"), [(None, True, False), (True, True, True), (False, False, False)]
)
def test_where_everybody_may_draw_a_group_is_in_unless_it_was_turned_out(
    allowed: bool | None, public: bool, members: bool
) -> None:
    chat = Chat(-1, allowed=allowed)
    assert (chat.is_let_in(public=True), chat.is_let_in(public=False)) == (public, members)


def test_a_button_sets_what_it_says() -> None:
    languages = ("en", "ru")
    assert changes("spoiler", "1", languages) == {"spoiler": True}
    assert changes("gap", "30", languages) == {"gap": 30}
    assert changes("gap", "none", languages) == {"gap": 0}
    assert changes("ceiling", "none", languages) == {"ceiling": None}
    assert changes("language", "ru", languages) == {"language": "ru"}
    for hours in QUIET:
        assert changes("quiet", quiet_word(hours), languages) == {"quiet_from": hours[0], "quiet_to": hours[1]}
    for zone in ZONES:
        assert ZoneInfo(str(changes("zone", zone, languages)["zone"])).key == zone


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("allowed", "1"),
        ("pot_id", "5"),
        ("chat_id", "5"),
        ("spoiler", "2"),
        ("gap", "1"),
        ("ceiling", "-1"),
        ("zone", "../etc/passwd"),
        ("language", "xx"),
        ("quiet", "1-2"),
        ("thread_id", "-1"),
        ("", ""),
    ],
)
def test_a_forged_button_sets_nothing(what: str, value: str) -> None:
    assert changes(what, value, ("en", "ru")) == {}


def test_models_are_marked_one_by_one_and_without_a_mark_all_may_draw() -> None:
    assert toggled(None, "a/b") == ("a/b",)
    assert toggled(("a/b",), "c/d") == ("a/b", "c/d")
    assert toggled(("a/b", "c/d"), "a/b") == ("c/d",)
    assert toggled(("c/d",), "c/d") is None
