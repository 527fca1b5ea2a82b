"""Recognize requests in people's own words, such as `no more messages about 205` or `205 is mine`.

If one word is in no set of a phrase, the text is no such request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from bot.core.commands.command import Command
from bot.core.commands.grammar import is_sentence, parse
from bot.core.commands.mentions.glued import NamesJob
from bot.core.commands.mentions.named_jobs import named_among
from bot.core.commands.mentions.phrase_table import PHRASES, Phrase
from bot.core.commands.targets.job_reference import is_name, with_labels
from bot.core.commands.times.clock import minute_of
from bot.core.commands.times.day_times import clock_text
from bot.core.commands.times.ends import split_end
from bot.core.commands.times.until import checked_until, end_option, is_end
from bot.core.commands.verbs.cost import PERIODS
from bot.core.commands.words.numbers import is_odd_number
from bot.core.commands.words.politeness import is_beside_the_point, is_greeting
from bot.core.commands.words.tokens import Word
from bot.core.errors import BadCommand

_BEFORE_A_JOB = ("about", "for", "of", "on", "from", "to")
_MORE = ("more", "another")
_WORDS_AT_MOST = 15
_FOR_A_JOB = ("{job}", "{place}", "{card}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """The words of a text, sorted by what they are."""

    jobs: list[Word]
    others: list[Word]
    #: The plain form of each other word.
    said: frozenset[str]
    #: `4h` or `until 18:00`; empty for none.
    end: str


def in_own_words(words: Sequence[Word], names_job: NamesJob) -> Command | None:
    """Return the command of a request in a person's own words; None for other words. Raises
    BadCommand, with the sentences that do it, if the person has to decide."""
    if words and words[0].verb:
        return None
    said = with_labels(list(words))
    request = _request(said, names_job)
    for phrase in PHRASES:
        if not _has_the_words(phrase, request):
            continue
        is_timed = _takes("{end}", phrase)
        found = _timed(phrase, said, names_job) if is_timed else request
        if found is None:
            continue
        strange = _strange(phrase, found)
        jobs = found.jobs or (_after_a_preposition(strange, said) if phrase.problem else [])
        is_known = all(word in jobs for word in strange)
        if is_known and len(jobs) <= any(_takes(one, phrase) for one in _FOR_A_JOB):
            return _answer(phrase, jobs, found)
    return None


def _takes(placeholder: str, phrase: Phrase) -> bool:
    return any(placeholder in sentence for sentence in phrase.says)


def _request(words: Sequence[Word], names_job: NamesJob, end: str = "") -> _Request:
    jobs = named_among(words, names_job)
    others = [word for word in words if word not in jobs]
    return _Request(
        jobs=jobs, others=others, said=frozenset(word.plain for word in others), end=end
    )


def _timed(phrase: Phrase, words: list[Word], names_job: NamesJob) -> _Request | None:
    """Return the request without its end; None if it has no end, or too many words to look for
    one. If the phrase needs no word, the end must be all of them."""
    if len(words) > _WORDS_AT_MOST:
        return None
    more = [word for word in words if word.plain in _MORE]
    rest, text = _without_end([word for word in words if word not in more], bool(phrase.needs))
    if not text or (not phrase.needs and is_odd_number(text)):
        return None
    minute = minute_of(text)
    if is_end(text):
        end = checked_until(text)
        return _request([*rest, *more], names_job, end_option(end))
    if minute is not None:
        return _request([*rest, *more], names_job, f"until {clock_text(minute)}")
    return None


def _without_end(words: list[Word], is_among_words: bool) -> tuple[list[Word], str | None]:
    if is_among_words:
        return split_end(words)
    said = [word for word in words if not is_greeting(word)]
    is_led = len(said) > 1 and said[0].plain in ("until", "for")
    return [], " ".join(word.text for word in said[is_led:])


def _has_the_words(phrase: Phrase, request: _Request) -> bool:
    said = request.said
    return not any(map(said.isdisjoint, phrase.needs)) and said.isdisjoint(phrase.without)


def _strange(phrase: Phrase, request: _Request) -> list[Word]:
    """Return the words that are in no set of the phrase."""
    known = {*phrase.beside, *chain.from_iterable(phrase.needs)} if phrase.needs else set[str]()
    is_beside = is_beside_the_point if phrase.needs else is_greeting
    takes_verb, takes_time = _takes("{verb}", phrase), _takes("{time}", phrase)
    rest = [word for word in request.others if word.plain not in known and not is_beside(word)]
    return [
        word
        for word in rest
        if not (takes_verb and word.verb) and not (takes_time and minute_of(word.text) is not None)
    ]


def _after_a_preposition(strange: list[Word], said: list[Word]) -> list[Word]:
    """Return the one unknown word if it follows a preposition and may be a name: a job that the
    bot does not know by this word alone."""
    if len(strange) != 1 or not is_name(strange[0].text):
        return []
    at = said.index(strange[0])
    return strange if at and said[at - 1].plain in _BEFORE_A_JOB else []


def _answer(phrase: Phrase, jobs: list[Word], request: _Request) -> Command | None:
    job = jobs[0].sentence if jobs else ""
    verbs = [word.verb for word in request.others if word.verb not in ("", "help")]
    times = [one for word in request.others if (one := minute_of(word.text)) is not None]
    said = {
        "job": job,
        "place": job or "here",
        "card": job or "show",
        "verb": verbs[0] if len(verbs) == 1 else "",
        "period": "".join(word.plain for word in request.others if word.plain in PERIODS),
        "time": clock_text(times[0]) if times else "09:00",
        "end": request.end,
    }
    sentences = [" ".join(one.format(**said).split()) for one in phrase.says]
    suggestions = tuple(filter(is_sentence, sentences))
    if phrase.problem:
        raise BadCommand(phrase.problem, suggestions=suggestions)
    return parse(suggestions[0]) if suggestions else None
