"""Foreign text made fit to show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cards.cleaning import shown
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
    ],
)
def test_a_long_text_is_cut_between_letters(text: str, limit: int, seen: str) -> None:
    assert shown(text, limit) == seen


@given(st.text() | st.sampled_from(HOSTILE_TEXTS), st.integers(1, 400))
def test_anything_becomes_one_visible_line_within_the_limit(text: str, limit: int) -> None:
    seen = shown(text, limit)

    assert len(seen) <= limit
    assert seen.isprintable()
    assert shown(seen, limit) == seen
    seen.encode()
    marks = [unicodedata.category(char).startswith("M") for char in seen]
    assert not any(all(marks[i : i + 4]) for i in range(len(marks) - 3))
