"""`subscriptions`: what is followed where."""

from dataclasses import dataclass
from enum import Enum

from bot.core.commands.tokens import Word, joined, shown
from bot.core.commands.vocabulary import sentence
from bot.core.errors import BadCommand


class Scope(Enum):
    """Whose subscriptions."""

    HERE = "here"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ListSubscriptions:
    """What is subscribed to; `export` gives it as YAML."""

    scope: Scope = Scope.HERE
    export: bool = False

    @property
    def text(self) -> str:
        return sentence("subscriptions", self.scope.value, "export" if self.export else "")


def parse_subscriptions(words: list[Word], share: bool) -> ListSubscriptions:
    """What comes after `subscriptions`. Raises BadCommand."""
    del share
    export = bool(words) and words[-1].keyword == "export"
    scopes = words[:-1] if export else words
    said = scopes[0].keyword if scopes else Scope.HERE.value
    if len(scopes) > 1 or said not in {scope.value for scope in Scope}:
        raise BadCommand(
            f"`subscriptions {shown(joined(scopes))}` says nothing to me.",
            hint="Say subscriptions here, mine or all.",
            suggestions=("subscriptions here", "subscriptions mine"),
        )
    return ListSubscriptions(Scope(said), export)
