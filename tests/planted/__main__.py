"""Plants one bug after the other into a copy of the tree, and shows which test catches it: `make planted`.

A bug that no test catches is a test that is missing, and so is one that stops the tests from running at all: both end
with an error. So does a patch that does not fit its file any more, and a test that fails without any bug.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.planted.patches import ROOT, Patch, Unfit, read_all

AT_ONCE = 2
SECONDS = 600  # for one group of tests

# Asked one group after the other where the tests that a patch names do not see its bug.
WIDER = (
    ("tests/rules", "tests/ops", "tests/jobs", "tests/storage"),
    ("tests/telegram", "tests/providers"),
    ("tests/features", "tests/test_run.py"),
    ("tests/crash",),
)

# What is made here and not written here; the secrets of the operator stay where they are.
LEFT_OUT = shutil.ignore_patterns(
    ".*cache", ".git", ".venv", ".hypothesis", ".env", "*.egg-info", "data", "dist", "build"
)

PYTEST = ("-m", "pytest", "-x", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider")
FELL = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a bug: `caught_by` a test, or `trouble`; `named`: by one that its patch names."""

    name: str
    seconds: float
    caught_by: str = ""
    trouble: str = ""
    named: bool = True


class NotRun(Exception):
    """Tests that gave no verdict. The message says why."""


def main(names: Sequence[str]) -> int:
    """Plant the bugs of these names, or all. The exit code: 0 when every one was caught."""
    try:
        patches = read_all(names)
        for patch in patches:
            patch.apply(ROOT)
    except (Unfit, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1
    started = time.monotonic()
    outcomes = list(_outcomes(patches))
    print(_table(outcomes, time.monotonic() - started))
    return int(any(outcome.trouble for outcome in outcomes))


def _outcomes(patches: Sequence[Patch]) -> Iterator[Outcome]:
    """One by one as they are ready, in the order of the patches; the tests without any bug come first."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sound = pool.submit(_sound, patches)
        for outcome in pool.map(_planted, patches):
            print(f"{outcome.name}: {outcome.trouble or outcome.caught_by}", flush=True)
            yield outcome
        yield sound.result()


def _sound(patches: Sequence[Patch]) -> Outcome:
    """Tests that fail by themselves catch nothing."""
    started = time.monotonic()
    named = sorted({test for patch in patches for test in patch.caught_by})
    with _copy() as tree:
        try:
            fell = _run(tree, named)
        except NotRun as error:
            fell = str(error)
    trouble = f"fails without any bug: {fell}" if fell else ""
    return Outcome("(no bug)", time.monotonic() - started, "none, as it should be", trouble)


def _planted(patch: Patch) -> Outcome:
    started = time.monotonic()
    try:
        caught_by, named = _caught(patch)
    except NotRun as error:
        return Outcome(patch.name, time.monotonic() - started, trouble=str(error))
    trouble = "" if caught_by else "SURVIVED: a test is missing"
    return Outcome(patch.name, time.monotonic() - started, caught_by, trouble, named)


def _caught(patch: Patch) -> tuple[str, bool]:
    """The first test that sees the bug, empty when none does; whether the patch names it. Raises NotRun."""
    with _copy() as tree:
        patch.plant(tree)
        for number, tests in enumerate([patch.caught_by, *WIDER]):
            if fell := _run(tree, tests):
                if number > 0:
                    _require_sound(fell)
                return fell, number == 0
    return "", False


def _require_sound(test: str) -> None:
    """A test that no patch names may have failed for a reason of its own. Raises NotRun."""
    with _copy() as tree:
        if _run(tree, [test]):
            raise NotRun(f"{test} fails without any bug: mend it first")


@contextmanager
def _copy() -> Iterator[Path]:
    """The tree in a folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="planted-", ignore_cleanup_errors=True) as folder:
        yield Path(shutil.copytree(ROOT, Path(folder) / "tree", ignore=LEFT_OUT))


def _run(tree: Path, tests: Iterable[str]) -> str:
    """The first of the tests in this tree that fails; empty when none does. Raises NotRun."""
    line = [sys.executable, *PYTEST, f"--basetemp={tree.parent / 'files'}", *tests]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    with subprocess.Popen(
        line, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0
    ) as process:
        try:
            said, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise NotRun(f"no end within {SECONDS} s") from None
        finally:
            _end_all(process.pid)
    return _verdict(process.returncode, said)


def _verdict(code: int, said: str) -> str:
    if code == pytest.ExitCode.OK:
        return ""
    fell = FELL.search(said)
    if code != pytest.ExitCode.TESTS_FAILED or fell is None:
        raise NotRun(f"the tests did not run: {said[-2000:]}")
    return fell[1].partition("[")[0]


def _end_all(group: int) -> None:
    """A test that falls may leave programs behind."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _table(outcomes: Sequence[Outcome], seconds: float) -> str:
    wide = max(len(outcome.name) for outcome in outcomes)
    lines = [f"{outcome.name:{wide}}  {outcome.seconds:4.0f} s  {_fate(outcome)}" for outcome in outcomes]
    survived = sum(bool(outcome.trouble) for outcome in outcomes)
    verdict = f"{survived} to look at" if survived else "all caught"
    return "\n".join(["", *lines, "", f"{len(outcomes) - 1} bugs in {seconds:.0f} s: {verdict}"])


def _fate(outcome: Outcome) -> str:
    hint = "" if outcome.named else "  (its patch should name this test)"
    return outcome.trouble or f"{outcome.caught_by}{hint}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
