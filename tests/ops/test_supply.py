"""What the bot is made of: little, pinned by its bytes, and looked through by something that says when it is blind."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.test_architecture import ROOT

LOCKS = [ROOT / f"requirements{name}.lock" for name in ("", "-dev", "-build")] + [ROOT / ".ci" / "audit.lock"]

# Stands in for pip-audit: what it says of the package with known holes, and of ours.
STAND_IN = """#!/bin/sh
case "$*" in *requirements.lock*) echo "{ours}"; exit {code};; *) echo "{known}"; exit 1;; esac
"""
SEES = "Found 30 known vulnerabilities in 1 package"
BLIND = "ERROR: Dependency not found on PyPI and could not be audited: pillow (9.0.0)"


def pinned(lock: Path) -> list[str]:
    """One block for each package."""
    return re.findall(r"^[a-z0-9][^\n]*(?:\n +--hash[^\n]*)*", lock.read_text("utf-8"), re.MULTILINE)


def test_the_bot_is_made_of_few_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert len(project["dependencies"]) <= 15
    assert 20 < len(pinned(LOCKS[0])) <= 45


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_by_version_and_bytes(lock: Path) -> None:
    loose = [block for block in pinned(lock) if not re.search(r"==[^\n]*\\\n +--hash=sha256:[0-9a-f]{64}", block)]
    assert loose == []
    assert "://" not in lock.read_text("utf-8")


@pytest.mark.parametrize(
    ("known", "ours", "code", "expected", "said"),
    [
        (SEES, "No known vulnerabilities found", 0, 0, "No known"),
        (SEES, "Found 1 known vulnerability in 1 package", 1, 1, "Found 1"),
        (SEES, BLIND, 1, 1, "could not be audited"),
        (BLIND, "No known vulnerabilities found", 0, 75, "nothing was audited"),
        ("No known vulnerabilities found", "No known vulnerabilities found", 0, 75, "nothing was audited"),
    ],
)
def test_an_audit_that_sees_nothing_is_not_taken_for_good_news(
    tmp_path: Path, known: str, ours: str, code: int, expected: int, said: str
) -> None:
    tool = tmp_path / "audit" / "bin" / "pip-audit"
    tool.parent.mkdir(parents=True)
    tool.write_text(STAND_IN.format(known=known, ours=ours, code=code), "utf-8")
    tool.chmod(0o755)
    around = {"PATH": os.environ["PATH"], "VENV": str(tmp_path)}
    done = subprocess.run([ROOT / ".ci" / "audit"], env=around, capture_output=True, text=True, check=False)
    assert (done.returncode, said in done.stdout + done.stderr) == (expected, True)
