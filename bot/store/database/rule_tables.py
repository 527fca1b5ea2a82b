"""The tables of what people have settled for places, and what is remembered of a workspace."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, false

from bot.store.database.columns import UtcTime, metadata, when

#: A row is made when somebody sets a rule, or when the place is greeted.
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
    #: When the next hold that the rules ask for begins, or a snooze of a job ends; None without.
    Column("holds_at", UtcTime),
    Column("greeted_at", UtcTime),
    #: When somebody last pressed a button of a message there.
    Column("clicked_at", UtcTime),
    Column("digest_offered_at", UtcTime),
    Index("place_rules_due", "holds_at", **when("holds_at IS NOT NULL")),
)

#: What is remembered of a workspace, whatever becomes of it.
workspace_memory = Table(
    "workspace_memory",
    metadata,
    Column("team_id", Text, primary_key=True),
    #: Until when no chart is sent, because Slack refused one.
    Column("charts_refused_until", UtcTime),
)
