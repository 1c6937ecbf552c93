"""Numbers for Prometheus: what waits, what was drawn, what was logged. Read when they are asked for."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.ops.health import Health
from bot.storage.database import Database

# One row each: name of the gauge, its help, its label, and what counts it.
COUNTS = (
    (
        "generations",
        "Pictures by status.",
        "status",
        "SELECT status AS label, count(*) AS n FROM generations GROUP BY 1",
    ),
    # Those that were handled are millions, and in the counter of updates.
    (
        "inbox",
        "Updates that wait or were set aside.",
        "state",
        """SELECT 'new' AS label, count(*) AS n FROM inbox WHERE state = 'new'
        UNION ALL SELECT 'set_aside', count(*) FROM inbox WHERE state = 'set_aside'""",
    ),
    ("jobs", "Work still to do, by kind.", "kind", "SELECT kind AS label, count(*) AS n FROM jobs GROUP BY 1"),
    (
        "outbox",
        "Messages still to send.",
        "method",
        "SELECT method AS label, count(*) AS n FROM outbox WHERE method <> '' GROUP BY 1",
    ),
    ("shelf", "Pictures kept on disk.", "format", "SELECT format AS label, count(*) AS n FROM shelf GROUP BY 1"),
)

EVENTS = Counter("imagine_events", "Log lines by level and event.", ("level", "event"))


def count_event(level: str, event: str) -> None:
    """Another line was logged: so every kind of trouble has a counter."""
    EVENTS.labels(level, event).inc()


class Metrics:
    """Everything behind /metrics."""

    def __init__(self, database: Database, health: Health, counts: Mapping[str, int]) -> None:
        """`counts` is what the edge counts, by name."""
        self._database = database
        self._health = health
        self._counts = counts

    async def text(self) -> bytes:
        """The page in Prometheus' text format."""
        families = [await self._counted(*count) for count in COUNTS]
        snapshot = CollectorRegistry()
        snapshot.register(_Fixed([*families, _totals(self._counts), _ages(self._health.ages()), _tasks()]))
        return generate_latest() + generate_latest(snapshot)

    async def _counted(self, name: str, explained: str, label: str, sql: str) -> Metric:
        family = GaugeMetricFamily(f"imagine_{name}", explained, labels=[label])
        async with self._database.read() as tx:
            for row in await tx.fetch(sql, {}):
                family.add_metric([str(row["label"])], float(row["n"]))
        return family


class _Fixed(Collector):
    """What was read before, because a collector of the library cannot wait for a database."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        return iter(self._metrics)


def _totals(counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily("imagine_telegram", "What happened at the edge to Telegram.", labels=["what"])
    for what, count in sorted(counts.items()):
        family.add_metric([what], count)
    return family


def _ages(ages: Mapping[str, Any]) -> Metric:
    family = GaugeMetricFamily("imagine_sign_age_seconds", "Seconds since each sign of life.", labels=["sign"])
    for sign, age in ages.items():
        family.add_metric([sign], float("inf") if age is None else age)
    return family


def _tasks() -> Metric:
    return GaugeMetricFamily("imagine_tasks", "Tasks of the event loop.", value=len(asyncio.all_tasks()))
