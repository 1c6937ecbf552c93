"""Counting the updates that were set aside looks at no other: those are millions."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the index."""
    op.execute("CREATE INDEX inbox_set_aside ON inbox (received_at) WHERE state = 'set_aside'")
