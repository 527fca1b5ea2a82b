"""Foreign text made fit to show: one line, nothing invisible, not too long."""

import re
import unicodedata

# Control, format, surrogate, private and unassigned characters, line and paragraph breaks:
# they reorder, hide or forge what a reader sees, and say nothing that a job must say.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# More marks than this on one letter are not writing.
_MARKS_AT_MOST = 3
# Letters and signs by their category, and yet nothing to see: fillers of Hangul, the empty cell of
# Braille, the note without a head.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")
# No mark comes before U+0300, so only here can there be too many: most text has no such place.
_MAY_BE_A_TOWER = re.compile(f"[\u0300-\U0010ffff]{{{_MARKS_AT_MOST + 1},}}")


def shown(text: str, limit: int) -> str:
    """`text` as one visible line of at most `limit` characters, cut between letters."""
    if not text.isprintable():
        text = " ".join("".join(map(_seen, text)).split())
    if not text.isascii():
        text = _MAY_BE_A_TOWER.sub(lambda place: _without_mark_towers(place[0]), text)
    if len(text) <= limit:
        return text
    end = limit - 1
    while end and unicodedata.category(text[end]).startswith("M"):
        end -= 1
    return f"{text[:end].rstrip()}…"


def visible(name: str) -> str:
    """A name, or nothing if a reader sees nothing: blanks, selectors, marks without a letter."""
    if name.isascii() and name.isprintable():
        return name if not name.isspace() else ""
    return name if any(map(_can_be_seen, name)) else ""


def _can_be_seen(char: str) -> bool:
    return char not in _BLANKS and unicodedata.category(char)[0] not in "MZC"


def _seen(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\t\n\r" or category.startswith("Z"):
        return " "
    return "" if category in _UNSEEN else char


def _without_mark_towers(text: str) -> str:
    left: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks <= _MARKS_AT_MOST:
            left.append(char)
    return "".join(left)
