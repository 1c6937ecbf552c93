"""What somebody has put where everybody can see it is found at once, however much else was drawn for them."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the index."""
    op.execute("CREATE INDEX generations_public ON generations (user_id, public_id) WHERE public_id IS NOT NULL")
