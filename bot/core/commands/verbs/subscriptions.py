"""`subscriptions`: list which places follow which targets."""

from dataclasses import dataclass
from enum import Enum

from bot.core.commands.verbs.verb import HelpGroup, HelpRow, Verb
from bot.core.commands.words.tokens import Word, joined, shown
from bot.core.commands.words.vocabulary import sentence
from bot.core.errors import BadCommand
from bot.core.text import say


class Scope(Enum):
    """Whose subscriptions to list: those of this place, of the person, or all."""

    HERE = "here"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ListSubscriptions:
    """List the subscriptions of a scope; `export` writes them as YAML."""

    scope: Scope = Scope.HERE
    export: bool = False

    @property
    def text(self) -> str:
        return sentence("subscriptions", self.scope.value, "export" if self.export else "")


def _parse(words: list[Word], share: bool) -> ListSubscriptions:
    del share  # the list may name places that others do not see
    export = bool(words) and words[-1].keyword == "export"
    scopes = words[:-1] if export else words
    said = scopes[0].keyword if scopes else Scope.HERE.value
    if len(scopes) > 1 or said not in {scope.value for scope in Scope}:
        raise BadCommand(
            say("I don't know `subscriptions {words}`.", words=shown(joined(scopes))),
            hint=say("Use `subscriptions here`, `mine` or `all`."),
            suggestions=("subscriptions here", "subscriptions mine"),
        )
    return ListSubscriptions(Scope(said), export)


SUBSCRIPTIONS = Verb(
    name="subscriptions",
    aliases=("watching",),
    parse=_parse,
    group=HelpGroup.FOLLOW,
    overview=HelpRow(
        "subscriptions [here|mine|all]",
        say("list what this channel follows, what you follow, or all of it"),
    ),
    help=(
        HelpRow(
            "subscriptions",
            say("list what this channel follows; `mine`: what you follow; `all`: all of it"),
        ),
        HelpRow(
            "subscriptions export", say("write them as YAML, which `visjob apply` brings back")
        ),
    ),
)
