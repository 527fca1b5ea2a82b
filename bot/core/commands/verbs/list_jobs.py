"""`list`: the jobs of the project."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from itertools import dropwhile

from bot.core.commands.chinese.chinese_words import WORDS
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.politeness import without_closing
from bot.core.commands.words.tokens import Word, joined
from bot.core.commands.words.typed import bare, folded
from bot.core.commands.words.vocabulary import quoted, sentence
from bot.core.job import Phase
from bot.core.text import say

_PHASES = {
    phase.value: phase
    for phase in (Phase.RUNNING, Phase.FAILED, Phase.QUEUED, Phase.STOPPED, Phase.FINISHED)
}
_JOBS = ("job", "jobs", "ones")
_BEFORE_A_PHASE = ("of", "all", "the", "my", "our", "any", "every")
# What people call a phase besides its name. Lost jobs are listed among those that failed.
_OTHER_NAMES = {
    "lost": Phase.FAILED,
    **dict.fromkeys(("error", "errors", "broken", "crashed"), Phase.FAILED),
    **dict.fromkeys(("active", "live", "started", "up"), Phase.RUNNING),
    **dict.fromkeys(("pending", "waiting"), Phase.QUEUED),
    **dict.fromkeys(("canceled", "cancelled", "killed"), Phase.STOPPED),
    **dict.fromkeys(("complete", "completed", "done", "ended", "succeeded"), Phase.FINISHED),
}
_SHORTEST_BEGINNING = 3
#: The words for the person's own jobs, which only Home lists.
OWN = ("mine", "me", "my")
OWN_JOBS = say("The Home tab of this app shows your own jobs.")
_EVERYTHING = ("all", "any", "every", "everything", "job", "jobs", "my", "our", "the")


@dataclass(frozen=True, slots=True)
class ListJobs:
    """List the project's jobs: all or of one phase, with `containing` in name or description."""

    phase: Phase | None = None
    containing: str = ""
    share: bool = False

    @property
    def text(self) -> str:
        phase = self.phase.value if self.phase else ""
        containing = quoted(self.containing, reserved=_PHASES)
        return sentence("list", phase, containing, share=self.share)


def nearest_list(command: ListJobs) -> ListJobs | None:
    """Return the list that a person may mean by `list runing`, `list run` or `list active`; None if
    no phase is similar."""
    words = command.containing.split(" ")
    others = list(dropwhile(lambda word: word.lower() in _EVERYTHING, words))
    if command.phase is None and len(others) < len(words):
        return ListJobs(None, " ".join(others), command.share)
    first, _, rest = command.containing.partition(" ")
    said = bare(folded(first)).lower()
    phase = None if command.phase else _phase_like(WORDS.get(said, said))  # `list 失败`
    return ListJobs(phase, rest, command.share) if phase else None


def _phase_like(said: str) -> Phase | None:
    if said in _OTHER_NAMES:
        return _OTHER_NAMES[said]
    begun = [phase for phase in _PHASES if phase.startswith(said)]
    if len(begun) == 1 and len(said) >= _SHORTEST_BEGINNING:
        return _PHASES[begun[0]]
    near = difflib.get_close_matches(said, _PHASES, n=1, cutoff=0.75)
    return _PHASES[near[0]] if near else None


def phase_of(word: Word) -> Phase | None:
    """Return the phase that a word names; None for any other word."""
    return None if word.quoted else _PHASES.get(bare(word.text).lower())


def _parse(words: list[Word], share: bool) -> ListJobs:
    typed = words
    # In `list of all running jobs`, the words around the phase are no text to search for.
    at = next((at for at, word in enumerate(words) if not _is_one_of(word, _BEFORE_A_PHASE)), 0)
    phase = phase_of(words[at]) if words else None
    if phase is None and len(words) > 1:
        phase, words, at = (
            phase_of(words[-1]),
            [words[-1], *words[:-1]],
            0,
        )  # `list flowers running`
    if phase is None:
        return ListJobs(None, joined(typed), share)
    rest = without_closing(words[at + 1 :])
    if len(rest) == 1 and _is_one_of(rest[0], _JOBS):
        rest = []
    return ListJobs(phase, joined(rest), share)


def _is_one_of(word: Word, said: Collection[str]) -> bool:
    return not word.quoted and bare(word.text).lower() in said


LIST = Verb(
    name="list",
    aliases=("ls",),
    parse=_parse,
    group=HelpGroup.ASK,
    overview=HelpRow(
        "list [running|failed|queued|stopped|finished] [text]", say("list the project's jobs")
    ),
    help=(
        HelpRow("list", say("list all jobs: active ones first, then failed ones, then the rest")),
        HelpRow(
            "list running",
            say("list running jobs only; or `failed`, `queued`, `stopped`, `finished`"),
        ),
        HelpRow(
            "list failed flowers",
            say("list failed jobs with this text in their name or description"),
        ),
        HelpRow("ls", say("do the same as `list`")),
    ),
)
