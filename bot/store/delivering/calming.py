"""The holds that the rules of places make by themselves: quiet hours and digests.

They begin in the transaction that claims what may be posted: no tick can be late for them.
"""

from datetime import tzinfo

from sqlalchemy import bindparam, select, text, update

from bot.core.calm import HoldSpan, current_holds, new_digest_moment, next_hold_at
from bot.core.hold import OF_RULES
from bot.core.place_rules import PlaceRules
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.database.rule_rows import rules_from, zone_of
from bot.store.delivering.holding import release, scope_of
from bot.store.delivering.mornings import enqueue_mornings
from bot.store.delivering.snoozes import next_end, note_ended

_BEGIN = text(
    "INSERT INTO hold (team_id, channel_id, project_id, job_id, reason, words, since, until)"
    " VALUES (:team_id, :channel_id, '', 0, :reason, :words, :since, :until)"
    " ON CONFLICT (team_id, channel_id, project_id, job_id, reason) DO UPDATE SET"
    " words = excluded.words, since = excluded.since, until = excluded.until, told_at = NULL"
).bindparams(*(bindparam(name, type_=UtcTime) for name in ("since", "until")))


def follow_rules(transaction: Transaction, rules: PlaceRules) -> None:
    """Let the holds of a place be those that its rules ask for now, and end all others of old
    rules at once."""
    release(transaction, scope_of(rules.place), OF_RULES)
    zone = zone_of(rules)
    for span in current_holds(rules, zone, transaction.now):
        if span.until > transaction.now:
            _begin(transaction, rules, span)
    _await_next(transaction, rules, zone)


def begin_due(transaction: Transaction, team_id: str) -> None:
    """Begin the holds whose time has come, and note the snoozes that are over. A hold whose time
    is over is kept, too: what was created in it has waited."""
    c = tables.place_rules.c
    due = (
        select(tables.place_rules)
        .where(c.team_id == team_id, c.holds_at <= transaction.now)
        .order_by(c.channel_id)
        # Whoever comes second waits: until the first has done it, nothing may be claimed.
        .with_for_update()
    )
    for row in transaction.connection.execute(due).all():
        rules = rules_from(row)
        zone = zone_of(rules)
        note_ended(transaction, rules.place)
        for span in current_holds(rules, zone, transaction.now):
            # One that was over before is of a time that was looked at already.
            if span.until > transaction.now or span.since >= row.holds_at:
                _begin(transaction, rules, span)
        if moment := new_digest_moment(rules, zone, transaction.now, since=row.holds_at):
            enqueue_mornings(transaction, rules.place, moment)
        _await_next(transaction, rules, zone)


def _begin(transaction: Transaction, rules: PlaceRules, span: HoldSpan) -> None:
    transaction.connection.execute(
        _BEGIN,
        {
            "team_id": rules.place.team_id,
            "channel_id": rules.place.channel_id,
            "reason": span.reason.value,
            "words": rules.set_by,
            "since": span.since,
            "until": span.until,
        },
    )


def _await_next(transaction: Transaction, rules: PlaceRules, zone: tzinfo) -> None:
    """Be here again when the next hold begins or a snooze of a job ends."""
    moments = (next_hold_at(rules, zone, transaction.now), next_end(transaction, rules.place))
    transaction.connection.execute(
        update(tables.place_rules)
        .where(of_place(tables.place_rules, rules.place))
        .values(holds_at=min(filter(None, moments), default=None))
    )
