"""Pictures whose words are kept too long are found without looking at all the others."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the index."""
    op.execute("CREATE INDEX generations_worded ON generations (ended_at) WHERE prompt <> '' AND favorite_at IS NULL")
