"""The durable relay: the bare one, and four commits a picture with full sync in one thread that writes.

Steps of several pictures that wait for the disk at the same time share a commit. It recovers nothing after a crash:
it only pays for the writing.
"""

import asyncio
import os
import queue
import sqlite3
import threading
from asyncio import Future
from pathlib import Path

from benchmarks.floors.bare import Relay

FILE = Path(os.environ["DATA_DIR"]) / "relay.sqlite3"
Step = tuple[str, int, "Future[None]"]


class Durable(Relay):
    """A relay that goes on once a step is on the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: queue.SimpleQueue[Step] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._write, daemon=True).start()

    async def keep(self, step: str, update_id: int) -> None:
        """Return when it is written down."""
        done: Future[None] = self._loop.create_future()
        self._steps.put((step, update_id, done))
        await done

    def _write(self) -> None:
        connection = sqlite3.connect(FILE, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS steps (update_id INTEGER PRIMARY KEY, step TEXT NOT NULL)")
        while True:
            self._commit(connection, self._batch())

    def _batch(self) -> list[Step]:
        batch = [self._steps.get()]
        while not self._steps.empty():
            batch.append(self._steps.get())
        return batch

    def _commit(self, connection: sqlite3.Connection, batch: list[Step]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        rows = [(update_id, step) for step, update_id, _ in batch]
        connection.executemany("INSERT INTO steps VALUES (?, ?) ON CONFLICT DO UPDATE SET step = excluded.step", rows)
        connection.execute("COMMIT")
        self._loop.call_soon_threadsafe(_wake, batch)


def _wake(batch: list[Step]) -> None:
    for _, _, done in batch:
        if not done.done():
            done.set_result(None)


async def main() -> None:
    """Relay until killed."""
    await Durable().run()


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(main())
