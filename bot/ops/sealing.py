"""Seals what an earlier version kept as it was, piece by piece beside everything else, and leaves no trace of it.

It goes on where a process died: what is sealed already is passed by. When nothing is left to be sealed, that is noted,
and the file is written anew once, because what was deleted or changed still lies in its free pages. Nobody can write
meanwhile: a small file has that at once, a large one when the bot starts next, before it takes anything in.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.admin import store as admin
from bot.chats import store as chats
from bot.clock import Clock
from bot.errors import StorageError
from bot.imagine import store as generations
from bot.posts import store as posts
from bot.storage.database import Database, Transaction
from bot.storage.vault import SEALED
from bot.storage.words import owner_of

DONE = "words-sealed"
DUE = "compact-at-start"
# Bytes that are written anew within half a second.
QUICK = 32 * 1024 * 1024
# Rows of one transaction, and seconds between two: what is asked for meanwhile waits for one of them at most.
AT_ONCE = 100
REST = 0.05

# A database in which nothing ever was has nothing in its free pages.
USED = "SELECT 1 AS one FROM (SELECT 1 AS one FROM inbox UNION ALL SELECT 1 AS one FROM generations) rows LIMIT 1"

Row = Mapping[str, Any]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Table:
    """Where words lie: in which `columns`, and whom those of a row are about. `keeps`: the row says so from then on."""

    name: str
    key: str
    columns: tuple[str, ...]
    owner: Callable[[Row], int]
    first: str | int = ""
    keeps: bool = False

    @property
    def plain(self) -> str:
        """The next rows with words that are not sealed."""
        wanted = " OR ".join(
            f"({each} <> '' AND substr({each}, 1, {len(SEALED)}) <> '{SEALED}')" for each in self.columns
        )
        return f"SELECT * FROM {self.name} WHERE {self.key} > :after AND ({wanted}) ORDER BY {self.key} LIMIT {AT_ONCE}"  # noqa: S608  named below

    def change(self, names: Mapping[str, str]) -> str:
        """Put these in, unless somebody else changed one of them."""
        changes = ", ".join(f"{name} = :{name}" for name in names) + (", owner_id = :owner_id" if self.keeps else "")
        same = " AND ".join(f"{name} = :{name}_before" for name in names)
        return f"UPDATE {self.name} SET {changes} WHERE {self.key} = :key AND {same}"  # noqa: S608  named below


def _user(row: Row) -> int:
    return int(row["user_id"])


def _decided(row: Row) -> int:
    return admin.owner(row["subject"], row["admin_id"])


FIRST = -(2**63)
TABLES = (
    Table("inbox", "update_id", ("raw",), lambda row: owner_of(row["lane"]), FIRST, keeps=True),
    Table("outbox", "outbox_id", ("payload",), lambda row: int(row["chat_id"]), FIRST, keeps=True),
    Table("wishes", "wish_id", ("wish",), _user),
    Table("posts", "post_id", tuple(posts.SEALED), _user),
    Table("asks", "ask_id", tuple(admin.SEALED), _decided),
    Table("audit", "audit_id", tuple(admin.SEALED), _decided, FIRST),
    Table("chats", "chat_id", tuple(chats.SEALED), lambda row: int(row["chat_id"]), FIRST),
    Table("broadcasts", "broadcast_id", ("letter",), lambda row: int(row["admin_id"])),
    Table("generations", "generation_id", tuple(generations.SEALED), _user),
)


class Sealing:
    """Done once for each database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def seal(self) -> None:
        """Seal all that is not, to the end; nothing where that was done before. Raises StorageError."""
        async with self._database.read() as tx:
            if await admin.is_on(tx, DONE):
                return
            used = bool(await tx.fetch(USED, {}))
        rows = sum([await self._seal_all(table) for table in TABLES])
        quick = await self._database.size() <= QUICK
        if (used or rows) and quick:
            await self._database.compact()
        async with self._database.write() as tx:
            await admin.set_on(tx, DONE, True, self._clock.now())
            if (used or rows) and not quick:
                await admin.set_on(tx, DUE, True, self._clock.now())
        if used or rows:
            log.info("words_sealed", rows=rows, written_anew="now" if quick else "at the next start")

    async def _seal_all(self, table: Table) -> int:
        rows, after = 0, table.first
        while True:
            async with self._database.read() as tx:
                found = await tx.fetch(table.plain, {"after": after})
            for row in found:  # a new key waits for the disk: nobody is to wait for that in a transaction
                await self._database.vault.seal(table.owner(row), "")
            async with self._database.write() as tx:
                for row in found:
                    await _seal(tx, table, row)
            rows += len(found)
            if len(found) < AT_ONCE:
                return rows
            after = found[-1][table.key]
            await asyncio.sleep(REST)


async def compact_if_due(database: Database, clock: Clock) -> None:
    """Write a large file anew where that is left to do. To be called while nobody waits; a start goes on without it."""
    async with database.read() as tx:
        if not await admin.is_on(tx, DUE):
            return
    size, begun = await database.size(), clock.monotonic()
    log.info("compacting", size=size)
    try:
        await database.compact()
        async with database.write() as tx:
            await admin.set_on(tx, DUE, False, clock.now())
    except StorageError as error:
        log.warning("compacting_failed", reason=str(error))
    else:
        log.info("compacted", seconds=round(clock.monotonic() - begun, 1), size=await database.size())


async def _seal(tx: Transaction, table: Table, row: Row) -> None:
    owner = table.owner(row)
    plain = {name: row[name] for name in table.columns if row[name] and not row[name].startswith(SEALED)}
    values: dict[str, Any] = {name: await tx.vault.seal(owner, text) for name, text in plain.items()}
    before = {f"{name}_before": text for name, text in plain.items()}
    kept = {"owner_id": owner} if table.keeps else {}
    await tx.execute(table.change(plain), {**values, **before, **kept, "key": row[table.key]})
