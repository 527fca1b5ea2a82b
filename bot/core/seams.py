"""Where the words of a sentence and its values meet: Chinese has no spaces between its words.

A translation leaves room around a value for names in letters: `已订阅 {target}`. Where the value
is Chinese, too, that room is a stray space.
"""

from collections.abc import Sequence
from unicodedata import east_asian_width


def without_stray_spaces(pieces: Sequence[str]) -> list[str]:
    """Pieces of a sentence without the spaces between two Chinese characters, where pieces meet."""
    found = list(pieces)
    told = [at for at, piece in enumerate(found) if piece]
    for number, at in enumerate(told):
        before = _last(found, told[:number][-2:])
        after = found[told[number + 1]] if number + 1 < len(told) else ""
        found[at] = _trimmed(found[at], is_wide(before), is_wide(after[:1]))
    return found


def is_wide(char: str) -> bool:
    """True for a Chinese character, and for its punctuation."""
    return bool(char) and east_asian_width(char) in "WF"


def _last(pieces: list[str], ats: Sequence[int]) -> str:
    """The last character before a piece that is no space."""
    return "".join(pieces[at] for at in ats).rstrip(" ")[-1:]


def _trimmed(piece: str, is_after_wide: bool, is_before_wide: bool) -> str:
    core = piece.strip(" ")
    if not core:
        return "" if is_after_wide and is_before_wide else piece
    if is_after_wide and is_wide(core[0]):
        piece = piece.lstrip(" ")
    if is_before_wide and is_wide(core[-1]):
        piece = piece.rstrip(" ")
    return piece
