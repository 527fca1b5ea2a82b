"""The parser of the grammar, for the sentences that people type and that buttons send."""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import dropwhile

from bot.core.commands.chinese.chinese import translated
from bot.core.commands.chinese.wanted_events import NOTIFY_HINT
from bot.core.commands.command import AboutJob, Command
from bot.core.commands.near_verbs import glued_to_number, nearest_verbs, synonym_of
from bot.core.commands.options.option_repair import repaired, with_verb_first
from bot.core.commands.several import one_at_a_time
from bot.core.commands.targets.both_names import with_one_name
from bot.core.commands.targets.job_links import is_link
from bot.core.commands.targets.job_reference import (
    ThisJob,
    has_name_only,
    is_reference,
    parse_job,
    with_labels,
)
from bot.core.commands.targets.targets import only_job
from bot.core.commands.times.ends import with_until
from bot.core.commands.verbs.details import DETAILS
from bot.core.commands.verbs.help import Help
from bot.core.commands.verbs.registry import VERBS
from bot.core.commands.verbs.show import FIRST_WORDS, Show
from bot.core.commands.verbs.status import STATUS, asked_job
from bot.core.commands.words.politeness import is_beside_the_point
from bot.core.commands.words.tokens import Word, shown, split
from bot.core.commands.words.typed import bare, folded
from bot.core.errors import BadCommand
from bot.core.text import say

_PARSERS = {verb.name: verb.parse for verb in VERBS}

# Words for which other programs show their help.
_ASKING_FOR_HELP = ("?", "??", "-?", "/?", "--help")
_BULLETS = ("-", "*", "+", "–", "—", "#", "№")

#: The default slash command; an installation may choose another.
USUAL_COMMAND = "/visjob"


def parse(text: str, *, slash_command: str = USUAL_COMMAND) -> Command:
    """Parse a sentence into a command; `parse(command.text) == command`. Raises only BadCommand."""
    return _parse(text, slash_command)


# The cache pays because most requests repeat a few sentences: each button sends one.
@lru_cache(maxsize=512)
def _parse(text: str, slash_command: str) -> Command:
    return parse_words(words_of(text, slash_command=slash_command))


def words_of(text: str, *, slash_command: str = USUAL_COMMAND) -> list[Word]:
    """Return the words of a sentence, without the slash command, the bot's name or a bullet in
    front. Raises BadCommand."""
    words = split(text, FIRST_WORDS)
    while words and (_calls_us(words, slash_command) or _begins_a_list(words)):
        words = words[1:]
    return with_until(with_one_name(words))


def parse_words(words: list[Word]) -> Command:
    """Parse the words of a sentence into a command. Raises BadCommand."""
    share = len(words) > 1 and words[-1].means("share")
    if share:
        words = words[:-1]
    if not words or (len(words) == 1 and folded(words[0].typed).lower() in _ASKING_FOR_HELP):
        return Help()
    if len(words) == 1 and words[0].means("share"):
        return Show(ThisJob(), share=True)
    if words[0].verb and not (len(words) == 1 and has_name_only(words[0])):
        return _parse_verb(words[0].verb, words[1:], share=share)
    if behind := _behind_options(words, share=share) or verb_behind(words, share=share):
        return behind
    check_chinese(words, share=share)
    jobs = with_labels(words, is_alone=True)
    if len(jobs) == 1:
        return _shown(jobs[0], share=share)
    links = [word for word in words if is_link(word)]
    if len(links) == 1:
        return Show(parse_job(links[0]), share)
    raise _several(jobs, share=share) or _unknown_verb(words, share=share)


def check_chinese(words: list[Word], *, share: bool = False) -> None:
    """Raise BadCommand for a request in Chinese; suggest its translations."""
    if asked := translated(words, meant):
        if asked.problem:
            raise BadCommand(asked.problem, hint=NOTIFY_HINT, suggestions=asked.sentences[:2])
        more = " share" if share else ""
        sentences = [f"{one}{more}" for one in asked.sentences]
        raise _unknown(asked.verb, [one for one in sentences if is_sentence(one)])


