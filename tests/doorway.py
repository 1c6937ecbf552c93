"""The whole bot in virtual time, with ears in place of Telegram: an update in, and what came of it is seen at once.

Between two updates everything may be put back as it was, so that none depends on another.
"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import App, Ground
from bot.clock import Clock
from bot.config import Settings
from bot.http import Network
from bot.providers import sketch
from bot.telegram.api import CALL_TIMEOUT, Api
from bot.telegram.hearing import Hearing, commands_of
from bot.telegram.inbox import Inbox
from tests.virtual import EPOCH, InlineDatabase, LoopClock

BOT_ID = 42
NAME = "imagine_test_bot"
STORAGE = -1_000_000_009_999
CHANNEL = -1_000_000_005_006
DAILY = 100_000
# Of virtual time: it passes only when nothing else is left to do.
MOMENT = 0.001
# What the bot asks for itself; nobody sees it.
QUESTIONS = frozenset({"getMe", "getChat", "getChatMember"})


@dataclass(frozen=True, slots=True)
class Said:
    """A call that the bot made in answer to an update, or left to be made."""

    method: str
    params: Mapping[str, Any]

    @property
    def words(self) -> str:
        """Whatever can be read in it."""
        return json.dumps(self.params, ensure_ascii=False)


class Ears(Api):
    """Takes every call. `leads` tells who is an admin of every chat."""

    heard: list[Said]
    leads: frozenset[int]

    def __init__(self, base: str, token: SecretStr) -> None:
        super().__init__(base, token)
        self.heard = []
        self.leads = frozenset()

    async def call(self, method: str, /, timeout: float = CALL_TIMEOUT, **params: Any) -> Any:
        if method == "getMe":
            return {"id": BOT_ID, "is_bot": True, "first_name": "Imagine", "username": NAME}
        if method == "getChatMember":
            leads = params["user_id"] in {BOT_ID, *self.leads}
            return {"status": "administrator" if leads else "member", "can_post_messages": leads}
        if method == "getChat":
            kind = "channel" if params["chat_id"] == CHANNEL else "supergroup"
            return {"id": params["chat_id"], "type": kind, "title": "Broadcast"}
        self.heard.append(Said(method, params))
        return True


class Memory(InlineDatabase):
    """A database that can be put back as it was."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir)
        self._kept = sqlite3.connect(":memory:")
        file = self._connection
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.row_factory = file.row_factory
        file.backup(self._connection)
        file.close()

    def keep(self) -> None:
        """Remember everything as it is."""
        self._connection.backup(self._kept)

    def restore(self) -> None:
        """Forget everything since then."""
        self._kept.backup(self._connection)

    def do(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Look or change at once, between transactions."""
        return self._connection.execute(sql, values).fetchall()

    async def close(self) -> None:
        self._kept.close()
        await super().close()


class Doorway:
    """An update in, and what came of it."""

    def __init__(self, app: App, database: Memory, ears: Ears) -> None:
        self.app = app
        self.database = database
        self.ears = ears
        self._number = 0
        self.commands = commands_of(app.edge.spine._dispatcher)
        """All that the bot waits for."""
        hears, ground = Hearing(BOT_ID, self.commands, lambda: app.edge.bot.username), app.ground
        self.inbox = Inbox(database, BOT_ID, ground.clock, ground.counts, app.edge.spine.take, lambda: None, hears)

    async def bring(self, updates: Iterable[Mapping[str, Any]]) -> list[Said]:
        """Take these in, wait until nothing more happens, and tell what the bot says to it."""
        self.ears.heard.clear()
        self.database.do("DELETE FROM outbox")
        await self.inbox.accept([{**each, "update_id": self._next()} for each in updates])
        nothing = asyncio.get_running_loop().create_future()
        await asyncio.wait((nothing,), timeout=MOMENT)
        rows = self.database.do("SELECT * FROM outbox WHERE method <> '' ORDER BY outbox_id")
        kept = [Said(row["method"], {"chat_id": row["chat_id"], **await self._params(row)}) for row in rows]
        return [*kept, *self.ears.heard]

    async def _params(self, row: Mapping[str, Any]) -> dict[str, Any]:
        params: dict[str, Any] = json.loads(await self.database.vault.unseal(row["owner_id"], row["payload"]) or "{}")
        return params

    def _next(self) -> int:
        self._number += 1
        return self._number

    @property
    def crashes(self) -> int:
        """How many handlers failed, and how many updates were given up."""
        return self.app.ground.counts["handler_failures"] + self.app.ground.counts["updates_set_aside"]


@asynccontextmanager
async def opened(data_dir: Path, **changes: Any) -> AsyncIterator[Doorway]:
    """The bot with the parts that take updates in at work; nothing is drawn and nothing is sent."""
    settings, database = _settings(data_dir, **changes), Memory(data_dir)
    clock: Clock = LoopClock()
    ears = Ears(settings.telegram_api_base, settings.bot_token)
    async with Network(clock) as network:
        app = App(Ground.build(settings, clock, database, network, ears), asyncio.Event())
        await app.edge.bot.me()
        async with asyncio.TaskGroup() as group:
            group.create_task(app.edge.spine.run())
            yield Doorway(app, database, ears)
            app.edge.spine.close()
    await database.close()


def _settings(data_dir: Path, **changes: Any) -> Settings:
    sketched: dict[str, Any] = {"SKETCH": True, "seconds": 0}
    usual: dict[str, Any] = {
        "bot_token": f"{BOT_ID}:in-mind",
        "data_dir": data_dir,
        "default_model": "sketch/default",
        "daily_credits": DAILY,
        "most_waiting": 10_000,
        "storage_chat_id": STORAGE,
        "strange_groups": "ignore",
        "backups": 0,
        "providers": {"sketch": sketch.Settings(**sketched)},
    }
    return Settings(**{**usual, **changes})


def now() -> int:
    """The time of an update that comes now."""
    return int(EPOCH + asyncio.get_running_loop().time())
