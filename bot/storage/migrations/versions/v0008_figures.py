"""Figures for the operator: what ended when, read from an index alone; services switched by hand; open incidents."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    """CREATE INDEX generations_ended ON generations (
      ended_at, model, status, cause, user_id, price, draw_ms, width
    ) WHERE ended_at IS NOT NULL""",
    # By the key of a service, or of one model. What nobody switched has no row.
    """CREATE TABLE provider_switches (
      name TEXT NOT NULL PRIMARY KEY,
      state TEXT NOT NULL CHECK (state IN ('off', 'preferred')),
      changed_at BIGINT NOT NULL,
      changed_by BIGINT NOT NULL
    )""",
    # Since when a service is in trouble, of which the admins were told; and since when it works again.
    """CREATE TABLE incidents (
      provider TEXT NOT NULL PRIMARY KEY,
      cause TEXT NOT NULL,
      opened_at BIGINT NOT NULL,
      works_since BIGINT
    )""",
)


def upgrade() -> None:
    """Add them."""
    for statement in STATEMENTS:
        op.execute(statement)
