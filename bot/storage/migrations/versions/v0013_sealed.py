"""Words and pictures are sealed, and people can be forgotten."""

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS = (
    # Whose key seals the row: whom it is about. 0: kept as it was by an earlier version.
    "ALTER TABLE inbox ADD COLUMN owner_id BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE outbox ADD COLUMN owner_id BIGINT NOT NULL DEFAULT 0",
    # What an edit is of, or whom a whisper is for: what is sealed cannot be searched.
    "ALTER TABLE outbox ADD COLUMN target TEXT",
    # What opens the files of the picture. Empty: they are as an earlier version left them.
    "ALTER TABLE shelf ADD COLUMN key TEXT",
    # Named after marks, so that nobody can tell whom; what must be remembered for a while.
    """CREATE TABLE forgotten (
      mark TEXT NOT NULL PRIMARY KEY,
      forgotten_at BIGINT NOT NULL,
      day TEXT NOT NULL,
      daily BIGINT NOT NULL,
      banned BIGINT NOT NULL,
      banned_until BIGINT
    )""",
)


def upgrade() -> None:
    """Add what that needs."""
    for statement in STATEMENTS:
        op.execute(statement)
