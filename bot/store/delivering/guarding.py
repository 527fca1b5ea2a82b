"""Guard notices in the outbox: what each says is kept in its row."""

from datetime import timedelta

from sqlalchemy import RowMapping

from bot.core.care import GuardKind
from bot.core.delivery import GuardFacts


def about_guard(facts: GuardFacts) -> str:
    """The facts as the column `about` keeps them."""
    usual = "" if facts.usual is None else int(facts.usual.total_seconds())
    seconds = int(facts.length.total_seconds())
    return f"{facts.kind.value} {facts.hours} {seconds} {int(facts.is_at_least)} {usual}".rstrip()


def guard_facts(row: RowMapping) -> GuardFacts:
    """The facts of a guard notice's row."""
    kind, hours, seconds, is_at_least, *usual = row["about"].split()
    return GuardFacts(
        kind=GuardKind(kind),
        hours=int(hours),
        length=timedelta(seconds=int(seconds)),
        is_at_least=is_at_least == "1",
        usual=timedelta(seconds=int(usual[0])) if usual else None,
    )
