"""Store actions and their audit, the leases and owners of jobs, and when a job was first read."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add tables and a column that an older version neither reads nor needs."""
    op.add_column("watched_job", sa.Column("first_read_at", sa.DateTime(timezone=True)))
    _create_care()
    _create_action()
    _create_audit_entry()


def _create_care() -> None:
    op.create_table(
        "care",
        *_job_key(),
        sa.Column("sequence", sa.Integer),
        sa.Column("run", sa.Integer, nullable=False, server_default="0"),
        sa.Column("running_since", sa.DateTime(timezone=True)),
        sa.Column("counted", sa.BigInteger),
        sa.Column("mark", sa.Integer, nullable=False, server_default="0"),
        sa.Column("wait", sa.Integer, nullable=False, server_default="0"),
        sa.Column("waiting_since", sa.DateTime(timezone=True)),
        sa.Column("is_stuck_told", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("looked_at", sa.DateTime(timezone=True)),
        sa.Column("shown_at", sa.DateTime(timezone=True)),
        sa.Column("look_at", sa.DateTime(timezone=True)),
        sa.Column("look_past", sa.BigInteger),
        sa.Column("kept_until", sa.DateTime(timezone=True)),
        sa.Column("kept_by", sa.Text),
        sa.Column("owner", sa.Text),
        sa.Column("disclaimed_by", sa.Text),
    )


def _job_key() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, primary_key=True),
        sa.Column("job_id", sa.BigInteger, primary_key=True, autoincrement=False),
    )


def _create_action() -> None:
    op.create_table(
        "action",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("job_id", sa.BigInteger, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("job_name", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text),
    )
    is_unfinished = sa.text("outcome IS NULL")
    op.create_index(
        "action_unfinished",
        "action",
        ["project_id", "job_id"],
        unique=True,
        sqlite_where=is_unfinished,
        postgresql_where=is_unfinished,
    )
    op.create_index("action_of_job", "action", ["project_id", "job_id", "asked_at"])
    op.create_index("action_age", "action", ["asked_at"])


def _create_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("job_id", sa.BigInteger, nullable=False),
        sa.Column("job_name", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("action_id", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("is_outcome", sa.Boolean, nullable=False),
    )
    op.create_index(
        "audit_entry_of_project", "audit_entry", ["team_id", "project_id", "is_outcome", "id"]
    )
    is_outcome = sa.text("is_outcome")
    op.create_index(
        "audit_entry_outcome",
        "audit_entry",
        ["team_id", "action_id"],
        sqlite_where=is_outcome,
        postgresql_where=is_outcome,
    )
