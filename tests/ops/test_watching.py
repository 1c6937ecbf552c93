"""What is watched exists: every number that an alert or the dashboard names, every event, every page that explains."""

import ast
import configparser
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.cli import EXITS
from bot.clock import SystemClock
from bot.ops.backup import Backups
from bot.ops.metrics import COUNTS
from bot.storage.database import Database
from tests.house import House
from tests.ops.promql import Unread, read
from tests.test_architecture import FILES, ROOT, tree
from tests.waiting import until

DEPLOY = ROOT / "docs" / "deploy"
ALERTS = (DEPLOY / "alerts.yml").read_text("utf-8")
BOARD = json.loads((DEPLOY / "dashboard.json").read_text("utf-8"))
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
LOGS = (ROOT / "docs" / "logs.md").read_text("utf-8")
NAME = re.compile(r"\b(?:imagine|process)_\w+")
SELECTOR = re.compile(r'(\w+)\{(\w+)(?:=~?|!=~?|!~)"([^"]+)"')
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def rules() -> dict[str, str]:
    """Each alert with its expression: the file keeps to a few forms, all of which are read here."""
    found: dict[str, str] = {}
    for block in re.split(r"^ {6}- alert: ", ALERTS, flags=re.MULTILINE)[1:]:
        name, rest = block.split("\n", 1)
        expression = re.match(r" {8}expr:(?: >-)?(.*?)(?=^ {8}\w+:)", rest, re.DOTALL | re.MULTILINE)
        assert expression, name
        assert re.search(r"^ {8}labels: \{severity: (page|ticket)\}$", rest, re.MULTILINE), name
        assert re.search(r'^ {8}annotations: \{summary: "[^"\n]+"\}$', rest, re.MULTILINE), name
        found[name] = " ".join(expression[1].split())
    return found


def expressions() -> Iterator[str]:
    yield from rules().values()
    for panel in BOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def logged() -> Iterator[tuple[str, str, set[str], str]]:
    """Every line of the log that the code writes by a fixed name: level, event, fields, where."""
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_logging(node.func):
                fields = {keyword.arg for keyword in node.keywords if keyword.arg}
                event = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
                yield node.func.attr, str(event), fields, f"{path.relative_to(ROOT)}:{node.lineno}"


def _is_logging(called: ast.Attribute) -> bool:
    return called.attr in LEVELS and ast.unparse(called.value) in {"log", "structlog.get_logger()"}


def counters() -> set[str]:
    """What the edge counts, by name."""
    files = "\n".join(path.read_text("utf-8") for path in FILES)
    return set(re.findall(r'counts\["(\w+)"\]', files))


def cells(page: str, heading: str) -> set[str]:
    """What stands in the first column of the table below a heading."""
    table = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE))


async def numbers(house: House) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{house.app.address}/metrics") as answer:
        return await answer.text()


async def _is_up(house: House) -> bool:
    return bool(house.app.address)


@pytest.fixture
async def page(running: House) -> str:
    """The numbers of a bot that has all there is: a service with a cap, a backup."""
    await until(lambda: _is_up(running), "the pages are there")
    await Backups(running.data_dir, SystemClock()).make()
    async with running.database.write() as tx:
        await tx.execute("INSERT INTO spending VALUES ('sketch', '2026-11-21', 7)", {})
    return await numbers(running)


def test_the_rules_are_read_whole() -> None:
    assert len(rules()) == ALERTS.count("- alert:") > 20


def test_every_expression_is_one() -> None:
    assert all(read(expression).metrics for expression in expressions())


@pytest.mark.parametrize("text", ["a(", "rate(a)", "sum by (a)", "a > ", "a{b=c}", "a b", "increase(a[5x])", "a) + (b"])
def test_what_is_no_expression_is_noticed(text: str) -> None:
    with pytest.raises(Unread):
        read(text)


async def test_every_label_that_is_chosen_or_grouped_by_is_one_of_its_number(page: str) -> None:
    for expression in expressions():
        asked = read(expression)
        for name, labels in asked.metrics.items():
            samples = re.findall(rf"^{name}\{{([^}}]*)\}}", page, re.MULTILINE)
            known = {label for sample in samples for label in re.findall(r'(\w+)="', sample)} | {"job"}
            assert not samples or labels | asked.grouped <= known, expression


async def test_every_number_that_is_watched_exists(page: str) -> None:
    there = set(re.findall(r"^# TYPE (\w+)", page, re.MULTILINE))
    assert {name for each in expressions() for name in NAME.findall(each)} - there == set()
    samples = set(re.findall(r"^(imagine_\w+)[{ ]", page, re.MULTILINE))
    without = {"imagine_generations", "imagine_jobs", "imagine_outbox", "imagine_shelf", "imagine_ended_hour"}
    without |= {"imagine_broadcast_people", "imagine_refusals_total", "imagine_service_seconds"}
    assert there - samples - without == {"imagine_service_cap_credits"} | {
        name for name in there if "imagine" not in name
    }


