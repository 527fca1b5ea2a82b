"""`audit`: list who stopped or restarted which job."""

from dataclasses import dataclass

from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word, joined, shown
from bot.core.commands.words.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say

USUAL_COUNT = 10
MOST = 100


@dataclass(frozen=True, slots=True)
class Audit:
    """List the last attempts to stop or restart jobs, latest first."""

    count: int = USUAL_COUNT

    @property
    def text(self) -> str:
        return sentence("audit", "" if self.count == USUAL_COUNT else str(self.count))


def _parse(words: list[Word], share: bool) -> Audit:
    del share  # only operators may read the audit
    words = [word for word in words if word.keyword not in ("last", "the", "log")]
    if not words:
        return Audit()
    typed = words[0].text
    is_number = len(words) == 1 and typed.isascii() and typed.isdecimal() and bool(typed.strip("0"))
    if not is_number or len(typed) > len(str(MOST)) or not 1 <= int(typed) <= MOST:
        raise BadCommand(
            say(
                "`audit` takes a number from 1 to {most}; you wrote `{words}`.",
                most=MOST,
                words=shown(joined(words)),
            ),
            hint=say("For example: `audit 20`."),
            suggestions=("audit",) if not is_number else (f"audit {MOST}",),
        )
    return Audit(int(typed))


AUDIT = Verb(
    name="audit",
    parse=_parse,
    group=HelpGroup.OPERATE,
    overview=HelpRow("audit", say("list who stopped or restarted what (operators only)")),
    help=(
        HelpRow(
            "audit", say("list the last {count} attempts, refused ones included", count=USUAL_COUNT)
        ),
        HelpRow("audit 50", say("list the last 50; the most is {most}", most=MOST)),
    ),
)
