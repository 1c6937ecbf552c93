"""Which tables a database has, and bringing them up to date."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StorageTooNew
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

    `url` is one of SQLAlchemy. Alembic is imported only here: it takes longer than the whole start.
    Raises the database's own error.
    """
    from alembic import command
    from sqlalchemy.exc import DBAPIError

    try:
        command.upgrade(configuration(url), "head")
    except DBAPIError as error:
        raise error.orig or error from error


def configuration(url: str) -> "Config":
    """How Alembic finds the steps and the database."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["url"] = url
    return config
