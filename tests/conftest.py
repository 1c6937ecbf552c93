"""What every test may ask for. `chat` is where most stories begin: a private chat of Anna with the running bot.

The bot is imported by the fixtures that run it, so that tests of pure rules stay quick.
"""

import asyncio
import logging
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import structlog

from bot.telegram import lazy_types
from tests.vaults import vault_in

# As in production, and before any test imports aiogram: its models are built when they are first used.
lazy_types.install()

if TYPE_CHECKING:
    from bot.sandbox.people import Person, Talk
    from bot.sandbox.server import Sandbox
    from tests.house import House


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Whoever sets logging up in a test does not change it for the next."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def empty_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as the first start leaves it. Made once: bringing the tables up takes a second."""
    directory = tmp_path_factory.mktemp("empty-data")
    asyncio.run(_made(directory))
    return directory


async def _made(directory: Path) -> None:
    from bot.storage import open_database

    database = await open_database("sqlite", directory, vault_in(directory))
    await database.close()


@pytest.fixture
def data_dir(empty_data: Path, tmp_path: Path) -> Path:
    """A data directory with an up-to-date and empty database."""
    return Path(shutil.copytree(empty_data, tmp_path / "data"))


@pytest.fixture
async def sandbox() -> "AsyncIterator[Sandbox]":
    """Telegram in miniature, listening."""
    from bot.sandbox.server import Sandbox

    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def house(sandbox: "Sandbox", data_dir: Path) -> "AsyncIterator[House]":
    """The bot, not yet started. At the end the oracle looks at what it left."""
    from tests.house import House

    house = House(sandbox, data_dir)
    yield house
    assert await house.stop() == []


@pytest.fixture
async def running(house: "House") -> "House":
    """The bot at work."""
    await house.start()
    return house


@pytest.fixture
def anna(sandbox: "Sandbox") -> "Person":
    """Someone whose app speaks English."""
    return sandbox.person("Anna", language="en")


@pytest.fixture
def chat(running: "House", anna: "Person") -> "Talk":
    """Anna's private chat with the bot."""
    return anna.private(running.bot)
