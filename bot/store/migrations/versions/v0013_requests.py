"""Store whose answer is being posted, and how many calls of the cloud people caused."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add columns and an index that an older version neither reads nor needs."""
    op.add_column("inbox", sa.Column("asker", sa.Text))
    op.add_column("inbox", sa.Column("sentence", sa.Text))
    is_unfinished = sa.text("sentence IS NOT NULL")
    op.create_index(
        "inbox_unfinished",
        "inbox",
        ["team_id", "seen_at"],
        sqlite_where=is_unfinished,
        postgresql_where=is_unfinished,
    )
    op.add_column(
        "spent_calls", sa.Column("asked", sa.BigInteger, nullable=False, server_default="0")
    )
