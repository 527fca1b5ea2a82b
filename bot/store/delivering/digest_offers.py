"""Offer a digest, once, to a place that gets many messages and presses no button."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import RowMapping, and_, bindparam, func, not_, select, text, update

from bot.core.delivery import DeliveryKind
from bot.core.noise import CLICK_GRAIN, is_offered_digest
from bot.core.spending import calendar_period
from bot.core.subscription import DeliveryMode, Place
from bot.store.database import tables
from bot.store.database.columns import UtcTime
from bot.store.database.conditions import columns_equal
from bot.store.database.database import Transaction
from bot.store.database.rows import place_of
from bot.store.database.rule_rows import zone_called

#: The value of `about` in the delivery of a change whose message offers a digest.
OFFERS_DIGEST = "offers digest"

_DELIVERY = tables.delivery
_RULES = tables.place_rules
_IS_OF_CARD_ALONE = and_(
    _DELIVERY.c.kind == DeliveryKind.CHANGE.value,
    _DELIVERY.c.telling == DeliveryMode.CARD.value,
)

_OFFER = text(
    "INSERT INTO place_rules (team_id, channel_id, digest_offered_at)"
    " VALUES (:team_id, :channel_id, :now)"
    " ON CONFLICT (team_id, channel_id)"
    " DO UPDATE SET digest_offered_at = excluded.digest_offered_at"
    " WHERE place_rules.digest_offered_at IS NULL"
).bindparams(bindparam("now", type_=UtcTime))
_CLICK = text(
    "INSERT INTO place_rules (team_id, channel_id, clicked_at)"
    " VALUES (:team_id, :channel_id, :now)"
    " ON CONFLICT (team_id, channel_id) DO UPDATE SET clicked_at = excluded.clicked_at"
    " WHERE place_rules.clicked_at IS NULL OR place_rules.clicked_at <= :before"
).bindparams(*(bindparam(name, type_=UtcTime) for name in ("now", "before")))


def offer_digests(transaction: Transaction, ids: Sequence[str]) -> None:
    """Mark those of these claimed deliveries whose messages shall offer a digest."""
    candidates = _candidates(transaction, ids)
    days = {row["id"]: _day_began(row, transaction.now) for row in candidates}
    counts = _sent_since(transaction, candidates, days)
    offering = [
        row["id"]
        for row in candidates
        if is_offered_digest(
            messages=counts.get(row["id"], 0) + 1,
            day_began=days[row["id"]],
            clicked_at=row["clicked_at"],
        )
        and take_offer(transaction, place_of(row))
    ]
    if offering:
        transaction.connection.execute(
            update(_DELIVERY).where(_DELIVERY.c.id.in_(offering)).values(about=OFFERS_DIGEST)
        )


def take_offer(transaction: Transaction, place: Place) -> bool:
    """Record that a place is offered a digest or declines one; False if that was recorded
    before."""
    taken = transaction.connection.execute(_OFFER, {**asdict(place), "now": transaction.now})
    return taken.rowcount > 0


def note_click(transaction: Transaction, place: Place) -> None:
    """Record that somebody presses a button in a place, at most once per CLICK_GRAIN."""
    before = transaction.now - CLICK_GRAIN
    values = {**asdict(place), "now": transaction.now, "before": before}
    transaction.connection.execute(_CLICK, values)


def _candidates(transaction: Transaction, ids: Sequence[str]) -> Sequence[RowMapping]:
    """Return those of these changes whose places may be offered a digest, with the place's zone
    and last press. A change that may be in Slack already is left out."""
    c = _DELIVERY.c
    query = (
        select(
            c.id,
            c.team_id,
            c.channel_id,
            c.project_id,
            _RULES.c.time_zone,
            _RULES.c.clicked_at,
        )
        .outerjoin(_RULES, columns_equal(_RULES, _DELIVERY, ("team_id", "channel_id")))
        .where(
            c.id.in_(ids),
            c.kind == DeliveryKind.CHANGE.value,
            c.intent_at.is_(None),
            c.offers_quiet.is_not(True),
            _RULES.c.digest_at.is_(None),
            _RULES.c.digest_offered_at.is_(None),
        )
    )
    return transaction.connection.execute(query).mappings().all()


def _day_began(row: RowMapping, now: datetime) -> datetime:
    return calendar_period("today", now, zone_called(row["time_zone"] or "")).begin


def _sent_since(
    transaction: Transaction, candidates: Sequence[RowMapping], days: Mapping[str, datetime]
) -> dict[str, int]:
    """Return, by the id of the candidate, how many messages its place got since the place's day
    began. Runs one query per time zone's day; most installations have one zone."""
    by_day: dict[datetime, dict[str, str]] = defaultdict(dict)
    for row in candidates:
        by_day[days[row["id"]]][row["channel_id"]] = row["id"]
    counts = {}
    c = _DELIVERY.c
    for began, ids in by_day.items():
        query = (
            select(c.channel_id, func.count())
            .where(
                c.team_id == candidates[0]["team_id"],
                c.project_id == candidates[0]["project_id"],
                c.channel_id.in_(ids),
                c.state == "sent",
                c.finished_at >= began,
                c.group_id.is_(None),
                not_(_IS_OF_CARD_ALONE),
            )
            .group_by(c.channel_id)
        )
        for channel_id, count in transaction.connection.execute(query):
            counts[ids[channel_id]] = count
    return counts
