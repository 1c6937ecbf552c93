"""Numbers for Prometheus: what waits, what was drawn, what was logged. Read when they are asked for."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

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
    (
        "ended_hour",
        "Pictures that ended within an hour, by why there is none, else by status.",
        "outcome",
        """SELECT coalesce(cause, status) AS label, count(*) AS n FROM generations
        WHERE ended_at > :now - 3600 GROUP BY 1""",
    ),
    (
        "oldest_seconds",
        "For how long the oldest waits: an update, a picture, a message that may be sent.",
        "of",
        """SELECT 'inbox' AS label, coalesce(:now - min(received_at), 0) AS n FROM inbox WHERE state = 'new'
        UNION ALL SELECT 'generations', coalesce(:now - min(created_at), 0) FROM generations
          WHERE status IN ('queued', 'drawing', 'ready')
        UNION ALL SELECT 'outbox', coalesce(:now - min(created_at), 0) FROM outbox
          WHERE method <> '' AND not_before <= :now""",
    ),
    (
        "service_spent_credits",
        "What each service with a cap has drawn on the last day that it drew.",
        "service",
        """SELECT provider AS label, credits AS n FROM spending
        WHERE day = (SELECT max(later.day) FROM spending AS later WHERE later.provider = spending.provider)""",
    ),
)

# Counted from nought: a rate needs to see the first one, too.
SEEN_FROM_THE_START = (
    "updates",
    "updates_set_aside",
    "handler_failures",
    "messages_sent",
    "messages_dropped",
    "pauses",
)
EVENTS: Counter[tuple[str, ...]] = Counter(
    {
        ("error", "books_do_not_balance"): 0,
        ("error", "provider_rests"): 0,
        ("error", "storage_chat_closed"): 0,
        ("warning", "backup_failed"): 0,
        ("warning", "no_commit"): 0,
        ("warning", "polling_failed"): 0,
        ("warning", "prices_not_read"): 0,
        ("warning", "webhook_is_cut_off"): 0,
    }
)


def count_event(level: str, event: str) -> None:
    """Another line was logged: so every kind of trouble has a counter."""
    EVENTS[level, event] += 1


@dataclass(frozen=True, slots=True)
class Family:
    """Numbers of one name: how many by the values of `labels`. `grows`: what was counted since the start."""

    name: str
    explained: str
    labels: tuple[str, ...]
    numbers: Mapping[tuple[str, ...], float]
    grows: bool = False


class Metrics:
    """Everything behind /metrics."""

    def __init__(
        self,
        database: Database,
        health: Health,
        counts: Mapping[str, int],
        around: Callable[[], Iterable[Family]] = tuple,
    ) -> None:
        """`counts` is what the edge counts, by name; `around` tells of what is outside of the database."""
        self._database = database
        self._health = health
        self._counts = counts
        self._around = around

    async def text(self) -> bytes:
        """The page in Prometheus' text format."""
        from bot.ops.exposition import page  # its library takes a megabyte, and most bots are never asked

        families = [await self._counted(*count) for count in COUNTS]
        return page([*families, _logged(), self._totals(), self._ages(), self._lag(), _tasks(), *self._around()])

    async def _counted(self, name: str, explained: str, label: str, sql: str) -> Family:
        async with self._database.read() as tx:
            rows = await tx.fetch(sql, {"now": self._health.clock.now()})
        return Family(f"imagine_{name}", explained, (label,), {(str(row["label"]),): row["n"] for row in rows})

    def _totals(self) -> Family:
        return Family(
            "imagine_telegram",
            "What happened at the edge to Telegram.",
            ("what",),
            {
                (what,): count
                for what, count in sorted({**dict.fromkeys(SEEN_FROM_THE_START, 0), **self._counts}.items())
            },
            grows=True,
        )

    def _lag(self) -> Family:
        return Family(
            "imagine_loop_lag_seconds",
            "How late the last beat of the event loop came.",
            (),
            {(): self._health.lag},
        )

    def _ages(self) -> Family:
        return Family(
            "imagine_sign_age_seconds",
            "Seconds since each sign of life.",
            ("sign",),
            {(sign,): float("inf") if age is None else age for sign, age in self._health.ages().items()},
        )


def _logged() -> Family:
    return Family("imagine_events", "Log lines by level and event.", ("level", "event"), EVENTS, grows=True)


def _tasks() -> Family:
    return Family("imagine_tasks", "Tasks of the event loop.", (), {(): len(asyncio.all_tasks())})
