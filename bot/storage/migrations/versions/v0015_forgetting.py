"""All that was drawn for one person is found at once, and a limit of theirs outlives their being forgotten."""

from alembic import op

revision = "0015"
down_revision = "0014"

STATEMENTS = (
    "CREATE INDEX generations_person ON generations (user_id)",
    # Credits of a day that were theirs alone, and fewer than those of everybody. Empty: there was no such limit.
    "ALTER TABLE forgotten ADD COLUMN own BIGINT",
)


def upgrade() -> None:
    """Add them."""
    for statement in STATEMENTS:
        op.execute(statement)
