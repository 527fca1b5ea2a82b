"""Foreign text made fit to show: one line, nothing invisible, not too long."""

import re
import unicodedata

# Control, format, surrogate, private and unassigned characters, line and paragraph breaks:
# they reorder, hide or forge what a reader sees, and say nothing that a job must say.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# More marks than this on one letter are not writing.
_MARKS_AT_MOST = 3
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
