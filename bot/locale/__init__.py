"""The languages that people read: English, and a compiled catalogue for each other one."""

from gettext import translation
from pathlib import Path

from bot.core.text import ENGLISH, Language

_HERE = Path(__file__).parent


def language_of(tag: str) -> Language:
    """The language of a tag: `en` or `zh-CN`. Raises FileNotFoundError for any other."""
    if tag == ENGLISH.tag:
        return ENGLISH
    return Language(tag, translation("visjob", _HERE, [tag.replace("-", "_")]))
