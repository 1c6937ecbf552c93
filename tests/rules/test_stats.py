"""Figures: when a period begins, how sums and times are told, what a spreadsheet may read, when an incident is one."""

import csv
import io
import json
import math
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stats.charts import Bar, Chart, draw, printable, step_of
from bot.stats.export import as_csv, as_json, cell
from bot.stats.rules import (
    STEADY,
    Ended,
    Figures,
    Incident,
    Period,
    Sight,
    Took,
    Turn,
    edges,
    fold,
    percentile,
    rounded,
    turn,
)

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
NOW = int(datetime(2026, 11, 21, 15, 20, 30, tzinfo=UTC).timestamp())


def test_a_day_is_twenty_four_hours_and_the_one_that_has_begun_is_the_last() -> None:
    found = edges(Period.DAY, NOW, ZoneInfo("UTC"))
    assert len(found) == 25
    assert {later - earlier for earlier, later in pairwise(found)} == {3600}
    assert found[-2] <= NOW < found[-1]


def test_hours_begin_where_the_clocks_of_the_operator_show_it() -> None:
    assert {datetime.fromtimestamp(at, KOLKATA).minute for at in edges(Period.DAY, NOW, KOLKATA)} == {0}


@pytest.mark.parametrize(("period", "days"), [(Period.WEEK, 7), (Period.MONTH, 30)])
def test_days_begin_at_midnight_also_when_the_clocks_are_changed(period: Period, days: int) -> None:
    after_change = int(datetime(2026, 10, 27, 12, tzinfo=UTC).timestamp())
    found = edges(period, after_change, BERLIN)
    assert len(found) == days + 1
    assert {datetime.fromtimestamp(at, BERLIN).hour for at in found} == {0}
    assert found[-2] <= after_change < found[-1]
    assert 25 * 3600 in {later - earlier for earlier, later in pairwise(found)}


@given(st.lists(st.integers(0, 400), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_one_of_the_sorted_list(values: list[int], percent: int) -> None:
    times = {value: values.count(value) for value in values}
    assert percentile(times, percent) == sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def test_nothing_has_no_percentile() -> None:
    assert percentile({}, 50) is None


@pytest.mark.parametrize(("ms", "told"), [(0, 0), (3249, 3200), (9999, 9900), (12_345, 12_000), (123_456, 120_000)])
def test_times_are_kept_to_two_digits(ms: int, told: int) -> None:
    assert rounded(ms) == told


ENDED = [
    Ended(0, "a/x", "delivered", "", count=3, credits=6, drawn=3, spend=6),
    Ended(1, "a/y", "delivered", "", count=1, credits=5, drawn=1, spend=5),
    Ended(1, "a/x", "failed", "timed-out", count=1, credits=2, drawn=0, spend=0),
    Ended(1, "b/x", "failed", "chat-closed", count=2, credits=4, drawn=2, spend=4),
    Ended(1, "b/x", "cancelled", "", count=9, credits=9, drawn=0, spend=0),
]
TOOK = [Took("a/x", 1000, 1), Took("a/x", 3000, 8), Took("a/y", 9000, 1), Took("b/x", 500, 2)]


@pytest.fixture
def figures() -> Figures:
    return fold(Period.DAY, [0, 3600, 7200], ENDED, TOOK, people=4)


def test_figures_are_what_the_parts_add_up_to(figures: Figures) -> None:
    assert (figures.delivered, figures.failed) == ((3, 1), (0, 3))
    assert (figures.people, figures.credits) == (4, 11)
    assert figures.causes == (("chat-closed", 2), ("timed-out", 1))
    assert figures.models == (("a/x", 3), ("a/y", 1))


def test_a_service_costs_what_it_drew_also_where_nobody_was_reached(figures: Figures) -> None:
    first, second = figures.services
    assert (first.key, first.delivered, first.failed, first.spend, first.success) == ("a", 4, 1, 11, 80)
    assert (first.p50, first.p90) == (3000, 3000)
    assert (second.key, second.spend, second.p50) == ("b", 4, 500)


def test_what_a_chat_or_a_moderator_ended_is_no_failure_of_the_service(figures: Figures) -> None:
    second = figures.services[1]
    assert (second.delivered, second.failed, second.success) == (0, 0, None)
    assert figures.failed == (0, 3)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " ="])
def test_no_cell_is_a_formula(sign: str) -> None:
    assert str(cell(f"{sign}HYPERLINK(1)")).startswith("'")


