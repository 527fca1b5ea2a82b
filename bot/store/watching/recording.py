"""Apply what was read to the watched rows and tell it, inside one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, and_, select, update

from bot.core.absence import RollCall, apart
from bot.core.change import StatusChange, is_outdated
from bot.core.job import JobId, VisualizationJob
from bot.core.ports.store import Observation
from bot.core.subscription import Subscription
from bot.store.audience.subscribers import REVIVAL, stop_unwanted
from bot.store.audience.telling import activate_pending, tell, withdraw_pending
from bot.store.database.bulk import among
from bot.store.database.database import Transaction
from bot.store.database.tables import watched_job
from bot.store.delivering.ordering import refresh_cards
from bot.store.watching.advance import Advance, advance, hear
from bot.store.watching.leasing import finish
from bot.store.watching.pushing import push_held
from bot.store.watching.staleness import doubt
from bot.store.watching.writing import add_unread, write

_AT_ONCE = timedelta(0)
# A read that others share may be older than what is known; until the next one it is not.
_SOON_AGAIN = timedelta(seconds=1)

_KEY = ("team_id", "project_id", "job_id")


async def record_observations(
    transaction: Transaction,
    project_id: str,
    observations: Sequence[Observation],
    *,
    next_in: Mapping[JobId, timedelta],
    interval: timedelta,
) -> tuple[StatusChange, ...]:
    """Apply the reads of those rows that are still held, and order what they tell.

    1. What a read leaves as it was is pushed on, all at once.
    2. What was denied is in doubt, as if it could not be read.
    3. All else is locked, compared in full, and written with what it tells.
    4. A good read is a baseline, also where it told nothing new.
    """
    stretches = await finish(transaction, (seen.lease for seen in observations))
    held = [seen for seen in observations if seen.lease.stretch in stretches]
    if not held:
        return ()
    same, rest = await push_held(transaction, project_id, held, next_in)
    if denied := [seen.lease for seen in rest if seen.job is None]:
        await doubt(transaction, project_id, denied, interval=interval)
    changes = await _record_each(transaction, project_id, rest, next_in=next_in, interval=interval)
    if same:
        await activate_pending(transaction, held[0].lease.team_id, project_id, same)
    return changes


async def _record_each(
    transaction: Transaction,
    project_id: str,
    observations: Sequence[Observation],
    *,
    next_in: Mapping[JobId, timedelta],
    interval: timedelta,
) -> tuple[StatusChange, ...]:
    if not observations:
        return ()
    held = {seen.lease.job_id: seen for seen in observations}
    rows = await lock(transaction, observations[0].lease.team_id, project_id, list(held))
    steps: list[tuple[RowMapping, Advance]] = []
    again: dict[JobId, timedelta] = {}
    for row in rows:
        seen = held[JobId(row["job_id"])]
        if row["epoch"] != seen.lease.epoch:
            continue
        if seen.job is not None and _is_older(seen.job, row):
            again[seen.job.id] = _SOON_AGAIN
            steps.append((row, Advance(values={})))
        else:
            steps.append((row, advance(row, seen.job, now=transaction.now, apart=apart(interval))))
    # Whoever wishes to hear of a job has it polled: of these nobody does any more.
    unpolled = {JobId(row["job_id"]) for row, _ in steps if row["next_at"] is None}
    return await apply(transaction, steps, next_in={**next_in, **again}, unpolled=unpolled)


async def call_roll(
    transaction: Transaction, project_id: str, roll: RollCall, *, interval: timedelta
) -> tuple[StatusChange, ...]:
    """Apply what a complete list says of the jobs that were denied; their turns stay."""
    query = select(watched_job.c.job_id).where(
        watched_job.c.team_id == roll.team_id,
        watched_job.c.project_id == project_id,
        watched_job.c.absent_since.is_not(None),
        watched_job.c.is_gone.is_(False),
    )
    denied = (await transaction.connection.execute(query)).scalars().all()
    if not denied:
        return ()
    steps: list[tuple[RowMapping, Advance]] = []
    for row in await lock(transaction, roll.team_id, project_id, denied):
        step = hear(row, roll, now=transaction.now, apart=apart(interval))
        if row["absent_since"] is not None and not row["is_gone"] and step is not None:
            steps.append((row, step))
    next_in = {
        row["job_id"]: row["next_at"] - transaction.now for row, _ in steps if row["next_at"]
    }
    unpolled = {JobId(row["job_id"]) for row, _ in steps if row["next_at"] is None}
    return await apply(transaction, steps, next_in=next_in, unpolled=unpolled)


async def observe_baseline(
    transaction: Transaction, wish: Subscription, job: VisualizationJob
) -> None:
    """Watch a job from a read made for a wish; whoever watches it already hears of a change."""
    team_id, project_id = wish.place.team_id, wish.project_id
    await add_unread(transaction, team_id, project_id, job.id)
    [row] = await lock(transaction, team_id, project_id, [job.id])
    if row["read_at"] == job.read_at or _is_older(job, row):
        await _poll_again(transaction, row)
        return
    step = advance(row, job, now=transaction.now)
    # The next turn finds the right pause until the one after it.
    await apply(transaction, [(row, step)], next_in={job.id: _AT_ONCE})


async def observe_asked(
    transaction: Transaction, team_id: str, project_id: str, job: VisualizationJob
) -> None:
    """Apply a read that a person asked for; the turn of the next poll stays where it was."""
    rows = await lock(transaction, team_id, project_id, [job.id])
    for row in rows:
        if row["read_at"] == job.read_at or _is_older(job, row):
            return
        step = advance(row, job, now=transaction.now)
        due = row["next_at"] or transaction.now
        due_in = _AT_ONCE if step.change else max(due - transaction.now, _AT_ONCE)
        await apply(transaction, [(row, step)], next_in={job.id: due_in})
        if row["next_at"] is None:
            await stop_unwanted(transaction, team_id, project_id, [job.id])


async def apply(
    transaction: Transaction,
    steps: Sequence[tuple[RowMapping, Advance]],
    *,
    next_in: Mapping[JobId, timedelta],
    unpolled: Collection[JobId] = (),
) -> tuple[StatusChange, ...]:
    """Write the rows, the changes and what they order. The rows are locked by the caller.

    The `unpolled` are due never again, the others as `next_in` says.
    """
    if not steps:
        return ()
    row, _ = steps[0]
    team_id, project_id = row["team_id"], row["project_id"]
    await write(transaction, steps, next_in=next_in, unpolled=unpolled)
    changes = tuple(step.change for _, step in steps if step.change is not None)
    untold = {JobId(row["job_id"]) for row, _ in steps if row["is_rebased"]}
    await tell(transaction, team_id, project_id, changes, untold=untold)
    read = [JobId(row["job_id"]) for row, step in steps if "status" in step.values]
    await activate_pending(transaction, team_id, project_id, read)
    vain = [JobId(row["job_id"]) for row, step in steps if step.is_withdrawn]
    await withdraw_pending(transaction, team_id, project_id, vain)
    again = [JobId(row["job_id"]) for row, step in steps if _shows_anew(row, step)]
    if again:
        await refresh_cards(transaction, team_id, project_id, again)
    over = [JobId(row["job_id"]) for row, step in steps if _is_over(transaction, row, step)]
    if over:
        await stop_unwanted(transaction, team_id, project_id, over)
    return changes


async def lock(
    transaction: Transaction, team_id: str, project_id: str, job_ids: Sequence[JobId]
) -> Sequence[RowMapping]:
    """Read rows that nobody else may change until the end of the transaction."""
    # In one order, so that two who want the same rows do not wait for each other.
    query = (
        select(watched_job)
        .where(
            watched_job.c.team_id == team_id,
            watched_job.c.project_id == project_id,
            among(watched_job.c.job_id, job_ids),
        )
        .order_by(watched_job.c.job_id)
        .with_for_update()
    )
    return (await transaction.connection.execute(query)).mappings().all()


async def _poll_again(transaction: Transaction, row: RowMapping) -> None:
    if row["next_at"] is None:
        await transaction.connection.execute(
            update(watched_job)
            .where(and_(True, *(watched_job.c[name] == row[name] for name in _KEY)))
            .values(next_at=transaction.now)
        )


def _shows_anew(row: RowMapping, step: Advance) -> bool:
    """True if the card shall be edited although nothing is told."""
    return step.is_restart or (row["stale_since"] is not None and "status" in step.values)


def _is_older(job: VisualizationJob, row: RowMapping) -> bool:
    return row["read_at"] is not None and is_outdated(job, known_at=row["read_at"])


def _is_over(transaction: Transaction, row: RowMapping, step: Advance) -> bool:
    if step.is_withdrawn:
        return True
    ended_at = step.values.get("ended_at", row["ended_at"])
    return ended_at is not None and transaction.now - ended_at > REVIVAL
