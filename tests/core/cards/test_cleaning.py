"""Foreign text made fit to show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cards.cleaning import shown, visible
from tests.make import HOSTILE_TEXTS


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("flowers-tb", "flowers-tb"),
        ("  two   words ", "  two   words "),
        ("line one\n🟢 Running", "line one 🟢 Running"),
        ("a\r\n\tb", "a b"),
        ("a\u2028b\u2029c", "a b c"),
        ("a\u00a0b\u3000c", "a b c"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("a\u2066b\u2069", "ab"),
        ("a\u200b\u200d\u2060\ufeffb", "ab"),
        ("\u061c205", "205"),
        ("\x00\x07\x1b[31m", "[31m"),
        ("\x85c\x9b", "c"),
        ("\ud800x", "x"),
        ("\ue000x\uffff", "x"),
        ("\U000e0041x", "x"),
        ("\u202e\u202e", ""),
        ("e\u0301", "e\u0301"),
        ("Z" + "\u0300" * 9, "Z" + "\u0300" * 3),
        ("🟢", "🟢"),
        # Emoji of several parts stay one, and no other joiner is left.
        ("the 👨\u200d👩\u200d👧 job", "the 👨\u200d👩\u200d👧 job"),
        ("👩🏽\u200d💻", "👩🏽\u200d💻"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("🙂\u200d↔\ufe0f\u200b", "🙂\u200d↔\ufe0f"),
        ("🏳\ufe0f\u200d🌈\u200d", "🏳\ufe0f\u200d🌈"),
        ("\u200d👨\u200d", "👨"),
        ("👨\u200dx\u200d👨", "👨x👨"),
        ("a\ufe0f\u200d👨", "a\ufe0f👨"),
        ("👨\u200d\u200d👩", "👨👩"),
        ("👨\u200b\u200d👩", "👨👩"),
        ("👨\u200d 👩", "👨 👩"),
    ],
)
def test_what_nobody_sees_is_gone(text: str, seen: str) -> None:
    assert shown(text, 100) == seen


@pytest.mark.parametrize(
    ("text", "limit", "seen"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("abcd fgh", 6, "abcd…"),
        ("ae\u0301x", 3, "a…"),
        ("ab", 1, "…"),
        ("ab👨\u200d👩\u200d👧", 6, "ab…"),
        ("ab👨\u200d👩\u200d👧", 5, "ab…"),
        ("ab👨\u200d👩\u200d👧", 4, "ab…"),
    ],
)
def test_a_long_text_is_cut_between_letters(text: str, limit: int, seen: str) -> None:
    assert shown(text, limit) == seen


@given(st.text() | st.sampled_from(HOSTILE_TEXTS), st.integers(1, 400))
def test_anything_becomes_one_visible_line_within_the_limit(text: str, limit: int) -> None:
    seen = shown(text, limit)

    assert len(seen) <= limit
    assert seen.replace("\u200d", "").isprintable()
    assert shown(seen, limit) == seen
    seen.encode()
    marks = [unicodedata.category(char).startswith("M") for char in seen]
    assert not any(all(marks[i : i + 4]) for i in range(len(marks) - 3))


NAMES = {
    "a name": ("flowers-tb", True),
    "one letter": ("x", True),
    "a letter with a mark": ("e\u0301", True),
    "a name in Hangul": ("\uaf43", True),
    "a picture": ("🟢", True),
    "a picture and its selector": ("⚠\ufe0f", True),
    "a name with a filler in it": ("a\u3164b", True),
    "nothing": ("", False),
    "spaces": ("   ", False),
    "a wide and a narrow space": ("\u3000\u00a0\u2009", False),
    "fillers of Hangul": ("\u3164\u115f\u1160\uffa0", False),
    "the empty cell of Braille": ("\u2800\u2800", False),
    "variation selectors": ("\ufe0f\U000e0101", False),
    "Mongolian selectors": ("\u180b\u180e", False),
    "marks with no letter": ("\u0301\u0302", False),
    "the mark that joins letters": ("\u034f", False),
    "inherent vowels of Khmer": ("\u17b4\u17b5", False),
    "tags": ("\U000e0041", False),
    "zero width": ("\u200b\u200d\u2060\ufeff\u00ad", False),
    "marks of direction": ("\u200e\u202e\u2066", False),
    "the note without a head": ("\U0001d159", False),
    "a mixture of all": (" \u3164\ufe0f\u2800\u0301", False),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_name_of_letters_that_show_nothing_is_no_name(case: str) -> None:
    name, is_seen = NAMES[case]

    assert visible(name) == (name if is_seen else "")
