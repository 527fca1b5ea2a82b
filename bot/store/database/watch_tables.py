"""The tables of watched jobs, subscriptions and changes; see tables.py."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
)

from bot.store.database.columns import Span, UtcTime, metadata, when

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
    """One job as one answer of the cloud describes it."""
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
    #: The last good read before the loss that people were notified of.
    Column("lost_since", UtcTime),
    #: Since when list and jobs have been answered by nothing but 404 or 410.
    Column("missing_since", UtcTime),
    #: When that was told.
    Column("missing_told_at", UtcTime),
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
    #: So many more, to answer people.
    Column("asked", BigInteger, nullable=False, server_default="0"),
)

#: A job with a subscription, or one from a list, as last observed. Its row outlives its history,
#: so that its sequence never restarts while a message tells of it.
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
    #: The witnesses of its absence, as bot.core.absence weighs them: how often in a row it was
    #: denied, first and last when, and when a list was asked for that lacks it.
    Column("absences", Integer, nullable=False),
    Column("absent_since", UtcTime),
    Column("absent_at", UtcTime),
    Column("unlisted_at", UtcTime),
    #: By the database's clock, unlike read_at: comparable with the claim of a sweep.
    Column("recorded_at", UtcTime),
    Column("epoch", BigInteger, nullable=False),
    #: Of versions before 0007, one of which may still be running.
    Column("lease_until", UtcTime),
    #: None while no subscription wants it.
    Column("next_at", UtcTime),
    #: It could not be read: from when on its cards say so, unless a good read comes first.
    Column("stale_at", UtcTime),
    #: Since when they do.
    Column("stale_since", UtcTime),
    #: The next read is a new baseline: it notifies nobody.
    Column("is_rebased", Boolean),
    #: When it was first read; None where a version before 0015 did that.
    Column("first_read_at", UtcTime),
    # All that a claim hands out: to fetch the rows for it would double what SQLite reads.
    Index(
        "watched_job_claim",
        "team_id",
        "project_id",
        "next_at",
        "job_id",
        "epoch",
        **when("next_at IS NOT NULL"),
    ),
    Index("watched_job_absent", "team_id", "project_id", **when("absent_since IS NOT NULL")),
    Index("watched_job_stale", "team_id", "project_id", "stale_at", **when("stale_at IS NOT NULL")),
    postgresql_with={"fillfactor": 70},
)

#: A range of the due jobs, in the order of `watched_job_claim`, that a replica is reading.
watch_lease = Table(
    "watch_lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    #: It begins after this turn,
    Column("after_at", UtcTime, nullable=False),
    Column("after_job", BigInteger, nullable=False),
    #: and ends with this one.
    Column("upto_at", UtcTime, nullable=False),
    Column("upto_job", BigInteger, nullable=False),
    #: How many of its jobs are still to be recorded or released.
    Column("jobs", Integer, nullable=False),
    Column("lease_until", UtcTime, nullable=False),
    Index("watch_lease_of_project", "team_id", "project_id"),
    sqlite_autoincrement=True,
)

#: A subscription of a place. The target is a job's number, a pattern or the whole project.
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
    #: The event filter, as versions before 0012 understand it: they know no preset `changes`,
    #: and send all of what such a subscription wants, and more.
    Column("wanted", Text, nullable=False),
    #: What `wanted` stands for where it says `all`; None for just that.
    Column("preset", Text),
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
    Index("subscription_until", "until", **when("until IS NOT NULL AND state <> 'ended'")),
    Index("subscription_pending", "team_id", "project_id", **when("state = 'pending'")),
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
    Index("change_age", "seen_at"),
)
