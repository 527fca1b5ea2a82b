"""English, and the other languages that have a compiled catalogue of translations."""

from collections.abc import Callable
from functools import cache
from gettext import translation
from pathlib import Path

from bot.core.text import ENGLISH, Language

_HERE = Path(__file__).parent


@cache
def language_of(tag: str) -> Language:
    """Return the language of a tag: `en` or `zh-CN`. Raises FileNotFoundError for any other."""
    if tag == ENGLISH.tag:
        return ENGLISH
    return Language(tag, translation("visjob", _HERE, [tag.replace("-", "_")]))


def spoken(usual: str) -> Callable[[str], Language]:
    """Return a function from a tag to its language, or to `usual` for an empty or unknown tag."""

    def find(tag: str) -> Language:
        try:
            return language_of(tag or usual)
        except FileNotFoundError:
            return language_of(usual)

    return find
