"""The tables of deliveries and of the places that they go to; see tables.py."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
    false,
)

from bot.store.database.columns import UtcTime, metadata, when

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
    #: When to try it, holds apart. None, which versions before 0011 write where they pause: now.
    Column("next_at", UtcTime),
    Column("attempts", Integer, nullable=False),
    #: How many posts in a row failed, or were answered by nothing clear.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("intent_at", UtcTime),
    #: Where a search begins, if it is before the intent.
    Column("look_from", UtcTime),
    #: Of the thread that it was meant for at intent.
    Column("thread_ts", Text),
    #: The channel that it tells of, where that is not its own. Of a card: the sentence that
    #: follows the job again as its place did before it forgot the job. Of a change: whether its
    #: message offers a digest.
    Column("about", Text),
    Column("is_doubtful", Boolean, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("lease_until", UtcTime),
    Column("reason", Text, nullable=False),
    Column("ts", Text),
    Column("finished_at", UtcTime),
    Column("rescan_at", UtcTime),
    Column("rescans", Integer, nullable=False),
    #: Its message offers a quieter delivery mode.
    Column("offers_quiet", Boolean),
    #: Tells of a failure, or of a deletion before the end: quiet hours may let it pass.
    Column("is_urgent", Boolean, nullable=False, server_default=false()),
    Index("delivery_turn", "team_id", "project_id", "turn_at", **when("state = 'open'")),
    Index(
        "delivery_unfinished",
        "team_id",
        "channel_id",
        "project_id",
        "job_id",
        "sequence",
        **when("state IN ('open', 'grouped')"),
    ),
    Index("delivery_of_job", "team_id", "project_id", "channel_id", "job_id"),
    Index("delivery_group", "group_id", **when("group_id IS NOT NULL")),
    Index("delivery_dead", "team_id", "finished_at", **when("state = 'dead'")),
    Index("delivery_rescan", "team_id", "rescan_at", **when("rescan_at IS NOT NULL")),
    Index("delivery_age", "finished_at", **when("finished_at IS NOT NULL AND kind <> 'card'")),
    Index("delivery_of_change", "team_id", "project_id", "job_id", "sequence"),
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
    #: Who ended its last subscription by hand, and when; of no meaning while it is followed.
    Column("unfollowed_by", Text),
    Column("unfollowed_at", UtcTime),
    Column("wanted", Integer, nullable=False),
    Column("claimed", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("lease_until", UtcTime),
    #: When its place was offered a quieter delivery mode.
    Column("offered_at", UtcTime),
    Index("card_behind", "team_id", "project_id", "next_at", **when("wanted > shown")),
)

#: What keeps deliveries back. One that has ended tells what was created until then that it waited.
hold = Table(
    "hold",
    metadata,
    Column("team_id", Text, primary_key=True),
    #: Empty for the whole workspace.
    Column("channel_id", Text, primary_key=True),
    #: Empty, and 0, for whatever goes there.
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text, primary_key=True),
    #: What Slack said; of what people asked for: who.
    Column("words", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    #: None until it is released.
    Column("until", UtcTime),
    #: When the people who wait there were notified of it.
    Column("told_at", UtcTime),
)

#: The paused places of versions before 0011, one of which may still be running.
place = Table(
    "place",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("paused_at", UtcTime),
    Column("reason", Text, nullable=False),
    Column("held_until", UtcTime),
    Column("told_at", UtcTime),
)

#: Until when Slack asked those versions to wait.
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
    #: Who waits for an answer that is being posted for everybody, and to what; else null.
    Column("asker", Text),
    Column("sentence", Text),
    Index("inbox_unfinished", "team_id", "seen_at", **when("sentence IS NOT NULL")),
)


def _late_record() -> tuple[Column[object], ...]:
    return (
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("team_id", Text, nullable=False),
        Column("at", UtcTime, nullable=False, index=True),
        Column("what", Text, nullable=False),
        Column("delivery_id", Text, nullable=False),
        Column("channel_id", Text, nullable=False),
        Column("ts", Text, nullable=False),
    )


#: What was refused: a record by a replica whose lease had ended.
late_records = Table("late_records", metadata, *_late_record())

#: The same, of versions before 0010, one of which may still be running.
audit = Table("audit", metadata, *_late_record())

#: When the operator said that the database was restored; one row, or none.
restore = Table(
    "restore",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
)

#: Who serves this database, and when each was last seen.
server = Table(
    "server",
    metadata,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("process", Integer, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)
