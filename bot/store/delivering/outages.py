"""Merge the notes on outages of the cloud that waited: the note on the last end reports all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, RowMapping, and_, or_, select, update

from bot.core.delivery import DeliveryKind, Outage
from bot.store.database import tables
from bot.store.database.conditions import of_place, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import place_of, project_of
from bot.store.delivering.holding import has_waited, is_held

_DELIVERY = tables.delivery
_BACK = DeliveryKind.SOURCE_BACK.value
_NOTES = (DeliveryKind.SOURCE_LOST.value, _BACK)


def merge_outages(
    transaction: Transaction, claimed: Sequence[RowMapping]
) -> tuple[list[RowMapping], list[str]]:
    """Withdraw the notes that a later note on an end makes needless, because it reports the
    outages before it. Return the claimed rows that stay, and the ids of the notes to claim instead
    of the others."""
    waited = _waited(transaction, claimed)
    kept, in_place = [], []
    for row in claimed:
        last = _merge(transaction, row) if row["id"] in waited else row["id"]
        if last == row["id"]:
            kept.append(row)
        else:
            in_place.append(last)
    return kept, in_place


def outages(
    transaction: Transaction, rows: Sequence[RowMapping]
) -> Mapping[str, tuple[Outage, ...]]:
    """Return, by note id, the outages that the notes on ends among these rows report, if other
    notes were merged into them; the last outage is the note's own."""
    own = {row["id"]: row for row in rows if row["kind"] == _BACK}
    if not own:
        return {}
    c = _DELIVERY.c
    query = select(c.group_id, c.kind, c.since, c.created_at).where(c.group_id.in_(own))
    merged: dict[str, list[Outage]] = defaultdict(list)
    for row in transaction.connection.execute(query):
        ends = merged[row.group_id]
        if row.kind == _BACK:
            ends.append(Outage(since=row.since, until=row.created_at))
    return {
        id: (*sorted(earlier), Outage(since=own[id]["since"], until=own[id]["created_at"]))
        for id, earlier in merged.items()
    }


def _waited(transaction: Transaction, claimed: Sequence[RowMapping]) -> set[str]:
    """Return the ids of the claimed notes that have waited and cannot be in Slack."""
    ids = [row["id"] for row in claimed if row["kind"] in _NOTES]
    if not ids:
        return set()
    c = _DELIVERY.c
    query = select(c.id).where(c.id.in_(ids), c.intent_at.is_(None), has_waited(transaction.now))
    return set(transaction.connection.scalars(query))


def _merge(transaction: Transaction, row: RowMapping) -> str:
    """Withdraw the notes before the last waiting note on an end, and return the id of that note;
    the row's own id if no note comes later."""
    c, own_id = _DELIVERY.c, str(row["id"])
    query = (
        select(c.id, c.kind)
        .where(_is_beside(row), or_(c.id == own_id, ~is_held(transaction.now)))
        .order_by(c.sequence, c.created_at)
        .with_for_update()
    )
    notes = transaction.connection.execute(query).all()
    ends = [at for at, note in enumerate(notes) if note.kind == _BACK]
    if not ends or ends[-1] == 0:
        return own_id
    last = str(notes[ends[-1]].id)
    transaction.connection.execute(
        update(_DELIVERY)
        .where(c.id.in_([note.id for note in notes[: ends[-1]]]))
        .values(
            state="withdrawn",
            group_id=last,
            epoch=c.epoch + 1,
            lease_until=None,
            finished_at=transaction.now,
        )
    )
    return last


def _is_beside(row: RowMapping) -> ColumnElement[bool]:
    """Match the notes of the row's place and project that cannot be in Slack."""
    c = _DELIVERY.c
    return and_(
        of_place(_DELIVERY, place_of(row)),
        of_project(_DELIVERY, project_of(row)),
        c.kind.in_(_NOTES),
        c.state == "open",
        c.intent_at.is_(None),
        or_(c.lease_until.is_(None), c.id == row["id"]),
    )
