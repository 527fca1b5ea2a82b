"""From claimed rows to deliveries and edits with all that they tell."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import RowMapping, and_, or_, select

from bot.core.job import JobId, VisualizationJob
from bot.core.outbox import Delivery, DeliveryKind, MessageRef
from bot.core.ports import CardEdit
from bot.core.watch import StatusChange, Telling
from bot.store.database import Transaction
from bot.store.pauses import reasons
from bot.store.rows import change_of, job_of, place_of
from bot.store.tables import card, delivery, project, watched_job
from bot.store.tables import change as changes_table
from bot.store.unconfirmed import count_unconfirmed


async def load_deliveries(
    transaction: Transaction, rows: Sequence[RowMapping]
) -> tuple[Delivery, ...]:
    """Add the changes, the cards and the jobs to rows of one project."""
    if not rows:
        return ()
    ids = [row["id"] for row in rows]
    changes = await _changes(transaction, ids)
    cards = await _cards(transaction, ids)
    of_cards = [row for row in rows if row["kind"] == DeliveryKind.CARD.value]
    known = await jobs_and_latest(transaction, of_cards)
    doubts = await count_unconfirmed(transaction, of_cards)
    why = await reasons(transaction, rows)
    return tuple(
        replace(_delivery(row, changes, cards, known, doubts), reason=why.get(row["about"], ""))
        for row in rows
    )


async def load_edits(transaction: Transaction, rows: Sequence[RowMapping]) -> tuple[CardEdit, ...]:
    """Add what the cards shall show to rows of one project."""
    if not rows:
        return ()
    known = await jobs_and_latest(transaction, rows)
    lost_since = await transaction.connection.scalar(
        select(project.c.lost_since).where(
            project.c.team_id == rows[0]["team_id"], project.c.project_id == rows[0]["project_id"]
        )
    )
    doubts = await count_unconfirmed(transaction, rows)
    return tuple(_edit(row, *known[row["job_id"]], lost_since, doubts) for row in rows)


async def jobs_and_latest(
    transaction: Transaction, rows: Sequence[RowMapping]
) -> dict[int, tuple[VisualizationJob, StatusChange | None]]:
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
        row["job_id"]: (job_of(row), changes.get(row["job_id"]))
        for row in (await transaction.connection.execute(jobs)).mappings()
    }


# The changes of a delivery, each with the id that it has alone.
_Told = tuple[tuple[str, StatusChange], ...]


async def _changes(transaction: Transaction, ids: Sequence[str]) -> dict[str, _Told]:
    # By a delivery itself, or by the group that it is in.
    owner = delivery.c.group_id
    query = (
        select(delivery.c.id.label("delivery_id"), owner, changes_table)
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
    for row in (await transaction.connection.execute(query)).mappings():
        key = row["group_id"] or row["delivery_id"]
        found[key] = (*found.get(key, ()), (row["delivery_id"], change_of(row)))
    return found


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
    known: Mapping[int, tuple[VisualizationJob, StatusChange | None]],
    doubts: Mapping[tuple[str, int], int],
) -> Delivery:
    kind = DeliveryKind(row["kind"])
    own = changes.get(row["id"], ())
    told = tuple(change for _, change in own)
    job = None
    if kind is DeliveryKind.CARD:
        job, latest = known[row["job_id"]]
        told = (latest,) if latest is not None else ()
    ts = cards.get((row["channel_id"], row["job_id"]))
    has_thread = ts is not None and kind is not DeliveryKind.CARD and _is_of_one_job(told)
    return Delivery(
        id=row["id"],
        kind=kind,
        place=place_of(row),
        project_id=row["project_id"],
        changes=told,
        job_id=JobId(row["job_id"]),
        telling=Telling(row["telling"]),
        card=MessageRef(channel_id=row["channel_id"], ts=ts) if ts and has_thread else None,
        attempts=row["attempts"],
        epoch=row["epoch"],
        intent_at=row["intent_at"],
        look_from=row["look_from"],
        since=row["since"],
        about=row["about"] or "",
        job=job,
        change_ids=tuple(id for id, _ in own),
        unconfirmed=doubts.get((row["channel_id"], row["job_id"]), 0) if job else 0,
        failures=row["failures"],
        thread_ts=row["thread_ts"],
    )


def _is_of_one_job(changes: Sequence[StatusChange]) -> bool:
    return len({change.job.id for change in changes}) == 1


def _edit(
    row: RowMapping,
    job: VisualizationJob,
    latest: StatusChange | None,
    lost_since: datetime | None,
    doubts: Mapping[tuple[str, int], int],
) -> CardEdit:
    return CardEdit(
        place=place_of(row),
        project_id=row["project_id"],
        card=MessageRef(channel_id=row["channel_id"], ts=row["ts"]),
        job=job,
        change=latest,
        epoch=row["epoch"],
        confirmed_at=job.read_at if lost_since is not None else None,
        unconfirmed=doubts.get((row["channel_id"], row["job_id"]), 0),
    )
