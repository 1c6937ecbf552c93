"""All that is kept about one person as one document, for them alone.

It is put together in memory, so it never lies on a disk, in small reads between which everybody else is served.
"""

import asyncio
import json
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog

from bot.clock import Clock
from bot.errors import DeliveryNotNow, DeliveryRefused
from bot.jobs.runner import Lease
from bot.privacy.rules import LARGEST, person_of
from bot.privacy.store import SQL
from bot.storage.database import Database, Transaction
from bot.storage.vault import SEALED

NAME = "imagine-bot.json"
AT_ONCE = 100  # pictures in one read

# Whole numbers that mean yes or no, and texts that hold JSON.
SWITCHES = frozenset({"as_file", "plain_text", "member", "banned", "gone", "moderator", "news", "fenced", "spoiler"})
OBJECTS = frozenset({"wished", "sources", "style", "wish", "entities", "raw"})
# How the bot finds its way; nothing about anybody.
INNER = frozenset({"request_key", "fenced", "interrupted", "tries"})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Document:
    """The file, and for how many pictures of long ago it had no room."""

    content: bytearray
    left_out: int


class Courier(Protocol):
    """How a file reaches a person."""

    async def send(self, user_id: int, name: str, document: Document) -> None:
        """Bring it into their private chat. Raises DeliveryNotNow, DeliveryRefused."""
        ...


class Exporting:
    """The handler of `export` jobs; whose it is, their lane says."""

    def __init__(self, database: Database, courier: Courier, clock: Clock) -> None:
        self._database = database
        self._courier = courier
        self._clock = clock

    async def __call__(self, lease: Lease) -> None:
        """Send everything. After a crash it is sent once more, which does no harm."""
        user_id = person_of(lease.job.lane)
        document = await made(self._database, user_id, self._clock.now())
        try:
            await self._courier.send(user_id, NAME, document)
        except DeliveryNotNow as error:
            await lease.put_back(error.retry_at)
            return
        except DeliveryRefused as error:
            log.info("export_not_sent", cause=error.cause)
        async with self._database.write() as tx:
            await lease.done(tx)


async def made(database: Database, user_id: int, now: int, largest: int = LARGEST) -> Document:
    """The document, as it is now, in JSON with a line for each thing. The newest pictures come first."""
    async with database.read() as tx:
        head = await _about(tx, user_id, now)
        days = [row["day"] for row in await SQL.days(tx, user_id=user_id)]
        pictures = [row["generation_id"] for row in await SQL.pictures(tx, user_id=user_id)]
    page = bytearray(b"{\n")
    for name, value in head.items():
        page += f"{json.dumps(name)}: {_json(value)},\n".encode()
    await _write(page, "ledger", (_entries(database, day, user_id) for day in days), LARGEST)
    starts = range(0, len(pictures), AT_ONCE)
    groups = (_pictures(database, pictures[start : start + AT_ONCE], user_id) for start in starts)
    left_out = max(0, len(pictures) - await _write(page, "pictures", groups, largest))
    page += f'"pictures_left_out": {left_out}\n}}\n'.encode()
    return Document(page, left_out)


async def _write(page: bytearray, name: str, groups: Iterable[Awaitable[list[Any]]], largest: int) -> int:
    """A list, group by group, as long as the page is not too large; how many things are in it."""
    page += f"{json.dumps(name)}: [".encode()
    count, groups = 0, iter(groups)
    while len(page) < largest and (group := next(groups, None)) is not None:
        for each in await group:
            page += f"{',' * (count > 0)}\n{_json(each)}".encode()
            count += 1
        await asyncio.sleep(0)
    page += b"\n],\n"
    return count


async def _about(tx: Transaction, user_id: int, now: int) -> dict[str, Any]:
    person, balance = await SQL.person(tx, user_id=user_id), await SQL.balance(tx, user_id=user_id)
    lists = {
        "wishes_waiting": SQL.wishes,
        "drafts": SQL.posts,
        "channels_you_brought_me_into": SQL.channels,
        "refusals": SQL.strikes,
        "reports_you_made": SQL.reports,
        "messages_waiting": SQL.messages,
    }
    told = {name: await _listed(tx, await read(tx, user_id=user_id), user_id) for name, read in lists.items()}
    decisions = await SQL.decisions(tx, subject=str(user_id))
    return {
        "telegram_id": user_id,
        "made_at": _time(now),
        "settings": await _told(tx, person, user_id) if person else None,
        "credits": dict(balance) if balance else None,
        **told,
        "decisions_about_you": await _listed(tx, decisions, user_id),
    }


async def _entries(database: Database, day: str, user_id: int) -> list[Any]:
    async with database.read() as tx:
        return await _listed(tx, await SQL.entries(tx, user_id=user_id, day=day), user_id)


async def _pictures(database: Database, numbers: Iterable[str], user_id: int) -> list[Any]:
    async with database.read() as tx:
        rows = [await SQL.picture(tx, generation_id=each, user_id=user_id) for each in numbers]
        return await _listed(tx, (row for row in rows if row), user_id)


async def _listed(tx: Transaction, rows: Iterable[Mapping[str, Any]], user_id: int) -> list[dict[str, Any]]:
    return [await _told(tx, row, user_id) for row in rows]


async def _told(tx: Transaction, row: Mapping[str, Any], user_id: int) -> dict[str, Any]:
    """A row for reading: unsealed, times in ISO 8601, and nothing that is empty or of no use to anybody."""
    told: dict[str, Any] = {}
    for name, value in row.items():
        if value is None or value == "" or name in INNER:
            continue
        is_sealed = isinstance(value, str) and value.startswith(SEALED)
        told[name] = _readable(name, await tx.vault.unseal(user_id, value) if is_sealed else value)
    return told


def _readable(name: str, value: Any) -> Any:
    if name in SWITCHES:
        return bool(value)
    if name == "at" or name.endswith(("_at", "_until")):
        return _time(value) if value else None
    if name in OBJECTS and value:
        return _parsed(value)
    return value


def _parsed(text: str) -> Any:
    """What cannot be read is shown as it is: one such row must not keep somebody from all the others."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
