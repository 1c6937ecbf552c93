"""Which tables a database has, and bringing them up to date."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StorageError, StorageTooNew
from bot.storage.migrations import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

STORED_VERSION = "SELECT version_num FROM alembic_version"


def is_current(stored: str | None) -> bool:
    """Whether a database at version `stored` (None: an empty one) can be used as it is.

    Raises StorageTooNew when a newer version of the bot wrote it.
    """
    if stored is not None and stored > HEAD:  # four digits each, so the order of text is the order of time
        raise StorageTooNew(
            f"The database is at version {stored}, this bot knows versions up to {HEAD}: "
            "install the newer version of the bot, or restore a backup from before it."
        )
    return stored == HEAD


def migrate(url: str) -> None:
    """Run the missing steps, each in a transaction of its own. Blocks: call it in a thread.

    `url` is one of SQLAlchemy. A process of its own does it, because Alembic and SQLAlchemy would keep 20 MB of this
    one for good; it is told the url where no list of processes shows it. Raises StorageError.
    """
    command = (sys.executable, "-m", __name__)
    done = subprocess.run(command, input=url, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2]
        raise StorageError(f"The tables could not be brought up to date; nothing was changed ({reason}).")


def run_steps(url: str) -> None:
    """What that process does. Alembic is imported only here: it takes longer than the whole start."""
    from alembic import command
    from sqlalchemy.exc import DBAPIError

    try:
        command.upgrade(configuration(url), "head")
    except DBAPIError as error:
        sys.exit(str(error.orig))


def configuration(url: str) -> "Config":
    """How Alembic finds the steps and the database."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["url"] = url
    return config


if __name__ == "__main__":
    run_steps(sys.stdin.read())
