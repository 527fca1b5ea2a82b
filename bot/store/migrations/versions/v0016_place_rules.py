"""Store the rules of places, which deliveries pass quiet hours, and a memory of workspaces."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_HAS_HOLDS = "holds_at IS NOT NULL"


def upgrade() -> None:
    """Add tables and a column that an older version neither reads nor needs."""
    op.create_table(
        "place_rules",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("channel_id", sa.Text, primary_key=True),
        sa.Column("quiet_begins_at", sa.Integer),
        sa.Column("quiet_ends_at", sa.Integer),
        _flag("quiet_is_weekdays_only"),
        _flag("quiet_lets_failures_pass"),
        sa.Column("digest_at", sa.Integer),
        _flag("digest_is_weekdays_only"),
        sa.Column("language", sa.Text, nullable=False, server_default=""),
        sa.Column("time_zone", sa.Text, nullable=False, server_default=""),
        sa.Column("set_by", sa.Text, nullable=False, server_default=""),
        sa.Column("holds_at", sa.DateTime(timezone=True)),
        sa.Column("greeted_at", sa.DateTime(timezone=True)),
        sa.Column("clicked_at", sa.DateTime(timezone=True)),
        sa.Column("digest_offered_at", sa.DateTime(timezone=True)),
    )
    has_holds = sa.text(_HAS_HOLDS)
    op.create_index(
        "place_rules_due",
        "place_rules",
        ["holds_at"],
        sqlite_where=has_holds,
        postgresql_where=has_holds,
    )
    op.add_column("delivery", _flag("is_urgent"))
    op.create_table(
        "workspace_memory",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("charts_refused_until", sa.DateTime(timezone=True)),
    )


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())
