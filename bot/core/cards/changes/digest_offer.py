"""The offer of a digest, to a place that gets many messages and presses no button."""

from dataclasses import replace

from bot.core.cards.card import Action, Card, Person
from bot.core.cards.words.hold_words import digest_rule, here_or_me, set_by
from bot.core.commands.verbs.digest import SetDigest
from bot.core.noise import NOISY_DAY
from bot.core.outcome import DigestDecided
from bot.core.place_rules import Digest
from bot.core.subscription import Place
from bot.core.text import Words, say, sentences

_NINE = Digest(at=9 * 60)


def with_digest_offer(card: Card, place: Place) -> Card:
    """Add the offer to a message: a note, and a button for each answer."""
    target = here_or_me(place)
    offer = say(
        "At least {count} messages came here within a day, and nobody pressed any of their buttons."
        " I can send everything together, once a day.",
        count=NOISY_DAY,
    )
    accept = SetDigest(place=target, digest=_NINE)
    decline = SetDigest(place=target, digest=None, is_declined=True)
    return replace(
        card,
        summary=sentences(card.summary, offer),
        notes=(*card.notes, (offer,)),
        controls=(
            *card.controls,
            Action(
                label=say("Quieter: one digest a day at {time}", time="09:00"),
                command=accept,
                renews_card=True,
            ),
            Action(label=say("No, thanks"), command=decline, renews_card=True),
        ),
    )


def digest_decided_words(decided: DigestDecided) -> Words:
    """Return the words that replace the offer after a press of one of its buttons."""
    if decided.is_declined:
        return say(
            "No digest, {person} decided: I won't offer one here again.",
            person=Person(decided.by),
        )
    return set_by(digest_rule(decided.rules), decided.by)
