"""The SQL tables of watched jobs, subscriptions and changes; see tables.py."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text

from bot.store.database.columns import Span, UtcTime, metadata, partial_index

#: The job that each person asked for last, which `last` names in a command.
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
    """Return the columns of a job as one answer of the cloud describes it."""
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


#: A project of a workspace: when its full list is due, and since when the cloud is unreadable.
project = Table(
    "project",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    #: Unique in all workspaces, because a sweep is identified by its epoch alone.
    Column("sweep_epoch", BigInteger, nullable=False, unique=True),
    Column("sweep_claimed_at", UtcTime),
    Column("lease_until", UtcTime),
    #: When the full list is due; None while no subscription needs the list.
    Column("next_at", UtcTime),
    Column("known_jobs", Integer, nullable=False),
    Column("good_at", UtcTime),
    #: The last good read before the outage that places were notified of.
    Column("lost_since", UtcTime),
    #: Since when the list and all jobs have been answered with 404 or 410 only.
    Column("missing_since", UtcTime),
    #: When places were notified that the API itself is missing.
    Column("missing_told_at", UtcTime),
)

#: The limits of a project's calls, over all workspaces: until `held_until` the cloud asked us to
#: wait; until `paid_until` polls wait, to pay off a read of more than a minute's calls.
call_budget = Table(
    "call_budget",
    metadata,
    Column("project_id", Text, primary_key=True),
    Column("paid_until", UtcTime, nullable=False),
    Column("held_until", UtcTime, nullable=False),
)

#: The calls of the last minute: `calls` were granted to polls.
spent_calls = Table(
    "spent_calls",
    metadata,
    Column("project_id", Text, primary_key=True),
    Column("at", UtcTime, primary_key=True),
    Column("calls", BigInteger, nullable=False),
    #: The calls that were made to answer people.
    Column("asked", BigInteger, nullable=False, server_default="0"),
)

#: A job of a subscription or of a list, as last observed. Its row outlives its history, so that
#: its sequence never restarts while a message refers to it.
watched_job = Table(
    "watched_job",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, primary_key=True),
    #: The vendor's number; None before the first good read.
    Column("status", Integer),
    *_facts(),
    Column("is_gone", Boolean, nullable=False),
    Column("ended_at", UtcTime),
    Column("sequence", Integer, nullable=False),
    #: The witnesses of its absence (see bot.core.absence): how often in a row the cloud denied it,
    #: the first and the last denial, and when a list was requested that lacks it.
    Column("absences", Integer, nullable=False),
    Column("absent_since", UtcTime),
    Column("absent_at", UtcTime),
    Column("unlisted_at", UtcTime),
    #: When it was last recorded, by the database's clock, like sweep_claimed_at and unlike read_at.
    Column("recorded_at", UtcTime),
    Column("epoch", BigInteger, nullable=False),
    #: Used by versions before 0007, one of which may still be running.
    Column("lease_until", UtcTime),
    #: When the next poll is due; None while no subscription needs the job.
    Column("next_at", UtcTime),
    #: After a failed read: when the job's cards begin to say that no good read confirms them.
    Column("stale_at", UtcTime),
    #: Since when the job's cards say so.
    Column("stale_since", UtcTime),
    #: True if the next read is a new baseline, of which nobody is notified.
    Column("is_rebased", Boolean),
    #: When the job was first read; None if a version before 0015 read it first.
    Column("first_read_at", UtcTime),
    # Holds every column that a claim returns: fetching the rows would double what SQLite reads.
    Index(
        "watched_job_claim",
        "team_id",
        "project_id",
        "next_at",
        "job_id",
        "epoch",
        **partial_index("next_at IS NOT NULL"),
    ),
    Index(
        "watched_job_absent", "team_id", "project_id", **partial_index("absent_since IS NOT NULL")
    ),
    Index(
        "watched_job_stale",
        "team_id",
        "project_id",
        "stale_at",
        **partial_index("stale_at IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": 70},
)

#: A range of the due jobs, in the order of `watched_job_claim`, that one replica is reading.
watch_lease = Table(
    "watch_lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    #: Where the range begins, exclusive: a due time and a job.
    Column("after_at", UtcTime, nullable=False),
    Column("after_job", BigInteger, nullable=False),
    #: Where the range ends, inclusive.
    Column("upto_at", UtcTime, nullable=False),
    Column("upto_job", BigInteger, nullable=False),
    #: How many jobs of the range are neither recorded nor released yet.
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
    #: The event filter. Versions before 0012 do not know the preset `changes`: `all` is stored for
    #: it, and they send every change, which is more than the subscription wants.
    Column("wanted", Text, nullable=False),
    #: The preset that `all` in `wanted` stands for; None for the preset `all` itself.
    Column("preset", Text),
    #: The delivery mode; the column keeps its first name, which older versions use.
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
    Index("subscription_until", "until", **partial_index("until IS NOT NULL AND state <> 'ended'")),
    Index("subscription_pending", "team_id", "project_id", **partial_index("state = 'pending'")),
)

#: The history: every change that a read showed.
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
