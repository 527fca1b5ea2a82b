"""Store subscriptions, watched jobs, their history and the deliveries."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    _create_project()
    _create_call_budget()
    _create_watched_job()
    _create_subscription()
    _create_change()
    _create_delivery()
    _create_card()
    _create_place()
    _create_gate()
    _create_inbox()
    _create_audit()


def _create_project() -> None:
    op.create_table(
        "project",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, primary_key=True),
        sa.Column("sweep_epoch", sa.BigInteger, nullable=False, unique=True),
        sa.Column("sweep_claimed_at", sa.DateTime(timezone=True)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("known_jobs", sa.Integer, nullable=False),
        sa.Column("good_at", sa.DateTime(timezone=True)),
        sa.Column("lost_since", sa.DateTime(timezone=True)),
    )


def _create_call_budget() -> None:
    op.create_table(
        "call_budget",
        sa.Column("project_id", sa.Text, primary_key=True),
        sa.Column("paid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
    )


def _create_watched_job() -> None:
    op.create_table(
        "watched_job",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, primary_key=True),
        sa.Column("job_id", sa.BigInteger, primary_key=True),
        sa.Column("status", sa.Integer),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("service_url", sa.Text, nullable=False),
        sa.Column("train_url", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text, nullable=False),
        sa.Column("duration", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("is_gone", sa.Boolean, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("absences", sa.Integer, nullable=False),
        sa.Column("absent_since", sa.DateTime(timezone=True)),
        sa.Column("recorded_at", sa.DateTime(timezone=True)),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index(
        "watched_job_due",
        "watched_job",
        ["team_id", "project_id", "next_at"],
        **_when("next_at IS NOT NULL"),
    )


def _create_subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("target_kind", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("job_id", sa.BigInteger, nullable=False),
        sa.Column("wanted", sa.Text, nullable=False),
        sa.Column("telling", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "subscription_key",
        "subscription",
        ["team_id", "project_id", "channel_id", "target_kind", "target"],
        unique=True,
    )
    op.create_index("subscription_of_job", "subscription", ["team_id", "project_id", "job_id"])
    op.create_index(
        "subscription_pending",
        "subscription",
        ["team_id", "project_id"],
        **_when("state = 'pending'"),
    )
    op.create_index(
        "subscription_until",
        "subscription",
        ["until"],
        **_when("until IS NOT NULL AND state <> 'ended'"),
    )


def _create_change() -> None:
    op.create_table(
        "change",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, primary_key=True),
        sa.Column("job_id", sa.BigInteger, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("before", sa.Integer, nullable=False),
        sa.Column("after", sa.Integer, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True)),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("service_url", sa.Text, nullable=False),
        sa.Column("train_url", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text, nullable=False),
        sa.Column("duration", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("read_at", sa.DateTime(timezone=True)),
    )
    op.create_index("change_seen", "change", ["team_id", "project_id", "seen_at"])


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("job_id", sa.BigInteger, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("telling", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("group_id", sa.Text),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("intent_at", sa.DateTime(timezone=True)),
        sa.Column("is_doubtful", sa.Boolean, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ts", sa.Text),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("rescan_at", sa.DateTime(timezone=True)),
        sa.Column("rescans", sa.Integer, nullable=False),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index(
        "delivery_dead", "delivery", ["team_id", "finished_at"], **_when("state = 'dead'")
    )
    op.create_index(
        "delivery_finished", "delivery", ["finished_at"], **_when("finished_at IS NOT NULL")
    )
    op.create_index("delivery_group", "delivery", ["group_id"], **_when("group_id IS NOT NULL"))
    op.create_index(
        "delivery_of_job", "delivery", ["team_id", "project_id", "channel_id", "job_id"]
    )
    op.create_index(
        "delivery_rescan", "delivery", ["team_id", "rescan_at"], **_when("rescan_at IS NOT NULL")
    )
    op.create_index(
        "delivery_turn", "delivery", ["team_id", "project_id", "turn_at"], **_when("state = 'open'")
    )
    op.create_index(
        "delivery_unfinished",
        "delivery",
        ["team_id", "channel_id", "project_id", "job_id", "sequence"],
        **_when("state IN ('open', 'grouped')"),
    )


def _create_card() -> None:
    op.create_table(
        "card",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, primary_key=True),
        sa.Column("job_id", sa.BigInteger, primary_key=True),
        sa.Column("channel_id", sa.Text, primary_key=True),
        sa.Column("ts", sa.Text),
        sa.Column("is_followed", sa.Boolean, nullable=False),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("claimed", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "card_behind", "card", ["team_id", "project_id", "next_at"], **_when("wanted > shown")
    )


def _create_place() -> None:
    op.create_table(
        "place",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("channel_id", sa.Text, primary_key=True),
        sa.Column("paused_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True)),
    )


def _create_gate() -> None:
    op.create_table(
        "gate",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("channel_id", sa.Text, primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("team_id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_inbox_seen_at", "inbox", ["seen_at"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("team_id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("delivery_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("ts", sa.Text, nullable=False),
    )
    op.create_index("ix_audit_at", "audit", ["at"])


def _when(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
