"""Limit the calls of a project's cloud, over all replicas: the CallBudget port over SQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, text, update

from bot.store.database import tables
from bot.store.database.database import Transaction
from bot.store.database.port import SqlPort, writing

_MINUTE = timedelta(minutes=1)
_AT_ONCE = timedelta(0)

_ADD = text(
    "INSERT INTO call_budget (project_id, paid_until, held_until)"
    " VALUES (:project_id, :now, :now) ON CONFLICT (project_id) DO NOTHING"
).bindparams(bindparam("now", type_=tables.call_budget.c.paid_until.type))


_SPEND = text(
    "INSERT INTO spent_calls (project_id, at, calls, asked)"
    " VALUES (:project_id, :at, :calls, :asked)"
    " ON CONFLICT (project_id, at) DO UPDATE SET"
    " calls = spent_calls.calls + excluded.calls, asked = spent_calls.asked + excluded.asked"
).bindparams(bindparam("at", type_=tables.spent_calls.c.at.type))


def _take_calls(
    transaction: Transaction, project_id: str, calls: int, *, per_minute: int
) -> timedelta:
    """Spend this many calls of the polls and return zero, or return how long to wait."""
    _add(transaction, project_id)
    now = transaction.now
    mine = tables.call_budget.c.project_id == project_id
    query = select(tables.call_budget).where(mine).with_for_update()
    row = transaction.connection.execute(query).mappings().one()
    closed_until: datetime = max(row["held_until"], row["paid_until"])
    if closed_until > now:
        return closed_until - now
    if not per_minute:
        return _AT_ONCE
    spent, asked = _spent(transaction, project_id)
    # People's calls reduce the budget of the polls, by no more than people's part of it.
    per_minute -= min(sum(count for _, count in asked), peoples_part(per_minute))
    if calls > per_minute and not spent:
        paid_until = now + _MINUTE * calls / per_minute
        transaction.connection.execute(
            update(tables.call_budget).where(mine).values(paid_until=paid_until)
        )
        return _AT_ONCE
    wait = _until_free(spent, now, calls=calls, per_minute=per_minute)
    if not wait:
        _spend(transaction, project_id, calls=calls)
    return wait


def _take_for_people(
    transaction: Transaction, project_id: str, calls: int, *, per_minute: int
) -> bool:
    """Spend calls of people's part; False if too few are left, or the cloud asked to wait."""
    _add(transaction, project_id)
    mine = tables.call_budget.c.project_id == project_id
    query = select(tables.call_budget.c.held_until).where(mine).with_for_update()
    held_until: datetime = transaction.connection.execute(query).scalar_one()
    if held_until > transaction.now:
        return False
    if per_minute:
        _, asked = _spent(transaction, project_id)
        if sum(count for _, count in asked) + calls > peoples_part(per_minute):
            return False
    _spend(transaction, project_id, asked=calls)
    return True


def _note_asked(transaction: Transaction, project_id: str, calls: int) -> None:
    """Record this many calls that were made to answer people."""
    _spend(transaction, project_id, asked=calls)


def peoples_part(per_minute: int) -> int:
    """Return how many calls per minute people may cause; the polls always keep the other half."""
    return per_minute // 2


def _spend(transaction: Transaction, project_id: str, *, calls: int = 0, asked: int = 0) -> None:
    row = {"project_id": project_id, "at": transaction.now, "calls": calls, "asked": asked}
    transaction.connection.execute(_SPEND, row)


def _hold_calls(transaction: Transaction, project_id: str, *, opens_in: timedelta) -> None:
    """Grant no calls for this long, because the cloud asked to wait."""
    _add(transaction, project_id)
    until = transaction.now + opens_in
    transaction.connection.execute(
        update(tables.call_budget)
        .where(
            tables.call_budget.c.project_id == project_id,
            tables.call_budget.c.held_until < until,
        )
        .values(held_until=until)
    )


_Spent = Sequence[tuple[datetime, int]]


def _spent(transaction: Transaction, project_id: str) -> tuple[_Spent, _Spent]:
    """Return the calls of polls and of people in the last minute, oldest first; drop older ones."""
    mine = tables.spent_calls.c.project_id == project_id
    at, now = tables.spent_calls.c.at, transaction.now
    # A row in the future was added before the database's clock was set back.
    is_past = or_(at <= now - _MINUTE, at > now + _MINUTE)
    transaction.connection.execute(delete(tables.spent_calls).where(mine, is_past))
    query = select(tables.spent_calls).where(mine).order_by(at)
    rows = transaction.connection.execute(query).all()
    return [(r.at, r.calls) for r in rows if r.calls], [(r.at, r.asked) for r in rows if r.asked]


def _add(transaction: Transaction, project_id: str) -> None:
    transaction.connection.execute(_ADD, {"project_id": project_id, "now": transaction.now})


def _until_free(spent: _Spent, now: datetime, *, calls: int, per_minute: int) -> timedelta:
    """Return zero if this many calls fit into the minute, else the time until they will."""
    excess = sum(count for _, count in spent) + calls - per_minute
    if excess <= 0:
        return _AT_ONCE
    for at, count in spent:
        excess -= count
        if excess <= 0:
            return at + _MINUTE - now
    # More calls than fit into a minute are granted only once nothing is spent.
    return spent[-1][0] + _MINUTE - now


class SqlCallBudget(SqlPort):
    """The CallBudget port over SQL. In no span of a minute are polls granted more than the limit,
    unless a single read needs more. People's calls count against it, up to their part; they may
    exceed it after the polls have spent it, because nobody shall wait a minute for an answer."""

    take_calls = writing(_take_calls)
    take_for_people = writing(_take_for_people)
    note_asked = writing(_note_asked)
    hold_calls = writing(_hold_calls)
