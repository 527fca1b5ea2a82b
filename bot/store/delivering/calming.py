"""What people asked to be held: snoozes, and the holds that the rules of places make by themselves.

A rule's hold begins in the transaction that claims what may be posted: no tick can be late for it.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from sqlalchemy import RowMapping, and_, bindparam, or_, select, text, update

from bot.core.calm import HoldSpan, current_holds, new_digest_moment, next_hold_at
from bot.core.hold import CALM, OF_RULES, Hold, HoldReason, HoldScope
from bot.core.job import JobId
from bot.core.place_rules import PlaceRules
from bot.core.project import Project
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.database.rows import hold_of
from bot.store.database.rule_rows import rules_from, zone_of
from bot.store.delivering.enqueue import refresh_cards
from bot.store.delivering.holding import hold, is_live, release, scope_of
from bot.store.delivering.mornings import enqueue_mornings

_BEGIN = text(
    "INSERT INTO hold (team_id, channel_id, project_id, job_id, reason, words, since, until)"
    " VALUES (:team_id, :channel_id, '', 0, :reason, :words, :since, :until)"
    " ON CONFLICT (team_id, channel_id, project_id, job_id, reason) DO UPDATE SET"
    " words = excluded.words, since = excluded.since, until = excluded.until, told_at = NULL"
).bindparams(*(bindparam(name, type_=UtcTime) for name in ("since", "until")))


def snooze(transaction: Transaction, scope: HoldScope, *, until: datetime, by: str) -> None:
    """Hold what goes there until then, whatever was said before."""
    release(transaction, scope, {HoldReason.SNOOZED})
    hold(transaction, scope, HoldReason.SNOOZED, until=until, words=by)
    _refresh_cards(transaction, scope)


def wake(transaction: Transaction, scope: HoldScope) -> tuple[Hold, ...]:
    """End the snoozes of this scope, with those of single jobs in it; which there were."""
    c = tables.hold.c
    within = [c.team_id == scope.team_id, c.channel_id == scope.channel_id]
    if scope.job_id:
        within += [c.project_id == scope.project_id, c.job_id == scope.job_id]
    query = select(tables.hold).where(
        *within, c.reason == HoldReason.SNOOZED.value, is_live(transaction.now)
    )
    ended = tuple(map(hold_of, transaction.connection.execute(query.with_for_update()).mappings()))
    for one in ended:
        release(transaction, one.scope, {HoldReason.SNOOZED})
        _refresh_cards(transaction, one.scope)
    return ended


def calm_of(
    transaction: Transaction, team_id: str, *, place: Place | None = None
) -> tuple[Hold, ...]:
    """What people asked to be held, now; what holds a whole place first."""
    c = tables.hold.c
    query = (
        select(tables.hold)
        .where(
            of_place(tables.hold, place) if place else c.team_id == team_id,
            c.reason.in_([reason.value for reason in CALM]),
            is_live(transaction.now),
        )
        .order_by(c.channel_id, c.project_id, c.job_id, c.reason)
    )
    return tuple(map(hold_of, transaction.connection.execute(query).mappings()))


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
    """Begin the holds whose time has come. One whose time is over is kept, too: what was created
    in it has waited."""
    _note_ended_snoozes(transaction, team_id)
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
        for span in current_holds(rules, zone, transaction.now):
            _begin(transaction, rules, span)
        if moment := new_digest_moment(rules, zone, transaction.now, since=row.holds_at):
            enqueue_mornings(transaction, rules.place, moment)
        _await_next(transaction, rules, zone)


def _note_ended_snoozes(transaction: Transaction, team_id: str) -> None:
    """Let the card of a job whose snooze is over say so no longer."""
    c = tables.hold.c
    ended = (
        update(tables.hold)
        .where(
            c.team_id == team_id,
            c.reason == HoldReason.SNOOZED.value,
            c.job_id != 0,
            c.until <= transaction.now,
            c.told_at.is_(None),
        )
        .values(told_at=transaction.now)
        .returning(*tables.hold.c)
    )
    for one in map(hold_of, transaction.connection.execute(ended).mappings().all()):
        _refresh_cards(transaction, one.scope)


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
    transaction.connection.execute(
        update(tables.place_rules)
        .where(of_place(tables.place_rules, rules.place))
        .values(holds_at=next_hold_at(rules, zone, transaction.now))
    )


def _refresh_cards(transaction: Transaction, scope: HoldScope) -> None:
    """The card of a snoozed job says so."""
    if scope.job_id:
        project = Project(team_id=scope.team_id, project_id=scope.project_id)
        place = Place(team_id=scope.team_id, channel_id=scope.channel_id)
        refresh_cards(transaction, project, [JobId(scope.job_id)], place=place)


def snoozes_of(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[tuple[str, int], Hold]:
    """The snoozes of single jobs, by channel and job, for rows of cards."""
    if not rows:
        return {}
    c = tables.hold.c
    keys = {(row["channel_id"], row["job_id"]) for row in rows}
    query = select(tables.hold).where(
        c.team_id == rows[0]["team_id"],
        c.project_id == rows[0]["project_id"],
        c.reason == HoldReason.SNOOZED.value,
        or_(*(and_(c.channel_id == channel, c.job_id == job) for channel, job in sorted(keys))),
        is_live(transaction.now),
    )
    found = map(hold_of, transaction.connection.execute(query).mappings())
    return {(one.scope.channel_id, one.scope.job_id): one for one in found}
