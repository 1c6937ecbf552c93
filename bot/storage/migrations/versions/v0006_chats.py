"""Groups and channels: what each allows, and who pays for a picture where it is not the person who asked."""

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    # What nobody chose is empty: the default counts.
    """CREATE TABLE chats (
      chat_id BIGINT NOT NULL PRIMARY KEY,
      allowed BIGINT,
      admins_only BIGINT NOT NULL DEFAULT 0,
      models TEXT,
      ceiling BIGINT,
      spoiler BIGINT NOT NULL DEFAULT 0,
      thread_id BIGINT,
      tidy BIGINT NOT NULL DEFAULT 0,
      gap BIGINT NOT NULL DEFAULT 0,
      quiet_from BIGINT,
      quiet_to BIGINT,
      zone TEXT,
      language TEXT,
      pot_id BIGINT,
      share BIGINT,
      signature TEXT
    )""",
    "ALTER TABLE generations ADD COLUMN payer_id BIGINT",
    "ALTER TABLE generations ADD COLUMN spoiler BIGINT NOT NULL DEFAULT 0",
    "CREATE INDEX generations_chat ON generations (chat_id, user_id, created_at) WHERE chat_id < 0",
)


def upgrade() -> None:
    """Add what only private chats were without."""
    for statement in STATEMENTS:
        op.execute(statement)
