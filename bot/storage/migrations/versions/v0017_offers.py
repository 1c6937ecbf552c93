"""Prices and presets that admins set in the chat. They count over the operator's files, of which nothing is here."""

from alembic import op

revision = "0017"
down_revision = "0016"

STATEMENTS = (
    # By the key of a model. Without a price it is not offered.
    """CREATE TABLE own_prices (
      model TEXT NOT NULL PRIMARY KEY,
      price BIGINT,
      set_at BIGINT NOT NULL,
      set_by BIGINT NOT NULL
    )""",
    """CREATE TABLE own_presets (
      name TEXT NOT NULL PRIMARY KEY,
      words TEXT NOT NULL,
      negative TEXT,
      ratio TEXT,
      model TEXT,
      set_at BIGINT NOT NULL,
      set_by BIGINT NOT NULL
    )""",
)


def upgrade() -> None:
    """Add them."""
    for statement in STATEMENTS:
        op.execute(statement)
