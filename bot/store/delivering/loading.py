"""From claimed rows to deliveries and edits with all that they tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import RowMapping, and_, or_, select

from bot.core.change import StatusChange
from bot.core.delivery import CardEdit, Delivery, DeliveryKind, MessageRef
from bot.core.job import JobId, VisualizationJob
from bot.core.subscription import DeliveryMode
from bot.store.database.database import Transaction
from bot.store.database.rows import change_of, job_of, place_of
from bot.store.database.tables import card, delivery, watched_job
from bot.store.database.tables import change as changes_table
from bot.store.delivering.pauses import reasons
from bot.store.delivering.unconfirmed import count_unconfirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a card of a job shows."""

    job: VisualizationJob
    latest: StatusChange | None
    #: When it was last read, if no good read confirms it now.
    confirmed_at: datetime | None


async def load_deliveries(
    transaction: Transaction, rows: Sequence[RowMapping]
) -> tuple[Delivery, ...]:
    """Add the changes, the cards and the jobs to rows of one project."""
    if not rows:
        return ()
    ids = [row["id"] for row in rows]
    changes, offers = await _changes(transaction, ids)
    cards = await _cards(transaction, ids)
    of_cards = [row for row in rows if row["kind"] == DeliveryKind.CARD.value]
    known = await known_jobs(transaction, of_cards)
    doubts = await count_unconfirmed(transaction, of_cards)
    why = await reasons(transaction, rows)
    return tuple(
        replace(
            _delivery(row, changes, cards, known, doubts),
            reason=why.get(row["about"], ""),
            offers_quiet=row["id"] in offers,
        )
        for row in rows
    )


async def load_edits(transaction: Transaction, rows: Sequence[RowMapping]) -> tuple[CardEdit, ...]:
    """Add what the cards shall show to rows of one project."""
    if not rows:
        return ()
    known = await known_jobs(transaction, rows)
    doubts = await count_unconfirmed(transaction, rows)
    return tuple(_edit(row, known[row["job_id"]], doubts) for row in rows)


async def known_jobs(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[int, Known]:
    """Read the watched jobs of these rows, and the latest change of each."""
    if not rows:
        return {}
    job_ids = {row["job_id"] for row in rows}
    jobs = select(watched_job).where(
        watched_job.c.team_id == rows[0]["team_id"],
        watched_job.c.project_id == rows[0]["project_id"],
        watched_job.c.job_id.in_(job_ids),
    )
    latest = (
        select(changes_table)
        .join(
            watched_job,
            and_(
                *(
                    watched_job.c[name] == changes_table.c[name]
                    for name in ("team_id", "project_id", "job_id", "sequence")
                )
            ),
        )
        .where(
            watched_job.c.team_id == rows[0]["team_id"],
            watched_job.c.project_id == rows[0]["project_id"],
            watched_job.c.job_id.in_(job_ids),
        )
    )
    changes = {
        row["job_id"]: change_of(row)
        for row in (await transaction.connection.execute(latest)).mappings()
    }
    return {
        row["job_id"]: Known(
            job=job_of(row),
            latest=changes.get(row["job_id"]),
            confirmed_at=row["read_at"] if row["stale_since"] is not None else None,
        )
        for row in (await transaction.connection.execute(jobs)).mappings()
    }


# The changes of a delivery, each with the id that it has alone.
_Told = tuple[tuple[str, StatusChange], ...]


async def _changes(
    transaction: Transaction, ids: Sequence[str]
) -> tuple[dict[str, _Told], set[str]]:
    # By a delivery itself, or by the group that it is in; and which of these make an offer.
    owner = delivery.c.group_id
    query = (
        select(delivery.c.id.label("delivery_id"), owner, delivery.c.offers_quiet, changes_table)
        .join(
            changes_table,
            and_(
                *(
                    delivery.c[name] == changes_table.c[name]
                    for name in ("team_id", "project_id", "job_id", "sequence")
                )
            ),
        )
        .where(delivery.c.kind == "change", or_(delivery.c.id.in_(ids), owner.in_(ids)))
        .order_by(delivery.c.job_id, delivery.c.sequence)
    )
    found: dict[str, _Told] = {}
    offers: set[str] = set()
    for row in (await transaction.connection.execute(query)).mappings():
        key = row["group_id"] or row["delivery_id"]
        found[key] = (*found.get(key, ()), (row["delivery_id"], change_of(row)))
        if row["offers_quiet"]:
            offers.add(key)
    return found, offers


async def _cards(transaction: Transaction, ids: Sequence[str]) -> dict[tuple[str, int], str]:
    query = (
        select(card.c.channel_id, card.c.job_id, card.c.ts)
        .join(
            delivery,
            and_(
                *(
                    card.c[name] == delivery.c[name]
                    for name in ("team_id", "project_id", "job_id", "channel_id")
                )
            ),
        )
        .where(delivery.c.id.in_(ids), card.c.ts.is_not(None))
    )
    rows = await transaction.connection.execute(query)
    return {(row.channel_id, row.job_id): row.ts for row in rows}


def _delivery(
    row: RowMapping,
    changes: Mapping[str, _Told],
    cards: Mapping[tuple[str, int], str],
    known: Mapping[int, Known],
    doubts: Mapping[tuple[str, int], int],
) -> Delivery:
    kind = DeliveryKind(row["kind"])
    own = changes.get(row["id"], ())
    told = tuple(change for _, change in own)
    shown = known[row["job_id"]] if kind is DeliveryKind.CARD else None
    if shown is not None:
        told = (shown.latest,) if shown.latest is not None else ()
    ts = cards.get((row["channel_id"], row["job_id"]))
    has_thread = ts is not None and kind is not DeliveryKind.CARD and _is_of_one_job(told)
    return Delivery(
        id=row["id"],
        kind=kind,
        place=place_of(row),
        project_id=row["project_id"],
        changes=told,
        job_id=JobId(row["job_id"]),
        delivery_mode=DeliveryMode(row["telling"]),
        card=MessageRef(channel_id=row["channel_id"], ts=ts) if ts and has_thread else None,
        attempts=row["attempts"],
        epoch=row["epoch"],
        intent_at=row["intent_at"],
        look_from=row["look_from"],
        since=row["since"],
        about=row["about"] or "",
        job=shown.job if shown else None,
        confirmed_at=shown.confirmed_at if shown else None,
        change_ids=tuple(id for id, _ in own),
        unconfirmed=doubts.get((row["channel_id"], row["job_id"]), 0) if shown else 0,
        failures=row["failures"],
        thread_ts=row["thread_ts"],
    )


def _is_of_one_job(changes: Sequence[StatusChange]) -> bool:
    return len({change.job.id for change in changes}) == 1


def _edit(row: RowMapping, known: Known, doubts: Mapping[tuple[str, int], int]) -> CardEdit:
    return CardEdit(
        place=place_of(row),
        project_id=row["project_id"],
        card=MessageRef(channel_id=row["channel_id"], ts=row["ts"]),
        job=known.job,
        change=known.latest,
        epoch=row["epoch"],
        confirmed_at=known.confirmed_at,
        unconfirmed=doubts.get((row["channel_id"], row["job_id"]), 0),
    )
