"""Store the preset `changes`, and who ended the last subscription that covered a card."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add columns that an older version neither reads nor needs. Existing subscriptions without a
    filter keep `all`, as they were promised every change."""
    op.add_column("subscription", sa.Column("preset", sa.Text))
    op.add_column("card", sa.Column("unfollowed_by", sa.Text))
    op.add_column("card", sa.Column("unfollowed_at", sa.DateTime(timezone=True)))
