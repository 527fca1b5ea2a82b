"""Index old rows apart from those that stay, and register the servers of the database."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_MAY_GO = "finished_at IS NOT NULL AND kind <> 'card'"


def upgrade() -> None:
    """Add indexes and a table, drop an index. An older version works with them as before."""
    op.create_index(
        "delivery_of_change", "delivery", ["team_id", "project_id", "job_id", "sequence"]
    )
    may_go = sa.text(_MAY_GO)
    op.create_index(
        "delivery_age",
        "delivery",
        ["finished_at"],
        sqlite_where=may_go,
        postgresql_where=may_go,
    )
    op.drop_index("delivery_finished", "delivery")
    op.create_index("change_age", "change", ["seen_at"])
    op.create_table(
        "server",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("process", sa.Integer, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
