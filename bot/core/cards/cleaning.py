"""Clean foreign text for display: one line, nothing invisible, a limited length."""

import re
import unicodedata

# Control, format, surrogate, private and unassigned characters, line and paragraph breaks: they can
# reorder, hide or forge what a reader sees, and no name of a job needs them.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# No writing has more combining marks than this on one letter.
_MARKS_AT_MOST = 3
# Letters and symbols by their category that show nothing: fillers of Hangul, the empty cell of
# Braille, the note without a head.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")
_JOINER = "\u200d"
# The emoji that Unicode classes as mathematical symbols, and the characters that may follow an
# emoji: a variation selector or a skin tone.
_ARROWS = frozenset("\u2194\u2195")
_CHANGES_A_SIGN = frozenset("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
# Combining marks begin at U+0300, so only a run of characters from there on can have too many; most
# text has no such run.
_MAY_BE_A_TOWER = re.compile(f"[\u0300-\U0010ffff]{{{_MARKS_AT_MOST + 1},}}")


def shown(text: str, limit: int) -> str:
    """Return `text` as one visible line of at most `limit` characters, cut between letters."""
    if not text.isprintable():
        text = " ".join(_joined(text).split())
    if not text.isascii():
        text = _MAY_BE_A_TOWER.sub(lambda place: _without_mark_towers(place[0]), text)
    if len(text) <= limit:
        return text
    end = limit - 1
    while end and (_is_mark(text[end]) or _JOINER in text[end - 1 : end + 1]):
        end -= 1
    return f"{text[:end].rstrip()}…"


def visible(name: str) -> str:
    """Return a name; empty if it has nothing visible: blanks, selectors, marks without a letter."""
    if name.isascii() and name.isprintable():
        return name if not name.isspace() else ""
    return name if any(map(_can_be_seen, name)) else ""


def _can_be_seen(char: str) -> bool:
    return char not in _BLANKS and unicodedata.category(char)[0] not in "MZC"


def _joined(text: str) -> str:
    """Drop invisible characters, but not a joiner between two emoji, which makes them one."""
    if _JOINER not in text:
        return "".join(map(_seen, text))
    return "".join(
        char if char == _JOINER and _is_between_signs(text, at) else _seen(char)
        for at, char in enumerate(text)
    )


def _is_between_signs(text: str, at: int) -> bool:
    before = text[max(at - 2, 0) : at]
    sign = before[:1] if before[-1:] in _CHANGES_A_SIGN else before[-1:]
    return _is_sign(sign) and _is_sign(text[at + 1 : at + 2])


def _is_sign(char: str) -> bool:
    return char in _ARROWS or (bool(char) and unicodedata.category(char) == "So")


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _seen(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\t\n\r" or category.startswith("Z"):
        return " "
    return "" if category in _UNSEEN else char


def _without_mark_towers(text: str) -> str:
    left: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if _is_mark(char) else 0
        if marks <= _MARKS_AT_MOST:
            left.append(char)
    return "".join(left)
