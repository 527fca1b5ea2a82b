"""Keep which watched jobs no good read confirms, so that their cards say so."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns. An older version neither reads nor writes them."""
    for name in ("stale_at", "stale_since"):
        op.add_column("watched_job", sa.Column(name, sa.DateTime(timezone=True)))
    condition = sa.text("stale_at IS NOT NULL")
    op.create_index(
        "watched_job_stale",
        "watched_job",
        ["team_id", "project_id", "stale_at"],
        sqlite_where=condition,
        postgresql_where=condition,
    )
