"""Keep the preset `changes`, and who ended the last subscription of a card's place."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add columns that an older version neither reads nor needs. Whoever said nothing until now
    was promised every change, which is stored as such."""
    op.add_column("subscription", sa.Column("preset", sa.Text))
    op.add_column("card", sa.Column("unfollowed_by", sa.Text))
    op.add_column("card", sa.Column("unfollowed_at", sa.DateTime(timezone=True)))
