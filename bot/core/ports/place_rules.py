"""The port to the database for the rules of places, and for what a place gets once: a greeting."""

from collections.abc import Sequence
from typing import Protocol

from bot.core.place_rules import PlaceRules
from bot.core.project import Project
from bot.core.subscription import Place


class PlaceRulesBook(Protocol):
    """The rules of places. Every method is one transaction and raises StoreUnavailable."""

    async def rules_of(self, place: Place) -> PlaceRules:
        """Return the rules of a place; empty ones if nobody has set any."""

    async def all_rules(self, team_id: str) -> Sequence[PlaceRules]:
        """Return the rules of every place of a workspace that has any, by place id."""

    async def set_rules(self, rules: PlaceRules, *, request_key: str = "") -> None:
        """Replace the rules of their place. With a `request_key` that was used before it changes
        nothing and raises RequestRepeated. A new language orders edits of the place's cards."""

    async def adopt_language(self, place: Place, language: str) -> None:
        """Give the place this language if it has none. A direct message follows the language of
        its person until somebody sets a rule there."""

    async def decline_digest(self, place: Place) -> None:
        """Never offer a digest in this place again."""

    async def note_click(self, place: Place) -> None:
        """Note that somebody pressed a button in this place; written once an hour at most."""

    async def greet(self, place: Place) -> bool:
        """Return True at the first call ever for this place."""

    async def order_greeting(
        self, project: Project, place: Place, *, is_shared: bool, language: str
    ) -> None:
        """Enqueue the greeting of a channel that never had one.

        `is_shared` means shared with another company. `language` is the tag of the person who
        invited the bot; empty if Slack does not tell it.
        """

    async def forget_greeting(self, place: Place) -> None:
        """Undo `greet`: the greeting could not be posted."""
