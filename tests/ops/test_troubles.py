"""Every trouble that can happen is seen by something, and what docs/troubles.md names is there."""

import re
from itertools import chain

import pytest

from bot.cli import EXITS
from tests.house import House
from tests.ops.test_watching import NAME, counters, logged, page, rules
from tests.test_architecture import ROOT

__all__ = ["page"]

PAGE = (ROOT / "docs" / "troubles.md").read_text("utf-8")
COMMANDS = {"/admin", "/audit", "/paysupport", "/terms", "make", "systemd-analyze", "imagine-bot"}
ROWS = re.findall(r"^\| ([A-J]\d+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
SIZES = {"A": 19, "B": 16, "C": 20, "D": 17, "E": 10, "F": 16, "G": 20, "H": 15, "I": 9, "J": 12}
NAMED = re.compile(r"`([^`]+)`")


def shown() -> set[str]:
    return set(chain.from_iterable(NAMED.findall(row[2]) for row in ROWS))


def test_every_trouble_has_one_row_that_says_what_shows_it() -> None:
    expected = [f"{letter}{number}" for letter, count in SIZES.items() for number in range(1, count + 1)]
    assert [row[0] for row in ROWS] == expected
    assert all(len(row[2]) > 4 for row in ROWS)


async def test_what_shows_a_trouble_is_there(page: str) -> None:
    statuses = set(re.findall(r'^imagine_webhook_total\{what="(\d+)"\}', page, re.MULTILINE))
    lines = {event for _, event, _, _ in logged()}
    for named in shown():
        if found := re.fullmatch(r'\{what="(\w+)"\}', named):
            assert found[1] in counters() | statuses, named
        elif NAME.fullmatch(named):
            assert f"# TYPE {named} " in page, named
        elif named.startswith("tests/"):
            assert (ROOT / named).exists(), named
        elif re.fullmatch(r"[A-Z][A-Za-z]+", named):
            assert named in rules(), named
        elif re.fullmatch(r"\w+", named):
            assert named in lines | counters(), named
        else:
            assert named.partition(" ")[0] in COMMANDS, named


def test_exit_codes_are_those_of_the_program() -> None:
    assert {int(code) for code in re.findall(r"exit code (\d)", PAGE)} <= set(EXITS.values())


def test_every_alert_shows_a_trouble() -> None:
    of_everything = {"DiskGetsFull", "PricesNotRead", "StorageChatIsClosed", "FilesPileUp"}
    assert set(rules()) - shown() - of_everything == set()


@pytest.mark.parametrize("what", ["strangers", "shut_out", "late_presses"])
async def test_counts_of_the_gate_begin_at_nought(page: str, what: str, running: House) -> None:
    assert f'imagine_telegram_total{{what="{what}"}} 0.0' in page
    assert running.app.ground.counts[what] == 0
