"""From claimed rows to deliveries and edits with their changes and jobs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy import RowMapping, or_, select

from bot.core.acting import Asked
from bot.core.care import JobCare
from bot.core.change import StatusChange
from bot.core.delivery import (
    API_MISSING,
    CardDelivery,
    CardEdit,
    ChangeDelivery,
    ChangesDelivery,
    Delivery,
    DeliveryKind,
    GroupMember,
    GuardDelivery,
    MessageRef,
    PauseNote,
    SourceNote,
    Unfollowed,
)
from bot.core.job import VisualizationJob
from bot.core.project import Project
from bot.core.subscription import DeliveryMode
from bot.store.database import tables
from bot.store.database.conditions import CARD_KEY, CHANGE_KEY, of_project, same
from bot.store.database.database import Transaction
from bot.store.database.rows import change_of, job_of, place_of, project_of
from bot.store.delivering.caring import cares, last_asked_for
from bot.store.delivering.followers import followers
from bot.store.delivering.guarding import guard_facts
from bot.store.delivering.pauses import reasons
from bot.store.delivering.unconfirmed import count_unconfirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a card of a job shows."""

    job: VisualizationJob
    latest: StatusChange | None
    #: When it was last read, if no good read confirms it now.
    confirmed_at: datetime | None
    is_gone: bool
    care: JobCare
    asked: Asked | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What deliveries tell beside their rows."""

    #: By the id of the delivery: its change, or those of the group.
    members: Mapping[str, tuple[GroupMember, ...]]
    offers: Collection[str]
    #: The ts of each card, by channel and job.
    cards: Mapping[tuple[str, int], str]
    known: Mapping[int, Known]
    #: How many notices under a card nobody could confirm.
    doubts: Mapping[tuple[str, int], int]
    #: Who subscribed the place of a card.
    followers: Mapping[tuple[str, int], tuple[str, ...]]
    #: Why a channel is paused.
    reasons: Mapping[str, str]


def load_deliveries(transaction: Transaction, rows: Sequence[RowMapping]) -> tuple[Delivery, ...]:
    """Add the changes, the cards and the jobs to rows of one project."""
    if not rows:
        return ()
    ids = [row["id"] for row in rows]
    members, offers = _members(transaction, ids)
    of_cards = [row for row in rows if row["kind"] == DeliveryKind.CARD.value]
    showing = {DeliveryKind.CARD.value, DeliveryKind.GUARD.value}
    known = known_jobs(transaction, [row for row in rows if row["kind"] in showing])
    found = _Found(
        members=_with_owners(transaction, project_of(rows[0]), members),
        offers=offers,
        cards=_cards(transaction, ids),
        known=known,
        doubts=count_unconfirmed(transaction, of_cards),
        followers=_followers(transaction, of_cards, known),
        reasons=reasons(transaction, rows),
    )
    return tuple(_delivery(row, found) for row in rows)


def load_edits(transaction: Transaction, rows: Sequence[RowMapping]) -> tuple[CardEdit, ...]:
    """Add what the cards shall show to rows of one project."""
    if not rows:
        return ()
    known = known_jobs(transaction, rows)
    doubts = count_unconfirmed(transaction, rows)
    people = _followers(transaction, rows, known)
    return tuple(_edit(row, known[row["job_id"]], doubts, people) for row in rows)


def _followers(
    transaction: Transaction, rows: Sequence[RowMapping], known: Mapping[int, Known]
) -> dict[tuple[str, int], tuple[str, ...]]:
    return followers(transaction, rows, {job_id: one.job for job_id, one in known.items()})


def known_jobs(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[int, Known]:
    """Read the watched jobs of these rows, and the latest change of each."""
    if not rows:
        return {}
    job_ids = {row["job_id"] for row in rows}
    jobs = select(tables.watched_job).where(
        of_project(tables.watched_job, project_of(rows[0])),
        tables.watched_job.c.job_id.in_(job_ids),
    )
    latest = (
        select(tables.change)
        .join(
            tables.watched_job,
            same(tables.watched_job, tables.change, CHANGE_KEY),
        )
        .where(
            of_project(tables.watched_job, project_of(rows[0])),
            tables.watched_job.c.job_id.in_(job_ids),
        )
    )
    changes = {
        row["job_id"]: change_of(row) for row in transaction.connection.execute(latest).mappings()
    }
    found = {row["job_id"]: row for row in transaction.connection.execute(jobs).mappings()}
    read = {job_id: job_of(row) for job_id, row in found.items()}
    care = cares(transaction, project_of(rows[0]), read)
    asked = last_asked_for(transaction, project_of(rows[0]), job_ids)
    return {
        job_id: Known(
            job=read[job_id],
            latest=changes.get(job_id),
            confirmed_at=row["read_at"] if row["stale_since"] is not None else None,
            is_gone=row["is_gone"],
            care=care[job_id],
            asked=asked.get(job_id),
        )
        for job_id, row in found.items()
    }


def _members(
    transaction: Transaction, ids: Sequence[str]
) -> tuple[dict[str, tuple[GroupMember, ...]], set[str]]:
    # By a delivery itself, or by the group that it is in; and which of these make an offer.
    owner = tables.delivery.c.group_id
    query = (
        select(
            tables.delivery.c.id.label("delivery_id"),
            owner,
            tables.delivery.c.offers_quiet,
            tables.change,
        )
        .join(
            tables.change,
            same(tables.delivery, tables.change, CHANGE_KEY),
        )
        .where(
            tables.delivery.c.kind == "change", or_(tables.delivery.c.id.in_(ids), owner.in_(ids))
        )
        .order_by(tables.delivery.c.job_id, tables.delivery.c.sequence)
    )
    found: dict[str, tuple[GroupMember, ...]] = {}
    offers: set[str] = set()
    for row in transaction.connection.execute(query).mappings():
        key = row["group_id"] or row["delivery_id"]
        member = GroupMember(delivery_id=row["delivery_id"], change=change_of(row))
        found[key] = (*found.get(key, ()), member)
        if row["offers_quiet"]:
            offers.add(key)
    return found, offers


def _with_owners(
    transaction: Transaction, project: Project, members: Mapping[str, tuple[GroupMember, ...]]
) -> dict[str, tuple[GroupMember, ...]]:
    """Add to each failure whose job it is."""
    failed: dict[int, VisualizationJob] = {
        one.change.job.id: one.change.job
        for group in members.values()
        for one in group
        if one.change.step.is_failure
    }
    owners = {job_id: care.owner for job_id, care in cares(transaction, project, failed).items()}
    return {
        id: tuple(
            replace(one, owner=owners[one.change.job.id]) if one.change.step.is_failure else one
            for one in group
        )
        for id, group in members.items()
    }


def _cards(transaction: Transaction, ids: Sequence[str]) -> dict[tuple[str, int], str]:
    query = (
        select(tables.card.c.channel_id, tables.card.c.job_id, tables.card.c.ts)
        .join(
            tables.delivery,
            same(tables.card, tables.delivery, CARD_KEY),
        )
        .where(tables.delivery.c.id.in_(ids), tables.card.c.ts.is_not(None))
    )
    rows = transaction.connection.execute(query)
    return {(row.channel_id, row.job_id): row.ts for row in rows}


def _delivery(row: RowMapping, found: _Found) -> Delivery:
    leased = _leased(row)
    match DeliveryKind(row["kind"]):
        case DeliveryKind.CARD:
            known = found.known[row["job_id"]]
            return CardDelivery(
                **leased,
                job=known.job,
                change=known.latest,
                confirmed_at=known.confirmed_at,
                unconfirmed=found.doubts.get((row["channel_id"], row["job_id"]), 0),
                followers=found.followers[row["channel_id"], row["job_id"]],
                care=known.care,
                asked=known.asked,
            )
        case DeliveryKind.CHANGE:
            [member] = found.members[row["id"]]
            notice = _notice(row, found)
            return ChangeDelivery(**leased, **notice, change=member.change, owner=member.owner)
        case DeliveryKind.CHANGES:
            members = found.members[row["id"]]
            return ChangesDelivery(**leased, **_notice(row, found), members=members)
        case DeliveryKind.GUARD:
            known = found.known[row["job_id"]]
            return GuardDelivery(
                **leased,
                card=_card_above(row, found),
                delivery_mode=DeliveryMode(row["telling"]),
                facts=guard_facts(row),
                job=known.job,
                care=known.care,
                is_gone=known.is_gone,
            )
        case (DeliveryKind.SOURCE_LOST | DeliveryKind.SOURCE_BACK) as kind:
            return SourceNote(
                **leased,
                since=row["since"],
                is_back=kind is DeliveryKind.SOURCE_BACK,
                is_api_missing=row["about"] == API_MISSING,
            )
        case DeliveryKind.PLACE_PAUSED:
            about = row["about"]
            return PauseNote(**leased, channel_id=about, reason=found.reasons.get(about, ""))
        case kind:
            assert_never(kind)


def _leased(row: RowMapping) -> dict[str, Any]:
    return {
        "id": row["id"],
        "place": place_of(row),
        "project_id": row["project_id"],
        "epoch": row["epoch"],
        "attempts": row["attempts"],
        "failures": row["failures"],
        "intent_at": row["intent_at"],
        "look_from": row["look_from"],
        "thread_ts": row["thread_ts"],
    }


def _notice(row: RowMapping, found: _Found) -> dict[str, Any]:
    is_of_one_job = len({member.change.job.id for member in found.members[row["id"]]}) == 1
    return {
        "card": _card_above(row, found) if is_of_one_job else None,
        "delivery_mode": DeliveryMode(row["telling"]),
        "offers_quiet": row["id"] in found.offers,
    }


def _card_above(row: RowMapping, found: _Found) -> MessageRef | None:
    ts = found.cards.get((row["channel_id"], row["job_id"]))
    return MessageRef(channel_id=row["channel_id"], ts=ts) if ts else None


def _edit(
    row: RowMapping,
    known: Known,
    doubts: Mapping[tuple[str, int], int],
    people: Mapping[tuple[str, int], tuple[str, ...]],
) -> CardEdit:
    return CardEdit(
        place=place_of(row),
        project_id=row["project_id"],
        card=MessageRef(channel_id=row["channel_id"], ts=row["ts"]),
        job=known.job,
        change=known.latest,
        epoch=row["epoch"],
        confirmed_at=known.confirmed_at,
        unconfirmed=doubts.get((row["channel_id"], row["job_id"]), 0),
        unfollowed=_unfollowed(row),
        followers=people[row["channel_id"], row["job_id"]],
        care=known.care,
        asked=known.asked,
    )


def _unfollowed(row: RowMapping) -> Unfollowed | None:
    if row["is_followed"] or row["unfollowed_at"] is None:
        return None
    return Unfollowed(by=row["unfollowed_by"], at=row["unfollowed_at"])
