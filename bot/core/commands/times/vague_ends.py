"""Recognize ends that are no exact time, such as `next week`, `end of day` or `until 6`, and
suggest the exact ones."""

from collections.abc import Iterator, Sequence

from bot.core.commands.times.until import is_end
from bot.core.commands.words.tokens import Word, shown
from bot.core.commands.words.typed import bare
from bot.core.errors import BadCommand
from bot.core.text import say

_NEXT_WEEK, _END_OF_DAY, _END_OF_WEEK = ("monday", "7d"), ("18:00", "tomorrow"), ("friday 18:00",)
_MEANT = {
    "next week": _NEXT_WEEK,
    "下周": _NEXT_WEEK,
    "下星期": _NEXT_WEEK,
    "end day": _END_OF_DAY,
    "end business": _END_OF_DAY,
    "eod": _END_OF_DAY,
    "cob": _END_OF_DAY,
    "下班": _END_OF_DAY,
    "end week": (*_END_OF_WEEK, "monday"),
    "eow": (*_END_OF_WEEK, "monday"),
    "weekend": (*_END_OF_WEEK, "saturday"),
    "周末": (*_END_OF_WEEK, "saturday"),
    "over weekend": ("monday",),
    "overnight": ("tomorrow 9:00",),
    "rest day": _END_OF_DAY,
    "rest week": (*_END_OF_WEEK, "monday"),
    "next month": ("30d",),
    "end month": ("30d",),
    "月底": ("30d",),
    **dict.fromkeys(("a bit", "a while", "bit", "while", "some time", "a moment"), ("1h", "4h")),
    **dict.fromkeys(("longer", "a bit longer", "a while longer", "later"), ("4h", "tomorrow")),
    **dict.fromkeys(("forever", "indefinitely", "permanently", "always"), ("30d",)),
    **dict.fromkeys(("lunch", "after lunch"), ("13:00", "14:00")),
}
# Words of such an end that do not change the meaning: `the end of the week`.
_ADD_NOTHING = ("the", "of", "this")
_BEFORE_AN_END = ("until", "for", "in", "by", "till", "til", "untl", "untill")
_BEFORE_A_TIME = ("until", "till", "til", "untl", "untill")
_WORDS_AT_MOST = 5
_NOON, _HOURS_OF_A_DAY = 12, 24


def check_vague_end(verb: str, words: Sequence[Word]) -> None:
    """Raise BadCommand for such an end; suggest the sentence with each exact one."""
    for begin, end in runs(len(words), _WORDS_AT_MOST):
        readings = _readings(words, begin, end)
        if readings and not _is_of_an_end(words, begin, end):
            raise _vague(verb, words, begin, end, readings)


def _readings(words: Sequence[Word], begin: int, end: int) -> tuple[str, ...]:
    is_led = _is_led(words, begin)
    said = [bare(word.keyword) for word in words[begin:end]]
    is_of_the_clock = is_led and words[begin - 1].keyword in _BEFORE_A_TIME and len(said) == 1
    if is_of_the_clock and (hours := _hours(said[0])):
        return hours
    text = " ".join(word for word in said if word not in _ADD_NOTHING)
    is_whole = said[0] not in _ADD_NOTHING or is_led
    # A single word may be a job if none precedes it.
    return _MEANT.get(text, ()) if is_whole and (begin > 0 or len(said) > 1) else ()


def _is_led(words: Sequence[Word], begin: int) -> bool:
    """Return whether a preposition such as `until` precedes the word."""
    return begin > 0 and words[begin - 1].keyword in _BEFORE_AN_END


def _hours(text: str) -> tuple[str, ...]:
    hour = int(text) if text.isdecimal() and len(text) <= 2 else _HOURS_OF_A_DAY
    if not 0 < hour < _HOURS_OF_A_DAY:
        return ()
    return (f"{hour}:00", f"{hour + _NOON}:00") if hour < _NOON else (f"{hour}:00",)


def _is_of_an_end(words: Sequence[Word], begin: int, end: int) -> bool:
    """Return whether the run is a part of an exact end, as in `friday next week`."""
    return any(
        is_end(" ".join(word.text for word in words[first:last]))
        for first in range(max(begin - 1, 0), begin + 1)
        for last in range(end, min(end + 2, len(words)) + 1)
    )


def runs(count: int, at_most: int) -> Iterator[tuple[int, int]]:
    """Yield the first and the next index of each run of at most so many words, longest first."""
    for size in range(at_most, 0, -1):
        for begin in range(count - size + 1):
            yield begin, begin + size


def _vague(
    verb: str, words: Sequence[Word], begin: int, end: int, readings: Sequence[str]
) -> BadCommand:
    is_led = _is_led(words, begin)
    before = [word.sentence for word in words[: begin - is_led]]
    after = [word.sentence for word in words[end:]]
    said = " ".join(word.text for word in words[begin:end])
    return BadCommand(
        say("`{words}` is not an exact time.", words=shown(said)),
        hint=say("Type a time or a span, as in `until friday 18:00` or `until 7d`."),
        suggestions=tuple(
            " ".join([verb, *before, "until", reading, *after]) for reading in readings
        ),
        option="until",
    )
