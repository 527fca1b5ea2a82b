"""Explain what is wrong with a request among other words, so that it is not taken for a remark."""

from bot.core.commands.grammar import is_sentence, parse_words
from bot.core.commands.mentions.glued import NamesJob
from bot.core.commands.mentions.named_jobs import names_one
from bot.core.commands.options.option_repair import ALLOWED, repaired
from bot.core.commands.targets.stop_messages import check_one_job, check_stopped_messages
from bot.core.commands.targets.whom import check_whom
from bot.core.commands.words.politeness import is_asking
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare
from bot.core.errors import BadCommand

#: Verbs that may have the target `me`.
ABOUT_ME = frozenset({"snooze", "wake", "quiet", "digest"})
# Verbs that take a time, or an id other than a job's.
_WITH_TIMES = ABOUT_ME | {"keep", "subscribe", "redeliver"}
_WITH_PERIODS = ("history", "cost")
_TAKES_NO_JOB = ("redeliver", "quiet", "digest")
# Words after a verb without which the sentence means the same.
_BESIDE = {
    "keep": ("alive", "running", "up", "going", "on", "more", "longer", "another"),
    "quiet": ("hours", "time"),
    **dict.fromkeys(("history", "cost", "details", "why", "claim", "disclaim"), ("of", "about")),
}


def check_request(words: list[Word], names_job: NamesJob) -> None:
    """Raise BadCommand for a sentence with a wrong option, with a time or number that its verb
    cannot take, or with a person in place of a job."""
    at = next((at for at, word in enumerate(words) if not is_asking(word)), len(words))
    if not words[at:]:
        return
    verb, *rest = words[at:]
    try:
        _check_target(verb.verb, rest)
    except BadCommand as error:
        error.suggestions = tuple(filter(is_sentence, error.suggestions))
        raise
    if any(names_one(word, names_job) for word in rest):
        _check_options(verb, rest)
    if verb.verb not in _WITH_TIMES:
        return
    takes_no_job = verb.verb in _TAKES_NO_JOB
    figures = [word for word in rest if _is_figure(word)]
    is_meant = any(takes_no_job or not names_one(word, names_job) for word in figures)
    if is_meant or any(word.keyword == "until" for word in rest):
        parse_words([verb, *(word for word in rest if not is_beside(word, verb))])


def _check_target(verb: str, rest: list[Word]) -> None:
    check_whom(verb, rest)
    if verb == "stop":
        check_stopped_messages(rest)
    if verb in ("stop", "restart"):
        check_one_job(verb, rest)


def is_beside(word: Word, verb: Word) -> bool:
    """Return whether a sentence with this verb means the same without the word."""
    return bare(word.keyword) in _BESIDE.get(verb.verb, ())


def _check_options(verb: Word, rest: list[Word]) -> None:
    """Raise BadCommand for a wrong option, as in `subscribe 205 for faild`."""
    if verb.verb not in ALLOWED and verb.verb not in _WITH_PERIODS:
        return
    try:
        parse_words([verb, *rest])
    except BadCommand as error:
        is_slip = verb.verb in _WITH_PERIODS and bool(error.suggestions)
        if error.option or is_slip or repaired(verb.verb, rest):
            raise


def _is_figure(word: Word) -> bool:
    return not word.quoted and word.text[:1].isdigit()
