"""Recognize `stop` for messages, as in `stop telling me about 205`, for several jobs at once, and
for a later time: none of these must stop a job."""

from collections.abc import Sequence
from itertools import takewhile

from bot.core.commands.chinese.wanted_events import NOT_LATER
from bot.core.commands.targets.job_reference import with_labels
from bot.core.commands.times.until import checked_until, end_option, is_end
from bot.core.commands.words.politeness import is_beside_the_point
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.vocabulary import word_set
from bot.core.errors import BadCommand
from bot.core.text import say

MESSAGES = word_set(
    "following watching tracking monitoring subscribing subscription subscriptions notifying"
    " notification notifications telling sending posting pinging spamming messaging mentioning"
    " bothering reminding reminder reminders message messages alert alerts update updates posts"
    " notices news noise spam bugging annoying dming dm'ing showing reporting reports talking"
    " chatter tagging pings dms"
)
_DIGESTS = word_set("digest digests summary summaries")
_KEEPING = word_set("keeping keep lease")
_SEVERAL = word_set("all everything project jobs every them both")
_BESIDE_SEVERAL = word_set(
    "running queued failed stopped finished lost the of my our now please here"
)
_BUT = word_set("except but besides excluding without not other apart")
_LATER = word_set("at in by after when whenever once if as until")
_AROUND = word_set("all any the these those here this channel me us every for about of on from")


def check_acting_target(verb: str, words: Sequence[Word]) -> None:
    """Raise BadCommand if the words after `stop` or `restart` are about messages, several jobs or a
    later time; suggest what does it."""
    if verb == "stop":
        _check_messages(words)
    _check_one_job(verb, words)
    _check_at_once(verb, words)


def _check_messages(words: Sequence[Word]) -> None:
    """Raise BadCommand if the words after `stop` are about messages, a digest or a keep; suggest
    the sentences that end or hold them."""
    said = with_labels(list(words))
    if any(word.plain in _DIGESTS for word in said):
        raise BadCommand(
            say("`stop` ends a job, not a digest."),
            hint=say("For example: `{example}`.", example="digest here off"),
            suggestions=("digest here off", "digest me off"),
        )
    first = next((word.plain for word in said if word.plain not in _AROUND), "")
    if first in _KEEPING:
        jobs = [word.sentence for word in said if word.plain not in _KEEPING | _AROUND]
        raise BadCommand(
            say("`stop` ends a job, not its keep."),
            hint=say("For example: `{example}`.", example="keep 205 off"),
            suggestions=(" ".join(["keep", *jobs[:1], "off"]),),
        )
    if not any(word.plain in MESSAGES for word in said):
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


def _check_one_job(verb: str, words: Sequence[Word]) -> None:
    """Raise BadCommand for `stop everything but 205` and `restart all failed jobs`."""
    said = list(takewhile(lambda one: one not in _BUT, (word.plain for word in words)))
    is_of_several = not _SEVERAL.isdisjoint(said) or said == ["the"]
    if is_of_several and all(one in _SEVERAL | _BESIDE_SEVERAL for one in said):
        phase = "running" if verb == "stop" else "failed"
        raise BadCommand(
            say("`{verb}` takes one job.", verb=verb),
            hint=say("For example: `{verb} 205`.", verb=verb),
            offers=(f"list {phase}",),
        )


def _is_around(word: Word) -> bool:
    return word.plain in MESSAGES | _AROUND or is_beside_the_point(word)


def _check_at_once(verb: str, words: Sequence[Word]) -> None:
    """Raise BadCommand for `stop 205 at 18:00` and `restart 205 when it is done`."""
    at = next((at for at, word in enumerate(words) if word.plain in _LATER), 1)
    named, rest = words[:at], words[at:]
    end = " ".join(word.text for word in rest if word.plain not in _LATER)
    is_later = len(rest) > 1 and rest[0].plain in _LATER
    if not is_later and not is_end(end):
        return
    sentences = [[verb, *(word.sentence for word in named)]]
    if verb == "stop" and is_end(end):
        sentences.insert(0, ["keep", *sentences[0][1:], end_option(checked_until(end))])
    raise BadCommand(
        NOT_LATER,
        hint=say("I remind you of a running job at the end of its `keep`."),
        suggestions=tuple(map(" ".join, sentences)),
    )
