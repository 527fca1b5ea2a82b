"""Begin and release holds, and the conditions by which queries respect them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, exists, or_, text, update

from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import Overtaken
from bot.core.hold import ASKED_FOR, NON_BLOCKING, TOO_SHORT, HoldReason, HoldScope, reason_of_wait
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import CARD_KEY, UNFINISHED, Moment, columns_equal, of_place
from bot.store.database.database import Transaction
from bot.store.database.inbox import is_known

_HOLD = text(
    "INSERT INTO hold"
    " (team_id, channel_id, project_id, job_id, reason, words, since, until, told_at)"
    " VALUES (:team_id, :channel_id, :project_id, :job_id, :reason, :words, :now, :until, :told_at)"
    " ON CONFLICT (team_id, channel_id, project_id, job_id, reason) DO UPDATE SET"
    # A hold that has ended begins again now.
    " since = CASE WHEN hold.until <= excluded.since THEN excluded.since ELSE hold.since END,"
    " told_at = CASE WHEN hold.until <= excluded.since THEN excluded.told_at ELSE hold.told_at END,"
    " words = excluded.words,"
    # The later of both ends counts; a hold without an end keeps none.
    " until = CASE WHEN hold.until > excluded.until OR hold.until IS NULL"
    " THEN hold.until ELSE excluded.until END"
).bindparams(*(bindparam(name, type_=UtcTime) for name in ("now", "until", "told_at")))


# Kinds that are created at the moment of a digest, or after it, and belong to that digest.
_MADE_AT_THE_MOMENT = (DeliveryKind.CHANGES.value, DeliveryKind.MORNING.value)


def hold(
    transaction: Transaction,
    scope: HoldScope,
    reason: HoldReason,
    *,
    until: datetime | None,
    words: str = "",
    is_announced: bool = False,
) -> None:
    """Hold the open and the future deliveries of a scope; `until` None: until it is released."""
    transaction.connection.execute(
        _HOLD,
        {
            "team_id": scope.team_id,
            "channel_id": scope.channel_id,
            "project_id": scope.project_id,
            "job_id": scope.job_id,
            "reason": reason.value,
            "words": words,
            "now": transaction.now,
            "until": until,
            "told_at": transaction.now if is_announced else None,
        },
    )


def release(transaction: Transaction, scope: HoldScope, reasons: Collection[HoldReason]) -> bool:
    """End the holds of this scope that have one of these reasons; True if there were any."""
    c = tables.hold.c
    released = transaction.connection.execute(
        update(tables.hold)
        .where(
            c.team_id == scope.team_id,
            c.channel_id == scope.channel_id,
            c.project_id == scope.project_id,
            c.job_id == scope.job_id,
            c.reason.in_([reason.value for reason in reasons]),
            is_live(transaction.now),
        )
        .values(until=transaction.now)
    )
    return released.rowcount > 0


def is_live(now: Moment) -> ColumnElement[bool]:
    """Match a hold that has not ended."""
    return or_(tables.hold.c.until.is_(None), tables.hold.c.until > now)


def covers(table: FromClause) -> ColumnElement[bool]:
    """Match a hold whose scope includes this delivery or card."""
    c = tables.hold.c
    return and_(
        c.team_id == table.c.team_id,
        c.channel_id.in_(("", table.c.channel_id)),
        or_(c.job_id == 0, and_(c.job_id == table.c.job_id, c.project_id == table.c.project_id)),
    )


def stops(now: Moment, *, but_for: Collection[HoldReason] = ()) -> ColumnElement[bool]:
    """Match a hold that stops deliveries now, for any reason that is not in `but_for`."""
    passing = [reason.value for reason in HoldReason if reason in NON_BLOCKING or reason in but_for]
    return and_(is_live(now), tables.hold.c.reason.not_in(passing))


def is_held(now: Moment, *, but_for: Collection[HoldReason] = ()) -> ColumnElement[bool]:
    """Match a delivery that a hold stops; a hold for a reason in `but_for` does not count."""
    return exists().where(holds(now, but_for=but_for))


def holds(now: Moment, *, but_for: Collection[HoldReason] = ()) -> ColumnElement[bool]:
    """Match a hold that stops this delivery."""
    return and_(covers(tables.delivery), stops(now, but_for=but_for), ~_lets_pass(tables.delivery))


def is_card_held(now: Moment) -> ColumnElement[bool]:
    """Match a card whose edits a hold stops. Holds that people ask for stop messages only."""
    return exists().where(covers(tables.card), stops(now, but_for=ASKED_FOR))


def has_waited(now: Moment) -> ColumnElement[bool]:
    """Match a delivery that was created before the end of a hold over it, and so has waited.
    Pacing does not count, nor quiet hours that let the delivery pass at once."""
    hold, delivery = tables.hold.c, tables.delivery.c
    passes_at_once = and_(
        hold.reason == HoldReason.QUIET_BUT_FAILURES.value,
        is_live(now),
        is_urgent(tables.delivery),
    )
    return exists().where(
        covers(tables.delivery),
        hold.reason.not_in([reason.value for reason in TOO_SHORT]),
        delivery.created_at <= hold.until,
        ~passes_at_once,
    )


def is_of_digest(now: Moment) -> ColumnElement[bool]:
    """Match a delivery that has waited for the moment of its place's digest."""
    hold = tables.hold.c
    return exists().where(
        covers(tables.delivery),
        is_live(now),
        hold.reason == HoldReason.DIGEST.value,
        tables.delivery.c.created_at < hold.since,
    )


