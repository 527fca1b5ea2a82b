"""The tables of acting and caring; see tables.py."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, false

from bot.store.database.columns import Span, UtcTime, metadata, when

#: What is known of a job beside its state. A row is made when it is first looked at, or claimed.
care = Table(
    "care",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, primary_key=True, autoincrement=False),
    #: Of the watched job when it was last looked at: another one means that it has changed. None
    #: before the first look; BASELINE if the next one shall tell nothing.
    Column("sequence", Integer),
    #: What the last look left behind, as bot.core.guard has it.
    Column("run", Integer, nullable=False, server_default="0"),
    Column("running_since", UtcTime),
    Column("counted", Span),
    #: Negative: those that `counted` had passed.
    Column("mark", Integer, nullable=False, server_default="0"),
    Column("wait", Integer, nullable=False, server_default="0"),
    Column("waiting_since", UtcTime),
    Column("is_stuck_told", Boolean, nullable=False, server_default=false()),
    Column("looked_at", UtcTime),
    #: When the subscription began whose own first read showed more than the last look did.
    Column("shown_at", UtcTime),
    #: A good read from then on, or one in which the cloud counts so much, is looked at.
    Column("look_at", UtcTime),
    Column("look_past", Span),
    Column("kept_until", UtcTime),
    Column("kept_by", Text),
    #: Who claimed it.
    Column("owner", Text),
    #: Whom its description names, and who said that it is not theirs.
    Column("disclaimed_by", Text),
)

#: The sequence of a job whose next look tells nothing: the workspace was away.
BASELINE = -1

#: A one-use id that was used, and what became of the call.
action = Table(
    "action",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("project_id", Text, nullable=False),
    Column("job_id", BigInteger, nullable=False),
    Column("action", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    #: Empty for none.
    Column("channel_id", Text, nullable=False),
    Column("job_name", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    #: A decision of bot.core.acting; None while nobody knows what came of it.
    Column("outcome", Text),
    # Of one job one at a time, in all replicas; a job belongs to the project, whoever watches it.
    Index(
        "action_unfinished",
        "project_id",
        "job_id",
        unique=True,
        **when("outcome IS NULL"),
    ),
    Index("action_of_job", "project_id", "job_id", "asked_at"),
    Index("action_age", "asked_at"),
)

#: Who decided what: rows are only ever added. What became of a call is a row of its own.
audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("team_id", Text, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    #: A user id, or `terminal:` and the system's user.
    Column("who", Text, nullable=False),
    #: Empty for none.
    Column("channel_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("job_id", BigInteger, nullable=False),
    Column("job_name", Text, nullable=False),
    Column("action", Text, nullable=False),
    #: The one-use id, by which an outcome finds its decision; empty for none.
    Column("action_id", Text, nullable=False),
    #: Of bot.core.acting.
    Column("decision", Text, nullable=False),
    #: In which state the job was found, if it was read.
    Column("status", Integer),
    #: The cloud's own.
    Column("words", Text, nullable=False),
    #: It is what came of an entry with the same one-use id.
    Column("is_outcome", Boolean, nullable=False),
    Index("audit_entry_of_project", "team_id", "project_id", "is_outcome", "id"),
    Index("audit_entry_outcome", "team_id", "action_id", **when("is_outcome")),
)
