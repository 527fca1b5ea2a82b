"""The card that answers whether the bot itself is well."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.cards.card import (
    Action,
    Card,
    Line,
    Moment,
    Strong,
)
from bot.core.cards.problem import spans
from bot.core.commands.grammar import parse
from bot.core.commands.status import Status
from bot.core.health import Check, Verdict

_VERDICT_SYMBOLS = {Verdict.OK: "✅", Verdict.WARNING: "⚠️", Verdict.FAILED: "❌"}


def status_card(checks: Sequence[Check], *, at: datetime) -> Card:
    """Is the bot itself well: one line per check, the cure under what is not ok."""
    bad = [check for check in checks if check.verdict is not Verdict.OK]
    headline = (
        "All is well." if not bad else f"Not well: {', '.join(str(check.name) for check in bad)}."
    )
    lines: list[Line] = []
    for check in checks:
        lines.append(
            (
                f"{_VERDICT_SYMBOLS[check.verdict]} ",
                Strong(check.name),
                "  ",
                *spans(str(check.found)),
            )
        )
        if check.cure and check.verdict is not Verdict.OK:
            lines.append(("      → ", *spans(str(check.cure))))
    return Card(
        summary=f"{headline} "
        + " ".join(f"{check.name}: {str(check.found).rstrip('.')}." for check in checks),
        lines=tuple(lines),
        notes=(("as of ", Moment(at)),),
        controls=(
            Action(label="Refresh", command=Status(), renews_card=True),
            *(
                Action(label=check.more[0], command=parse(check.more[1]))
                for check in checks
                if check.more
            ),
        ),
    )
