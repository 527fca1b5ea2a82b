"""Explain what is wrong with a request among other words, so that it is not taken for a remark."""

from itertools import dropwhile

from bot.core.commands.grammar import is_sentence, parse_words
from bot.core.commands.mentions.glued import NamesJob
from bot.core.commands.mentions.named_jobs import names_one
from bot.core.commands.targets.stop_messages import (
    check_at_once,
    check_one_job,
    check_stopped_messages,
)
from bot.core.commands.targets.whom import check_whom
from bot.core.commands.words.politeness import is_asking
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare
from bot.core.errors import BadCommand

#: Verbs that may have the target `me`.
ABOUT_ME = frozenset({"snooze", "wake", "quiet", "digest"})
# Verbs that take a time, or an id other than a job's.
_WITH_TIMES = ABOUT_ME | {"keep", "subscribe", "redeliver"}
_TAKES_NO_JOB = ("redeliver", "quiet", "digest")
# Words after a verb without which the sentence means the same.
_BESIDE = {
    "keep": ("alive", "running", "up", "going", "on", "more", "longer", "another"),
    "quiet": ("hours", "time"),
    **dict.fromkeys(("history", "cost", "details", "why", "claim", "disclaim"), ("of", "about")),
}


def check_target(words: list[Word], names_job: NamesJob) -> None:
    """Raise BadCommand for a sentence about a person in place of a job, and for a verb that must
    not act on what follows it: `stop telling me`, `stop all my jobs`, `stop 205 at 18:00`."""
    del names_job  # what follows the verb tells
    verb, *rest = list(dropwhile(is_asking, words)) or [Word("", quoted=False)]
    try:
        check_whom(verb.verb, rest)
        if verb.verb == "stop":
            check_stopped_messages(rest)
        if verb.verb in ("stop", "restart"):
            check_one_job(verb.verb, rest)
            check_at_once(verb.verb, rest)
    except BadCommand as error:
        error.suggestions = tuple(filter(is_sentence, error.suggestions))
        raise


def check_request(words: list[Word], names_job: NamesJob) -> None:
    """Raise BadCommand for a sentence with a wrong option, or with a time or number that its verb
    cannot take."""
    verb, *rest = list(dropwhile(is_asking, words)) or [Word("", quoted=False)]
    if any(names_one(word, names_job) for word in rest):
        _check_options(verb, rest)
    if verb.verb not in _WITH_TIMES:
        return
    takes_no_job = verb.verb in _TAKES_NO_JOB
    figures = [word for word in rest if _is_figure(word)]
    is_meant = any(takes_no_job or not names_one(word, names_job) for word in figures)
    if is_meant or any(word.keyword == "until" for word in rest):
        parse_words([verb, *(word for word in rest if not is_beside(word, verb))])


def is_beside(word: Word, verb: Word) -> bool:
    """Return whether a sentence with this verb means the same without the word."""
    return bare(word.keyword) in _BESIDE.get(verb.verb, ())


def _check_options(verb: Word, rest: list[Word]) -> None:
    """Raise BadCommand for a wrong option, as in `subscribe 205 for faild`."""
    if not verb.verb:
        return
    try:
        parse_words([verb, *rest])
    except BadCommand as error:
        if error.option or error.suggestions:
            raise


def _is_figure(word: Word) -> bool:
    return not word.quoted and word.text[:1].isdigit()
