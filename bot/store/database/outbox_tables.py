"""The SQL tables of deliveries and of the places that they go to; see tables.py."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, false

from bot.store.database.columns import UtcTime, metadata, partial_index

#: The outbox. A grouped change is sent by the delivery whose id is its group_id.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("job_id", BigInteger, nullable=False),
    #: The order of a job's deliveries in a place; 0 for the card, which is posted first.
    Column("sequence", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    #: The delivery mode; the column keeps its first name, which older versions use.
    Column("telling", Text, nullable=False),
    #: One of: open, grouped, sent, dead, withdrawn.
    Column("state", Text, nullable=False),
    Column("group_id", Text),
    #: Without a job: since when the reported state has lasted. With a job: when a person redrove
    #: the delivery.
    Column("since", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    #: The order of posting: the rows of a large fan-out are spaced, for other deliveries between.
    Column("turn_at", UtcTime, nullable=False),
    #: When to try the delivery next, apart from holds. None means now: versions before 0011 write
    #: None for a paused place.
    Column("next_at", UtcTime),
    Column("attempts", Integer, nullable=False),
    #: How many posts in a row failed or got no clear answer.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("intent_at", UtcTime),
    #: From when on Slack is searched for the message, if that is before the intent.
    Column("look_from", UtcTime),
    #: The ts of the thread that the message was intended for, recorded with the intent.
    Column("thread_ts", Text),
    #: By kind. Pause note: the paused channel. Card that is not followed any more: the command that
    #: subscribes on the former terms. Change: whether its message offers a digest. Guard notice:
    #: its facts. Greeting: its language, or that the channel is shared. Source note: whether the
    #: API itself is missing.
    Column("about", Text),
    Column("is_doubtful", Boolean, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("lease_until", UtcTime),
    #: Why the delivery was given up or withdrawn; once it is sent: the HoldReason that delayed it.
    Column("reason", Text, nullable=False),
    Column("ts", Text),
    Column("finished_at", UtcTime),
    Column("rescan_at", UtcTime),
    Column("rescans", Integer, nullable=False),
    #: True if the message offers a quieter delivery mode.
    Column("offers_quiet", Boolean),
    #: True for a failure or a deletion before the job's end, which quiet hours may let pass.
    Column("is_urgent", Boolean, nullable=False, server_default=false()),
    Index("delivery_turn", "team_id", "project_id", "turn_at", **partial_index("state = 'open'")),
    Index(
        "delivery_unfinished",
        "team_id",
        "channel_id",
        "project_id",
        "job_id",
        "sequence",
        **partial_index("state IN ('open', 'grouped')"),
    ),
    Index("delivery_of_job", "team_id", "project_id", "channel_id", "job_id"),
    Index("delivery_group", "group_id", **partial_index("group_id IS NOT NULL")),
    Index("delivery_dead", "team_id", "finished_at", **partial_index("state = 'dead'")),
    Index("delivery_rescan", "team_id", "rescan_at", **partial_index("rescan_at IS NOT NULL")),
    Index(
        "delivery_age", "finished_at", **partial_index("finished_at IS NOT NULL AND kind <> 'card'")
    ),
    Index("delivery_of_change", "team_id", "project_id", "job_id", "sequence"),
    postgresql_with={"fillfactor": 70},
)

#: A job's card in a place. `wanted` counts the states to show; `shown` is the one that Slack shows.
card = Table(
    "card",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    #: The message's ts in Slack; None until the card is posted.
    Column("ts", Text),
    #: False after people removed the last subscription of the place that covers the job.
    Column("is_followed", Boolean, nullable=False),
    #: Who removed that subscription, and when; meaningless while is_followed is true.
    Column("unfollowed_by", Text),
    Column("unfollowed_at", UtcTime),
    Column("wanted", Integer, nullable=False),
    Column("claimed", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("lease_until", UtcTime),
    #: When the place was offered a quieter delivery mode for this job.
    Column("offered_at", UtcTime),
    Index("card_behind", "team_id", "project_id", "next_at", **partial_index("wanted > shown")),
)

#: A hold. Its row stays after its end, to state why deliveries from before that end waited.
hold = Table(
    "hold",
    metadata,
    Column("team_id", Text, primary_key=True),
    #: Empty if the hold covers the whole workspace.
    Column("channel_id", Text, primary_key=True),
    #: Empty, and 0, if the hold covers all deliveries to the place.
    Column("project_id", Text, primary_key=True),
    Column("job_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text, primary_key=True),
    #: Slack's error code or words; for a hold that a person asked for, that person.
    Column("words", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    #: When the hold ends; None if only a release ends it.
    Column("until", UtcTime),
    #: When the subscribers of the place were notified of the hold.
    Column("told_at", UtcTime),
)

#: The paused places, as versions before 0011 store them; one of those may still be running.
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

#: Until when Slack asked to wait, as versions before 0011 store it.
gate = Table(
    "gate",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("until", UtcTime, nullable=False),
)

#: A workspace of which Slack has reported that it removed the app; the row stays afterwards.
workspace = Table(
    "workspace",
    metadata,
    Column("team_id", Text, primary_key=True),
    #: Since when the workspace is not polled; None once it accepts us again.
    Column("frozen_at", UtcTime),
    #: True if Slack also refused our token, which confirms the removal.
    Column("is_removed", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
)

#: The keys of Slack's requests, so that a repeated request is not handled twice.
inbox = Table(
    "inbox",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("seen_at", UtcTime, nullable=False, index=True),
    #: Who waits for a public answer that is not posted yet, and to which sentence; else NULL.
    Column("asker", Text),
    Column("sentence", Text),
    Index("inbox_unfinished", "team_id", "seen_at", **partial_index("sentence IS NOT NULL")),
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


#: The records of replicas whose lease had ended, which were refused.
late_records = Table("late_records", metadata, *_late_record())

#: The late records of versions before 0010, one of which may still be running.
audit = Table("audit", metadata, *_late_record())

#: When the operator last ran `visjob migrate --reconcile` after a restore; one row, or none.
restore = Table(
    "restore",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
)

#: The processes that serve this database, and when each last reported itself.
server = Table(
    "server",
    metadata,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("process", Integer, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)
