"""Find what a claim hands out in the index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the epoch to the order of what is due. An older version uses it as the one before."""
    is_polled = sa.text("next_at IS NOT NULL")
    op.create_index(
        "watched_job_claim",
        "watched_job",
        ["team_id", "project_id", "next_at", "job_id", "epoch"],
        sqlite_where=is_polled,
        postgresql_where=is_polled,
    )
    op.drop_index("watched_job_turn", "watched_job")
