"""Recognize a sentence with a verb among polite words, also with another program's verb, with a
mistyped one, or with the verb behind its job; explain what is wrong with a sentence that fails."""

from itertools import dropwhile

from bot.core.commands.command import Command
from bot.core.commands.grammar import is_sentence, parse_words, verb_behind
from bot.core.commands.mentions.glued import NamesJob
from bot.core.commands.mentions.named_jobs import names_one
from bot.core.commands.near_verbs import LANGUAGE, resembles_verb, synonym_of
from bot.core.commands.options.option_repair import with_verb_first
from bot.core.commands.targets.acting_targets import check_acting_target
from bot.core.commands.targets.job_reference import JobByWord
from bot.core.commands.targets.whom import check_whom
from bot.core.commands.verbs.find import Find
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.list_jobs import ListJobs, phase_of
from bot.core.commands.verbs.show import Show
from bot.core.commands.words.politeness import (
    is_article,
    is_asking,
    is_beside_the_point,
    is_dispensable,
)
from bot.core.commands.words.tokens import Word
from bot.core.commands.words.typed import bare
from bot.core.errors import BadCommand

# Verbs that may have the target `me`.
_ABOUT_ME = frozenset({"snooze", "wake", "quiet", "digest"})
# Verbs that take a time, or an id other than a job's.
_WITH_TIMES = _ABOUT_ME | {"keep", "subscribe", "redeliver"}
_TAKES_NO_JOB = ("redeliver", "quiet", "digest")
# Words after a verb without which the sentence means the same.
_BESIDE = {
    "keep": ("alive", "running", "up", "going", "on", "more", "longer", "another"),
    "quiet": ("hours", "time"),
    **dict.fromkeys(("history", "cost", "details", "why", "claim", "disclaim"), ("of", "about")),
}
# `list` and `find` take at most this many words.
_FEW = 4
# Verbs whose target may be the person who asks.
_KEEPS_ME = _ABOUT_ME | {"subscribe", "unsubscribe"}
_ACTING = ("stop", "restart")
# The endings of `restarted` and `stopping`: such a word reports something, and requests nothing.
_REPORT_ENDINGS = ("ed", "ing")


def sentence(words: list[Word], names_job: NamesJob) -> Command | None:
    """Parse the sentence from its verb on; None if words that are not polite precede the verb."""
    if ordered := with_verb_first(words):
        return _parsed(ordered, names_job)
    for at, word in enumerate(words):
        if word.verb and (command := _parsed(words[at:], names_job)):
            return None if _is_of_a_phase(command, names_job) else command
        is_led_to = at > 0 and is_article(word)
        if names_one(word, names_job) or not (is_asking(word) or is_led_to):
            return None
    return None


def _is_of_a_phase(command: Command, names_job: NamesJob) -> bool:
    """Return whether `show running jobs` was read as a job `running` that does not exist."""
    if not isinstance(command, Show) or not isinstance(command.job, JobByWord):
        return False
    word = command.job.word
    return phase_of(Word(word, quoted=False)) is not None and not names_job(word)


def behind_its_job(words: list[Word], names_job: NamesJob) -> Command | None:
    """Parse `205 details`; None for other words. Raises BadCommand for a wrong job."""
    is_of_a_job = len(words) > 1 and names_one(words[0], names_job)
    return verb_behind(words) if is_of_a_job else None


def slip(words: list[Word], names_job: NamesJob) -> Command | None:
    """Parse the words if the first one that is not polite is a mistyped verb, so that BadCommand
    suggests the verb; else return None."""
    content = [word for word in words if not is_beside_the_point(word)]
    if len(content) < 2 or content[0].quoted or is_asking(content[0]):
        return None
    if names_one(content[0], names_job):
        return None
    word = bare(content[0].text)
    is_report = word.lower().endswith(_REPORT_ENDINGS)
    is_slip = not content[0].verb and not is_report and resembles_verb(word)
    return parse_words(content) if is_slip else None


def check_synonym(words: list[Word], names_job: NamesJob) -> None:
    """Raise BadCommand for a job after a word that other programs call a command by: `kill 205`."""
    content = [word for word in words if not is_beside_the_point(word)]
    if len(content) < 2 or names_one(content[0], names_job) or content[0].verb:
        return
    meant = synonym_of(bare(content[0].text))
    is_of_a_job = names_one(content[1], names_job) and phase_of(content[0]) is None
    is_of_all = meant in _ACTING and phase_of(content[1]) is None
    if meant and (is_of_a_job or is_of_all or meant == LANGUAGE):
        try:
            parse_words(content)
        except BadCommand as error:
            if error.suggestions or error.offers:
                raise


def _from_the_verb(words: list[Word]) -> list[Word]:
    """Return the words without those that may precede a request; an empty word for none."""
    return list(dropwhile(is_asking, words)) or [Word("", quoted=False)]


def check_target(words: list[Word], names_job: NamesJob) -> None:
    """Raise BadCommand for a sentence about a person in place of a job, and for a verb that must
    not act on what follows it: `stop telling me`, `stop all my jobs`, `stop 205 at 18:00`."""
    del names_job  # what follows the verb tells
    verb, *rest = _from_the_verb(words)
    try:
        check_whom(verb.verb, rest)
        if verb.verb in _ACTING:
            check_acting_target(verb.verb, rest)
    except BadCommand as error:
        error.suggestions = tuple(filter(is_sentence, error.suggestions))
        raise


def check_request(words: list[Word], names_job: NamesJob) -> None:
    """Raise BadCommand for a sentence with a wrong option, or with a time or number that its verb
    cannot take."""
    verb, *rest = _from_the_verb(words)
    if any(names_one(word, names_job) for word in rest):
        _check_options(verb, rest)
    if verb.verb not in _WITH_TIMES:
        return
    takes_no_job = verb.verb in _TAKES_NO_JOB
    figures = [word for word in rest if _is_figure(word)]
    is_meant = any(takes_no_job or not names_one(word, names_job) for word in figures)
    if is_meant or any(word.keyword == "until" for word in rest):
        parse_words([verb, *(word for word in rest if not _is_beside(word, verb))])


def _is_beside(word: Word, verb: Word) -> bool:
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


def _parsed(words: list[Word], names_job: NamesJob) -> Command | None:
    """Parse the words without the dispensable ones, or else all words; None if neither parses."""
    rest = [word for word in words[1:] if not _is_dispensable(word, words[0], names_job)]
    if len(rest) == 1 and rest[0].keyword in ("to", "from"):
        rest = []  # `unsubscribe from this` has lost its job
    brief = [words[0], *rest]
    for said in (brief, words):
        try:
            command = parse_words(said)
        except BadCommand:
            continue
        if _is_whole(command, said):
            return command
    return None


def _is_dispensable(word: Word, verb: Word, names_job: NamesJob) -> bool:
    if verb.verb == "why" or (verb.verb in _KEEPS_ME and word.means("me")):
        return False  # `why` reads the words around its job itself
    return (is_dispensable(word) or _is_beside(word, verb)) and not names_job(word.text)


def _is_whole(command: Command, words: list[Word]) -> bool:
    """Return False if `help`, `list` or `find`, which take any text, got more words than usual."""
    if isinstance(command, Help):
        return len(words) == 1 or bool(command.verb)
    if isinstance(command, ListJobs | Find):
        return len(words) <= _FEW
    return True
