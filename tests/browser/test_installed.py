"""How the tests get their browser, and what they say when there is none."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from tests.browser import installed
from tests.browser.stage import ROOT


def program(folder: Path, name: str, answer: int = 0) -> Path:
    """Something on the PATH that ends with that answer."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\nraise SystemExit({answer})\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without a browser; the only folder of its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "own"))
    return tmp_path


def test_a_browser_on_the_path_is_taken(nothing: Path) -> None:
    chrome = program(nothing, "google-chrome")
    assert installed.found() == chrome


def test_a_note_in_place_of_a_browser_is_passed_over(nothing: Path) -> None:
    program(nothing, "chromium-browser", answer=1)
    chrome = program(nothing, "chrome")
    assert installed.found() == chrome


def test_without_a_browser_none_is_found(nothing: Path) -> None:
    assert installed.found() is None


async def test_without_a_browser_its_tests_fail_and_say_how_to_get_one(nothing: Path) -> None:
    tests = "tests/browser/test_pictures.py::test_plain_words_are_enough_in_a_private_chat"
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", tests)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=dict(os.environ), stdout=PIPE, stderr=STDOUT)
    said, _ = await process.communicate()
    assert process.returncode == 1
    assert "make browser" in said.decode()
    assert "skipped" not in said.decode()
