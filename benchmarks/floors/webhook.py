"""The least that can stand behind a webhook: read the update and answer 200. `keep` first commits it, fully synced."""

import os
import sqlite3
import sys
from pathlib import Path

from aiohttp import web

FILE = Path(os.environ["DATA_DIR"]) / "floor.sqlite3"


async def take(request: web.Request) -> web.Response:
    """Read it, and nothing else."""
    await request.read()
    return web.Response()


class Keeper:
    """One commit for each, on the spot: whoever comes next waits."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(FILE, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE IF NOT EXISTS inbox (raw BLOB NOT NULL)")

    async def take(self, request: web.Request) -> web.Response:
        """Read it and write it down."""
        self._connection.execute("INSERT INTO inbox VALUES (?)", (await request.read(),))
        return web.Response()


def main() -> None:
    """Serve until killed."""
    app = web.Application()
    app.router.add_post("/telegram", Keeper().take if "keep" in sys.argv else take)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["HTTP_PORT"]), print=None, access_log=None)


if __name__ == "__main__":
    main()
