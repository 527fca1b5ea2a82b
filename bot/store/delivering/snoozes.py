"""Snoozes: holds that people ask for, of a place or of one job in it.

`place_rules.holds_at`, which is indexed, is when the next hold of a place's rules begins or the
next snooze of a job there ends.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, func, or_, select, text, update

from bot.core.hold import Hold, HoldReason, HoldScope
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import Place
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import of_place
from bot.store.database.database import Transaction
from bot.store.database.rows import hold_of
from bot.store.delivering.enqueue import refresh_cards
from bot.store.delivering.holding import hold, is_live, release

_AWAIT = text(
    "INSERT INTO place_rules (team_id, channel_id, holds_at)"
    " VALUES (:team_id, :channel_id, :until)"
    " ON CONFLICT (team_id, channel_id) DO UPDATE SET holds_at = excluded.holds_at"
    " WHERE place_rules.holds_at IS NULL OR place_rules.holds_at > excluded.holds_at"
).bindparams(bindparam("until", type_=UtcTime))


def snooze(transaction: Transaction, scope: HoldScope, *, until: datetime, by: str) -> None:
    """Hold a scope until `until`, in place of an earlier snooze of the scope."""
    if scope.job_id:
        # Lock the place's rules before its holds, in the same order as a claim.
        about = {"team_id": scope.team_id, "channel_id": scope.channel_id, "until": until}
        transaction.connection.execute(_AWAIT, about)
    release(transaction, scope, {HoldReason.SNOOZED})
    hold(transaction, scope, HoldReason.SNOOZED, until=until, words=by)
    _refresh_cards(transaction, scope)


def wake(transaction: Transaction, scope: HoldScope) -> tuple[Hold, ...]:
    """End the snoozes of a scope and those of single jobs in it, and return them."""
    c = tables.hold.c
    within = [
        c.team_id == scope.team_id,
        c.channel_id == scope.channel_id,
        c.reason == HoldReason.SNOOZED.value,
        is_live(transaction.now),
    ]
    if scope.job_id:
        within += [c.project_id == scope.project_id, c.job_id == scope.job_id]
    query = select(tables.hold).where(*within).with_for_update()
    ended = tuple(map(hold_of, transaction.connection.execute(query).mappings()))
    now = transaction.now
    # `told_at` marks the end as noted, because the cards are redrawn here.
    end = update(tables.hold).where(*within).values(until=now, told_at=now)
    transaction.connection.execute(end)
    for one in ended:
        _refresh_cards(transaction, one.scope)
    return ended


def note_ended(transaction: Transaction, place: Place) -> None:
    """Redraw the card of each job in the place whose snooze has ended."""
    ended = (
        update(tables.hold)
        .where(_is_of_a_job(place), tables.hold.c.until <= transaction.now)
        .values(told_at=transaction.now)
        .returning(*tables.hold.c)
    )
    for one in map(hold_of, transaction.connection.execute(ended).mappings().all()):
        _refresh_cards(transaction, one.scope)


def next_end(transaction: Transaction, place: Place) -> datetime | None:
    """Return when the first snooze of a job in the place ends; None if there is none."""
    query = select(func.min(tables.hold.c.until)).where(_is_of_a_job(place))
    return transaction.connection.execute(query).scalar_one_or_none()


def snoozes_of(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[tuple[str, int], Hold]:
    """Return the snoozes of single jobs, by channel and job, for these rows of cards."""
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


def _is_of_a_job(place: Place) -> ColumnElement[bool]:
    """Match a snooze of a job in this place whose end was not noted yet."""
    c = tables.hold.c
    return and_(
        of_place(tables.hold, place),
        c.reason == HoldReason.SNOOZED.value,
        c.job_id != 0,
        c.told_at.is_(None),
    )


def _refresh_cards(transaction: Transaction, scope: HoldScope) -> None:
    """Redraw the card of a job whose snooze has changed; a scope without a job has no card."""
    if scope.job_id:
        project = Project(team_id=scope.team_id, project_id=scope.project_id)
        place = Place(team_id=scope.team_id, channel_id=scope.channel_id)
        refresh_cards(transaction, project, [JobId(scope.job_id)], place=place)
