"""Cards from the history: what became of each change, and what a subscription would have sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.core.cards.card import Action, Card, Code, Control, Line, Moment, Strong, TimeStyle
from bot.core.cards.change_words import step_words
from bot.core.cards.job_actions import Following, JobCard, job_actions
from bot.core.cards.subscription_words import (
    Naming,
    event_filter_words,
    only_words,
    target_words,
)
from bot.core.cards.wording import duration_words, job_words
from bot.core.change import StatusChange
from bot.core.commands.job_reference import JobById
from bot.core.commands.redeliver import Redeliver
from bot.core.commands.subscribe import Subscribe
from bot.core.delivery import DeliveryReceipt, DeliveryState
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, JobTarget, Preset, Subscription, matches
from bot.core.text import Text, all_of, say, say_many, sentences

_SHOWN_AT_MOST = 15
_HALF_A_DAY = timedelta(hours=12)
_EXAMPLES = 5
_SENT_AGAIN_AT_MOST = 2


def why_card(
    job_id: JobId,
    *,
    changes: Sequence[StatusChange],
    receipts: Sequence[DeliveryReceipt],
    here: Sequence[Subscription],
    naming: Naming,
) -> Card:
    """The latest changes of a job, newest first: for each, its delivery to this place, or why
    there is none."""
    by_sequence = {receipt.change.sequence: receipt for receipt in receipts if receipt.change}
    recent = list(changes)[-_SHOWN_AT_MOST:]
    target, watching = target_words(JobTarget(job_id), naming), _watching(here)
    found = [
        _change_sentence(change, by_sequence.get(change.sequence), here)
        for change in reversed(recent)
    ] or [say("I saw no change of it in the last 7 days.")]
    following = Following.YES if here else Following.NO
    return Card(
        summary=sentences(say("{target}: {watching}", target=target, watching=watching), *found),
        lines=((Strong(target), "  ", watching), *((sentence,) for sentence in found)),
        controls=(
            *job_actions(JobById(job_id), card=JobCard.WHY, following=following),
            *_sending_again(recent, by_sequence),
        ),
    )


def _sending_again(
    changes: Sequence[StatusChange], receipts: Mapping[int, DeliveryReceipt]
) -> tuple[Action, ...]:
    """A button for each of the latest dead letters; those of one group share one."""
    dead: dict[str, StatusChange] = {}
    for change in changes:
        receipt = receipts.get(change.sequence)
        if receipt and receipt.state is DeliveryState.DEAD:
            dead[receipt.delivery_id] = change
    return tuple(
        Action(label=say("Try again: {step}", step=step_words(change.step)), command=Redeliver(id))
        for id, change in list(dead.items())[-_SENT_AGAIN_AT_MOST:]
    )


def preview_card(
    subscription: Subscription,
    *,
    command: Subscribe,
    changes: Sequence[StatusChange],
    naming: Naming,
) -> Card:
    """What the last 7 days would have sent. `changes` are all that were recorded; `command`
    subscribes."""
    matching = [
        c
        for c in changes
        if matches(subscription.target, c.job) and subscription.event_filter.admits(c.step)
    ]
    is_card = subscription.delivery_mode is DeliveryMode.CARD
    sentence = _edits(len(matching)) if is_card else _posts(len(matching))
    target = target_words(subscription.target, naming)
    events = event_filter_words(subscription.event_filter.text)
    wanted = say("{target}: {events}.", target=target, events=events)
    lines: list[Line] = [(Strong(sentence),), (wanted,)]
    lines += [
        (moment(c), "  ", Strong(job_words(c.job)), "  ", step_words(c.step))
        for c in matching[-_EXAMPLES:]
    ]
    note = say("Only followed jobs are recorded, so there may have been more.")
    return Card(
        summary=sentences(sentence, wanted, note),
        lines=tuple(lines),
        notes=((note,),),
        controls=_preview_controls(command),
    )


def moment(change: StatusChange) -> Moment:
    """When it was seen."""
    return Moment(change.seen_at, TimeStyle.DAY_AND_CLOCK)


def _posts(count: int) -> Text:
    return say_many(
        "In the last 7 days I would have posted {count} message.",
        "In the last 7 days I would have posted {count} messages.",
        count,
    )


def _edits(count: int) -> Text:
    return say_many(
        "In the last 7 days I would have edited a card {count} time.",
        "In the last 7 days I would have edited a card {count} times.",
        count,
    )


def _watching(here: Sequence[Subscription]) -> Text:
    if not here:
        return say("Not followed here.")
    filters = dict.fromkeys(one.event_filter.text for one in here)
    return say("Followed here: {events}.", events=all_of([*map(event_filter_words, filters)]))


def _change_sentence(
    change: StatusChange, receipt: DeliveryReceipt | None, here: Sequence[Subscription]
) -> Text:
    outcome = _why_unsent(change, here) if receipt is None else _outcome(receipt, change)
    step, seen = Code(str(step_words(change.step))), moment(change)
    before = change.last_seen_at
    if before is None:
        return say("{when}  {step}: {outcome}.", when=seen, step=step, outcome=outcome)
    # A poll sees a change late: it happened between the last read and this one.
    return say(
        "{when}  {step}: {outcome} (changed between {earlier} and {later}).",
        when=seen,
        step=step,
        outcome=outcome,
        earlier=_near(before, change.seen_at),
        later=_near(change.seen_at, change.seen_at),
    )


def _outcome(receipt: DeliveryReceipt, change: StatusChange) -> Text:
    """What became of the message."""
    match receipt.state:
        case DeliveryState.SENT if receipt.sent_at:
            span = receipt.sent_at - change.seen_at
            if span < timedelta(seconds=1):
                return say("posted at once")
            return say("posted {span} later", span=duration_words(span))
        case DeliveryState.SENT:
            return say("posted")
        case DeliveryState.WAITING:
            return _with_reason(say("waiting for its turn"), receipt)
        case DeliveryState.HELD:
            return _with_reason(say("held back"), receipt)
        case DeliveryState.UNSURE:
            return _with_reason(say("may have been posted; I check before I try again"), receipt)
        case DeliveryState.DEAD:
            return _with_reason(say("given up"), receipt)
        case _:
            assert_never(receipt.state)


def _with_reason(outcome: Text, receipt: DeliveryReceipt) -> Text:
    if not receipt.reason:
        return outcome
    return say("{outcome} ({reason})", outcome=outcome, reason=receipt.reason)


def _near(at: datetime, other: datetime) -> Moment:
    """To the second, unless it may be of another day."""
    is_near = abs(at - other) < _HALF_A_DAY
    return Moment(at, TimeStyle.TO_THE_SECOND if is_near else TimeStyle.DAY_AND_CLOCK)


def _why_unsent(change: StatusChange, here: Sequence[Subscription]) -> Text:
    wanting = [one for one in here if one.event_filter.admits(change.step)]
    if not here:
        return say("not posted here: nobody follows it")
    if not wanting:
        filters = dict.fromkeys(one.event_filter.text for one in here)
        return say("not posted here: only {events}", events=all_of([*map(only_words, filters)]))
    began = min(one.created_at for one in wanting)
    if change.seen_at < began:
        return say("not posted here: I saw it before the subscription began")
    return say(
        "not posted here: the subscription had ended with its job, or the app was not installed"
    )


def _preview_controls(command: Subscribe) -> tuple[Control, ...]:
    subscribe = Action(label=say("Subscribe"), command=command)
    if command.event_filter == Preset.FAILURES.value:
        return (subscribe,)
    failures = replace(command, event_filter=Preset.FAILURES.value)
    return (subscribe, Action(label=say("Failures only"), command=failures))
