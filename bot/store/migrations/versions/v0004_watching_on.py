"""Store which jobs are unconfirmed, which places were offered less, and frozen workspaces."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add columns, an index and a table. An older version neither reads nor writes them."""
    for name in ("stale_at", "stale_since"):
        op.add_column("watched_job", sa.Column(name, sa.DateTime(timezone=True)))
    op.add_column("watched_job", sa.Column("is_rebased", sa.Boolean))
    condition = sa.text("stale_at IS NOT NULL")
    op.create_index(
        "watched_job_stale",
        "watched_job",
        ["team_id", "project_id", "stale_at"],
        sqlite_where=condition,
        postgresql_where=condition,
    )
    op.add_column("card", sa.Column("offered_at", sa.DateTime(timezone=True)))
    op.add_column("delivery", sa.Column("offers_quiet", sa.Boolean))
    op.create_table(
        "workspace",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True)),
        sa.Column("is_removed", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
