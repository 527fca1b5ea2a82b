"""Withdraw reminders of lower marks: of one run, a place gets only the highest mark that waits,
and no mark that an earlier reminder has reported."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, select, update

from bot.core.care import GuardKind
from bot.core.change import Step
from bot.core.delivery import DeliveryKind
from bot.core.delivery_ids import guard_id
from bot.core.guard import mark_key
from bot.core.job import JobId
from bot.store.database import tables
from bot.store.database.conditions import CARD_KEY, columns_equal, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import place_of, project_of
from bot.store.delivering.guard_facts import guard_facts
from bot.store.delivering.readiness import is_free

_DELIVERY = tables.delivery
_HOUR = timedelta(hours=1)
_FIRST_RUN, _FORGOTTEN = 0, -1
# A run passes a mark each day, so reminders sent earlier had lower marks and need no look.
_TOLD_WITHIN = timedelta(days=30)


def withdraw_lower_marks(transaction: Transaction, ids: Sequence[str]) -> bool:
    """Withdraw the reminders, of the jobs and places of these notices, for which one of a higher
    mark of the same run waits or was sent; True if there were any. A reminder that may be in Slack
    stays. `replaces_lower_mark` lets the higher one pass in the turn of the withdrawn one."""
    rows = _reminders_beside(transaction, ids)
    runs = _runs(transaction, rows)
    by_run: dict[tuple[str, int, int], list[RowMapping]] = {}
    for row in rows:
        run = row["channel_id"], row["job_id"], _run_of(row, runs[row["job_id"]])
        by_run.setdefault(run, []).append(row)
    vain = [id for one in by_run.values() for id in _in_vain(one)]
    if vain:
        transaction.connection.execute(
            update(_DELIVERY)
            .where(_DELIVERY.c.id.in_(vain))
            .values(
                state="withdrawn",
                epoch=_DELIVERY.c.epoch + 1,
                lease_until=None,
                finished_at=transaction.now,
            )
        )
    return bool(vain)


def _in_vain(rows: Iterable[RowMapping]) -> list[str]:
    """Return the ids of the waiting reminders, of one run and place, that report no more than a
    sent one or than the highest waiting one."""
    waiting = sorted((row for row in rows if row["state"] == "open"), key=_mark)
    told = max((_told(row) for row in rows if row["state"] == "sent"), default=-1)
    return [row["id"] for row in waiting if row is not waiting[-1] or _mark(row) <= told]


def _reminders_beside(transaction: Transaction, ids: Sequence[str]) -> Sequence[RowMapping]:
    if not ids:
        return ()
    waiting = _of_same(ids, _may_be_withdrawn(transaction))
    # Another transaction may be withdrawing the same rows, so skip locked ones and do not wait.
    locked = waiting.with_for_update(skip_locked=True, of=_DELIVERY)
    c = _DELIVERY.c
    told = _of_same(ids, and_(c.state == "sent", c.finished_at > transaction.now - _TOLD_WITHIN))
    rows = transaction.connection.execute(locked).mappings().all()
    return [*rows, *transaction.connection.execute(told).mappings()] if rows else ()


def _may_be_withdrawn(transaction: Transaction) -> ColumnElement[bool]:
    c = _DELIVERY.c
    is_unsent = and_(c.state == "open", c.intent_at.is_(None))
    return and_(is_unsent, is_free(transaction.now, transaction.now))


def _of_same(ids: Sequence[str], such: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """Select the reminders of the jobs and places of these notices that match `such`."""
    c, one = _DELIVERY.c, _DELIVERY.alias("one")
    return select(_DELIVERY).where(
        exists().where(one.c.id.in_(ids), columns_equal(one, _DELIVERY, CARD_KEY)),
        c.kind == DeliveryKind.GUARD.value,
        c.about.startswith(f"{GuardKind.COST.value} "),
        such,
    )


def _runs(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[int, list[int]]:
    """Return, by job id, the runs of the jobs of these rows, which are of one project. A run is
    named by the number of the change with which it began."""
    runs = {row["job_id"]: [_FIRST_RUN] for row in rows}
    if not rows:
        return runs
    c = tables.change.c
    query = select(c.job_id, c.sequence, c.before, c.after).where(
        of_project(tables.change, project_of(rows[0])), c.job_id.in_(runs)
    )
    for change in transaction.connection.execute(query):
        if Step(change.before, change.after).is_restart:
            runs[change.job_id].append(change.sequence)
    return runs


def _run_of(row: RowMapping, runs: Iterable[int]) -> int:
    """Return the run of which the reminder's id was made; all runs whose beginning is no longer
    stored count as one."""
    place, project_id, job_id = place_of(row), row["project_id"], JobId(row["job_id"])
    return next(
        (
            run
            for run in runs
            if guard_id(place, project_id, job_id, mark_key(run, _mark(row))) == row["id"]
        ),
        _FORGOTTEN,
    )


def _mark(row: RowMapping) -> int:
    return guard_facts(row).hours


def _told(row: RowMapping) -> int:
    """Return the hours that a sent reminder has reported, which may be more than its mark."""
    facts = guard_facts(row)
    return max(facts.hours, facts.length // _HOUR)
