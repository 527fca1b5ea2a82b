"""The SQL tables of actions on jobs, their audit, and the guard's state; see tables.py."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, false

from bot.store.database.columns import Span, UtcTime, metadata, partial_index

#: The guard's state, the lease and the owner of a job. The first look, lease or claim adds the row.
care = Table(
    "care",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, primary_key=True, autoincrement=False),
    #: The watched job's sequence at the last look; a different one means that the job has changed.
    #: None before the first look; BASELINE if the next look shall notify nobody.
    Column("sequence", Integer),
    #: From here to `looked_at`: what the last look recorded, as in bot.core.guard.Guarded.
    Column("run", Integer, nullable=False, server_default="0"),
    Column("running_since", UtcTime),
    Column("counted", Span),
    #: MARKS_OF_BASELINE (-1) stands for the highest hour mark that `counted` had passed.
    Column("mark", Integer, nullable=False, server_default="0"),
    Column("wait", Integer, nullable=False, server_default="0"),
    Column("waiting_since", UtcTime),
    Column("is_stuck_told", Boolean, nullable=False, server_default=false()),
    Column("looked_at", UtcTime),
    #: When a subscription began whose first read already showed what the next look will find: that
    #: look notifies older subscriptions only.
    Column("shown_at", UtcTime),
    #: The guard looks again at a good read from then on, or with at least this duration.
    Column("look_at", UtcTime),
    Column("look_past", Span),
    Column("kept_until", UtcTime),
    Column("kept_by", Text),
    #: The user who claimed the job.
    Column("owner", Text),
    #: The user whom the description names, if that user has said that the job is not theirs.
    Column("disclaimed_by", Text),
)

#: The sequence of a job whose next look notifies nobody, because the workspace had removed the app.
BASELINE = -1

#: A one-use id that was used, and the outcome of its call of the cloud.
action = Table(
    "action",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("project_id", Text, nullable=False),
    Column("job_id", BigInteger, nullable=False),
    Column("action", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    #: The channel of the attempt; empty if it came from none.
    Column("channel_id", Text, nullable=False),
    Column("job_name", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    #: A Decision of bot.core.acting; None while the outcome is unknown.
    Column("outcome", Text),
    # One unfinished call per job, in all replicas and for all workspaces that watch the project.
    Index(
        "action_unfinished",
        "project_id",
        "job_id",
        unique=True,
        **partial_index("outcome IS NULL"),
    ),
    Index("action_of_job", "project_id", "job_id", "asked_at"),
    Index("action_age", "asked_at"),
)

#: The audit: one row per decision, one per outcome; never changed, removed only by age.
audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team_id", Text, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    #: A user id, or `terminal:` and the name of the system's user.
    Column("who", Text, nullable=False),
    #: The channel of the attempt; empty if it came from none.
    Column("channel_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("job_id", BigInteger, nullable=False),
    Column("job_name", Text, nullable=False),
    Column("action", Text, nullable=False),
    #: The one-use id, which links an outcome to its decision; empty if there is none.
    Column("action_id", Text, nullable=False),
    #: A Decision of bot.core.acting.
    Column("decision", Text, nullable=False),
    #: The job's status number when the attempt was checked, if the job was read.
    Column("status", Integer),
    #: The cloud's code and words.
    Column("words", Text, nullable=False),
    #: True for the outcome of an earlier entry with the same one-use id.
    Column("is_outcome", Boolean, nullable=False),
    #: The request_id of the log's lines; empty at the terminal, and in rows of older versions.
    Column("request_id", Text, nullable=False, server_default=""),
    Index("audit_entry_of_project", "team_id", "project_id", "is_outcome", "id"),
    Index("audit_entry_outcome", "team_id", "action_id", **partial_index("is_outcome")),
)
