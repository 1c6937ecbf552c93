"""The whole bot, wired as in production, beside a sandbox that it takes for Telegram."""

import asyncio
import io
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, life, open_app
from bot.config import Settings
from bot.ops.logging import configure
from bot.providers import ProviderSettings, sketch
from bot.sandbox.model import Bot
from bot.sandbox.server import Sandbox
from bot.storage.database import Database
from tests.oracle import Evidence, examine
from tests.vaults import TOKEN, opened
from tests.waiting import until

KEY = "canary-key-Zq81mB7tYw"
ADMIN = 900_000_001

WAITING = """
SELECT (SELECT count(*) FROM inbox WHERE state = 'new') + (SELECT count(*) FROM outbox WHERE method <> '')
     + (SELECT count(*) FROM jobs WHERE kind NOT IN ('expire', 'take-away', 'post-later')
        AND NOT (kind = 'review' AND attempts > 0 AND leased_until IS NULL)) AS n
"""


class House:
    """A sandbox, a bot in it, and the life of the process that is that bot: started, stopped, started again."""

    def __init__(self, sandbox: Sandbox, data_dir: Path) -> None:
        self.sandbox = sandbox
        self.bot: Bot = sandbox.add_bot(TOKEN, "imagine_test_bot")
        self.data_dir = data_dir
        self.log = io.StringIO()
        self.unfinished = False
        """Set by a test that leaves work undone on purpose."""
        self._life = AsyncExitStack()
        self._app: App | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def app(self) -> App:
        """The bot that is running."""
        assert self._app is not None, "not started"
        return self._app

    @property
    def database(self) -> Database:
        """Where the running bot keeps everything."""
        return self.app.ground.database

    async def start(self, **changes: Any) -> App:
        """Begin a life. `changes` are settings that differ from the usual ones."""
        settings = self.settings(**changes)
        configure("debug", "json", settings.secrets(), stream=self.log)
        self._app = await self._life.enter_async_context(open_app(settings))
        self._task = asyncio.create_task(self._app.run())  # noqa: TID251  awaited in stop
        return self._app

    async def stop(self) -> list[str]:
        """End the life once it has nothing left to do, as SIGTERM would; return what the oracle finds wrong."""
        if self._app is None or self._task is None:
            return []
        try:
            if not self.unfinished:
                await self.quiet()
            await self._end()
            return await self._examine()
        finally:
            self._app = self._task = None
            await self._life.aclose()

    async def restart(self, **changes: Any) -> App:
        """End this life at once, whatever is under way, and begin the next."""
        await self._end()
        await self._life.aclose()
        self._life = AsyncExitStack()
        return await self.start(**changes)

    async def _end(self) -> None:
        assert self._app is not None
        assert self._task is not None
        with pytest.MonkeyPatch.context() as haste:
            haste.setattr(life, "GRACE", 0.25)  # what is still under way now is under way on purpose
            self._app.stop()
            await self._task

    def settings(self, **changes: Any) -> Settings:
        """Public, drawn by the sketch provider, and with canaries for secrets."""
        usual: dict[str, Any] = {
            "bot_token": TOKEN,
            "telegram_api_base": self.sandbox.url,
            "data_dir": self.data_dir,
            "access": "public",
            "admin_ids": (ADMIN,),
            "default_model": "sketch/default",
            "http_port": 0,
            "backups": 0,
            "providers": self.slow(seconds=0),
        }
        return Settings(**{**usual, **changes})

    def slow(self, seconds: float) -> dict[str, ProviderSettings]:
        """Settings of a provider that takes so long to draw."""
        wishes: dict[str, Any] = {"SKETCH": True, "api_key": KEY, "seconds": seconds}
        return {"sketch": sketch.Settings(**wishes)}

    async def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """What the database holds now."""
        async with self.database.read() as tx:
            return await opened(tx, await tx.fetch(sql, values))

    async def quiet(self) -> None:
        """Wait until everything is done that was asked for, also what has not been fetched yet."""

        async def nothing_waits() -> bool:
            assert self._task is not None
            if self._task.done():
                self._task.result()
            return not self.bot.updates and not (await self.rows(WAITING))[0]["n"]

        await until(nothing_waits, "everything is done")

    async def _examine(self) -> list[str]:
        secrets, storage = (TOKEN, KEY, "canary"), self.app.ground.settings.storage_chat_id
        evidence = Evidence(self.sandbox, self.database, self.data_dir, self.log.getvalue(), secrets, storage)
        left = [task.get_name() for task in asyncio.all_tasks() if "bot/" in repr(task) and "sandbox" not in repr(task)]
        return [*await examine(evidence), *(f"task left: {name}" for name in left)]
