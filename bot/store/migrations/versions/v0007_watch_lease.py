"""Lease ranges of watched jobs instead of single jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add a table, and the index with the order of due jobs that a range is a part of.

    An older version goes on leasing each job by itself. Both versions may read the same job: the
    second one to record finds that the epoch has changed.
    """
    op.create_table(
        "watch_lease",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("after_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_job", sa.BigInteger, nullable=False),
        sa.Column("upto_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("upto_job", sa.BigInteger, nullable=False),
        sa.Column("jobs", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("watch_lease_of_project", "watch_lease", ["team_id", "project_id"])
    is_polled = sa.text("next_at IS NOT NULL")
    op.create_index(
        "watched_job_turn",
        "watched_job",
        ["team_id", "project_id", "next_at", "job_id"],
        sqlite_where=is_polled,
        postgresql_where=is_polled,
    )
    op.drop_index("watched_job_due", "watched_job")
