"""A data directory with its ledger and its backups, for tests of those."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.imagine import store as generations
from bot.imagine.rules import Status
from bot.ops.backup import Backups
from bot.ops.restore import Restoring
from bot.quota.service import Ledger
from bot.storage.database import Database
from tests.generations import generation
from tests.sandbox.clock import HandClock
from tests.vaults import vault_in


class Yard:
    """A data directory with a database in it, its ledger, its backups."""

    def __init__(self, data_dir: Path, most: int = 24) -> None:
        self.data_dir = data_dir
        self.clock = HandClock()
        self.ledger = Ledger(1_000_000, ZoneInfo("UTC"), self.clock)
        self.backups = Backups(data_dir, self.clock, most)

    def restoring(self, data_dir: Path | None = None) -> Restoring:
        data_dir = data_dir or self.data_dir
        return Restoring(data_dir, vault_in(data_dir), self.ledger, self.clock)

    async def accept(self, database: Database, name: str, user_id: int = 101) -> None:
        async with database.write() as tx:
            await generations.insert(tx, generation(generation_id=name, user_id=user_id), f"msg:{name}")
            await self.ledger.hold(tx, user_id, name, 1)

    async def deliver(self, database: Database, name: str) -> None:
        async with database.write() as tx:
            await generations.move(tx, name, Status.QUEUED, Status.DELIVERED)
            await self.ledger.settle(tx, name)

    @asynccontextmanager
    async def load(self, database: Database) -> AsyncIterator[None]:
        """People ask and are given, as fast as they can."""
        stop = asyncio.Event()

        async def ask(user_id: int) -> None:
            number = 0
            while not stop.is_set():
                name = f"{user_id}-{number}-{self.clock.now()}"
                await self.accept(database, name, user_id)
                await self.deliver(database, name)
                number += 1

        async with asyncio.TaskGroup() as group:
            for user_id in range(101, 105):
                group.create_task(ask(user_id))
            yield
            stop.set()
