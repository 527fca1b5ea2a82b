"""Joins the pieces of a Chinese sentence without stray spaces, because Chinese puts none between
words.

A translation leaves a space around a value for names in letters: `已订阅 {target}`. If the value is
Chinese or a date (`创建于今天 14:05`), that space is dropped.
"""

from collections.abc import Sequence
from unicodedata import east_asian_width


def without_stray_spaces(pieces: Sequence[str]) -> list[str]:
    """Return the pieces of a sentence without the spaces between two Chinese characters at a
    seam."""
    found = list(pieces)
    told = [at for at, piece in enumerate(found) if piece]
    for number, at in enumerate(told):
        before = _last(found, told[:number][-2:])
        after = found[told[number + 1]] if number + 1 < len(told) else ""
        found[at] = _trimmed(found[at], is_wide(before), is_wide(after[:1]))
    return found


def is_wide(char: str) -> bool:
    """Return True for a Chinese character or Chinese punctuation."""
    return bool(char) and east_asian_width(char) in "WF"


def needs_space(before: str, after: str) -> bool:
    """Return True between a Chinese character and letters or digits; punctuation needs no space."""
    is_word = is_wide(before[-1:]) and before[-1:].isalnum()
    return is_word and after[:1].isascii() and after[:1].isalnum()


def _last(pieces: list[str], ats: Sequence[int]) -> str:
    """Return the last character before a piece that is not a space."""
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
