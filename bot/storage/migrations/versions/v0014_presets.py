"""Pictures remember the preset that they were asked for with, and people may have one for all they ask for."""

from alembic import op

revision = "0014"
down_revision = "0013"

STATEMENTS = (
    # The name and the words as they were when the picture was asked for, in JSON. Not edited with the preset.
    "ALTER TABLE generations ADD COLUMN style TEXT",
    "ALTER TABLE users ADD COLUMN preset TEXT",
)


def upgrade() -> None:
    """Add them."""
    for statement in STATEMENTS:
        op.execute(statement)
