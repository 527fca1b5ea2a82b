"""Store every hold of deliveries in one table."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_HOLD = (
    "INSERT INTO hold (team_id, channel_id, project_id, job_id, reason, words, since, until,"
    " told_at) SELECT team_id, {channel_id}, '', 0, {reason}, {words}, {since}, {until}, {told_at}"
    " FROM {table} WHERE {condition}"
)
# Earlier versions closed the gate of a frozen workspace for ten years; now that is a hold without
# an end.
_IS_OF_FROZEN = (
    "channel_id = '' AND team_id IN (SELECT team_id FROM workspace WHERE frozen_at IS NOT NULL)"
)
# For a wait longer than pacing, earlier versions also set held_until of the place.
_WAS_A_WAIT = (
    "EXISTS (SELECT 1 FROM place WHERE place.team_id = gate.team_id"
    " AND place.channel_id = gate.channel_id AND place.held_until >= gate.until)"
)


def upgrade() -> None:
    """Copy the rows. The old tables stay: an older version that still runs writes to them."""
    op.create_table(
        "hold",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("channel_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, primary_key=True),
        sa.Column("job_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
    )
    _copy(
        "place",
        "paused_at IS NOT NULL",
        reason="'refused'",
        words="reason",
        since="paused_at",
        told_at="told_at",
    )
    _copy(
        "place",
        f"held_until IS NOT NULL AND NOT ({_IS_OF_FROZEN})",
        reason="'retrying'",
        since="held_until",
        until="held_until",
    )
    _copy(
        "gate",
        f"NOT ({_IS_OF_FROZEN})",
        reason=f"CASE WHEN {_WAS_A_WAIT} THEN 'asked to wait' ELSE 'pacing' END",
        since="until",
        until="until",
    )
    _copy(
        "workspace",
        "frozen_at IS NOT NULL",
        channel_id="''",
        reason="'frozen'",
        words="reason",
        since="frozen_at",
    )


def _copy(table: str, condition: str, **columns: str) -> None:
    usual = {"channel_id": "channel_id", "words": "''", "until": "NULL", "told_at": "NULL"}
    values = {**usual, **columns}
    op.execute(_HOLD.format(table=table, condition=condition, **values))
