"""Prometheus' text format."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.ops.family import Family


def page(families: Iterable[Family]) -> bytes:
    """These numbers, and those that the library knows of the process itself."""
    snapshot = CollectorRegistry()
    snapshot.register(_Fixed([_metric(family) for family in families]))
    return generate_latest() + generate_latest(snapshot)


class _Fixed(Collector):
    """What was read before, because a collector of the library cannot wait for a database."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        return iter(self._metrics)


def _metric(family: Family) -> Metric:
    kind = CounterMetricFamily if family.grows else GaugeMetricFamily
    metric = kind(family.name, family.explained, labels=family.labels)
    for labels, number in family.numbers.items():
        metric.add_metric(labels, number)
    return metric
