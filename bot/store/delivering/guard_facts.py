"""The facts that guard notices keep in their rows, and the changes of their jobs since."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, select

from bot.core.care import GuardKind
from bot.core.change import Step, phase_of
from bot.core.delivery import DeliveryKind, GuardFacts
from bot.core.guard_present import Since
from bot.store.database import tables
from bot.store.database.conditions import of_project
from bot.store.database.database import Transaction
from bot.store.database.rows import project_of

# A notice before any change has the sequence of the first change, so that it follows the card.
_FIRST = 1


def about_guard(facts: GuardFacts) -> str:
    """Return the facts as text for the column `about`."""
    usual = "" if facts.usual is None else int(facts.usual.total_seconds())
    seconds = int(facts.length.total_seconds())
    return f"{facts.kind.value} {facts.hours} {seconds} {int(facts.is_at_least)} {usual}".rstrip()


def guard_facts(row: RowMapping) -> GuardFacts:
    """Return the facts of a guard notice, as they were when it was enqueued."""
    kind, hours, seconds, is_at_least, *usual = row["about"].split()
    return GuardFacts(
        kind=GuardKind(kind),
        hours=int(hours),
        length=timedelta(seconds=int(seconds)),
        is_at_least=is_at_least == "1",
        usual=timedelta(seconds=int(usual[0])) if usual else None,
    )


def since_notices(transaction: Transaction, rows: Sequence[RowMapping]) -> dict[str, Since]:
    """Return, by the id of each guard notice, the changes of its job since it was enqueued; `rows`
    are of one project."""
    notices = [row for row in rows if row["kind"] == DeliveryKind.GUARD.value]
    if not notices:
        return {}
    c = tables.change.c
    query = (
        select(c.job_id, c.sequence, c.before, c.after, c.seen_at)
        .where(
            of_project(tables.change, project_of(notices[0])),
            c.job_id.in_({row["job_id"] for row in notices}),
            c.sequence >= min(row["sequence"] for row in notices),
        )
        .order_by(c.job_id, c.sequence)
    )
    changes = transaction.connection.execute(query).mappings().all()
    return {
        notice["id"]: Since(
            enqueued_at=notice["created_at"],
            steps=[
                (Step(change["before"], change["after"]), change["seen_at"])
                for change in changes
                if change["job_id"] == notice["job_id"] and _is_later(change, notice)
            ],
        )
        for notice in notices
    }


def _is_later(change: RowMapping, notice: RowMapping) -> bool:
    if not change["sequence"] == notice["sequence"] == _FIRST:
        return bool(change["sequence"] > notice["sequence"])
    # Both have number 1, which does not tell their order. But the job was in a phase of the
    # notice when the notice was enqueued, so only a later change leaves that phase.
    phases = guard_facts(notice).kind.phases
    was, is_now = (phase_of(change[name]) in phases for name in ("before", "after"))
    return was if was != is_now else bool(change["seen_at"] > notice["created_at"])
