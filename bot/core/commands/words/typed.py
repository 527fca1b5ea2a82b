"""Normalize typed text: remove invisible characters, unify dashes, and strip decoration. Each
function runs in time linear to the length of the text."""

import re
import unicodedata

#: Characters of a sentence at most: a longer text is a paste by mistake.
LONGEST_SENTENCE = 500

# Invisible characters that Unicode classes neither as controls nor as format characters.
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
# Never folded, because they would become digits of the number beside them: 20⁵ is not 205.
_SMALL_FORMS = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")
# The long vowel mark and the box lines, because East Asian keyboards type them for a hyphen.
_DASHES = frozenset("−⁃˗ーｰ─━")
_MARKS = frozenset("`'^~_*|<>´¨")
# Escapes in text that was copied from Markdown: flowers\_tb.
_ESCAPED = re.compile(r"\\([_*~`#-])")
# No decoration, because paths, options, mentions and percentages begin or end with these.
_NO_MARKS = frozenset("/\\%&@")
# So is the category of emoji, which phones put directly after a word.
_MARK_CATEGORIES = ("Ps", "Pe", "Pi", "Pf", "Po", "Sk", "So")


def visible(text: str) -> str:
    """Return the text without control and format characters; keep blanks of every kind."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if char.isspace() or not _is_hidden(char))


def folded(word: str) -> str:
    """Return the word in plain characters: ２０５ becomes 205, and a long dash a hyphen."""
    if "\\" in word:
        word = _ESCAPED.sub(r"\1", word)
    if word.isascii():
        return word
    seen = "".join(_plain(char) for char in word if char not in _BLANK)
    return unicodedata.normalize("NFC", seen)


def bare(word: str, *, keep: str = "") -> str:
    """Strip quotes, brackets, stars and punctuation around a word, except those in `keep`."""
    first, last = 0, len(word)
    while first < last and _is_mark(word[first]) and word[first] not in keep:
        first += 1
    while first < last and _is_mark(word[last - 1]) and word[last - 1] not in keep:
        last -= 1
    return word[first:last]


def plain_runs(text: str) -> list[str]:
    """Return the parts of a text that may be ids or names beside letters that no name has: 240 in
    240的状态. Empty if the text has no such letters, or other characters than letters and marks."""
    others = [char for char in text if not (char.isascii() and _in_a_name(char))]
    if not any(map(_is_foreign_letter, others)):
        return []
    if not all(_is_foreign_letter(char) or _is_mark(char) for char in others):
        return []
    runs = "".join(char if char.isascii() and _in_a_name(char) else " " for char in text)
    return [run for run in runs.split() if any(map(str.isalnum, run))]


def _in_a_name(char: str) -> bool:
    return char.isalnum() or char in "_-"


def _is_foreign_letter(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char)[0] in "LM"


def is_plain(text: str) -> bool:
    """Return whether folding and stripping leave a text unchanged."""
    return folded(text) == text and bare(text, keep="_*#") == text


def has_picture(text: str) -> bool:
    """Return whether a text contains an emoji or another pictorial symbol."""
    return any(unicodedata.category(char) == "So" for char in text)


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf")


def _plain(char: str) -> str:
    if char == "№":
        return "#"
    if char in _DASHES or unicodedata.category(char) == "Pd":
        return "-"
    if unicodedata.decomposition(char).startswith(_SMALL_FORMS):
        return char
    return unicodedata.normalize("NFKC", char)


def _is_mark(char: str) -> bool:
    if char in _NO_MARKS:
        return False
    return char in _MARKS or unicodedata.category(char) in _MARK_CATEGORIES
