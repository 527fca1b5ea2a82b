"""`cost`: the running hours of a job or of the project, and what they cost."""

from dataclasses import dataclass

from bot.core.commands.targets.job_reference import JobRef, LastJob, parse_job, with_labels
from bot.core.commands.targets.targets import WholeProject
from bot.core.commands.targets.time_words import job_text, single_word, without_of
from bot.core.commands.verbs.list_jobs import OWN, OWN_JOBS
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import PRONOUNS, sentence
from bot.core.errors import BadCommand
from bot.core.text import say

#: Each period ends now: it begins at midnight, on Monday, or on the first of the month.
PERIODS = ("today", "week", "month")
USUAL_PERIOD = "week"
# Words before a period that ended earlier, and words for all jobs.
_PAST = ("last", "previous", "past", "prior")
_EVERYTHING = ("all", "everything", "everybody", "everyone", "total", "overall")

_PROJECT = WholeProject()


@dataclass(frozen=True, slots=True)
class Cost:
    """Show how many hours a job or all followed jobs ran, and what these hours cost."""

    job: JobRef | WholeProject = _PROJECT
    #: One of PERIODS.
    period: str = USUAL_PERIOD
    share: bool = False
    #: True if the sentence says `project`; else `cost` in a card's thread means the card's job.
    names_project: bool = False

    @property
    def is_of_anything(self) -> bool:
        """Return whether the sentence names neither a job nor the project."""
        return isinstance(self.job, WholeProject) and not self.names_project

    @property
    def text(self) -> str:
        job = "project" if self.names_project else ""
        if not isinstance(self.job, WholeProject):
            job = job_text(self.job, (*PERIODS, *_PAST, *_EVERYTHING, *OWN))
        period = "" if self.period == USUAL_PERIOD else self.period
        # `cost last month` is a question about the month before.
        said = (period, job) if isinstance(self.job, LastJob) else (job, period)
        return sentence("cost", *said, share=self.share)


def _parse(words: list[Word], share: bool) -> Cost:
    _check_past(words)
    words = without_of(words)
    if words and words[0].keyword in _EVERYTHING:
        words = [Word("project", quoted=False), *words[1:]]
    if words and words[0].keyword in OWN:
        raise BadCommand(
            say("`cost` adds up one job, or the whole project."),
            hint=OWN_JOBS,
            suggestions=(" ".join(["cost", "project", *(word.sentence for word in words[1:])]),),
        )
    period, words = single_word(with_labels(words), PERIODS, verb="cost", example="cost 205 month")
    period = period or USUAL_PERIOD
    if not words or words[0].keyword in ("project", *PRONOUNS):
        return Cost(
            period=period, share=share, names_project=bool(words) and words[0].keyword == "project"
        )
    return Cost(parse_job(words[0]), period, share)


def _check_past(words: list[Word]) -> None:
    """Raise BadCommand for `cost last month`: a period always ends now."""
    before, named = words[:-2], [word.keyword for word in words[-2:]]
    if len(named) < 2 or named[0] not in _PAST or named[1] not in ("week", "month"):
        return
    is_week = named[1] == "week"
    raise BadCommand(
        say("`cost` looks back to Monday, but not at the week before.")
        if is_week
        else say("`cost` looks back to the first of the month, but not at the month before."),
        hint=say("For example: `{example}`.", example="cost 205 month"),
        suggestions=(" ".join(["cost", *(word.sentence for word in before), named[1]]),),
    )


COST = Verb(
    name="cost",
    parse=_parse,
    group=HelpGroup.ASK,
    overview=HelpRow(
        "cost [205|project] [today|week|month]",
        say("add up running hours of followed jobs, and what they cost"),
    ),
    help=(
        HelpRow(
            "cost",
            say("add up the running hours of followed jobs since Monday, by job and by day"),
        ),
        HelpRow("cost 205 month", say("add up those of one job since the first of the month")),
        HelpRow("cost project today", say("add up those of all followed jobs since midnight")),
    ),
)
