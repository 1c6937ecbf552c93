"""Drafts for channels: what each will say, when and where; and the channels that the bot was brought into."""

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    # A draft is named after its picture.
    """CREATE TABLE posts (
      post_id TEXT NOT NULL PRIMARY KEY,
      user_id BIGINT NOT NULL,
      chat_id BIGINT NOT NULL,
      title TEXT NOT NULL,
      caption TEXT NOT NULL,
      entities TEXT,
      signature TEXT,
      state TEXT NOT NULL CHECK (
        state IN ('draft', 'planned', 'sending', 'begun', 'published', 'unsure', 'discarded')
      ),
      asked TEXT,
      due_at BIGINT,
      message_id BIGINT,
      link TEXT,
      created_at BIGINT NOT NULL,
      changed_at BIGINT NOT NULL
    )""",
    "CREATE INDEX posts_recent ON posts (chat_id, user_id, created_at)",
    "CREATE INDEX posts_changed ON posts (changed_at)",
    """CREATE TABLE channels (
      chat_id BIGINT NOT NULL PRIMARY KEY,
      added_by BIGINT NOT NULL,
      noted_at BIGINT NOT NULL
    )""",
    "CREATE INDEX channels_noted ON channels (added_by, noted_at)",
)


def upgrade() -> None:
    """Add them."""
    for statement in STATEMENTS:
        op.execute(statement)
