"""What holds deliveries back: begun, released, and known to the queries."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, exists, or_, text, update

from bot.core.delivery import DeliveryKind
from bot.core.hold import CALM, PASSABLE, UNNOTICED, HoldReason, HoldScope, reason_of_wait
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import CARD_KEY, UNFINISHED, Moment, of_place, same
from bot.store.database.database import Transaction
from bot.store.database.inbox import is_known

_HOLD = text(
    "INSERT INTO hold"
    " (team_id, channel_id, project_id, job_id, reason, words, since, until, told_at)"
    " VALUES (:team_id, :channel_id, :project_id, :job_id, :reason, :words, :now, :until, :told_at)"
    " ON CONFLICT (team_id, channel_id, project_id, job_id, reason) DO UPDATE SET"
    # One that has ended begins anew.
    " since = CASE WHEN hold.until <= excluded.since THEN excluded.since ELSE hold.since END,"
    " told_at = CASE WHEN hold.until <= excluded.since THEN excluded.told_at ELSE hold.told_at END,"
    " words = excluded.words,"
    # What is held for longer stays so.
    " until = CASE WHEN hold.until > excluded.until OR hold.until IS NULL"
    " THEN hold.until ELSE excluded.until END"
).bindparams(*(bindparam(name, type_=UtcTime) for name in ("now", "until", "told_at")))


# Kinds that are made at the moment of a digest, or after it, and belong to it all the same.
_MADE_AT_THE_MOMENT = (DeliveryKind.CHANGES.value, DeliveryKind.MORNING.value)


def hold(
    transaction: Transaction,
    scope: HoldScope,
    reason: HoldReason,
    *,
    until: datetime | None,
    words: str = "",
    is_told: bool = False,
) -> None:
    """Hold what is open in this scope, and what will be; None: until it is released."""
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
            "told_at": transaction.now if is_told else None,
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
    """The hold has not ended."""
    return or_(tables.hold.c.until.is_(None), tables.hold.c.until > now)


def covers(table: FromClause) -> ColumnElement[bool]:
    """The scope of the hold has this delivery or card in it."""
    c = tables.hold.c
    return and_(
        c.team_id == table.c.team_id,
        c.channel_id.in_(("", table.c.channel_id)),
        or_(c.job_id == 0, and_(c.job_id == table.c.job_id, c.project_id == table.c.project_id)),
    )


def stops(now: Moment, *, but_for: Collection[HoldReason] = ()) -> ColumnElement[bool]:
    """The hold lets nothing pass now; it is for none of these reasons."""
    passing = [reason.value for reason in HoldReason if reason in PASSABLE or reason in but_for]
    return and_(is_live(now), tables.hold.c.reason.not_in(passing))


def is_held(now: Moment, *, but_for: Collection[HoldReason] = ()) -> ColumnElement[bool]:
    """A hold stops this delivery; one for these reasons does not count."""
    return exists().where(holds(now, but_for=but_for))


def holds(now: Moment, *, but_for: Collection[HoldReason] = ()) -> ColumnElement[bool]:
    """The hold stops this delivery."""
    return and_(covers(tables.delivery), stops(now, but_for=but_for), ~_lets_pass(tables.delivery))


def is_card_held(now: Moment) -> ColumnElement[bool]:
    """A hold stops the edits of this card: people hold messages only."""
    return exists().where(covers(tables.card), stops(now, but_for=CALM))


def has_waited(now: Moment) -> ColumnElement[bool]:
    """A hold that has ended, or that lets it pass by now, kept this delivery waiting, or would
    have."""
    hold, delivery = tables.hold.c, tables.delivery.c
    passes_at_once = and_(
        hold.reason == HoldReason.QUIET_BUT_FAILURES.value,
        is_live(now),
        is_urgent(tables.delivery),
    )
    return exists().where(
        covers(tables.delivery),
        hold.reason.not_in([reason.value for reason in UNNOTICED]),
        delivery.created_at <= hold.until,
        ~passes_at_once,
    )


def is_of_digest(now: Moment) -> ColumnElement[bool]:
    """The place has a digest, whose moment this delivery has waited for."""
    hold = tables.hold.c
    return exists().where(
        covers(tables.delivery),
        is_live(now),
        hold.reason == HoldReason.DIGEST.value,
        tables.delivery.c.created_at < hold.since,
    )


def _lets_pass(delivery: FromClause) -> ColumnElement[bool]:
    """What the hold, though it stops others, does not stop."""
    hold, c = tables.hold.c, delivery.c
    # A group is made when it is sent; what of it was not sent then belongs to an earlier moment.
    is_of_earlier = or_(c.kind.in_(_MADE_AT_THE_MOMENT), c.created_at < hold.since)
    return or_(
        # The card that somebody asked for; one of a job of which something waits comes with that.
        and_(
            hold.reason.in_([reason.value for reason in CALM]),
            c.kind == DeliveryKind.CARD.value,
            ~_is_before(delivery),
        ),
        and_(hold.reason == HoldReason.DIGEST.value, is_of_earlier),
        and_(
            hold.reason == HoldReason.QUIET_BUT_FAILURES.value,
            or_(is_urgent(delivery), _is_before_urgent(delivery)),
        ),
    )


def is_urgent(delivery: FromClause) -> ColumnElement[bool]:
    """Quiet hours may let it pass."""
    return or_(delivery.c.is_urgent, delivery.c.kind == DeliveryKind.GUARD.value)


def _is_before(delivery: FromClause) -> ColumnElement[bool]:
    """Something of the same job in the same place is still to be told."""
    later = tables.delivery.alias("behind")
    return (
        exists()
        .correlate(delivery)
        .where(
            same(later, delivery, CARD_KEY),
            later.c.state.in_(UNFINISHED),
            later.c.sequence > delivery.c.sequence,
        )
    )


def _is_before_urgent(delivery: FromClause) -> ColumnElement[bool]:
    """Something urgent of the same job would have to wait for it: nothing is told out of order."""
    later = tables.delivery.alias("later")
    return (
        exists()
        .correlate(delivery)
        .where(
            same(later, delivery, CARD_KEY),
            delivery.c.kind.in_(
                (DeliveryKind.CARD.value, DeliveryKind.CHANGE.value, DeliveryKind.CHANGES.value)
            ),
            later.c.state.in_(UNFINISHED),
            or_(
                and_(later.c.is_urgent, later.c.sequence > delivery.c.sequence),
                # A notice has the number of the latest change before it.
                and_(
                    later.c.kind == DeliveryKind.GUARD.value,
                    later.c.sequence >= delivery.c.sequence,
                ),
            ),
        )
    )


def pause(transaction: Transaction, place: Place, *, reason: str, is_told: bool = False) -> None:
    """Hold what goes to a place that Slack does not let us post to."""
    hold(
        transaction,
        scope_of(place),
        HoldReason.REFUSED,
        until=None,
        words=reason,
        is_told=is_told,
    )


def pause_once(transaction: Transaction, place: Place, *, reason: str, event_key: str) -> None:
    """The same, for an event; one that was seen before pauses nothing."""
    if not is_known(transaction, place.team_id, event_key):
        pause(transaction, place, reason=reason)


def resume(transaction: Transaction, place: Place) -> bool:
    """Let what waited go, retries at once; True if the place was paused."""
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
    """Wait as Slack asks in a channel, or with an empty id in the whole workspace."""
    scope = HoldScope(team_id=team_id, channel_id=channel_id)
    hold(transaction, scope, reason_of_wait(opens_in), until=transaction.now + opens_in)


def count_as_waiting(transaction: Transaction, place: Place, *, until: datetime) -> None:
    """A post failed: what is created in its place before then has waited through an outage."""
    hold(transaction, scope_of(place), HoldReason.RETRYING, until=until)


def scope_of(place: Place) -> HoldScope:
    """All that goes to a place."""
    return HoldScope(team_id=place.team_id, channel_id=place.channel_id)


def _withdraw_notes(transaction: Transaction, place: Place) -> None:
    """Tell nobody any more of a pause that is over."""
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
