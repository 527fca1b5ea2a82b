"""What a person typed, folded into plain characters: nothing invisible, one kind of dash, bare
words. Each function looks at a character at most a few times."""

import unicodedata

#: A sentence is a line that a person types; more than this is a paste by mistake.
LONGEST_SENTENCE = 500

# Nothing is seen of these, and Unicode does not class them as controls or format characters.
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
# Folded, these would become digits of the number beside them: 20⁵ is not 205.
_SMALL_FORMS = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")
_DASHES = frozenset("−⁃˗")
_MARKS = frozenset("`'^~_*|<>´¨")
# What paths, options, people and percentages begin or end with is no decoration.
_NO_MARKS = frozenset("/\\%&@")
_MARK_CATEGORIES = ("Ps", "Pe", "Pi", "Pf", "Po", "Sk")


def visible(text: str) -> str:
    """Text without control and format characters; blanks of every kind stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if char.isspace() or not _is_hidden(char))


def folded(word: str) -> str:
    """A word in plain letters, digits and hyphens: ２０５ is 205, and a long dash is a hyphen."""
    if word.isascii():
        return word
    seen = "".join(_plain(char) for char in word if char not in _BLANK)
    return unicodedata.normalize("NFC", seen)


def bare(word: str, *, keep: str = "") -> str:
    """A word without the quotes, brackets, stars and punctuation around it, but for `keep`."""
    first, last = 0, len(word)
    while first < last and _is_mark(word[first]) and word[first] not in keep:
        first += 1
    while first < last and _is_mark(word[last - 1]) and word[last - 1] not in keep:
        last -= 1
    return word[first:last]


def plain_runs(text: str) -> list[str]:
    """What of a text may be ids and names, where all else in it is writing that no name has:
    240 in 240的状态. Empty where nothing of the kind stands beside them."""
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
    """True if text is read as it stands."""
    return folded(text) == text and bare(text, keep="_*#") == text


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf")


def _plain(char: str) -> str:
    if char in _DASHES or unicodedata.category(char) == "Pd":
        return "-"
    if unicodedata.decomposition(char).startswith(_SMALL_FORMS):
        return char
    return unicodedata.normalize("NFKC", char)


def _is_mark(char: str) -> bool:
    if char in _NO_MARKS:
        return False
    return char in _MARKS or unicodedata.category(char) in _MARK_CATEGORIES
