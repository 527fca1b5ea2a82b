"""The card of a guard notice: a job runs, or waits, for longer than people may know."""

from bot.core.cards.card import Card, Strong
from bot.core.cards.wording import duration_words, job_words
from bot.core.care import GuardKind
from bot.core.delivery import GuardDelivery
from bot.core.text import Text, Value, say


def guard_card(delivery: GuardDelivery) -> Card:
    """One line."""
    job = delivery.job
    return Card(
        summary=_sentence(delivery, job_words(job)),
        lines=(("⏳ ", _sentence(delivery, Strong(job_words(job)))),),
    )


def _sentence(delivery: GuardDelivery, name: Value) -> Text:
    length = duration_words(delivery.facts.length)
    match delivery.facts.kind:
        case GuardKind.COST:
            return say("{name} has been running for {length}.", name=name, length=length)
        case GuardKind.LEASE_OVER:
            return say("Nobody keeps {name} any longer, and it still runs.", name=name)
        case GuardKind.STUCK:
            return say("{name} has been waiting for {length}.", name=name, length=length)
