"""Store the witnesses of a job's absence, and since when the cloud's API itself is missing."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add columns and an index that an older version neither reads nor needs. While one runs, it
    notifies of deletions by its own rule."""
    for table, names in {
        "watched_job": ("absent_at", "unlisted_at"),
        "project": ("missing_since", "missing_told_at"),
    }.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.DateTime(timezone=True)))
    is_absent = sa.text("absent_since IS NOT NULL")
    op.create_index(
        "watched_job_absent",
        "watched_job",
        ["team_id", "project_id"],
        sqlite_where=is_absent,
        postgresql_where=is_absent,
    )
