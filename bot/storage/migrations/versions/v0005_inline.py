"""Inline messages: a picture may be wished for in a chat of which only a message is known."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the id of that message."""
    op.execute("ALTER TABLE generations ADD COLUMN inline_id TEXT")
