"""Morning lines: enqueued at the moment of a digest, and filled when they are claimed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, exists, or_, select, update

from bot.core.delivery import Delivery, DeliveryKind, MorningDelivery
from bot.core.morning import Morning
from bot.core.project import Project
from bot.core.spending import calendar_period, day_before, morning_of
from bot.core.subscription import Place
from bot.core.timeline import longest_gap
from bot.store.database import tables
from bot.store.database.conditions import columns_equal, of_place
from bot.store.database.database import Transaction
from bot.store.database.rows import LIVE, project_of
from bot.store.database.rule_rows import rules_from, zones_of
from bot.store.delivering.enqueue import enqueue_morning
from bot.store.delivering.records import read_records

_DELIVERY = tables.delivery
_SUBSCRIPTION = tables.subscription


def enqueue_mornings(transaction: Transaction, place: Place, moment: datetime) -> None:
    """Enqueue one morning line for each project that a place follows as a whole."""
    c = _SUBSCRIPTION.c
    query = (
        select(c.project_id)
        .where(of_place(_SUBSCRIPTION, place), *_is_of_project(transaction))
        .distinct()
        .order_by(c.project_id)
    )
    for project_id in transaction.connection.scalars(query).all():
        project = Project(team_id=place.team_id, project_id=project_id)
        enqueue_morning(transaction, project, place, moment)


def mornings(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[str, Morning]:
    """Return, by id, the contents of the morning lines among these rows of one project."""
    own = [row for row in rows if row["kind"] == DeliveryKind.MORNING.value]
    if not own:
        return {}
    c = tables.place_rules.c
    query = select(tables.place_rules).where(
        c.team_id == own[0]["team_id"], c.channel_id.in_([row["channel_id"] for row in own])
    )
    zones = {
        row.channel_id: zones_of(rules_from(row)).digest
        for row in transaction.connection.execute(query)
    }
    now, told = transaction.now, dict.fromkeys(zones.values())
    first_days = [
        day_before(day_before(calendar_period("today", now, zone), zone), zone) for zone in told
    ]
    since = min((day.begin for day in first_days), default=now)
    recorded = read_records(transaction, project_of(own[0]), since=since)
    gap = longest_gap(transaction.timing.interval)
    by_zone = {
        zone: morning_of(
            recorded.jobs,
            now=now,
            zone=zone,
            gap=gap,
            watched_since=recorded.watched_since,
        )
        for zone in told
    }
    return {
        row["id"]: by_zone[zones[row["channel_id"]]] if row["channel_id"] in zones else _NOTHING
        for row in own
    }


# The line of a place that has no rules any more.
_NOTHING = Morning(running=0, oldest=None, failed=0, yesterday=timedelta(), day_before=timedelta())


def withdraw_needless(
    transaction: Transaction, deliveries: Sequence[Delivery]
) -> tuple[Delivery, ...]:
    """Withdraw the needless morning lines, and return the other deliveries. A line is needless if
    it has no news, a later line was enqueued, or the place has no digest or no subscription to
    the project any more. A line that may have been sent stays."""
    own = [one for one in deliveries if isinstance(one, MorningDelivery) and not one.intent_at]
    if not own:
        return tuple(deliveries)
    wanted = _wanted(transaction, [one.id for one in own if one.morning.is_news])
    vain = {one.id for one in own} - wanted
    transaction.connection.execute(
        update(_DELIVERY)
        .where(_DELIVERY.c.id.in_(vain))
        .values(state="withdrawn", lease_until=None, finished_at=transaction.now)
    )
    return tuple(one for one in deliveries if one.id not in vain)


def _wanted(transaction: Transaction, ids: Sequence[str]) -> set[str]:
    rules, later = tables.place_rules, _DELIVERY.alias("later")
    query = select(_DELIVERY.c.id).where(
        _DELIVERY.c.id.in_(ids),
        exists().where(columns_equal(rules, _DELIVERY, _PLACE_KEY), rules.c.digest_at.is_not(None)),
        exists().where(
            columns_equal(_SUBSCRIPTION, _DELIVERY, (*_PLACE_KEY, "project_id")),
            *_is_of_project(transaction),
        ),
        ~exists().where(
            columns_equal(later, _DELIVERY, (*_PLACE_KEY, "project_id", "job_id", "kind")),
            later.c.sequence > _DELIVERY.c.sequence,
        ),
    )
    return set(transaction.connection.scalars(query))


_PLACE_KEY = ("team_id", "channel_id")


def _is_of_project(transaction: Transaction) -> tuple[ColumnElement[bool], ...]:
    c = _SUBSCRIPTION.c
    return (
        c.target_kind == "project",
        c.state.in_(LIVE),
        or_(c.until.is_(None), c.until > transaction.now),
    )