@given(st.text())
def test_whatever_a_model_is_called_no_cell_of_the_file_is_a_formula(name: str) -> None:
    ended = [Ended(0, f"a/{name}", "delivered", "", 1, 1, 1, 1), Ended(0, name, "failed", name, 1, 1, 0, 0)]
    made = as_csv(fold(Period.DAY, [0, 3600], ended, [], 1), ZoneInfo("UTC")).removeprefix("\ufeff")
    cells = [each for line in csv.reader(io.StringIO(made, newline="")) for each in line]
    assert name in "".join(cells)
    assert not [each for each in cells if each.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_both_files_tell_the_same(figures: Figures) -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(figures, BERLIN).removeprefix("\ufeff"))))
    told = json.loads(as_json(figures, BERLIN))
    pictures = [int(line["value"]) for line in lines if line["what"] == "pictures"]
    assert pictures == told["delivered"] == [3, 1]
    assert {line["name"]: int(line["value"]) for line in lines if line["what"] == "failures by cause"} == told["causes"]
    assert [line["value"] for line in lines if line["what"] == "service p90_ms"] == ["3000", "500"]
    assert told["edges"][0] == "1970-01-01T01:00:00+01:00"


@pytest.mark.parametrize(("most", "step"), [(1, 1), (4, 1), (5, 2), (9, 5), (40, 10), (41, 20), (41_000, 20_000)])
def test_the_lines_of_a_grid_stand_at_round_numbers(most: int, step: int) -> None:
    assert step_of(most) == step


def test_a_name_is_told_in_letters_that_the_typeface_has() -> None:
    assert printable("Рисовалка 2", 20) == "????????? 2"
    assert printable("a very long name of a service", 10) == "a very l.."


def test_a_chart_is_light_and_as_wide_as_a_phone_shows() -> None:
    chart = draw(Chart(["00", "01"], [5, 0], [1, 2], [3], [Bar("OnlySq", 3200, 8100, 7)]))
    assert chart.width == 1080
    assert chart.width <= chart.height <= 2 * chart.width
    colors = {color for _, color in chart.getcolors(1 << 24) or []}
    assert {(255, 255, 255), (0x2F, 0x6F, 0xDE), (0xD9, 0x48, 0x3B)} <= colors


def test_a_chart_of_nothing_is_one_too() -> None:
    assert draw(Chart(["00"], [0], [0], [], [])).width == 1080


FAILS = Sight(open=True, cause="unavailable", grave=False, worked_at=None)
RUNS = Sight(open=False, cause="unavailable", grave=False, worked_at=1030)


def follow(*seen: tuple[int, Sight]) -> list[Turn]:
    """What there is to do, look after look."""
    incident: Incident | None = None
    turns = []
    for now, sight in seen:
        what = turn(incident, sight, now)
        turns.append(what)
        if what is Turn.OPENED:
            incident = Incident("a", sight.cause, now)
        elif incident and what in (Turn.WORKS, Turn.RELAPSED, Turn.WORSE):
            incident = Incident("a", sight.cause, incident.opened_at, now if what is Turn.WORKS else None)
        elif what is Turn.CLOSED:
            incident = None
    return turns


def test_an_incident_opens_once_and_is_over_when_the_service_has_worked_for_a_while() -> None:
    looks = [(1000, FAILS), (1005, FAILS), (1030, RUNS), (1035, RUNS), (1030 + STEADY, RUNS), (2000, RUNS)]
    quiet = Turn.NOTHING
    assert follow(*looks) == [Turn.OPENED, quiet, Turn.WORKS, quiet, Turn.CLOSED, quiet]


def test_what_comes_and_goes_is_one_incident() -> None:
    looks = [(1000 + 60 * number, FAILS if number % 2 == 0 else RUNS) for number in range(100)]
    assert set(follow(*looks)[1:]) == {Turn.WORKS, Turn.RELAPSED}


def test_a_restart_is_no_sign_that_a_service_works() -> None:
    fresh = Sight(open=False, cause="unavailable", grave=False, worked_at=None)
    assert turn(Incident("a", "unavailable", 1000), fresh, 9000) is Turn.NOTHING
    before = Sight(open=False, cause="unavailable", grave=False, worked_at=999)
    assert turn(Incident("a", "unavailable", 1000), before, 9000) is Turn.NOTHING


def test_trouble_that_only_the_operator_can_mend_is_told_also_within_an_incident() -> None:
    refused = Sight(open=True, cause="key-refused", grave=True, worked_at=None)
    assert turn(Incident("a", "unavailable", 1000), refused, 1100) is Turn.WORSE
    assert turn(Incident("a", "key-refused", 1000), refused, 1100) is Turn.NOTHING
    assert turn(Incident("a", "key-refused", 1000), FAILS, 1100) is Turn.NOTHING
