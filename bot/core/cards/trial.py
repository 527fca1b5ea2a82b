"""The card that an operator sends to test whether Slack accepts a post."""

from datetime import datetime

from bot.core.cards.card import Card, Moment, TimeStyle
from bot.core.text import say


def trial_card(sent_at: datetime) -> Card:
    """Return the test message, which says that nothing needs to be done."""
    return Card(
        summary=say("A test of VisJob: it can post here. Nothing needs to be done."),
        lines=(("🧪 ", say("VisJob can post here. This is a test: nothing needs to be done.")),),
        notes=((say("Sent {when}", when=Moment(sent_at, TimeStyle.DAY_AND_CLOCK)),),),
    )
