"""The job behind /stats and /providers: read where nobody waits, draw in a thread, leave the message in the outbox.

The message and the end of the job are one commit, so that it goes out once. Its file stays until a later report.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from bot.clock import Clock
from bot.http import private, remove
from bot.jobs import store as jobs
from bot.jobs.runner import Lease
from bot.offers.service import Offers
from bot.outgoing import Outgoing
from bot.providers import Providers
from bot.stats import export, views
from bot.stats.rules import Figures, Period
from bot.stats.service import Stats
from bot.storage.database import Database, Transaction
from bot.texts import Texts, Translator
from bot.users import store as users

REPORT = "report"
# Seconds after which nobody waits any more for a file to be sent.
KEPT = 24 * 3600


@dataclass(frozen=True, slots=True)
class Order:
    """What an admin wants to see: `chart`, `turn`, `csv`, `json`, `board` or `reboard`.

    `message_id` is the message to change, or the one that asked: twice the same is one order.
    """

    what: str
    chat_id: int
    message_id: int
    period: Period = Period.DAY

    def __str__(self) -> str:
        return f"{self.what}:{self.chat_id}:{self.message_id}:{self.period}"

    @classmethod
    def read(cls, subject: str) -> Self:
        """The order in the subject of a job."""
        what, chat_id, message_id, period = subject.split(":")
        return cls(what, int(chat_id), int(message_id), Period(period))


async def put(tx: Transaction, order: Order, now: int) -> None:
    """Leave an order for the job."""
    await jobs.add(tx, REPORT, str(order), f"{REPORT}:{order.chat_id}", now)


class Reporting:
    """The handler of `report` jobs; their subject is an Order. `add` puts a call into the outbox, `ring` wakes it."""

    def __init__(
        self,
        database: Database,
        stats: Stats,
        offers: Offers,
        providers: Providers,
        texts: Texts,
        clock: Clock,
        folder: Path,
        add: Callable[[Transaction, Outgoing], Awaitable[None]],
        ring: Callable[[], None],
    ) -> None:
        self._database = database
        self._stats = stats
        self._offers = offers
        self._providers = providers
        self._texts = texts
        self._clock = clock
        self._folder = folder
        self._add = add
        self._ring = ring

    async def __call__(self, lease: Lease) -> None:
        """Make one report."""
        order = Order.read(lease.job.subject)
        t = await self._words(order.chat_id)
        method = await (self._board(order, t) if order.what.endswith("board") else self._figures(order, t))
        async with self._database.write() as tx:
            if await lease.done(tx):
                await self._add(tx, Outgoing(method))
        self._ring()

    async def _words(self, user_id: int) -> Translator:
        async with self._database.read() as tx:
            person = await users.get(tx, user_id)
        return self._texts.negotiate(*((person.language, person.client_language) if person else ()))

    async def _board(self, order: Order, t: Translator) -> Any:
        await self._offers.load()
        standings, now = await self._stats.standings(), self._clock.now()
        if order.what == "board":
            return views.new_board(t, order.chat_id, standings, now)
        return views.same_board(t, order.chat_id, order.message_id, standings, now)

    async def _figures(self, order: Order, t: Translator) -> Any:
        figures = await self._stats.figures(order.period)
        path = await asyncio.to_thread(self._fresh)
        if order.what in ("csv", "json"):
            made = (export.as_csv if order.what == "csv" else export.as_json)(figures, self._stats.zone)
            await asyncio.to_thread(path.write_text, made, "utf-8")
            return views.document(order.chat_id, order.period, path, order.what)
        titles = self._providers.titles
        await asyncio.to_thread(_draw, figures, titles, self._label(order.period), path)
        if order.what == "turn":
            return views.turned(t, order.chat_id, order.message_id, figures, titles, path)
        return views.photo(t, order.chat_id, figures, titles, path)

    def _label(self, period: Period) -> Callable[[int], str]:
        form = "%H" if period is Period.DAY else "%d"
        return lambda at: datetime.fromtimestamp(at, self._stats.zone).strftime(form)

    def _fresh(self) -> Path:
        """A name for a file; those of yesterday go."""
        folder, before = private(self._folder), self._clock.now() - KEPT
        remove(*(path for path in folder.iterdir() if path.stat().st_mtime < before))
        return folder / secrets.token_hex(16)


def _draw(figures: Figures, titles: Mapping[str, str], label: Callable[[int], str], path: Path) -> None:
    """Runs in a thread. Pillow is imported when the first chart is asked for: many bots never draw one."""
    from bot.stats.charts import Bar, Chart, save

    bars = [
        Bar(titles.get(each.key, each.key), each.p50, each.p90, each.spend)
        for each in figures.services[: views.MOST_SERVICES]
    ]
    causes = [count for _, count in figures.causes[: views.MOST_CAUSES]]
    labels = [label(at) for at in figures.edges[:-1]]
    save(Chart(labels, figures.delivered, figures.failed, causes, bars), path)
