"""The SQL tables of place rules, and of what is remembered of a workspace."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, false

from bot.store.database.columns import UtcTime, metadata, partial_index

#: The rules of a place. Its first rule, language, snooze, greeting, digest offer or pressed button
#: adds the row.
place_rules = Table(
    "place_rules",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    #: Minutes of the day in the time zone of the rules; None without quiet hours.
    Column("quiet_begins_at", Integer),
    Column("quiet_ends_at", Integer),
    Column("quiet_is_weekdays_only", Boolean, nullable=False, server_default=false()),
    Column("quiet_lets_failures_pass", Boolean, nullable=False, server_default=false()),
    Column("digest_at", Integer),
    Column("digest_is_weekdays_only", Boolean, nullable=False, server_default=false()),
    Column("language", Text, nullable=False, server_default=""),
    Column("time_zone", Text, nullable=False, server_default=""),
    Column("set_by", Text, nullable=False, server_default=""),
    #: The zone of the digest and who set it, where the quiet hours have others.
    Column("digest_time_zone", Text, nullable=False, server_default=""),
    Column("digest_set_by", Text, nullable=False, server_default=""),
    #: When the next hold of the rules begins, or a job's snooze ends; None if there is neither.
    Column("holds_at", UtcTime),
    Column("greeted_at", UtcTime),
    #: When somebody last pressed a button of a message in the place.
    Column("clicked_at", UtcTime),
    Column("digest_offered_at", UtcTime),
    Index("place_rules_due", "holds_at", **partial_index("holds_at IS NOT NULL")),
)

#: What is remembered of a workspace, even if it removes the app.
workspace_memory = Table(
    "workspace_memory",
    metadata,
    Column("team_id", Text, primary_key=True),
    #: Until when no chart is sent, because Slack refused one.
    Column("charts_refused_until", UtcTime),
)
