"""`audit`: who decided what to do to jobs."""

from dataclasses import dataclass

from bot.core.commands.tokens import Word, joined, shown
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say

USUAL_COUNT = 10
MOST = 100


@dataclass(frozen=True, slots=True)
class Audit:
    """The last decisions on actions, latest first."""

    count: int = USUAL_COUNT

    @property
    def text(self) -> str:
        return sentence("audit", "" if self.count == USUAL_COUNT else str(self.count))


def _parse(words: list[Word], share: bool) -> Audit:
    del share  # it is for operators alone
    if not words:
        return Audit()
    typed = words[0].text
    is_count = len(words) == 1 and typed.isascii() and typed.isdecimal() and len(typed) <= 3
    if not is_count or not 1 <= int(typed) <= MOST:
        raise BadCommand(
            say(
                "`audit` takes a number from 1 to {most}; you wrote `{words}`.",
                most=MOST,
                words=shown(joined(words)),
            ),
            hint=say("For example: `audit 20`."),
            suggestions=("audit",),
        )
    return Audit(int(typed))


AUDIT = Verb(
    name="audit",
    parse=_parse,
    group=HelpGroup.BOT,
    overview=HelpRow("audit", say("list who stopped or restarted what (operators only)")),
    help=(
        HelpRow(
            "audit", say("list the last {count} attempts, refused ones included", count=USUAL_COUNT)
        ),
        HelpRow("audit 50", say("list the last 50; the most is {most}", most=MOST)),
    ),
)
