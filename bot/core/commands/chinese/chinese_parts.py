"""Split a Chinese sentence, which has no blanks between words, into words, and translate each."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from bot.core.commands.chinese.chinese_words import (
    DIGITS,
    ENDING,
    EXCLUDING,
    FILLERS,
    MESSAGES,
    NEGATIONS,
    PARTICLES,
    UNITS,
    VERBS,
    WORDS,
)
from bot.core.commands.times.clock import chinese_in_figures
from bot.core.commands.words.typed import bare, plain_runs

_RUNS = re.compile(r'"[^"]*+"|[\u3400-\u9fff]++|[^\s"\u3400-\u9fff]++')
# Separators between two words.
_BETWEEN = re.compile(r"[,;，、；]++")
_AROUND = ":=：。"
_NUMBER = re.compile(r"[#*_]*+([0-9]++)[*_]*+")
# The digits of a time and the `日` of `日报` are no span.
_WITH_UNIT = re.compile(
    rf"((?<![0-9:])[0-9]{{1,4}}|[{''.join(DIGITS)}])(个半)? ?({'|'.join(UNITS)})"
    "(?![报一二三四五六日天])"
)
_HALF_AN_HOUR = re.compile(r"半个?(?:小时|钟头)")
_KNOWN = frozenset(
    {*VERBS, *WORDS, *FILLERS, *NEGATIONS, *PARTICLES, *ENDING, *EXCLUDING, *MESSAGES}
)


class Part(NamedTuple):
    """A word and its translation: a verb, other words of the grammar, or neither."""

    text: str
    verb: str = ""
    said: str = ""
    is_known: bool = True

    @property
    def is_typed(self) -> bool:
        """Return whether the translation copies the word, such as the name of a job."""
        return bool(self.said) and not is_chinese(self.text[:1])


def parts_of(text: str) -> Iterator[Part]:
    """Yield the words of a text with their translations."""
    text = _HALF_AN_HOUR.sub(" 30m ", _WITH_UNIT.sub(_in_our_units, chinese_in_figures(text)))
    for run in _RUNS.findall(text):
        if is_chinese(run[0]):
            yield from _chinese_parts(run)
        elif run.startswith('"'):
            yield Part(run, said=run)
        else:
            for typed in _BETWEEN.split(run):
                said = bare(typed.strip(_AROUND), keep="_*#").strip(_AROUND)
                number = _NUMBER.fullmatch(said)
                runs = plain_runs(said)  # `205を`
                yield Part(typed, said=number[1] if number else (runs[:1] or [said])[0])


def _in_our_units(found: re.Match[str]) -> str:
    number, half, unit = found.groups()
    more = "30m" if half and UNITS[unit] == "h" else ""
    return f" {DIGITS.get(number, number)}{UNITS[unit]}{more} "


def _chinese_parts(run: str) -> Iterator[Part]:
    for text in known_words(run, _KNOWN):
        yield Part(text, VERBS.get(text, ""), WORDS.get(text, ""), is_known=text in _KNOWN)


def known_words(text: str, known: Collection[str]) -> Iterator[str]:
    """Split a text without blanks: yield the longest known word that begins it, or else its first
    character, and so on."""
    longest, at = max(map(len, known)), 0
    while at < len(text):
        sizes = range(min(longest, len(text) - at), 1, -1)
        size = next((size for size in sizes if text[at : at + size] in known), 1)
        yield text[at : at + size]
        at += size


def is_chinese(char: str) -> bool:
    """Return whether a character is Chinese."""
    return "\u3400" <= char <= "\u9fff"
