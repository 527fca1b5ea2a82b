"""Move late records to a table of their own: `audit` shall store who stopped what."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Copy the rows. The old table stays, because an older version that still runs writes to it."""
    op.create_table(
        "late_records",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("delivery_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
    )
    op.create_index("ix_late_records_at", "late_records", ["at"])
    columns = "team_id, at, what, delivery_id, channel_id, ts"
    op.execute(f"INSERT INTO late_records ({columns}) SELECT {columns} FROM audit ORDER BY id")  # noqa: S608 - ours
