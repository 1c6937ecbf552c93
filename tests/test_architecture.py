"""The house rules that no linter knows: rings inside a feature, doors to libraries, words that must not appear.

The order of packages is checked by import-linter (`make lint`).
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"
TESTS = ROOT / "tests"
FILES = sorted(BOT.rglob("*.py"))

# Inside a feature a file imports only from the ones before it.
RINGS = ["rules", "store", "service", "keyboards", "handlers"]

# Library → where it may be imported: a package, a file, or the name that a file has in every feature.
DOORS = {
    "aiogram": {"keyboards", "handlers", "views", "telegram", "sandbox", "app"},
    "aiohttp": {"http", "telegram", "ops", "sandbox", "app"},
    "aiosqlite": {"storage"},
    "sqlite3": {"storage"},
    "psycopg": {"storage"},
    "psycopg_pool": {"storage"},
    "alembic": {"storage"},
    "aiosql": {"storage"},
    "fluent": {"texts"},
    "babel": {"texts"},
    "PIL": {"charts", "reencode", "sketch"},
    "prometheus_client": {"ops"},
    "click": {"cli"},
}


# Part of what another library promises, so its version is that library's to choose.
BROUGHT_BY_ANOTHER = {"babel": "fluent", "psycopg_pool": "psycopg", "sqlalchemy": "alembic", "yarl": "aiohttp"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Full names of everything that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def places(path: Path) -> set[str]:
    """Every name by which a file may be let through a door."""
    return {*path.relative_to(BOT).with_suffix("").parts}


@pytest.mark.parametrize("library", DOORS)
def test_each_library_has_its_door(library: str) -> None:
    strays = [
        str(path.relative_to(ROOT))
        for path in FILES
        if any(name.partition(".")[0] == library for name in imports(path)) and not places(path) & DOORS[library]
    ]
    assert strays == []


def test_inside_a_feature_imports_go_inwards() -> None:
    wrong = []
    for path in FILES:
        if path.stem not in RINGS:
            continue
        outer = RINGS[RINGS.index(path.stem) + 1 :]
        package = ".".join(path.parent.relative_to(ROOT).parts)
        wrong += [(str(path), name) for name in imports(path) if name in {f"{package}.{ring}" for ring in outer}]
    assert wrong == []


def test_every_library_that_is_imported_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    declared = {re.split(r"[\[><=]", line)[0].lower().replace("_", "-") for line in wanted}
    owners = packages_distributions()
    used = {name.partition(".")[0] for path in FILES for name in imports(path)} - sys.stdlib_module_names - {"bot"}
    undeclared = {name for name in used if not {owner.lower().replace("_", "-") for owner in owners[name]} & declared}
    assert undeclared <= BROUGHT_BY_ANOTHER.keys()


def test_no_markup_is_ever_parsed() -> None:
    word = "parse" + "_mode"
    assert [str(path) for path in FILES if word in path.read_text("utf-8") and "sandbox" not in places(path)] == []


def test_every_exception_from_the_checks_gives_its_reason() -> None:
    bare = re.compile(r"# type: ignore(?!\[[\w, -]+\]\s+\S*#?\s*\S)|# noqa(?!: [A-Z]+\d+(, ?[A-Z]+\d+)*\s+\S)")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in [*FILES, *TESTS.rglob("*.py")]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if bare.search(line) and path != Path(__file__)
    ]
    assert found == []


def test_no_test_is_left_out_or_waits_by_the_clock() -> None:
    banned = re.compile(
        r"pytest\.(skip|xfail|importorskip)|mark\.(skip|skipif|xfail)|mock\.patch|(time|asyncio)\.sleep\((?!0\))"
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in TESTS.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if banned.search(line) and path not in {Path(__file__), TESTS / "waiting.py"}
    ]
    assert found == []


def test_rules_read_no_clock_and_touch_no_network() -> None:
    outside = {"asyncio", "os", "time", "secrets", "random", "pathlib", "structlog", "aiogram", "aiohttp"}
    strays = [
        (str(path.relative_to(ROOT)), name)
        for path in FILES
        if path.stem == "rules"
        for name in imports(path)
        if name.partition(".")[0] in outside
    ]
    assert strays == []


def test_whatever_outlives_the_process_says_so_to_the_crash_tests() -> None:
    lasting = re.compile(r"\.unlink\(|fsync\(|BEGIN |session\.request\(|_open\(\)\.(get|post)\(")
    # The sandbox and two commands for the shell keep no promise to anybody.
    tools = {"sandbox", "draw", "check", "migrations"}
    found = [path for path in FILES if lasting.search(path.read_text("utf-8")) and not places(path) & tools]
    silent = [str(path.relative_to(ROOT)) for path in found if "step(" not in path.read_text("utf-8")]
    assert silent == []


def test_nobody_in_the_bot_listens_to_its_steps() -> None:
    found = [path.name for path in FILES if "LISTENERS" in path.read_text("utf-8")]
    assert found == ["steps.py"]
