"""`find`: a picker with typeahead."""

from dataclasses import dataclass

from bot.core.commands.tokens import Word, joined
from bot.core.commands.vocabulary import quoted, sentence


@dataclass(frozen=True, slots=True)
class Find:
    """A picker with typeahead."""

    containing: str = ""

    @property
    def text(self) -> str:
        return sentence("find", quoted(self.containing))


def parse_find(words: list[Word], share: bool) -> Find:
    del share  # a picker is for the one who types
    return Find(joined(words))
