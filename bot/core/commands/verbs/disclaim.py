"""`disclaim`: a person declares that a job is not theirs."""

import re
from dataclasses import dataclass

from bot.core.commands.targets.job_reference import JobRef, with_labels
from bot.core.commands.targets.targets import only_job
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import option, sentence
from bot.core.text import say

_FOR = "for"
# docs.slack.dev/messaging/formatting-message-text: `<@U012AB3CD|name>`, the name may be left out.
_PERSON = re.compile(r"<@([UW][A-Z0-9]{1,20}+)(?:\|[^>]*+)?+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclaim:
    """Give up a job, even if its description names the person as its owner."""

    job: JobRef
    #: The user id of whoever had claimed it before, and has it back; empty for nobody.
    back_to: str = ""

    @property
    def text(self) -> str:
        person = f"<@{self.back_to}>" if self.back_to else ""
        return sentence("disclaim", self.job.text, option(_FOR, person))


def _parse(words: list[Word], share: bool) -> Disclaim:
    del share  # the job's card shows its owner
    words, back_to = _without_person(words)
    return Disclaim(job=only_job(with_labels(words), verb="disclaim"), back_to=back_to)


def _without_person(words: list[Word]) -> tuple[list[Word], str]:
    """`for @ana`, at the end, gives it back to somebody; Slack makes a mention of it."""
    if len(words) < 2 or words[-2].keyword != _FOR:
        return words, ""
    person = _PERSON.fullmatch(words[-1].typed)
    return (words[:-2], person[1]) if person else (words, "")


DISCLAIM = Verb(
    name="disclaim",
    parse=_parse,
    group=HelpGroup.CARE,
    overview=HelpRow("disclaim 205", say("say that a job is not yours, or no longer")),
    help=(
        HelpRow(
            "disclaim 205", say("no longer mention you, even if the job's description names you")
        ),
    ),
)
