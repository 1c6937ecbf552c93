"""The stage of this folder. Whole conversations ask for `chat` instead, from the folder above."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Router

from bot.sandbox.model import Chat, Role
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.storage import open_database
from bot.storage.database import Database
from bot.telegram import limits
from tests.features.stage import MakeStage, Stage
from tests.features.workshop import Workshop
from tests.house import House
from tests.vaults import vault_in


@pytest.fixture
def patient_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chats that take as much as the bot has to say: for stories that are not about the limits of Telegram.

    With those limits a story of ten messages in a group waits for half a minute.
    """
    for name in ("PRIVATE", "PRIVATE_EDITS", "GROUP", "GROUP_EDITS"):
        monkeypatch.setattr(limits, name, limits.Rate(100, 1, burst=100))


@pytest.fixture
async def database(data_dir: Path) -> AsyncIterator[Database]:
    """An empty database."""
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    yield database
    await database.close()


@pytest.fixture
def make_stage(database: Database, tmp_path: Path) -> MakeStage:
    """Set the stage with these routers."""

    def make(*routers: Router) -> Stage:
        return Stage(database, tmp_path, *routers)

    return make


@pytest.fixture
async def shop(data_dir: Path) -> AsyncIterator[Workshop]:
    """A workshop; at the end nothing may be wrong in it."""
    database = await open_database("sqlite", data_dir, vault_in(data_dir))
    async with Workshop(database, data_dir) as shop:
        yield shop
    assert await shop.mistakes() == []
    await database.close()


@pytest.fixture
def boris(sandbox: Sandbox) -> Person:
    """Somebody whom Anna shows pictures to."""
    return sandbox.person("Boris", language="en")


@pytest.fixture
def club(sandbox: Sandbox, anna: Person, boris: Person) -> Chat:
    """A group that the bot is no member of."""
    return sandbox.group("Friends", anna, boris)


@pytest.fixture
def storage(sandbox: Sandbox, house: House) -> Chat:
    """The operator's chat with the bot."""
    return sandbox.channel("Storage", sandbox.person("Operator"), house.bot)


@pytest.fixture
async def drawing(house: House, storage: Chat) -> House:
    """The bot at work, set up to draw in inline mode."""
    await house.start(storage_chat_id=storage.chat_id)
    return house


@pytest.fixture
async def channel(sandbox: Sandbox, running: House, anna: Person) -> Chat:
    """Anna's, into which she brought the bot."""
    channel = sandbox.channel("News", anna)
    sandbox.set_role(channel, running.bot, Role.ADMINISTRATOR)
    await running.quiet()
    return channel
