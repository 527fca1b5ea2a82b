"""`stop` and `restart`: an operator stops a job, or runs it again."""

import re
from dataclasses import dataclass
from functools import partial

from bot.core.acting import JobAction
from bot.core.commands.targets.acting_targets import check_acting_target
from bot.core.commands.targets.job_reference import JobRef, with_labels
from bot.core.commands.targets.targets import only_job
from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import sentence
from bot.core.text import say

# The parser accepts every id of this shape. The id is checked when the action is attempted.
_ACTION_ID = re.compile(r"#([0-9A-Za-z_-]{1,64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Stop or restart a job. Without a one-use id, the bot only asks for confirmation."""

    action: JobAction
    job: JobRef
    #: The one-use id without its `#`; empty if the sentence has none.
    action_id: str = ""

    @property
    def text(self) -> str:
        return sentence(
            self.action.value, self.job.text, f"#{self.action_id}" if self.action_id else ""
        )


def _parse(action: JobAction, words: list[Word], share: bool) -> Act:
    del share  # the job's card shows who acted
    words = with_labels(words)
    check_acting_target(action.value, words)
    given = _ACTION_ID.fullmatch(words[1].text) if len(words) == 2 else None
    return Act(
        action=action,
        job=only_job(words[:1] if given else words, verb=action.value),
        action_id=given[1] if given else "",
    )


STOP = Verb(
    name="stop",
    parse=partial(_parse, JobAction.STOP),
    group=HelpGroup.OPERATE,
    overview=HelpRow("stop 205", say("stop a job (operators only); I ask before I do it")),
    help=(
        HelpRow("stop 205", say("say what stopping the job would do, with a button that stops it")),
        HelpRow("stop", say("do the same for the job of a card, typed in its thread")),
    ),
)

RESTART = Verb(
    name="restart",
    parse=partial(_parse, JobAction.RESTART),
    group=HelpGroup.OPERATE,
    overview=HelpRow(
        "restart 205", say("run an ended job again (operators only); I ask before I do it")
    ),
    help=(
        HelpRow(
            "restart 205", say("say what a restart would do, with a button that restarts the job")
        ),
        HelpRow("restart", say("do the same for the job of a card, typed in its thread")),
    ),
)
