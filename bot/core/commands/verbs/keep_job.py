"""`keep`: let a job run on for a while, without reminders of what it costs."""

from dataclasses import dataclass

from bot.core.commands.targets.job_reference import JobRef, ThisJob, parse_job, with_labels
from bot.core.commands.times.ends import check_end, split_end
from bot.core.commands.times.until import checked_end, end_option
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word, shown
from bot.core.commands.words.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say

_OFF = "off"
# Words of `keep 205 running`, which are no end.
_GOING_ON = ("running", "alive", "up", "on", "going")
_HINT = say(
    "Type a span of a year at most, a time, or `off`: `4h`, `until 18:00`, `until monday 9:00`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepJob:
    """Take a lease on a job: the bot posts no reminders of its cost until the lease ends. A command
    without an end gives the lease up."""

    job: JobRef
    #: The end of the lease, as `checked_until` returns it; empty for `off`.
    until: str

    @property
    def text(self) -> str:
        return sentence("keep", self.job.text, end_option(self.until) or _OFF)


def _parse(words: list[Word], share: bool) -> KeepJob:
    del share  # the job's card shows who keeps the job
    check_end("keep", words)
    named, end = split_end(with_labels(words), off=_OFF)
    if end and end.lower() in _GOING_ON and named:
        end = None
    if len(named) > 1:
        raise BadCommand(
            say("`keep` takes one job, and until when."),
            hint=say("For example: `keep 205 4h`."),
        )
    job = parse_job(named[0]) if named else ThisJob()
    if end is None:
        examples = (KeepJob(job=job, until=until).text for until in ("4h", "18:00"))
        raise BadCommand(
            say("`keep` needs to know until when."),
            hint=_HINT,
            suggestions=tuple(examples),
        )
    return KeepJob(job=job, until="" if end.lower() == _OFF else _checked(end))


def _checked(end: str) -> str:
    problem = say("I can't keep a job until `{words}`.", words=shown(end))
    return checked_end(end, problem=problem, hint=_HINT)


KEEP = Verb(
    name="keep",
    parse=_parse,
    group=HelpGroup.CARE,
    overview=HelpRow("keep 205 4h", say("let a job run on without reminders of its cost")),
    help=(
        HelpRow("keep 205 4h", say("post no reminders of its cost for a while: `30m`, `4h`, `2d`")),
        HelpRow(
            "keep 205 until 18:00",
            say("post no reminders until then: `18:00`, `tomorrow`, `monday 9:00`"),
        ),
        HelpRow("keep 205 off", say("post reminders again")),
    ),
)
