"""Store a message's intended thread, its failures in a row, who was notified of a pause, and when
the database was restored."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add columns and a table; an older version that still runs leaves them as they are."""
    op.add_column("delivery", sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
    op.add_column("delivery", sa.Column("thread_ts", sa.Text))
    op.add_column("delivery", sa.Column("look_from", sa.DateTime(timezone=True)))
    op.add_column("delivery", sa.Column("about", sa.Text))
    op.add_column("place", sa.Column("told_at", sa.DateTime(timezone=True)))
    op.create_table(
        "restore",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
