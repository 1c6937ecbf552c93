"""Several services: what was wished and is drawn otherwise, pictures to change, what each service has cost today."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "ALTER TABLE generations ADD COLUMN wished TEXT",
    "ALTER TABLE generations ADD COLUMN sources TEXT",
    "ALTER TABLE generations ADD COLUMN public_link TEXT",
    "ALTER TABLE generations ADD COLUMN public_id TEXT",
    "ALTER TABLE generations ADD COLUMN interrupted BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE shelf ADD COLUMN original TEXT",
    """CREATE TABLE spending (
      provider TEXT NOT NULL,
      day TEXT NOT NULL,
      credits BIGINT NOT NULL CHECK (credits >= 0),
      PRIMARY KEY (provider, day)
    )""",
)


def upgrade() -> None:
    """Add what the first version did not keep."""
    for statement in STATEMENTS:
        op.execute(statement)