async def test_what_is_chosen_by_a_label_exists(page: str) -> None:
    """Numbers that come and go with what happens are looked up in the code instead."""
    code = "\n".join(path.read_text("utf-8") for path in FILES)
    passing = {"imagine_ended_hour", "imagine_generations"}
    for name, label, values in {found for each in expressions() for found in SELECTOR.findall(each)}:
        if label in ("job", "level") or label == "event":
            continue
        for value in values.split("|"):
            if name in passing:
                assert re.search(rf'"{value}"|{value}', code), value
            else:
                assert f'{name}{{{label}="{value}"}}' in page, (name, value)


def test_every_event_that_is_watched_is_logged() -> None:
    events = {event for _, event, _, _ in logged()}
    watched = {value for each in expressions() for _, label, value in SELECTOR.findall(each) if label == "event"}
    assert watched
    assert watched - events == set()


async def test_rates_see_the_first_one_because_counting_begins_at_nought(page: str) -> None:
    for expression in rules().values():
        for selector in re.findall(r"increase\((\w+\{[^}]+\})", expression):
            name, label, value = SELECTOR.findall(selector)[0]
            assert re.search(rf'^{name}\{{[^}}]*{label}="{value}"[^}}]*\}} ', page, re.MULTILINE), selector


def test_every_alert_is_explained_and_nothing_else() -> None:
    assert cells(OPERATING, "What does an alert mean?") == set(rules())


async def test_what_shows_a_trouble_exists(page: str) -> None:
    shown = OPERATING.split("| trouble | what shows it |\n", 1)[1].split("\n\n", 1)[0]
    events = {event for _, event, _, _ in logged()}
    named = {name for row in shown.splitlines()[1:] for name in re.findall(r"`([a-z_]+)`", row.split("|")[2])}
    numbered = {name for name in named if NAME.fullmatch(name)}
    assert len(numbered) > 8
    assert [name for name in numbered if f"# TYPE {name} " not in page] == []
    assert named - numbered - events - {"outcome"} == set()
    assert set(re.findall(r'what="(\w+)"', shown)) - counters() == set()


def test_every_event_of_the_log_is_explained() -> None:
    lacking = {(event, where) for _, event, _, where in logged() if event and event not in cells(LOGS, "Events")}
    assert lacking == set(), "add them to the table in docs/logs.md"


def test_what_is_explained_is_still_logged() -> None:
    code = "\n".join(path.read_text("utf-8") for path in FILES)
    events, fields = {event for _, event, _, _ in logged()}, {name for _, _, names, _ in logged() for name in names}
    assert {event for event in cells(LOGS, "Events") - events if f'"{event}"' not in code} == set()
    made_elsewhere = {"timestamp", "level", "event", "exception", "error_id"}
    assert cells(LOGS, "Fields") - fields - made_elsewhere == set()


def test_every_field_of_the_log_is_explained() -> None:
    known = cells(LOGS, "Fields")
    lacking = {(field, where) for _, _, fields, where in logged() for field in fields if field not in known}
    assert lacking == set(), "add them to the table in docs/logs.md"


async def test_counting_looks_at_no_old_row(page: str, running: House) -> None:
    """However many pictures there were: a look every few seconds may not get slower with each."""
    for name in ("ended_hour", "oldest_seconds", "inbox"):
        assert await _scanned(running.database, name) <= {"outbox"}


async def _scanned(database: Database, name: str) -> set[str]:
    [sql] = [sql for each, *_, sql in COUNTS if each == name]
    async with database.read() as tx:
        plan = [row["detail"] for row in await tx.fetch(f"EXPLAIN QUERY PLAN {sql}", {"now": 0})]
    return {step.split()[1] for step in plan if step.startswith("SCAN") and "INDEX" not in step}


def test_the_dashboard_can_be_imported_and_its_panels_lie_side_by_side() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place: dict[str, Any] = panel["gridPos"]
        tiles = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not tiles & taken, panel["title"]
        assert max(x for x, _ in tiles) < 24
        taken |= tiles
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_the_service_of_systemd_starts_what_there_is_and_restarts_only_what_a_restart_can_mend() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # names differ by case
    unit.read(DEPLOY / "imagine-bot.service", "utf-8")
    service = unit["Service"]
    assert service["ExecStart"].endswith("/imagine-bot run")
    hopeless = {str(EXITS[name]) for name in ("SettingsError", "TokenRefused", "AnotherPoller")}
    assert set(service["RestartPreventExitStatus"].split()) == hopeless
    assert {"NoNewPrivileges", "ProtectSystem", "PrivateTmp", "RestrictAddressFamilies"} <= set(service)
    assert Path(service["WorkingDirectory"]).name == service["StateDirectory"]