def check_glued(words: list[Word], *, share: bool = False) -> None:
    """Raise BadCommand for a verb glued to a number, as in `stop231`; suggest `stop 231`."""
    first, *rest = words
    if not first.quoted and (found := _unglued(bare(first.text), rest, share=share)):
        raise _unknown(first.text, found)


def check_verb_behind(words: list[Word]) -> None:
    """Raise BadCommand for `205 stop`; suggest `stop 205`. The sentence `205 details` is valid."""
    first, *rest = words
    if not verb_behind(words) and (found := _with_the_verb_first(first, rest)):
        raise _unknown(first.text, found)


def _unglued(word: str, rest: Sequence[Word], *, share: bool) -> list[str]:
    """Return the sentences that a verb glued to its number may mean, with the words after it."""
    more = [*(word.sentence for word in rest), *(["share"] if share else [])]
    sentence = glued_to_number(word)
    return list(meant(" ".join([sentence, *more]))) if sentence else []


def _calls_us(words: list[Word], slash_command: str) -> bool:
    first = words[0]
    said = folded(first.typed).lower().rstrip(":,")
    if first.quoted:
        return False
    if said in (slash_command, USUAL_COMMAND):
        return True
    is_name = said.startswith("@") or said in (slash_command[1:], USUAL_COMMAND[1:])
    return is_name and len(words) > 1 and not words[1].means("share")


def _begins_a_list(words: list[Word]) -> bool:
    """Return whether the sentence begins with a bullet, because it was copied from a list."""
    return len(words) > 1 and words[0].typed in _BULLETS


def _parse_verb(verb: str, words: list[Word], *, share: bool) -> Command:
    if verb == "show":
        return _parse_show(words, share=share)
    if verb == "list" and len(words) == 1 and words[0].verb == "subscriptions":
        return _parse_verb(words[0].verb, [], share=share)
    if verb == STATUS.name and (job := asked_job(words)):
        return _shown(job, share=share)
    try:
        return _PARSERS[verb](words, share)
    except BadCommand as error:
        if len(words) > 1 and words[0].verb == verb:  # `stop stop 205`
            return _parse_verb(verb, words[1:], share=share)
        likely = filter(is_sentence, error.suggestions)
        error.suggestions = tuple(likely) or _repaired(verb, words)
        raise


def _repaired(verb: str, words: list[Word]) -> tuple[str, ...]:
    """Return the sentence without typing slips in its options; empty if that does not parse."""
    sentences = []
    for sentence in repaired(verb, words):
        with suppress(BadCommand):
            _PARSERS[verb](words_of(sentence)[1:], False)
            sentences.append(sentence)
    return tuple(sentences)


def _parse_show(words: list[Word], *, share: bool) -> Command:
    if words and words[0].means("me"):
        words = words[1:]
    if words and words[0].verb:
        return _parse_verb(words[0].verb, words[1:], share=share)
    if behind := verb_behind(words, share=share):
        return behind
    return Show(only_job(with_labels(words, is_alone=True), verb="show"), share)


def _shown(word: Word, *, share: bool) -> Show:
    try:
        return Show(parse_job(word), share)
    except BadCommand:
        check_glued([word], share=share)
        raise


def verb_behind(words: list[Word], *, share: bool = False) -> Command | None:
    """Parse `205 details` and `205 status`; None for other words. Raises BadCommand for a wrong
    job."""
    jobs = with_labels(words[:-1], is_alone=True)
    if len(jobs) != 1:
        return None
    if words[-1].means(DETAILS.name):
        return DETAILS.parse(jobs, False)
    is_asked = words[-1].means(STATUS.name) and not words[0].verb
    return _shown(jobs[0], share=share) if is_asked else None


def _behind_options(words: list[Word], *, share: bool) -> Command | None:
    ordered = with_verb_first(words)
    with suppress(BadCommand):
        return _parse_verb(ordered[0].verb, ordered[1:], share=share) if ordered else None
    return None


