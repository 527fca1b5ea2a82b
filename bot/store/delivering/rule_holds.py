"""The holds that the rules of places make by themselves: quiet hours and digests.

The transaction that claims deliveries begins these holds first, so that no hold begins too late.
"""

from sqlalchemy import bindparam, select, text, update

from bot.core.hold import FROM_RULES, HoldReason
from bot.core.place_rules import PlaceRules
from bot.core.rule_holds import HoldSpan, RuleZones, current_holds, new_digest_moment, next_hold_at
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.database.rule_rows import rules_from, zones_of
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
    """Release the holds of a place's former rules, and begin those that its present rules ask
    for now."""
    release(transaction, scope_of(rules.place), FROM_RULES)
    zones = zones_of(rules)
    for span in current_holds(rules, zones, transaction.now):
        if span.until > transaction.now:
            _begin(transaction, rules, span)
    _await_next(transaction, rules, zones)


def begin_due(transaction: Transaction, team_id: str) -> None:
    """Begin the holds whose time has come, and note the snoozes that have ended. A hold that is
    over by now is recorded, too, because the deliveries created during it have waited."""
    c = tables.place_rules.c
    due = (
        select(tables.place_rules)
        .where(c.team_id == team_id, c.holds_at <= transaction.now)
        .order_by(c.channel_id)
        # A concurrent claim waits here: it must not lease deliveries before these holds begin.
        .with_for_update()
    )
    for row in transaction.connection.execute(due).all():
        rules = rules_from(row)
        zones = zones_of(rules)
        note_ended(transaction, rules.place)
        for span in current_holds(rules, zones, transaction.now):
            # An earlier call has recorded a hold that is over and began before `holds_at`.
            if span.until > transaction.now or span.since >= row.holds_at:
                _begin(transaction, rules, span)
        if moment := new_digest_moment(rules, zones, transaction.now, since=row.holds_at):
            enqueue_mornings(transaction, rules.place, moment)
        _await_next(transaction, rules, zones)


def _begin(transaction: Transaction, rules: PlaceRules, span: HoldSpan) -> None:
    is_digest = span.reason is HoldReason.DIGEST
    transaction.connection.execute(
        _BEGIN,
        {
            "team_id": rules.place.team_id,
            "channel_id": rules.place.channel_id,
            "reason": span.reason.value,
            "words": rules.digest_by if is_digest else rules.set_by,
            "since": span.since,
            "until": span.until,
        },
    )


def _await_next(transaction: Transaction, rules: PlaceRules, zones: RuleZones) -> None:
    """Set `holds_at` to when the next hold begins or the next snooze of a job ends."""
    moments = (next_hold_at(rules, zones, transaction.now), next_end(transaction, rules.place))
    transaction.connection.execute(
        update(tables.place_rules)
        .where(of_place(tables.place_rules, rules.place))
        .values(holds_at=min(filter(None, moments), default=None))
    )
