"""The card of outages of ModelArts that ended before anybody was notified."""

from collections.abc import Sequence

from bot.core.cards.card import Action, Card, Moment, TimeStyle
from bot.core.commands.verbs.status import Status
from bot.core.delivery import Outage
from bot.core.listed import last_of
from bot.core.text import Text, say, say_many, sentences

_MOST = 10


def outages_card(outages: Sequence[Outage]) -> Card:
    """Return one line for each outage, oldest first; of very many only the latest."""
    headline = say("ModelArts is answering again; the cards are up to date.")
    shown = last_of(outages, _MOST)
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
