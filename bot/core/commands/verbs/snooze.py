"""`snooze`: hold the messages about a job or to a place for a while."""

from dataclasses import dataclass

from bot.core.commands.targets.hold_targets import (
    Here,
    HoldTarget,
    Me,
    check_everything,
    hold_target_text,
    parse_hold_target,
)
from bot.core.commands.targets.job_reference import ThisJob, with_labels
from bot.core.commands.times.ends import check_end, split_end
from bot.core.commands.times.until import checked_end, checked_until, end_option, is_end, is_span
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word, shown
from bot.core.commands.words.vocabulary import option, sentence
from bot.core.errors import BadCommand
from bot.core.text import say

_HINT = say("Type a span of a year at most, or a time: `4h`, `until 18:00`, `until monday 9:00`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Hold messages until an end: about a job in this place, to this place, or to a person."""

    job: HoldTarget
    #: The end, as `checked_until` returns it.
    until: str

    @property
    def text(self) -> str:
        return sentence("snooze", hold_target_text(self.job), end_option(self.until))


def _parse(words: list[Word], share: bool) -> Snooze:
    del share  # the answer is for the asker alone
    check_end("snooze", words)
    words = with_labels(words)
    named, end = split_end(words)
    # In `mute this channel`, the last word is no end.
    whom = named if end is None or is_end(end) else words
    check_everything("snooze", whom, _end_of(end))
    if len(named) > 1:
        raise BadCommand(
            say("`snooze` takes one job, `here` or `me`, and until when."),
            hint=say("For example: `{example}`.", example="snooze 205 4h"),
        )
    target = parse_hold_target(named[0]) if named else ThisJob()
    if end is None:
        raise _without_end(target)
    if end.lower() == "off":
        raise BadCommand(
            say("`wake` ends a snooze."),
            hint=say("For example: `{example}`.", example="wake 205"),
            suggestions=(sentence("wake", hold_target_text(target)),),
        )
    return Snooze(job=target, until=_checked(end))


def _end_of(end: str | None) -> str:
    """Return the end for a suggestion: the typed one if it can be read."""
    if not end or not is_end(end):
        return "4h"
    return end if is_span(checked_until(end)) else option("until", end)


def _without_end(target: HoldTarget) -> BadCommand:
    if isinstance(target, ThisJob):
        wholes = (Snooze(job=whole, until="4h").text for whole in (Here(), Me()))
        return BadCommand(
            say("`snooze` needs a job, `here` or `me`, and until when."),
            hint=_HINT,
            suggestions=tuple(wholes),
        )
    examples = (Snooze(job=target, until=until).text for until in ("4h", "18:00"))
    return BadCommand(
        say("`snooze` needs to know until when."), hint=_HINT, suggestions=tuple(examples)
    )


def _checked(end: str) -> str:
    problem = say("I can't snooze until `{words}`.", words=shown(end))
    return checked_end(end, problem=problem, hint=_HINT)


SNOOZE = Verb(
    name="snooze",
    aliases=("mute",),
    parse=_parse,
    group=HelpGroup.CARE,
    overview=HelpRow(
        "snooze 205 4h", say("hold back messages about a job for a while; nothing is lost")
    ),
    help=(
        HelpRow(
            "snooze 205 4h",
            say("hold back what I would post about the job here: `30m`, `4h`, `2d`"),
        ),
        HelpRow("snooze here until 18:00", say("hold back all that I would post in this channel")),
        HelpRow("snooze me until monday 9:00", say("hold back all your direct messages from me")),
    ),
)
