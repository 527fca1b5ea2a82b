"""The door to the database: what people have settled for places, and what a place hears once."""

from collections.abc import Sequence
from typing import Protocol

from bot.core.place_rules import PlaceRules
from bot.core.project import Project
from bot.core.subscription import Place


class PlaceRulesBook(Protocol):
    """The rules of places. Every method is one transaction and raises StoreUnavailable."""

    async def rules_of(self, place: Place) -> PlaceRules:
        """The rules of a place; none of them is set where nobody has set any."""

    async def all_rules(self, team_id: str) -> Sequence[PlaceRules]:
        """The rules of every place of a workspace that has any, in the order of the places' ids."""

    async def set_rules(self, rules: PlaceRules, *, request_key: str = "") -> None:
        """Let these be the rules of their place. Raises RequestRepeated, and changes nothing, for
        a request that was seen before. The cards of the place are edited where the language is
        another than before."""

    async def adopt_language(self, place: Place, language: str) -> None:
        """Let a place that has no language have this one. A direct message has that of its person,
        the new one after a change, until somebody has set a rule there."""

    async def decline_digest(self, place: Place) -> None:
        """Never offer a digest there."""

    async def note_click(self, place: Place) -> None:
        """Somebody pressed a button of a message there; kept once an hour at most."""

    async def greet(self, place: Place) -> bool:
        """True the first time ever that it is asked for this place."""

    async def order_greeting(
        self, project: Project, place: Place, *, is_shared: bool, language: str
    ) -> None:
        """Let a channel have its greeting, if it never had one; `is_shared` with another company,
        `language` is the tag of whoever invited us, empty where it cannot be read."""

    async def forget_greeting(self, place: Place) -> None:
        """It was not greeted after all."""
