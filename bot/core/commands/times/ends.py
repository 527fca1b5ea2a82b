"""Find the words of a sentence that give its end: `until 18:00`, `monday 9:00`, `4h`."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.core.commands.times.day_phrases import NEXT_WEEK, doubtful_day
from bot.core.commands.times.until import is_ambiguous, is_end, is_surely_end, names_zone
from bot.core.commands.times.vague_ends import check_vague_end
from bot.core.commands.words.tokens import Word, shown
from bot.core.errors import BadCommand
from bot.core.text import say

_BEFORE_AN_END = ("until", "for")
_SPELLINGS = ("till", "til", "'til")
# The words of `the day after tomorrow at 9 pm`.
_WORDS_AT_MOST = 7
# Without `until`, an end is looked for among so many last words: each costs seven tries.
_LAST_WORDS = 20


def check_end(verb: str, words: Sequence[Word]) -> None:
    """Raise BadCommand for `until 18h`, `until next friday` and `until next week`; suggest what
    each may mean."""
    _check_hours(verb, words)
    check_vague_end(verb, words)
    for at, (first, second) in enumerate(pairwise(words)):
        day = doubtful_day(first.keyword, second.keyword) if at else ""
        if day:
            said = [one.sentence for one in words]
            readings = (day, day + NEXT_WEEK)
            raise BadCommand(
                say("`next {day}` may be the one of this week or of the next.", day=day),
                hint=say("Type `{this}` or `{next}`.", this=readings[0], next=readings[1]),
                suggestions=tuple(
                    " ".join([verb, *said[:at], reading, *said[at + 2 :]]) for reading in readings
                ),
                option="until",
            )


def _check_hours(verb: str, words: Sequence[Word]) -> None:
    for at, word in enumerate(words[1:], 1):
        if words[at - 1].keyword != "until" or not is_ambiguous(word.keyword):
            continue
        hours, _, minutes = word.keyword.partition("h")
        more = f" {minutes} minutes" if minutes else ""
        readings = (f"{hours}:{minutes or '00'}", f"{hours} hours{more}")
        said = [one.sentence for one in words]
        raise BadCommand(
            say("`until {word}` may mean a time or a span.", word=shown(word.text)),
            hint=say(
                "Type `until {time}` for the time of the day, or `{span}` for the span.",
                time=readings[0],
                span=readings[1],
            ),
            suggestions=tuple(
                " ".join([verb, *said[:at], reading, *said[at + 1 :]]) for reading in readings
            ),
            option="until",
        )


def with_until(words: Sequence[Word]) -> list[Word]:
    """Return the words with `until` for `till`, if an end follows it."""
    return [
        replace(word, text="until", raw="")
        if word.keyword in _SPELLINGS and at > 0 and _is_followed_by_an_end(words[at + 1 :])
        else word
        for at, word in enumerate(words)
    ]


def _is_followed_by_an_end(words: Sequence[Word]) -> bool:
    ends = range(1, min(len(words), _WORDS_AT_MOST) + 1)
    return any(is_end(_text(words[:end])) or words[0].text.isdecimal() for end in ends)


def split_end(words: list[Word], *, off: str = "") -> tuple[list[Word], str | None]:
    """Split words into the target and the text of the end; the word `off` is an end, too. If no
    words read as an end, return the last word as the end, or None if it is the only word."""
    marks = [at for at, word in enumerate(words) if word.keyword in _BEFORE_AN_END]
    if marks:
        named, begin = words[: marks[-1]], marks[-1] + 1
        end = begin if named else _end_of(words, begin, off)
        end = len(words) if end == begin else end
        return named + words[end:], _text(words[begin:end]) or None
    if found := _last_end(words, off):
        begin, end = found
        return words[:begin] + words[end:], _text(words[begin:end])
    return (words[:-1], words[-1].text) if len(words) > 1 else (words, None)


def _last_end(words: list[Word], off: str) -> tuple[int, int] | None:
    found, at = None, max(len(words) - _LAST_WORDS, 0)
    while at < len(words):
        end = _end_of(words, at, off, is_sure=True)
        found = (at, end) if end > at else found
        at = max(end, at + 1)
    return found


def _end_of(words: list[Word], begin: int, off: str, *, is_sure: bool = False) -> int:
    """Return the index after the longest end that starts at `begin`; `begin` if none does. Pass
    `is_sure` if no `until` or `for` precedes: then a text that may be a job is no end."""
    for end in range(min(len(words), begin + _WORDS_AT_MOST), begin, -1):
        said = words[begin:end]
        if is_sure and any(word.quoted for word in said):
            continue
        text = _text(said)
        is_off = bool(off) and text.lower() == off
        if is_off or names_zone(text) or (is_surely_end(text) if is_sure else is_end(text)):
            return end
    return begin


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
