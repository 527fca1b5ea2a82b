"""The card of `status`: whether the bot itself is well."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.cards.card import Action, Card, Line, Moment, Strong
from bot.core.commands.grammar import parse
from bot.core.commands.verbs.status import Status
from bot.core.health import Check, Verdict
from bot.core.text import enumeration, say, sentences

#: The symbol before each check.
VERDICT_SYMBOLS = {Verdict.OK: "✅", Verdict.WARNING: "⚠️", Verdict.FAILED: "❌"}


def status_card(checks: Sequence[Check], *, at: datetime) -> Card:
    """Return one line for each check, and the cure below each that is not ok."""
    bad = [check.name for check in checks if check.verdict is not Verdict.OK]
    headline = say("Not well: {names}.", names=enumeration(bad)) if bad else say("All is well.")
    found = [say("{name}: {found}.", name=one.name, found=one.found) for one in checks]
    lines: list[Line] = []
    for check in checks:
        lines.append((f"{VERDICT_SYMBOLS[check.verdict]} ", Strong(check.name), "  ", check.found))
        if check.cure and check.verdict is not Verdict.OK:
            lines.append(("      → ", check.cure))
    return Card(
        subject=say("Status"),
        summary=sentences(headline, *found),
        lines=tuple(lines),
        notes=((say("as\u00a0of {when}", when=Moment(at)),),),
        controls=(
            Action(label=say("Refresh"), command=Status(), renews_card=True),
            *(
                Action(label=check.more[0], command=parse(check.more[1]))
                for check in checks
                if check.more
            ),
        ),
    )
