"""A picture may be a favorite of its owner."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add when it became one."""
    op.execute("ALTER TABLE generations ADD COLUMN favorite_at BIGINT")
