"""News from the operator: who can be told, what was told to whom, and how it went."""

from alembic import op

revision = "0011"
down_revision = "0010"

STATEMENTS = (
    # When they last spoke to the bot in private, to within a day; 0: never, so it may not write to them.
    "ALTER TABLE users ADD COLUMN talked_at BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE users ADD COLUMN news BIGINT NOT NULL DEFAULT 1",
    # Of those who are known already nobody remembers where they wrote.
    "UPDATE users SET talked_at = created_at",
    """UPDATE users SET talked_at = asked.latest
      FROM (
        SELECT user_id, MAX(created_at) AS latest FROM generations WHERE chat_id = user_id GROUP BY user_id
      ) AS asked
      WHERE asked.user_id = users.user_id AND asked.latest > users.talked_at""",
    """CREATE TABLE broadcasts (
      broadcast_id TEXT NOT NULL PRIMARY KEY,
      admin_id BIGINT NOT NULL,
      panel_id BIGINT,
      letter TEXT NOT NULL,
      days BIGINT NOT NULL,
      language TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'stopped', 'done')),
      created_at BIGINT NOT NULL,
      started_at BIGINT,
      ended_at BIGINT,
      told_at BIGINT NOT NULL DEFAULT 0,
      total BIGINT NOT NULL DEFAULT 0,
      passed_id BIGINT NOT NULL DEFAULT 0,
      troubles BIGINT NOT NULL DEFAULT 0,
      delivered BIGINT NOT NULL DEFAULT 0,
      blocked BIGINT NOT NULL DEFAULT 0,
      failed BIGINT NOT NULL DEFAULT 0,
      unknown BIGINT NOT NULL DEFAULT 0
    )""",
    "CREATE UNIQUE INDEX broadcasts_one ON broadcasts (state) WHERE state = 'running'",
    # Kept while it runs: who was tried, and what came of it.
    """CREATE TABLE broadcast_people (
      broadcast_id TEXT NOT NULL,
      user_id BIGINT NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('begun', 'later', 'delivered', 'blocked', 'failed', 'unknown')),
      tries BIGINT NOT NULL DEFAULT 0,
      PRIMARY KEY (broadcast_id, user_id)
    )""",
    "CREATE INDEX broadcast_people_open ON broadcast_people (broadcast_id, tries) WHERE outcome IN ('begun', 'later')",
)


def upgrade() -> None:
    """Add them."""
    for statement in STATEMENTS:
        op.execute(statement)
