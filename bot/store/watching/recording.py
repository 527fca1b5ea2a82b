"""Apply reads to the watched rows, with the changes that follow; inside one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, and_, select, update

from bot.core.absence import ListEvidence, least_apart
from bot.core.advance import Advance, advance, apply_list, skip
from bot.core.audience import is_revivable
from bot.core.change import StatusChange
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Observation
from bot.core.project import Project
from bot.core.subscription import Subscription
from bot.store.audience.notifying import activate_pending, notify, withdraw_pending
from bot.store.audience.subscribers import stop_unwanted
from bot.store.database import tables
from bot.store.database.bulk import among
from bot.store.database.conditions import JOB_KEY, of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import absence_row, watched_of
from bot.store.delivering.enqueue import refresh_cards
from bot.store.watching.confirm_unchanged import confirm_held
from bot.store.watching.ended_keeps import end_keeps
from bot.store.watching.leasing import finish
from bot.store.watching.staleness import doubt
from bot.store.watching.writing import add_unread, write

_AT_ONCE = timedelta(0)
# A shared read may be older than the row; one that begins a second later is not.
_SOON_AGAIN = timedelta(seconds=1)


def record_observations(
    transaction: Transaction,
    observations: Sequence[Observation],
    *,
    next_in: Mapping[JobId, timedelta],
) -> tuple[StatusChange, ...]:
    """Apply the reads of those rows that are still held, and enqueue what follows from them.

    1. Set the next poll of all rows that a read confirms unchanged, in one statement.
    2. Let the cards of a denied job become unconfirmed after a while, as after a failed read.
    3. Lock all other rows, compare them in full, and write them with their changes.
    4. Activate the subscriptions that waited for a good read, also where nothing changed.
    """
    ranges = finish(transaction, (seen.lease for seen in observations))
    held = [seen for seen in observations if seen.lease.range_id in ranges]
    if not held:
        return ()
    project = held[0].lease.project
    same, rest = confirm_held(transaction, project, held, next_in)
    if denied := [seen.lease for seen in rest if seen.job is None]:
        doubt(transaction, denied)
    changes = _record_each(transaction, project, rest, next_in=next_in)
    if same:
        activate_pending(transaction, project, same)
    return changes


def _record_each(
    transaction: Transaction,
    project: Project,
    observations: Sequence[Observation],
    *,
    next_in: Mapping[JobId, timedelta],
) -> tuple[StatusChange, ...]:
    if not observations:
        return ()
    held = {seen.lease.job_id: seen for seen in observations}
    apart = least_apart(transaction.timing.interval)
    rows = lock(transaction, project, list(held))
    steps: list[tuple[RowMapping, Advance]] = []
    again: dict[JobId, timedelta] = {}
    for row in rows:
        seen = held[JobId(row["job_id"])]
        if row["epoch"] != seen.lease.epoch:
            continue
        known = watched_of(row)
        if seen.job is not None and known.has_later(seen.job):
            again[seen.job.id] = _SOON_AGAIN
            steps.append((row, skip(known)))
        else:
            step = advance(known, seen.job, now=transaction.now, apart=apart)
            steps.append((row, step))
    # A row without next_at has no subscription any more, and must not be polled again.
    unpolled = {JobId(row["job_id"]) for row, _ in steps if row["next_at"] is None}
    return apply(transaction, steps, next_in={**next_in, **again}, unpolled=unpolled)


def apply_evidence(transaction: Transaction, evidence: ListEvidence) -> tuple[StatusChange, ...]:
    """Apply a complete list to the jobs that were denied; their next polls and leases stay."""
    c = tables.watched_job.c
    query = select(c.job_id).where(
        of_project(tables.watched_job, evidence.project),
        c.absent_since.is_not(None),
        c.is_gone.is_(False),
    )
    denied = transaction.connection.execute(query).scalars().all()
    if not denied:
        return ()
    apart = least_apart(transaction.timing.interval)
    proved: list[tuple[RowMapping, Advance]] = []
    for row in lock(transaction, evidence.project, denied):
        if row["absent_since"] is None or row["is_gone"]:
            continue
        step = apply_list(watched_of(row), evidence, now=transaction.now, apart=apart)
        if step is not None and step.is_withdrawn:
            proved.append((row, step))
        elif step is not None:
            # Do not raise the epoch: the holder of a lease may still record the job's read.
            transaction.connection.execute(
                update(tables.watched_job).where(_is(row)).values(**absence_row(step.after.absence))
            )
    unpolled = {JobId(row["job_id"]) for row, _ in proved if row["next_at"] is None}
    return apply(transaction, proved, next_in={}, unpolled=unpolled)


def observe_baseline(
    transaction: Transaction, subscription: Subscription, job: VisualizationJob
) -> None:
    """Watch a job from a read made for a new subscription; older ones are notified of a change."""
    project = subscription.project
    add_unread(transaction, project, job.id)
    [row] = lock(transaction, project, [job.id])
    known = watched_of(row)
    if known.has(job):
        return
    step = advance(known, job, now=transaction.now)
    # Due at once: that poll will set the right pause.
    apply(transaction, [(row, step)], next_in={job.id: _AT_ONCE})


def observe_asked(transaction: Transaction, project: Project, job: VisualizationJob) -> None:
    """Apply a read that a person asked for. The next poll stays as scheduled if nothing changed."""
    rows = lock(transaction, project, [job.id])
    for row in rows:
        known = watched_of(row)
        if known.has(job):
            return
        step = advance(known, job, now=transaction.now)
        due = row["next_at"] or transaction.now
        due_in = _AT_ONCE if step.change else max(due - transaction.now, _AT_ONCE)
        apply(transaction, [(row, step)], next_in={job.id: due_in})
        if row["next_at"] is None:
            stop_unwanted(transaction, project, [job.id])


def apply(
    transaction: Transaction,
    steps: Sequence[tuple[RowMapping, Advance]],
    *,
    next_in: Mapping[JobId, timedelta],
    unpolled: Collection[JobId] = (),
) -> tuple[StatusChange, ...]:
    """Write the rows, their changes and the new deliveries. The caller has locked the rows.

    The `unpolled` jobs are never due again; the others are due as `next_in` says.
    """
    if not steps:
        return ()
    write(transaction, steps, next_in=next_in, unpolled=unpolled)
    advances = [step for _, step in steps]
    project = advances[0].before.project
    end_keeps(transaction, project, advances)
    notify(transaction, project, advances)
    _end_waiting(transaction, project, advances)
    _refresh_cards(transaction, project, advances)
    _stop_polls(transaction, project, advances)
    return tuple(step.change for step in advances if step.change is not None)


def _end_waiting(transaction: Transaction, project: Project, steps: Sequence[Advance]) -> None:
    """Activate subscriptions whose first read has come; delete those of jobs that do not exist."""
    read = [step.after.job_id for step in steps if step.is_read]
    activate_pending(transaction, project, read)
    vain = [step.after.job_id for step in steps if step.is_withdrawn]
    withdraw_pending(transaction, project, vain)


def _refresh_cards(transaction: Transaction, project: Project, steps: Sequence[Advance]) -> None:
    """Request an edit of the cards that must change although the status did not."""
    again = [step.after.job_id for step in steps if step.refreshes_cards]
    if again:
        refresh_cards(transaction, project, again)


def _stop_polls(transaction: Transaction, project: Project, steps: Sequence[Advance]) -> None:
    """Stop the polls that no subscription needs of jobs that are gone, or that ended too long ago
    to revive a subscription."""
    over = [step.after.job_id for step in steps if _is_over(step, transaction.now)]
    if over:
        stop_unwanted(transaction, project, over)


def _is_over(step: Advance, now: datetime) -> bool:
    ended_at = step.after.ended_at
    return step.is_withdrawn or (ended_at is not None and not is_revivable(ended_at, now))


def lock(
    transaction: Transaction, project: Project, job_ids: Sequence[JobId]
) -> Sequence[RowMapping]:
    """Read these rows and lock them until the end of the transaction."""
    # Lock in one order, so that two transactions that need the same rows cannot deadlock.
    query = (
        select(tables.watched_job)
        .where(
            of_project(tables.watched_job, project),
            among(tables.watched_job.c.job_id, job_ids),
        )
        .order_by(tables.watched_job.c.job_id)
        .with_for_update()
    )
    return transaction.connection.execute(query).mappings().all()


def _is(row: RowMapping) -> ColumnElement[bool]:
    return and_(True, *(tables.watched_job.c[name] == row[name] for name in JOB_KEY))
