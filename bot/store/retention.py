"""Remove old rows, a bounded number at a time, found by age through an index."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import (
    Column,
    ColumnElement,
    Delete,
    Integer,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    literal_column,
    select,
    text,
    tuple_,
)

from bot.store.database import tables
from bot.store.database.conditions import CHANGE_KEY, columns_equal
from bot.store.database.database import Transaction
from bot.store.forgotten_jobs import forget_some_jobs

#: How many rows one transaction removes, so that it ends long before its deadline and lets other
#: writers in between.
MOST_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """A table whose old rows are removed, and the condition on those rows."""

    table: Table
    age: Column[datetime]
    may_go: ColumnElement[bool] | None = None
    #: Rows are removed after this time, even if the history is kept for longer.
    needed_for: timedelta | None = None

    @cached_property
    def removal(self) -> Delete:
        """The statement that removes `at_most` rows of the table that are older than `moment`."""
        is_old: ColumnElement[bool] = self.age < bindparam("moment", type_=self.age.type)
        if self.may_go is not None:
            is_old = and_(is_old, self.may_go)
        key = self.table.primary_key.columns
        some = (
            select(*key).where(is_old).order_by(self.age).limit(bindparam("at_most", type_=Integer))
        )
        # Repeat the condition: on PostgreSQL a row may have changed since the subquery found it.
        return delete(self.table).where(tuple_(*key).in_(some), is_old)


def _is_old_by(
    table: Table,
    age: str,
    may_go: ColumnElement[bool] | None = None,
    *,
    needed_for: timedelta | None = None,
) -> _Kind:
    column: Column[datetime] = table.c[age]
    return _Kind(table=table, age=column, may_go=may_go, needed_for=needed_for)


# Slack repeats an event for a day at the most, and accepts a request's proof for five minutes.
_REPEATED_WITHIN = timedelta(days=2)


# The order matters: a change stays as long as a delivery of it.
_KINDS = (
    # The delivery of a card stays, because a lost card is ordered anew through it. A literal: with
    # a bound value the planner does not use the partial index, which excludes cards.
    _is_old_by(tables.delivery, "finished_at", tables.delivery.c.kind != literal_column("'card'")),
    _is_old_by(
        tables.change,
        "seen_at",
        ~exists().where(columns_equal(tables.delivery, tables.change, CHANGE_KEY)),
    ),
    _is_old_by(tables.inbox, "seen_at", needed_for=_REPEATED_WITHIN),
    _is_old_by(tables.hold, "until"),
    _is_old_by(tables.late_records, "at"),
    _is_old_by(tables.audit, "at"),
    _is_old_by(tables.action, "asked_at", tables.action.c.outcome.is_not(None)),
    _is_old_by(tables.audit_entry, "at"),
)


def _may_remove(transaction: Transaction) -> bool:
    """False if the bot's role may only add to the audit; then the owner removes old rows."""
    if transaction.connection.dialect.name == "sqlite":
        return True
    is_granted = text("SELECT has_table_privilege('audit_entry', 'DELETE')")
    return bool(transaction.connection.scalar(is_granted))


def forget_some_before(transaction: Transaction, moment: datetime) -> bool:
    """Remove some rows older than `moment`: deliveries, changes, holds, keys of requests, late
    records, actions, audit; then some jobs that are gone. True if there may be more."""
    left = MOST_AT_ONCE
    for kind in _KINDS:
        if kind.table is tables.audit_entry and not _may_remove(transaction):
            continue
        until = moment
        if kind.needed_for is not None:
            until = max(moment, transaction.now - kind.needed_for)
        removed = transaction.connection.execute(kind.removal, {"moment": until, "at_most": left})
        left -= removed.rowcount
        if left <= 0:
            return True
    return forget_some_jobs(transaction, moment)
