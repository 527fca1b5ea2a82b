"""Store the calls of the cloud that were granted in the last minute."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    """Add a table. An older version neither reads nor writes it."""
    op.create_table(
        "spent_calls",
        sa.Column("project_id", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("calls", sa.BigInteger, nullable=False),
    )
