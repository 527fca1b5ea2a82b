"""The tables as the queries see them; the migrations make them so, and a test compares the two."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

from bot.store.columns import Span, UtcTime

metadata = MetaData()

#: The job each person asked for most recently, so that `last` means something.
last_asked = Table(
    "last_asked",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
)


def _facts() -> tuple[Column[object], ...]:
    """One job as one answer told it."""
    return (
        Column("name", Text, nullable=False),
        Column("description", Text, nullable=False),
        Column("service_url", Text, nullable=False),
        Column("train_url", Text, nullable=False),
        Column("resource_id", Text, nullable=False),
        Column("duration", Span),
        Column("created_at", UtcTime),
        Column("read_at", UtcTime),
    )


def _when(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


#: A project of a workspace: when its whole list is due, and since when the cloud is silent.
project = Table(
    "project",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    #: Unique over all teams: a sweep is named by it alone.
    Column("sweep_epoch", BigInteger, nullable=False, unique=True),
    Column("sweep_claimed_at", UtcTime),
    Column("lease_until", UtcTime),
    #: None while no subscription wants the whole list.
    Column("next_at", UtcTime),
    Column("known_jobs", Integer, nullable=False),
    Column("good_at", UtcTime),
    #: The last good read before the loss that was told.
    Column("lost_since", UtcTime),
)

#: Until when no call of the cloud is granted, over all workspaces: it asked to wait, or a read of
#: more than a minute's worth is being paid off.
call_budget = Table(
    "call_budget",
    metadata,
    Column("project_id", Text, primary_key=True),
    Column("paid_until", UtcTime, nullable=False),
    Column("held_until", UtcTime, nullable=False),
)

#: The calls granted in the last minute.
spent_calls = Table(
    "spent_calls",
    metadata,
    Column("project_id", Text, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("calls", BigInteger, nullable=False),
)

#: A job with a subscription, or one that a sweep told of, as last observed. Rows are never
#: deleted: their sequence never restarts.
watched_job = Table(
    "watched_job",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, primary_key=True),
    #: None before the first good read.
    Column("status", Integer),
    *_facts(),
    Column("is_gone", Boolean, nullable=False),
    Column("ended_at", UtcTime),
    Column("sequence", Integer, nullable=False),
    Column("absences", Integer, nullable=False),
    Column("absent_since", UtcTime),
    #: By the database's clock, unlike read_at: comparable with the claim of a sweep.
    Column("recorded_at", UtcTime),
    Column("epoch", BigInteger, nullable=False),
    Column("lease_until", UtcTime),
    #: None while nobody wishes to hear of it.
    Column("next_at", UtcTime),
    #: It could not be read: from when on its cards say so, unless a good read comes first.
    Column("stale_at", UtcTime),
    #: Since when they do.
    Column("stale_since", UtcTime),
    #: The next read is a new beginning: nothing is told of what it shows.
    Column("is_rebased", Boolean),
    Index("watched_job_due", "team_id", "project_id", "next_at", **_when("next_at IS NOT NULL")),
    Index(
        "watched_job_stale", "team_id", "project_id", "stale_at", **_when("stale_at IS NOT NULL")
    ),
    postgresql_with={"fillfactor": 70},
)

#: A place's wish. The target is a job's number, a pattern or the whole project.
subscription = Table(
    "subscription",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("target_kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    #: 0 for a pattern and the project.
    Column("job_id", BigInteger, nullable=False),
    Column("wanted", Text, nullable=False),
    Column("telling", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("until", UtcTime),
    Column("state", Text, nullable=False),
    Column("ended_at", UtcTime),
    Index(
        "subscription_key",
        "team_id",
        "project_id",
        "channel_id",
        "target_kind",
        "target",
        unique=True,
    ),
    Index("subscription_of_job", "team_id", "project_id", "job_id"),
    Index("subscription_until", "until", **_when("until IS NOT NULL AND state <> 'ended'")),
    Index("subscription_pending", "team_id", "project_id", **_when("state = 'pending'")),
)

#: What was seen: the history.
change = Table(
    "change",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime),
    Column("status", Integer, nullable=False),
    *_facts(),
    Index("change_seen", "team_id", "project_id", "seen_at"),
)

#: The outbox. A change in a group waits for the group, the row that group_id names.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("job_id", BigInteger, nullable=False),
    #: 0 for the card, which comes first.
    Column("sequence", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("telling", Text, nullable=False),
    #: open, grouped, sent, dead or withdrawn
    Column("state", Text, nullable=False),
    Column("group_id", Text),
    Column("since", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    #: Its turn: the members of a large fan-out stand apart, so that others come between.
    Column("turn_at", UtcTime, nullable=False),
    #: None while its place is paused.
    Column("next_at", UtcTime),
    Column("attempts", Integer, nullable=False),
    #: How many posts in a row failed, or were answered by nothing clear.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("intent_at", UtcTime),
    #: Where a search begins, if it is before the intent.
    Column("look_from", UtcTime),
    #: Of the thread that it was meant for at intent.
    Column("thread_ts", Text),
    #: The channel that it tells of, where that is not its own.
    Column("about", Text),
    Column("is_doubtful", Boolean, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("lease_until", UtcTime),
    Column("reason", Text, nullable=False),
    Column("ts", Text),
    Column("finished_at", UtcTime),
    Column("rescan_at", UtcTime),
    Column("rescans", Integer, nullable=False),
    #: Its message offers to be told more quietly.
    Column("offers_quiet", Boolean),
    Index("delivery_turn", "team_id", "project_id", "turn_at", **_when("state = 'open'")),
    Index(
        "delivery_unfinished",
        "team_id",
        "channel_id",
        "project_id",
        "job_id",
        "sequence",
        **_when("state IN ('open', 'grouped')"),
    ),
    Index("delivery_of_job", "team_id", "project_id", "channel_id", "job_id"),
    Index("delivery_group", "group_id", **_when("group_id IS NOT NULL")),
    Index("delivery_dead", "team_id", "finished_at", **_when("state = 'dead'")),
    Index("delivery_rescan", "team_id", "rescan_at", **_when("rescan_at IS NOT NULL")),
    Index("delivery_finished", "finished_at", **_when("finished_at IS NOT NULL")),
    postgresql_with={"fillfactor": 70},
)

#: What the card of a job in a place shows, and what it shall show.
card = Table(
    "card",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    #: None until it is posted.
    Column("ts", Text),
    #: False after the place forgot the job.
    Column("is_followed", Boolean, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("claimed", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("lease_until", UtcTime),
    #: When its place was offered to be told more quietly.
    Column("offered_at", UtcTime),
    Index("card_behind", "team_id", "project_id", "next_at", **_when("wanted > shown")),
)

#: A place that could not be posted to, and until when what is created there counts as held.
place = Table(
    "place",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("paused_at", UtcTime),
    Column("reason", Text, nullable=False),
    Column("held_until", UtcTime),
    #: When the people who wait there were told of the pause.
    Column("told_at", UtcTime),
)

#: Until when Slack asked to wait; an empty channel stands for the whole workspace.
gate = Table(
    "gate",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("until", UtcTime, nullable=False),
)

#: A workspace that does not accept us any more.
workspace = Table(
    "workspace",
    metadata,
    Column("team_id", Text, primary_key=True),
    #: None while all is well.
    Column("frozen_at", UtcTime),
    #: Slack itself has said that we are not there any more.
    Column("is_removed", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
)

#: What Slack sent, so that it is done once.
inbox = Table(
    "inbox",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("seen_at", UtcTime, nullable=False, index=True),
)

#: What was refused: a record by somebody whose lease had ended.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team_id", Text, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("ts", Text, nullable=False),
)

#: When the operator said that the database was restored; one row, or none.
restore = Table(
    "restore",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
)
