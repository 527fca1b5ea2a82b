"""`why`: explain what the bot saw of a job, and what it posted."""

from dataclasses import dataclass

from bot.core.commands.targets.job_reference import JobRef, with_labels
from bot.core.commands.targets.targets import only_job
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say

_DETAILS = "details"
# `why did 193 fail?`, `why hasn't 205 started yet?`, `why was I not notified about 205?`
_AROUND_THE_JOB = frozenset(
    word
    for words in (
        "did does do is has have had was were are be been being not no just now still yet already",
        "didn't doesn't isn't hasn't wasn't again suddenly always keep keeps so long",
        "the this that our my your job it i we you me us a an any of for from about on to",
        "fail fails failed failing failure crash crashes crashed crashing die died dying",
        "break broken yesterday today tonight",
        "many much quiet silent noisy loud",
        "hang hangs hanging hung stuck slow queue queued queuing waiting pending gone lost",
        "stop stops stopped stopping end ended finish finished start started starting restart",
        "restarted run running delete deleted",
        "get got hear heard told tell notified notify post posted send sent",
        "message messages notification notifications",
    )
    for word in words.split()
)


@dataclass(frozen=True, slots=True)
class Why:
    """Show the recorded changes of a job, and what was delivered of each in this place; `details`
    adds the exact times."""

    job: JobRef
    details: bool = False

    @property
    def text(self) -> str:
        return sentence("why", self.job.text, _DETAILS if self.details else "")


def _parse(words: list[Word], share: bool) -> Why:
    del share  # the answer is for the asker alone
    details = bool(words) and words[-1].keyword == _DETAILS
    words = with_labels(words[:-1] if details else words)
    words = _asked_about(words) if len(words) > 1 else words
    if len(words) > 1:
        others = [word.sentence for word in words if not word.keyword.startswith("detail")]
        is_asked = len(others) == 1 < len(words)
        raise BadCommand(
            say("`why` takes one job, and `details` after it."),
            hint=say("For example: `why 205`."),
            suggestions=(f"why {others[0]} {_DETAILS}",) if is_asked else (),
        )
    return Why(only_job(words, verb="why"), details)


def _asked_about(words: list[Word]) -> list[Word]:
    """Return the job of a question without the words around it; all words if others remain."""
    rest = [word for word in words if word.plain not in _AROUND_THE_JOB]
    return rest if len(rest) <= 1 else words


WHY = Verb(
    name="why",
    parse=_parse,
    group=HelpGroup.ASK,
    overview=HelpRow("why 205", say("explain what I saw of a job, and what I posted here")),
    help=(
        HelpRow(
            "why 205",
            say("say how the job is, when it changed, and what I posted here, or why not"),
        ),
        HelpRow("why 205 details", say("do the same with the exact times")),
    ),
)
