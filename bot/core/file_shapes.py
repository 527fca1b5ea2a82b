"""Checks the shape of a file that people write: what is expected at each place, and what is
there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bot.core.commands.words.tokens import shown
from bot.core.errors import BadCommand
from bot.core.text import Code, Words, enumeration, say


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file, with its place: `places[1].quiet`."""

    where: str
    words: Words
    hint: Words = ""


class BadFile(Exception):
    """A file that cannot be applied, with all of its mistakes."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(f"{one.where}: {one.words}" for one in mistakes))
        self.mistakes = tuple(mistakes)


def mapping(
    said: object, where: str, known: Sequence[str], mistakes: list[Mistake]
) -> Mapping[str, Any] | None:
    """Return keys and values; None for anything else, which is noted as a mistake."""
    if not isinstance(said, dict):
        keys = enumeration([Code(name) for name in known])
        words = say("Expected are keys and values; the keys are {keys}.", keys=keys)
        mistakes.append(Mistake(where, words))
        return None
    for name in [name for name in said if name not in known]:
        near = get_close_matches(str(name), known, n=1)
        keys = enumeration([Code(one) for one in known])
        hint = (
            say("Did you mean `{word}`?", word=near[0])
            if near
            else say("The keys here are {keys}.", keys=keys)
        )
        words = say("There is no key `{key}`.", key=shown(str(name)))
        mistakes.append(Mistake(where, words, hint))
    return said


def rows(said: object, where: str, mistakes: list[Mistake]) -> Sequence[object]:
    """Return the rows of a list; none for an empty value."""
    if said in (None, ""):
        return ()
    if isinstance(said, list):
        return said
    mistakes.append(Mistake(where, say("Expected is a list: lines that begin with `-`.")))
    return ()


def text(said: object) -> str:
    """Return a scalar as text. Raises BadCommand for anything else."""
    if not isinstance(said, str):
        raise BadCommand(say("Expected is one word or one line here, not a list or keys."))
    return said