def _several(jobs: list[Word], *, share: bool) -> BadCommand | None:
    """Return the error for several jobs without a verb; None for other words."""
    if not all(map(is_reference, jobs)):
        return None
    asked = list(dict.fromkeys(_shown(job, share=share) for job in jobs))
    return one_at_a_time(asked) if len(asked) > 1 else None


def _unknown_verb(words: list[Word], *, share: bool) -> BadCommand:
    first, *rest = words
    if first.text.isdecimal() and not rest[0].verb:
        return BadCommand(
            say(
                "`{word}` is one word too many after `{job}`.",
                word=shown(rest[0].text),
                job=shown(first.text),
            ),
            hint=say("Only `share` can follow a job."),
            suggestions=(first.sentence,) if is_sentence(first.sentence) else (),
        )
    said = " ".join([*(word.sentence for word in rest), *(["share"] if share else [])])
    guesses = [] if first.quoted else _unglued(bare(first.text), rest, share=share)
    if not guesses and not is_beside_the_point(first):
        guesses = _guesses(bare(first.text), said)
    if rest and rest[0].verb:
        guesses = _with_the_verb_first(first, rest) or guesses
    guesses = [guess for guess in guesses if is_sentence(guess)]
    # Suggest the words after the first only if they can be a sentence: others recurse word by word.
    if not guesses and rest and (len(rest) == 1 or rest[0].verb):
        guesses = [f"{said} share" if first.means("share") else said]
    elif rest and rest[0].verb and first.text.isalpha():
        guesses.append(said)
    return _unknown(first.text, [guess for guess in guesses if is_sentence(guess)])


def _guesses(word: str, said: str) -> list[str]:
    """Return the sentences that a word which is no verb and the words after it may mean. Raises
    BadCommand, with its way on, for `kill all`."""
    guesses: list[str] = []
    for verb in nearest_verbs(word):
        try:
            guesses += _guessed(verb, said, is_sure=bool(synonym_of(word)))
        except BadCommand:
            if not guesses:
                raise
    return guesses


def _guessed(verb: str, said: str, *, is_sure: bool) -> tuple[str, ...]:
    """Return the sentence of a guessed verb; if it is sure, also what is suggested for it, as for
    `keep 205`, or without a preposition, as for `link to 205`. Raises BadCommand if it has
    offers."""
    sentence = f"{verb} {said}".rstrip()
    rest = " ".join(dropwhile(lambda word: word in _LEADING, said.split(" ")))
    try:
        parse(sentence)
    except BadCommand as error:
        if error.offers:
            raise
        if not is_sure or error.suggestions:
            return error.suggestions if is_sure else ()
        return _guessed(verb, rest, is_sure=True) if rest not in ("", said) else ()
    return (sentence,)


_LEADING = ("of", "for", "to", "on", "about", "the", "by")


def _with_the_verb_first(job: Word, rest: list[Word]) -> list[str]:
    """Return `stop 205` for `205 stop`; empty if that is no sentence about a job."""
    verb, *more = rest
    sentence = " ".join([verb.sentence, job.sentence, *(word.sentence for word in more)])
    return [sentence] if is_sentence(sentence) and isinstance(parse(sentence), AboutJob) else []


def _unknown(word: str, suggestions: Sequence[str]) -> BadCommand:
    return BadCommand(
        say("I don't know a command called `{word}`.", word=shown(word)),
        hint=say("Type a job, or a command and its job, as in `why 205`."),
        suggestions=tuple(dict.fromkeys(suggestions))[:2],
    )


def meant(sentence: str) -> tuple[str, ...]:
    """Return a valid sentence itself, or the sentences that are suggested for an invalid one."""
    try:
        parse(sentence)
    except BadCommand as error:
        return error.suggestions
    return (sentence,)


def is_sentence(sentence: str) -> bool:
    """Return whether a sentence parses."""
    try:
        parse(sentence)
    except BadCommand:
        return False
    return True
