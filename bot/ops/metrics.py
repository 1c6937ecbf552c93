"""Numbers for Prometheus: what waits, what was drawn, what was logged. Read when they are asked for."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from bot.ops.family import Family
from bot.ops.health import Health
from bot.storage.database import Database

# One row each: name of the gauge, its help, its label, and what counts it.
# Of most it is only counted any more that they were reached.
REACHED = """SELECT label, CAST(SUM(n) AS BIGINT) AS n FROM (
  SELECT outcome AS label, count(*) AS n FROM broadcast_people GROUP BY outcome
  UNION ALL SELECT 'delivered', delivered FROM broadcasts WHERE state = 'running'
  UNION ALL SELECT 'blocked', blocked FROM broadcasts WHERE state = 'running'
  UNION ALL SELECT 'failed', failed FROM broadcasts WHERE state = 'running'
  UNION ALL SELECT 'unknown', unknown FROM broadcasts WHERE state = 'running'
) AS counted GROUP BY label"""

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
          WHERE status IN ('queued', 'drawing', 'ready') AND NOT (status = 'ready' AND coalesce(cause, '') = 'held')
        UNION ALL SELECT 'held', coalesce(:now - min(created_at), 0) FROM generations
          WHERE status = 'ready' AND cause = 'held'
        UNION ALL SELECT 'outbox', coalesce(:now - min(created_at), 0) FROM outbox
          WHERE method <> '' AND not_before <= :now
        UNION ALL SELECT 'jobs', coalesce(:now - min(due_at), 0) FROM jobs
          WHERE due_at <= :now AND leased_until IS NULL
        UNION ALL SELECT 'shelf', coalesce(:now - min(kept_until), 0) FROM shelf
          WHERE kept_until IS NOT NULL AND kept_until <= :now
        UNION ALL SELECT 'reviews', coalesce(:now - min(reported_at), 0) FROM reviews WHERE verdict IS NULL""",
    ),
    (
        "paused_chats",
        "Chats to which Telegram lets nothing be written yet.",
        "kind",
        """SELECT 'private' AS label, count(*) AS n FROM pauses WHERE until_at > :now AND chat_id > 0
        UNION ALL SELECT 'group', count(*) FROM pauses WHERE until_at > :now AND chat_id <= 0""",
    ),
    (
        "broadcast_people",
        "Whom the broadcast that runs has reached, or not.",
        "outcome",
        REACHED,
    ),
    ("bytes", "Bytes by what they are for.", "of", "SELECT 'shelf' AS label, coalesce(sum(size), 0) AS n FROM shelf"),
    (
        "service_spent_credits",
        "What each service with a cap has drawn on the last day that it drew.",
        "service",
        """SELECT provider AS label, credits AS n FROM spending
        WHERE day = (SELECT max(later.day) FROM spending AS later WHERE later.provider = spending.provider)""",
    ),
)

# The size of a database that is no file here.
AT_A_SERVER = (
    "bytes",
    "Bytes by what they are for.",
    "of",
    "SELECT 'database' AS label, pg_database_size(current_database()) AS n",
)

# Counted from nought: a rate needs to see the first one, too.
SEEN_FROM_THE_START = (
    "updates",
    "updates_set_aside",
    "handler_failures",
    "messages_sent",
    "messages_dropped",
    "pauses",
    "late_presses",
    "strangers",
    "shut_out",
)
# Of each of these there are parts, which are counted by a name such as `webhook:401`.
PARTED = {
    "webhook": ("Calls to the webhook by the status of the answer.", ("401", "400", "413", "503", "200")),
    "refusals": ("Wishes that were answered with a no, by the sentence that was said.", ()),
}
EVENTS: Counter[tuple[str, ...]] = Counter(
    {
        ("error", "books_do_not_balance"): 0,
        ("error", "provider_rests"): 0,
        ("error", "storage_chat_closed"): 0,
        ("warning", "backup_failed"): 0,
        ("warning", "judge_away"): 0,
        ("warning", "no_commit"): 0,
        ("warning", "polling_failed"): 0,
        ("warning", "prices_not_read"): 0,
        ("warning", "webhook_is_cut_off"): 0,
    }
)


def count_event(level: str, event: str) -> None:
    """Another line was logged: so every kind of trouble has a counter."""
    EVENTS[level, event] += 1


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

        asked = COUNTS if self._database.sole else (*COUNTS, AT_A_SERVER)
        families = [await self._counted(*count) for count in asked]
        edge = [self._totals(), *self._parts(), self._ages(), self._lag()]
        return page(_joined([*families, _logged(), *edge, _tasks(), *self._around()]))

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
                if ":" not in what
            },
            grows=True,
        )

    def _parts(self) -> Iterator[Family]:
        for whole, (explained, first) in PARTED.items():
            parts = {what.partition(":")[2]: n for what, n in self._counts.items() if what.startswith(f"{whole}:")}
            counted = sorted({**dict.fromkeys(first, 0), **parts}.items())
            numbers: dict[tuple[str, ...], float] = {(part,): n for part, n in counted}
            yield Family(f"imagine_{whole}", explained, ("what",), numbers, grows=True)

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


def _joined(families: Iterable[Family]) -> Iterable[Family]:
    """Those of one name in one: some bytes are counted by the database, others by the disk."""
    found: dict[str, Family] = {}
    for family in families:
        before = found.get(family.name)
        found[family.name] = replace(family, numbers={**before.numbers, **family.numbers}) if before else family
    return found.values()


def _tasks() -> Family:
    return Family("imagine_tasks", "Tasks of the event loop.", (), {(): len(asyncio.all_tasks())})
