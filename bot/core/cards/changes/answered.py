"""The new content of a posted message after somebody answered it, by a button or a command."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from bot.core.acting import RequestedAction
from bot.core.action_ids import ActionIds
from bot.core.cards.card import Action, Card, Control, Moment, Person, TimeStyle
from bot.core.cards.changes.change_groups import group_card
from bot.core.cards.changes.changes import change_card
from bot.core.cards.changes.digest_offer import digest_decided_words
from bot.core.cards.changes.guard import answered_guard_card, guard_controls, undo_button
from bot.core.cards.jobs.asked import request_sentence
from bot.core.cards.jobs.care import current_keep
from bot.core.cards.words.zone_clock import beside_clock
from bot.core.care import GuardKind
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.claim import Claim
from bot.core.delivery import ChangeDelivery, ChangesDelivery, Delivery, GuardDelivery
from bot.core.outcome import (
    Claimed,
    DigestDecided,
    Disclaimed,
    Followed,
    JobOutcome,
    Kept,
    KeptNoMore,
    Outcome,
)
from bot.core.spending import Price
from bot.core.text import Text, Words, say, sentences


def answered_card(
    delivery: Delivery,
    outcome: Outcome,
    *,
    link_hosts: Iterable[str],
    ids: ActionIds | None,
    price: Price | None = None,
) -> Card | None:
    """Return the message of a delivery after a press or the equivalent command; None if the outcome
    is no answer to this message. The question is gone, and the buttons fit the outcome."""
    if isinstance(outcome, DigestDecided):
        return _decided_card(delivery, outcome, link_hosts)
    said = _said(outcome)
    match delivery:
        case GuardDelivery():
            if isinstance(outcome, Followed) or (_is_of_cost(outcome) and _is_stuck(delivery)):
                return None
            return _guard_card(delivery, outcome, price=price, ids=ids)
        case ChangeDelivery():
            card = change_card(
                delivery.change,
                link_hosts=link_hosts,
                owner=delivery.owner,
                asked=delivery.asked,
            )
            return _with(card, said)
        case ChangesDelivery():
            return _with(group_card(delivery), said)
        case _:
            return None


def _is_of_cost(outcome: Outcome) -> bool:
    return isinstance(outcome, Kept | KeptNoMore)


def _is_stuck(delivery: GuardDelivery) -> bool:
    return delivery.facts.kind is GuardKind.STUCK


def _decided_card(
    delivery: Delivery, decided: DigestDecided, link_hosts: Iterable[str]
) -> Card | None:
    """Return the message with the decision in place of the offer; None if it had no offer."""
    if not isinstance(delivery, ChangeDelivery | ChangesDelivery) or not delivery.offers_digest:
        return None
    if isinstance(delivery, ChangeDelivery):
        card = change_card(
            delivery.change,
            link_hosts=link_hosts,
            resubscribe_sentence=delivery.resubscribe_sentence,
            owner=delivery.owner,
            asked=delivery.asked,
        )
    else:
        card = group_card(delivery)
    said = digest_decided_words(decided)
    return replace(card, summary=sentences(card.summary, said), notes=(*card.notes, (said,)))


def _with(card: Card, said: Words) -> Card:
    lines = (*card.lines, (said,)) if said else card.lines
    return replace(card, summary=sentences(card.summary, said), lines=lines, controls=())


def _guard_card(
    delivery: GuardDelivery, outcome: JobOutcome, *, price: Price | None, ids: ActionIds | None
) -> Card:
    """Return the notice with its hours and cost, and with the answer; after a claim or disclaim
    also with the keep that still holds."""
    said: Words = _said(outcome)
    keep = current_keep(delivery.job, delivery.care) if _is_of_owner(outcome) else None
    if keep:
        said = sentences(said, _said(Kept(by=keep.by, until=keep.until)))
    card = answered_guard_card(delivery, said, price=price)
    return replace(card, controls=_controls(delivery, outcome, ids, is_kept=keep is not None))


def _is_of_owner(outcome: Outcome) -> bool:
    return isinstance(outcome, Claimed | Disclaimed)


def _said(outcome: JobOutcome) -> Words:
    match outcome:
        case Kept():
            person = Person(outcome.by)
            return say("Kept until {time} by {person}.", time=_end(outcome), person=person)
        case KeptNoMore(by=by):
            return say("No longer kept, by {person}.", person=Person(by))
        case Claimed(by=by):
            return say("It is {person}'s now.", person=Person(by))
        case Disclaimed(by=by):
            return say("{person} says that it isn't theirs.", person=Person(by))
        case Followed(by=by, is_card_alone=True):
            return say("From now on the card alone shows it, by {person}.", person=Person(by))
        case Followed():
            return ""  # the card of the job names who follows it
        case RequestedAction():
            return request_sentence(outcome)
        case _:
            assert_never(outcome)


def _end(kept: Kept) -> Text | Moment:
    when = Moment(kept.until, TimeStyle.DAY_AND_CLOCK)
    if not kept.clock:
        return when
    return beside_clock(when, kept.clock)


def _controls(
    delivery: GuardDelivery, outcome: JobOutcome, ids: ActionIds | None, *, is_kept: bool
) -> tuple[Control, ...]:
    ref = JobNumber(str(delivery.job.id))
    if not delivery.goes_on:
        return ()
    match outcome:
        case Kept():
            return (undo_button(ref),)
        case Claimed():
            return guard_controls(delivery, ids, is_kept=is_kept)
        case Disclaimed():
            mine = Action(label=say("It's mine"), command=Claim(job=ref), renews_card=True)
            offered = guard_controls(delivery, ids, is_disclaimed=True, is_kept=is_kept)
            return (*offered, mine)
        case _:
            return ()
