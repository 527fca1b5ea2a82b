"""`snooze`: hear nothing of a job or a place for a while."""

from dataclasses import dataclass

from bot.core.commands.calm_targets import CalmTarget, calm_target_text, parse_calm_target
from bot.core.commands.job_reference import ThisJob, with_labels
from bot.core.commands.tokens import Word, shown
from bot.core.commands.until import checked_end, is_end, is_span
from bot.core.commands.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.vocabulary import option, sentence
from bot.core.errors import BadCommand
from bot.core.text import say

_HINT = say("Type a span of a year at most, or a time: `4h`, `until 18:00`, `until monday`.")
_BEFORE_AN_END = ("until", "for")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Hold what would be posted until then, of a job here, of this place or of a person."""

    job: CalmTarget
    #: As `checked_until` spells it.
    until: str

    @property
    def text(self) -> str:
        end = self.until if is_span(self.until) else option("until", self.until)
        return sentence("snooze", calm_target_text(self.job), end)


def _parse(words: list[Word], share: bool) -> Snooze:
    del share  # a place is told by itself
    named, end = _split(with_labels(words))
    if len(named) > 1:
        raise BadCommand(
            say("`snooze` takes one job, `here` or `me`, and until when."),
            hint=say("For example: `{example}`.", example="snooze 205 4h"),
        )
    target = parse_calm_target(named[0]) if named else ThisJob()
    if end is None:
        examples = (Snooze(job=target, until=until).text for until in ("4h", "18:00"))
        raise BadCommand(
            say("`snooze` needs to know until when."),
            hint=_HINT,
            suggestions=tuple(examples) if named else (),
        )
    return Snooze(job=target, until=_checked(end))


def _split(words: list[Word]) -> tuple[list[Word], Word | None]:
    """The words that name what is snoozed, and the one that says until when."""
    marks = [at for at, word in enumerate(words) if word.keyword in _BEFORE_AN_END]
    if marks:
        at = marks[-1]
        return words[:at] + words[at + 2 :], next(iter(words[at + 1 :]), None)
    ends = [at for at, word in enumerate(words) if is_end(word.keyword)]
    if ends:
        return words[: ends[-1]] + words[ends[-1] + 1 :], words[ends[-1]]
    return (words[:-1], words[-1]) if len(words) > 1 else (words, None)


def _checked(word: Word) -> str:
    problem = say("I can't snooze until `{words}`.", words=shown(word.text))
    return checked_end(word.text, problem=problem, hint=_HINT)


SNOOZE = Verb(
    name="snooze",
    aliases=("mute",),
    parse=_parse,
    group=HelpGroup.CALM,
    overview=HelpRow(
        "snooze 205 4h", say("hold back messages about a job for a while; nothing is lost")
    ),
    help=(
        HelpRow(
            "snooze 205 4h",
            say("hold back what I would post about the job here: `30m`, `4h`, `2d`"),
        ),
        HelpRow("snooze here until 18:00", say("hold back all that I would post in this channel")),
        HelpRow("snooze me until monday", say("hold back all your direct messages from me")),
    ),
)
