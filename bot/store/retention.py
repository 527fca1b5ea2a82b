"""What is old goes: a bounded number of rows at a time, found by age through an index."""

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
from bot.store.database.conditions import CHANGE_KEY, same
from bot.store.database.database import Transaction
from bot.store.forgotten_jobs import forget_some_jobs

#: So many rows are removed in one transaction: it ends long before its deadline, and others
#: write after it.
MOST_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """A table whose rows go once they are old, and which of them may."""

    table: Table
    age: Column[datetime]
    may_go: ColumnElement[bool] | None = None
    #: Gone after so long, however long the history is kept.
    needed_for: timedelta | None = None

    @cached_property
    def removal(self) -> Delete:
        """A statement that removes `at_most` of its rows that are older than `moment`."""
        is_old: ColumnElement[bool] = self.age < bindparam("moment", type_=self.age.type)
        if self.may_go is not None:
            is_old = and_(is_old, self.may_go)
        key = self.table.primary_key.columns
        some = (
            select(*key).where(is_old).order_by(self.age).limit(bindparam("at_most", type_=Integer))
        )
        # Asked twice: on PostgreSQL somebody may have changed a row since it was found.
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


# Slack sends an event again for a day at the most, and a request is proved for five minutes.
_REPEATED_WITHIN = timedelta(days=2)


# In this order: a change stays as long as a delivery of it.
_KINDS = (
    # The delivery of a card stays: a card whose message is gone is ordered through it. A literal,
    # because the index that leaves them out is not used for a value that is not known.
    _is_old_by(tables.delivery, "finished_at", tables.delivery.c.kind != literal_column("'card'")),
    _is_old_by(
        tables.change, "seen_at", ~exists().where(same(tables.delivery, tables.change, CHANGE_KEY))
    ),
    _is_old_by(tables.inbox, "seen_at", needed_for=_REPEATED_WITHIN),
    _is_old_by(tables.hold, "until"),
    _is_old_by(tables.late_records, "at"),
    _is_old_by(tables.audit, "at"),
    _is_old_by(tables.action, "asked_at", tables.action.c.outcome.is_not(None)),
    _is_old_by(tables.audit_entry, "at"),
)


def _may_remove(transaction: Transaction) -> bool:
    """False where the operator lets the bot only add to its audit: then the owner removes."""
    if transaction.connection.dialect.name == "sqlite":
        return True
    is_granted = text("SELECT has_table_privilege('audit_entry', 'DELETE')")
    return bool(transaction.connection.scalar(is_granted))


def forget_some_before(transaction: Transaction, moment: datetime) -> bool:
    """Remove some of the history, late records, ended deliveries, holds and audit that are older,
    of every workspace, and then of the jobs that are gone; True if there may be more."""
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
