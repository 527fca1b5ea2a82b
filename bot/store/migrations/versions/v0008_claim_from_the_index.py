"""Let a claim read everything that it returns from one index."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the epoch to the index of due jobs. An older version uses it like the old index."""
    is_polled = sa.text("next_at IS NOT NULL")
    op.create_index(
        "watched_job_claim",
        "watched_job",
        ["team_id", "project_id", "next_at", "job_id", "epoch"],
        sqlite_where=is_polled,
        postgresql_where=is_polled,
    )
    op.drop_index("watched_job_turn", "watched_job")
