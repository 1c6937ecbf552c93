"""Counting pictures by status looks at no picture: with a million of them a scrape took seconds."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "CREATE INDEX generations_status ON generations (status)",
    # The new one finds the unfinished as well.
    "DROP INDEX generations_open",
)


def upgrade() -> None:
    """Put one index in the place of another."""
    for statement in STATEMENTS:
        op.execute(statement)
