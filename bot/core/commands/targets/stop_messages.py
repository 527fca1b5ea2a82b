"""Recognize `stop` for messages, as in `stop telling me about 205`, and for several jobs at once:
neither must stop a job."""

from collections.abc import Sequence

from bot.core.commands.targets.job_reference import with_labels
from bot.core.commands.words.politeness import is_beside_the_point
from bot.core.commands.words.tokens import Word
from bot.core.errors import BadCommand
from bot.core.text import say


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MESSAGES = _words(
    "following watching tracking monitoring subscribing subscription subscriptions notifying"
    " notification notifications telling sending posting pinging spamming messaging mentioning"
    " bothering reminding reminder reminders message messages alert alerts update updates posts"
    " notices news"
)
_SEVERAL = _words("all everything project jobs every the of them")
_PHASES = _words("running queued failed stopped finished lost")
_AROUND = _words("all any the these those here this channel me us every for about of on from")


def check_stopped_messages(words: Sequence[Word]) -> None:
    """Raise BadCommand if the words after `stop` are about messages; suggest the sentences that
    end or hold them."""
    said = with_labels(list(words))
    if not any(word.plain in _MESSAGES for word in said):
        return
    jobs = [word.sentence for word in said if not _is_around(word)]
    if len(jobs) > 1:
        return
    about = f" {jobs[0]}" if jobs else ""
    raise BadCommand(
        say("`stop` ends the job itself, not its messages."),
        hint=say("For example: `{example}`.", example="unsubscribe 205"),
        suggestions=(f"unsubscribe{about}", f"snooze{about or ' here'} 4h"),
    )


def check_one_job(verb: str, words: Sequence[Word]) -> None:
    """Raise BadCommand for `stop everything` and `restart all failed jobs`."""
    said = [word.plain for word in words]
    if said and said[0] in _SEVERAL and all(one in _SEVERAL | _PHASES for one in said):
        phase = "running" if verb == "stop" else "failed"
        raise BadCommand(
            say("`{verb}` takes one job.", verb=verb),
            hint=say("For example: `{verb} 205`.", verb=verb),
            offers=(f"list {phase}",),
        )


def _is_around(word: Word) -> bool:
    return word.plain in _MESSAGES | _AROUND or is_beside_the_point(word)
