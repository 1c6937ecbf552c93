"""Two hundred hostile pictures: no harm to the bot, little time and memory, and what comes out is clean."""

import json
import subprocess
import sys

import pytest

from tests.hostile_pictures import Fate
from tests.test_architecture import ROOT

SECONDS = 2.0
MEMORY = 300 << 20
OUTCOMES = {"png", "jpeg", "not-a-picture", "picture-too-large"}
# Each part of them is as its format says, and what is packed into it is no picture.
DEEP_INSIDE = {"unknown filters": "not-a-picture"}


@pytest.fixture(scope="module")
def told() -> list[str]:
    """What a process says that looked into all of them. Its own, because memory is counted over its whole life."""
    line = [sys.executable, "-m", "tests.hostile_pictures"]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture(scope="module")
def fates(told: list[str]) -> list[Fate]:
    return [Fate(**json.loads(line)) for line in told[:-1]]


def test_every_hostile_picture_is_refused_or_shown_clean(fates: list[Fate]) -> None:
    assert len(fates) >= 200
    assert len({fate.name for fate in fates}) == len(fates)
    assert [fate for fate in fates if fate.outcome not in OUTCOMES or not fate.clean] == []
    assert [fate for fate in fates if fate.outcome not in ("png", "jpeg") and fate.left] == []


def test_only_what_is_broken_deep_inside_is_left_to_doubt(fates: list[Fate]) -> None:
    assert {fate.name: fate.doubted for fate in fates if fate.doubted != fate.outcome} == DEEP_INSIDE


def test_none_takes_long(fates: list[Fate]) -> None:
    assert [fate for fate in fates if fate.seconds >= SECONDS] == []


def test_none_takes_much_memory(told: list[str]) -> None:
    assert int(told[-1]) < MEMORY