def _lets_pass(delivery: FromClause) -> ColumnElement[bool]:
    """Match a hold that lets this delivery pass, though it stops other deliveries."""
    hold, c = tables.hold.c, delivery.c
    # A group or a morning line belongs to a digest that it was created for, at or after the moment
    # of the digest, so its creation time does not count.
    is_of_earlier = or_(c.kind.in_(_MADE_AT_THE_MOMENT), c.created_at < hold.since)
    return or_(
        # A card passes, unless a message of its job waits: then the card comes with the message.
        and_(
            hold.reason.in_([reason.value for reason in ASKED_FOR]),
            c.kind == DeliveryKind.CARD.value,
            ~_is_before(delivery),
        ),
        and_(
            hold.reason == HoldReason.DIGEST.value,
            or_(is_of_earlier, replaces_lower_mark(delivery)),
        ),
        and_(
            hold.reason == HoldReason.QUIET_BUT_FAILURES.value,
            or_(is_urgent(delivery), _is_before_urgent(delivery)),
        ),
    )


def replaces_lower_mark(delivery: FromClause) -> ColumnElement[bool]:
    """Match a reminder that replaced one of a lower mark, whose moment of the digest has come."""
    hold, lower = tables.hold, tables.delivery.alias("lower_mark")
    return (
        exists()
        .correlate(delivery, hold)
        .where(
            columns_equal(lower, delivery, CARD_KEY),
            lower.c.kind == DeliveryKind.GUARD.value,
            delivery.c.kind == DeliveryKind.GUARD.value,
            lower.c.state == "withdrawn",
            lower.c.reason.not_in([why.value for why in Overtaken]),
            lower.c.created_at < hold.c.since,
            lower.c.finished_at >= hold.c.since,
            lower.c.finished_at >= delivery.c.created_at,
        )
    )


def is_urgent(delivery: FromClause) -> ColumnElement[bool]:
    """Match a delivery that quiet hours may let pass."""
    return or_(delivery.c.is_urgent, delivery.c.kind == DeliveryKind.GUARD.value)


def _is_before(delivery: FromClause) -> ColumnElement[bool]:
    """Match a delivery with an unfinished later one of the same job and place."""
    later = tables.delivery.alias("behind")
    return (
        exists()
        .correlate(delivery)
        .where(
            columns_equal(later, delivery, CARD_KEY),
            later.c.state.in_(UNFINISHED),
            later.c.sequence > delivery.c.sequence,
        )
    )


def _is_before_urgent(delivery: FromClause) -> ColumnElement[bool]:
    """Match a delivery for which an urgent one of the same job and place waits, because
    deliveries are posted in order."""
    later = tables.delivery.alias("later")
    return (
        exists()
        .correlate(delivery)
        .where(
            columns_equal(later, delivery, CARD_KEY),
            delivery.c.kind.in_(
                (DeliveryKind.CARD.value, DeliveryKind.CHANGE.value, DeliveryKind.CHANGES.value)
            ),
            later.c.state.in_(UNFINISHED),
            or_(
                and_(later.c.is_urgent, later.c.sequence > delivery.c.sequence),
                # A guard notice has the sequence of the latest change before it.
                and_(
                    later.c.kind == DeliveryKind.GUARD.value,
                    later.c.sequence >= delivery.c.sequence,
                ),
            ),
        )
    )


def pause(
    transaction: Transaction, place: Place, *, reason: str, is_announced: bool = False
) -> None:
    """Hold all deliveries to a place where Slack does not let us post. `is_announced` if the people
    who wait there know it."""
    hold(
        transaction,
        scope_of(place),
        HoldReason.REFUSED,
        until=None,
        words=reason,
        is_announced=is_announced,
    )


def pause_once(transaction: Transaction, place: Place, *, reason: str, event_key: str) -> None:
    """Pause a place because of an event from Slack; a repeated event pauses nothing."""
    if not is_known(transaction, place.team_id, event_key):
        pause(transaction, place, reason=reason)


def resume(transaction: Transaction, place: Place) -> bool:
    """End the pause of a place, and make its retries due now; True if the place was paused."""
    if not release(transaction, scope_of(place), {HoldReason.REFUSED}):
        return False
    release(transaction, scope_of(place), {HoldReason.RETRYING})
    transaction.connection.execute(
        update(tables.delivery)
        .where(
            of_place(tables.delivery, place),
            tables.delivery.c.state == "open",
            tables.delivery.c.next_at > transaction.now,
        )
        .values(next_at=transaction.now)
    )
    _withdraw_notes(transaction, place)
    return True


def close(transaction: Transaction, team_id: str, channel_id: str, *, opens_in: timedelta) -> None:
    """Hold a channel, or with an empty id the whole workspace, for as long as Slack asked."""
    scope = HoldScope(team_id=team_id, channel_id=channel_id)
    hold(transaction, scope, reason_of_wait(opens_in), until=transaction.now + opens_in)


def count_as_waiting(transaction: Transaction, place: Place, *, until: datetime) -> None:
    """Record that a post to a place failed: deliveries created before `until` count as having
    waited through an outage."""
    hold(transaction, scope_of(place), HoldReason.RETRYING, until=until)


def scope_of(place: Place) -> HoldScope:
    """Return the scope of all deliveries to a place."""
    return HoldScope(team_id=place.team_id, channel_id=place.channel_id)


def _withdraw_notes(transaction: Transaction, place: Place) -> None:
    """Withdraw the notes on a pause that is over, except those that may be in Slack."""
    transaction.connection.execute(
        update(tables.delivery)
        .where(
            tables.delivery.c.team_id == place.team_id,
            tables.delivery.c.about == place.channel_id,
            tables.delivery.c.state == "open",
            tables.delivery.c.intent_at.is_(None),
            tables.delivery.c.lease_until.is_(None),
        )
        .values(state="withdrawn")
    )
