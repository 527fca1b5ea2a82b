"""The card of a guard notice: a job has been running or waiting for long."""

from dataclasses import replace
from datetime import timedelta

from bot.core.action_ids import ActionIds
from bot.core.cards.acting.act_button import act_button
from bot.core.cards.card import Action, Card, Control, Person, Strong
from bot.core.cards.jobs.job_lines import dotted
from bot.core.cards.jobs.span_words import money_words
from bot.core.cards.wording import duration_words, job_words
from bot.core.care import GuardKind
from bot.core.commands.targets.job_reference import JobNumber
from bot.core.commands.verbs.disclaim import Disclaim
from bot.core.commands.verbs.keep_job import KeepJob
from bot.core.delivery import GuardDelivery, GuardFacts
from bot.core.job import Phase
from bot.core.spending import Price
from bot.core.text import Text, Value, Words, say, sentences


def guard_card(delivery: GuardDelivery, *, price: Price | None, ids: ActionIds | None) -> Card:
    """Return the notice: how long the job has run or waited, the cost, and buttons; `ids` add
    Stop."""
    said = _question(delivery) if delivery.goes_on else ""
    line = sentences(_headline(delivery, Strong(job_words(delivery.job)), price), said)
    card = answered_guard_card(delivery, said, price=price)
    return replace(card, lines=(("⏳ ", line),), controls=guard_controls(delivery, ids))


def answered_guard_card(delivery: GuardDelivery, said: Words, *, price: Price | None) -> Card:
    """Return the notice without its question and buttons, and with the answer `said` in a line of
    its own. Once its run or wait is over, it shows no status: the job's status goes on changing."""
    name = job_words(delivery.job)
    card = Card(
        summary=sentences(_headline(delivery, name, price), said),
        lines=(("⏳ ", _headline(delivery, Strong(name), price)), *(((said,),) if said else ())),
    )
    if not delivery.goes_on:
        return card
    code, resource = delivery.job.status.vendor_name, delivery.job.resource_id
    facts_sentence = say("{code}.", code=code)
    if resource:
        facts_sentence = say("{code}, billed resource {id}.", code=code, id=resource)
    return replace(
        card,
        summary=sentences(card.summary, facts_sentence),
        notes=(dotted(code, *_billed_resource(resource)),),
    )


def _billed_resource(id: str) -> tuple[Text, ...]:
    return (say("billed resource `{id}`", id=id),) if id else ()


def notice_words(facts: GuardFacts) -> Text:
    """Return a guard notice in a few words, for a list of deliveries."""
    match facts.kind:
        case GuardKind.COST:
            return say("reminder at {length}", length=_hours(facts))
        case GuardKind.LEASE_OVER:
            return say("no longer kept, still running after {length}", length=_hours(facts))
        case GuardKind.STUCK:
            return say("stuck for {length}", length=duration_words(facts.length))


def _hours(facts: GuardFacts) -> Text:
    return duration_words(timedelta(hours=facts.hours))


def _headline(delivery: GuardDelivery, name: Value, price: Price | None) -> Words:
    facts = delivery.facts
    is_stuck = facts.kind is GuardKind.STUCK
    length: Words = duration_words(facts.length)
    if facts.is_at_least:
        length = say("at least {length}", length=length)
    if is_stuck:
        return _stuck(delivery, name, length)
    cost = money_words(facts.length, price) if price else ""
    if not delivery.goes_on:
        return _over(delivery, name, length, cost)
    sentence = _kept if facts.kind is GuardKind.LEASE_OVER else _billed
    return sentence(name, length, cost)


def _billed(name: Value, length: Words, cost: Words) -> Text:
    if not cost:
        return say(
            "{name} has been running for {length} and is billed while it runs.",
            name=name,
            length=length,
        )
    return say(
        "{name} has been running for {length} and is billed while it runs ({cost} so far).",
        name=name,
        length=length,
        cost=cost,
    )


def _kept(name: Value, length: Words, cost: Words) -> Text:
    if not cost:
        return say(
            "{name} is no longer kept. It has been running for {length} and is billed while it"
            " runs.",
            name=name,
            length=length,
        )
    return say(
        "{name} is no longer kept. It has been running for {length} and is billed while it runs"
        " ({cost} so far).",
        name=name,
        length=length,
        cost=cost,
    )


def _over(delivery: GuardDelivery, name: Value, length: Words, cost: Words) -> Text:
    if cost:
        length = say("{length} ({cost})", length=length, cost=cost)
    if delivery.is_another_run:
        return say("{name} ran for at least {length}; that run is over.", name=name, length=length)
    return say("{name} ran for {length}; it is not running any more.", name=name, length=length)


def _stuck(delivery: GuardDelivery, name: Value, length: Words) -> Words:
    if not delivery.goes_on:
        return say(
            "{name} had been waiting for {length}; it has gone on.", name=name, length=length
        )
    is_queued = delivery.job.status.phase is Phase.QUEUED
    headline = (
        say("{name} has been queued for {length} and is slow to start.", name=name, length=length)
        if is_queued
        else say("{name} has been stopping for {length}.", name=name, length=length)
    )
    if delivery.facts.usual is None:
        return headline
    usual = duration_words(delivery.facts.usual)
    typical = (
        say("Of the last jobs here, 95\u00a0% started within {usual}.", usual=usual)
        if is_queued
        else say("Of the last jobs here, 95\u00a0% stopped within {usual}.", usual=usual)
    )
    return sentences(headline, typical)


def _question(delivery: GuardDelivery) -> Words:
    facts, owner = delivery.facts, delivery.care.owner
    if facts.kind is GuardKind.STUCK:
        return say("{owner}, please have a look.", owner=Person(owner)) if owner else ""
    asked = (
        say("{owner}, is it still needed?", owner=Person(owner))
        if owner
        else say("Is it still needed?")
    )
    return sentences(asked, say("The log files stay; it can be restarted later."))


def guard_controls(
    delivery: GuardDelivery,
    ids: ActionIds | None,
    *,
    is_disclaimed: bool = False,
    is_kept: bool = False,
) -> tuple[Control, ...]:
    """Return the buttons of a notice; none once its run or wait is over. A press edits the
    message."""
    if not delivery.goes_on:
        return ()
    job, ref = delivery.job, JobNumber(str(delivery.job.id))
    controls: list[Control] = []
    if ids and (stop := act_button(job, ids, delivery.project, at=job.read_at)):
        controls.append(replace(stop, renews_card=True))
    if is_kept:
        controls.append(undo_button(ref))
    elif delivery.facts.kind is not GuardKind.STUCK:
        name = job_words(job)
        controls += [
            Action(
                label=say("Keep {hours}\u00a0h", hours=4),
                command=KeepJob(job=ref, until="4h"),
                renews_card=True,
                accessibility_label=say("Keep {name} for {hours}\u00a0h", name=name, hours=4),
            ),
            Action(
                label=say("Keep until {clock}", clock="18:00"),
                command=KeepJob(job=ref, until="18:00"),
                renews_card=True,
                accessibility_label=say(
                    "Keep {name} until the next {clock}", name=name, clock="18:00"
                ),
            ),
        ]
    is_asked = bool(delivery.care.owner) or delivery.facts.kind is not GuardKind.STUCK
    if is_asked and not is_disclaimed:
        controls.append(Action(label=say("Not mine"), command=Disclaim(job=ref), renews_card=True))
    return tuple(controls)


def undo_button(ref: JobNumber) -> Action:
    """Return the button that ends the keep of a job."""
    return Action(label=say("Undo"), command=KeepJob(job=ref, until=""), renews_card=True)
