"""Store the zone and the author of a digest apart from those of the quiet hours, and the request of
an audit entry."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add columns that an older version neither reads nor needs."""
    op.add_column("place_rules", _words("digest_time_zone"))
    op.add_column("place_rules", _words("digest_set_by"))
    op.add_column("audit_entry", _words("request_id"))


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")
