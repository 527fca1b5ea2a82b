"""Outages of ModelArts that were over before anybody could be told of them."""

from collections.abc import Sequence

from bot.core.cards.card import Action, Card, Moment, TimeStyle
from bot.core.commands.status import Status
from bot.core.delivery import Outage
from bot.core.text import Text, say, say_many, sentences

_MOST = 10


def outages_card(outages: Sequence[Outage]) -> Card:
    """One line for each, oldest first; of very many the latest."""
    headline = say("ModelArts is answering again; the cards are up to date.")
    shown = outages[-_MOST:]
    lines = [_sentence(one) for one in shown]
    if left_out := len(outages) - len(shown):
        more = say_many("{count} more outage before.", "{count} more outages before.", left_out)
        lines.insert(0, more)
    return Card(
        summary=sentences(headline, *lines),
        lines=(("🔵 ", headline), *((line,) for line in lines)),
        controls=(Action(label=say("Status"), command=Status()),),
    )


def _sentence(outage: Outage) -> Text:
    return say(
        "It did not answer from {since} to {until}.",
        since=Moment(outage.since, TimeStyle.DAY_AND_CLOCK),
        until=Moment(outage.until, TimeStyle.DAY_AND_CLOCK),
    )
