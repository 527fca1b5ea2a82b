"""What is typed, folded; and that no text makes reading it slow."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.core.commands
import bot.slack.incoming
from bot.core.commands.words.typed import bare, folded, is_plain, visible

_constants = import_module("re._constants")
_parser = import_module("re._parser")

UNBOUNDED = _constants.MAXREPEAT
#: A pattern may end in one of these: nothing behind it can fail, and make it try again.
REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("205", "205"),
        ("\ufeff205\u200b\u200e\u200f\u202e\u2066\u00ad\x00\x1b\x7f\x9b", "205"),
        ("two\twords\nand\u3000three\u2028", "two\twords\nand\u3000three\u2028"),
        ("e\u0301", "e\u0301"),
        ("🟢", "🟢"),
    ],
)
def test_what_nobody_sees_is_dropped_and_blanks_stay(typed: str, seen: str) -> None:
    assert visible(typed) == seen


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("flowers-tb", "flowers-tb"),
        ("ｆｌｏｗｅｒｓ＿ｔｂ", "flowers_tb"),
        ("a‐b‑c‒d–e—f―g−h﹣i－j⸺k", "a-b-c-d-e-f-g-h-i-j-k"),
        ("𝟐𝟎𝟓", "205"),
        ("205\ufe0f\U000e0100\u3164", "205"),
        ("ﬁne", "fine"),
        ("e\u0301", "é"),
        ("20⁵ 20₅ ②", "20⁵ 20₅ ②"),
        ("½", "½"),
        ("٢٠٥", "٢٠٥"),
    ],
)
def test_letters_digits_and_dashes_are_plain(typed: str, plain: str) -> None:
    assert folded(typed) == plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("`205`", "205"),
        ("***“205”***!?", "205"),
        ("（205）", "205"),
        ("_a_b_", "a_b"),
        ("-205-", "-205-"),
        ("a.b", "a.b"),
        ("../x", "/x"),
        ("%2e", "%2e"),
        ("@bob", "@bob"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_what_stands_around_a_word_is_dropped(typed: str, kept: str) -> None:
    assert bare(typed) == kept


def test_what_must_be_kept_around_a_word_is_kept() -> None:
    assert bare("(*_#a#_*)", keep="_*#") == "*_#a#_*"


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = bare(folded(visible(text)))

    assert bare(folded(visible(once))) == once
    assert once == "" or is_plain(once) or not is_plain(text)


def _modules() -> Iterator[ModuleType]:
    for package in (bot.core.commands, bot.slack.incoming):
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            yield import_module(found.name)


def _patterns() -> list[tuple[str, "re.Pattern[str]"]]:
    """Every expression that is ever matched with what somebody typed or sent."""
    return [
        (f"{module.__name__}.{name}", value)
        for module in _modules()
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    ]


def _faults(parsed: object, *, is_last: bool, in_repeat: bool) -> Iterator[str]:
    """Where a match that fails could be tried again in another way: repeats that may give back
    what they took, with something behind them, or within another repeat."""
    items = list(parsed)  # type: ignore[call-overload]  # a parsed expression is a sequence
    for place, (kind, argument) in enumerate(items):
        ends = is_last and place == len(items) - 1
        if kind in (*REPEATS, _constants.POSSESSIVE_REPEAT):
            _, most, inner = argument
            gives_back = kind in REPEATS
            if most is UNBOUNDED and gives_back and (in_repeat or not ends):
                yield f"repeat {place}"
            yield from _faults(inner, is_last=False, in_repeat=gives_back and most is UNBOUNDED)
        elif kind is _constants.SUBPATTERN:
            yield from _faults(argument[-1], is_last=ends, in_repeat=in_repeat)
        elif kind is _constants.BRANCH:
            for branch in argument[1]:
                yield from _faults(branch, is_last=ends, in_repeat=in_repeat)


@pytest.mark.parametrize(("name", "pattern"), _patterns(), ids=lambda given: str(given)[:60])
def test_no_expression_takes_back_what_it_matched(name: str, pattern: "re.Pattern[str]") -> None:
    parsed = _parser.parse(pattern.pattern, pattern.flags)

    assert list(_faults(parsed, is_last=True, in_repeat=False)) == [], name


@pytest.mark.parametrize(
    "bad", [r"<@[A-Z]+(?:\|[^>]*)?>", r"(?:a+)+b", r"\s*x", r'"(?:[^"]|\\.)*"']
)
def test_an_expression_that_does_would_be_found(bad: str) -> None:
    assert list(_faults(_parser.parse(bad), is_last=True, in_repeat=False))
