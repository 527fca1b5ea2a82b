"""The card of `why`, with the delivery of each change; and the preview of a subscription."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.audience import is_live
from bot.core.cards.button_row import button_row
from bot.core.cards.card import (
    Action,
    Card,
    Channel,
    Control,
    Emphasis,
    Line,
    Moment,
    Strong,
    TimeStyle,
)
from bot.core.cards.jobs.care import kept_sentence
from bot.core.cards.jobs.current_state import (
    CurrentState,
    next_look,
    no_change,
    nothing_yet,
    state_now,
)
from bot.core.cards.jobs.job_lines import DOT
from bot.core.cards.why.why_lines import shown_rows
from bot.core.cards.why.why_rows import WhyRow, awaited, recent_rows
from bot.core.cards.wording import job_words
from bot.core.cards.words.change_words import step_words
from bot.core.cards.words.subscription_words import (
    Naming,
    all_wanted_words,
    event_filter_words,
    target_words,
)
from bot.core.care import NO_CARE, JobCare
from bot.core.change import StatusChange
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.verbs.redeliver import Redeliver
from bot.core.commands.verbs.show import Show
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.commands.verbs.unsubscribe import Unsubscribe
from bot.core.commands.verbs.why import Why
from bot.core.delivery_report import DeliveryReceipt, DeliveryState
from bot.core.hold import Hold
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, JobTarget, Place, Preset, Subscription, matches
from bot.core.text import Text, Words, say, say_many, sentences

_EXAMPLES = 5
_SENT_AGAIN_AT_MOST = 2


def why_card(
    command: Why,
    job_id: JobId,
    *,
    changes: Sequence[StatusChange],
    receipts: Sequence[DeliveryReceipt],
    here: Sequence[Subscription],
    place: Place,
    naming: Naming,
    state: CurrentState | None = None,
    holds: Sequence[Hold] = (),
    care: JobCare = NO_CARE,
) -> Card:
    """Return the state of a job and its latest changes, newest first, each with its delivery here
    or the reason for none. `command.details` shows every change with its exact times."""
    waiting = awaited(receipts, holds)
    recent = recent_rows(changes, receipts, here, waits_for=waiting)
    live = [one for one in here if is_live(one)]
    is_own = any(one.target == JobTarget(job_id) for one in live)
    name = target_words(JobTarget(job_id), naming)
    now = state_now(state, Strong) if state else Strong(name)
    quiet_since = nothing_yet(here, recent[0].at if recent else None)
    look = next_look(state, here, is_held=bool(waiting))
    kept = kept_sentence(state.job, care) if state else ""
    told = [sentences(_follows(live, place), quiet_since, look), _waits(waiting, place), kept]
    lines: list[Line] = [(now,), *((one,) for one in told if one)]
    shown = shown_rows(recent, exact=command.details)
    lines += shown.lines
    told += shown.told
    if not recent and not quiet_since:
        nothing = no_change(is_followed=bool(live))
        lines.append((nothing,))
        told.append(nothing)
    return Card(
        subject=say("Why"),
        summary=sentences(state_now(state) if state else say("{job}.", job=name), *told),
        lines=tuple(lines),
        controls=_controls(
            command,
            job_id,
            more=say("Show less") if command.details else shown.more,
            again=_sending_again(recent),
            is_followed=is_own,
        ),
    )


def _waits(reason: Words, place: Place) -> Words:
    """Return what holds the messages of a place; empty without a reason."""
    if not reason:
        return ""
    if place.is_direct:
        return say("What I would send you waits: {reason}.", reason=reason)
    return say("What I would post here waits: {reason}.", reason=reason)


def _controls(
    command: Why, job_id: JobId, *, more: Words, again: tuple[Action, ...], is_followed: bool
) -> tuple[Control, ...]:
    job = JobById(job_id)
    other = replace(command, job=job, details=not command.details)
    follow = (
        Action(label=say("Unsubscribe"), command=Unsubscribe(job=job))
        if is_followed
        else Action(label=say("Subscribe"), command=Subscribe(job=job))
    )
    return button_row(
        *again,
        follow,
        *([Action(label=more, command=other, renews_card=True)] if more else []),
        Action(label=say("Show job"), command=Show(job)),
        Action(label=say("Refresh"), command=command, renews_card=True),
    )


def _sending_again(recent: Sequence[WhyRow]) -> tuple[Action, ...]:
    """Return a button for each of the latest dead letters; changes of one message share a
    button."""
    dead: dict[str, Text] = {}
    for one in recent:
        if one.receipt and one.receipt.state is DeliveryState.DEAD:
            dead.setdefault(one.receipt.delivery_id, one.what)
    return tuple(
        Action(label=say("Send again: {step}", step=what), command=Redeliver(id))
        for id, what in list(dead.items())[:_SENT_AGAIN_AT_MOST]
    )


def preview_card(
    subscription: Subscription,
    *,
    command: Subscribe,
    changes: Sequence[StatusChange],
    naming: Naming,
) -> Card:
    """Return what a subscription would have sent in the last 7 days. `changes` are all that were
    recorded; `command` subscribes."""
    matching = [
        c
        for c in changes
        if matches(subscription.target, c.job) and subscription.event_filter.admits(c.step)
    ]
    sentence = _preview_sentence(len(matching), subscription.delivery_mode)
    target = say(
        "For {target} it would post {changes}.",
        target=target_words(subscription.target, naming),
        changes=event_filter_words(subscription.event_filter.text),
    )
    note = say("Only followed jobs are recorded, so there may have been more.")
    lines: list[Line] = [(Strong(sentence),), (target,)]
    lines += [
        (moment(c), "  ", Strong(job_words(c.job)), DOT, step_words(c.step))
        for c in reversed(matching[-_EXAMPLES:])
    ]
    return Card(
        subject=say("Preview"),
        summary=sentences(sentence, target, note),
        lines=tuple(lines),
        notes=((note,),),
        controls=_preview_controls(command, subscription),
    )


def moment(change: StatusChange) -> Moment:
    """Return when a change was seen."""
    return Moment(change.seen_at, TimeStyle.DAY_AND_CLOCK)


def _preview_sentence(count: int, mode: DeliveryMode) -> Text:
    if mode is DeliveryMode.CARD:
        return say_many(
            "In the last 7 days this would have edited the card {count} time.",
            "In the last 7 days this would have edited the card {count} times.",
            count,
        )
    return say_many(
        "In the last 7 days this would have sent {count} message.",
        "In the last 7 days this would have sent {count} messages.",
        count,
    )


def _follows(here: Sequence[Subscription], place: Place) -> Text:
    changes = all_wanted_words(here)
    if place.is_direct:
        return say("You get {changes}.", changes=changes) if here else say("You do not follow it.")
    channel = Channel(place.channel_id)
    if not here:
        return say("{channel} does not follow it.", channel=channel)
    return say("{channel} gets {changes}.", channel=channel, changes=changes)


def _preview_controls(command: Subscribe, shown: Subscription) -> tuple[Control, ...]:
    """Return a button for the previewed event filter, which stands out, and one for failures."""
    events = shown.event_filter.text
    label = _SUBSCRIBE_TO.get(events, say("Subscribe to these events"))
    subscribe = Action(label=label, command=command, emphasis=Emphasis.PRIMARY)
    if events == Preset.FAILURES.value:
        return (subscribe,)
    failures = replace(command, event_filter=Preset.FAILURES.value)
    return (subscribe, Action(label=_SUBSCRIBE_TO[Preset.FAILURES.value], command=failures))


_SUBSCRIBE_TO = {
    Preset.ALL.value: say("Subscribe to every change"),
    Preset.CHANGES.value: say("Subscribe to changes of state"),
    Preset.FAILURES.value: say("Subscribe to failures only"),
}
