"""Cards from the history: what became of each change, and what a subscription would have sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.cards.card import Action, Card, Code, Control, Line, Moment, Strong, TimeStyle
from bot.core.cards.change_words import step_words
from bot.core.cards.job_actions import Following, JobCard, job_actions
from bot.core.cards.subscription_words import (
    Naming,
    event_filter_words,
    line_words,
    only_words,
    target_words,
)
from bot.core.cards.wording import count_words
from bot.core.change import StatusChange
from bot.core.commands.job_reference import JobById
from bot.core.commands.redeliver import Redeliver
from bot.core.commands.subscribe import Subscribe
from bot.core.delivery import DeliveryReceipt, DeliveryState
from bot.core.job import JobId
from bot.core.subscription import DeliveryMode, JobTarget, Preset, Subscription, matches

_SHOWN_AT_MOST = 15
_HALF_A_DAY = timedelta(hours=12)
_EXAMPLES = 5
_SENT_AGAIN_AT_MOST = 2

_STATES = {
    DeliveryState.WAITING: "waits for its turn",
    DeliveryState.HELD: "held back",
    DeliveryState.UNSURE: "may have been sent; I am looking before I send it again",
    DeliveryState.SENT: "sent",
    DeliveryState.DEAD: "given up",
}


def why_card(
    job_id: JobId,
    *,
    changes: Sequence[StatusChange],
    receipts: Sequence[DeliveryReceipt],
    here: Sequence[Subscription],
    naming: Naming,
) -> Card:
    """The latest changes of a job: for each, its delivery to this place, or why there is none."""
    by_sequence = {receipt.change.sequence: receipt for receipt in receipts if receipt.change}
    recent = list(changes)[-_SHOWN_AT_MOST:]
    lines: list[Line] = [(Strong(target_words(JobTarget(job_id), naming)), "  ", _watching(here))]
    lines += [_change_line(change, by_sequence.get(change.sequence), here) for change in recent]
    if not recent:
        lines.append(("No change of it was seen in the last 7 days.",))
    following = Following.YES if here else Following.NO
    words = "".join(f" {line_words(line).rstrip('. ')}." for line in lines[1:])
    return Card(
        summary=f"{target_words(JobTarget(job_id), naming)}: {_watching(here)}{words}",
        lines=tuple(lines),
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
        Action(label=f"Send again: {step_words(change.step)}", command=Redeliver(id))
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
    noun = "edit of a card" if subscription.delivery_mode is DeliveryMode.CARD else "message"
    count = count_words(len(matching), noun) if noun == "message" else _edits(len(matching))
    sentence = f"In the last 7 days this would have sent {count}."
    lines: list[Line] = [(Strong(sentence),), (_subscription_words(subscription, naming),)]
    lines += [
        (moment(c), f"  {c.job.name or c.job.id}: {step_words(c.step)}")
        for c in matching[-_EXAMPLES:]
    ]
    note = "Only what was watched by somebody is recorded: it may have been more."
    return Card(
        summary=f"{sentence} {_subscription_words(subscription, naming)} {note}",
        lines=tuple(lines),
        notes=((note,),),
        controls=_preview_controls(command),
    )


def moment(change: StatusChange) -> Moment:
    """When it was seen."""
    return Moment(change.seen_at, TimeStyle.DAY_AND_CLOCK)


def _edits(count: int) -> str:
    return "1 edit of a card" if count == 1 else f"{count} edits of a card"


def _subscription_words(subscription: Subscription, naming: Naming) -> str:
    filter_words = event_filter_words(subscription.event_filter.text)
    return f"{target_words(subscription.target, naming)}: {filter_words}."


def _watching(here: Sequence[Subscription]) -> str:
    if not here:
        return "This place is not subscribed to it."
    words = dict.fromkeys(event_filter_words(one.event_filter.text) for one in here)
    return f"This place is told of {' and of '.join(words)}."


def _change_line(
    change: StatusChange, receipt: DeliveryReceipt | None, here: Sequence[Subscription]
) -> Line:
    seen: Line = (moment(change), "  ", Code(step_words(change.step)), ": ")
    if receipt is None:
        return (*seen, f"not posted here: {_why_unposted(change, here)}")
    reason = f" ({receipt.reason})" if receipt.reason else ""
    sent: Line = (" ", _near(receipt.sent_at, change.seen_at)) if receipt.sent_at else ()
    return (*seen, _STATES[receipt.state] + reason, *sent, *_span_of(change))


def _span_of(change: StatusChange) -> Line:
    """A poll sees a change late: it happened between the last read and this one."""
    before = change.last_seen_at
    if before is None:
        return ()
    between = (_near(before, change.seen_at), " and ", _near(change.seen_at, change.seen_at))
    return (" (changed between ", *between, ")")


def _near(at: datetime, other: datetime) -> Moment:
    """To the second, unless it may be of another day."""
    is_near = abs(at - other) < _HALF_A_DAY
    return Moment(at, TimeStyle.TO_THE_SECOND if is_near else TimeStyle.DAY_AND_CLOCK)


def _why_unposted(change: StatusChange, here: Sequence[Subscription]) -> str:
    wanting = [one for one in here if one.event_filter.admits(change.step)]
    if here and not wanting:
        words = dict.fromkeys(only_words(one.event_filter.text) for one in here)
        return f"only {' and '.join(words)}"
    if not wanting:
        return _UNFOLLOWED
    began = min(one.created_at for one in wanting)
    return _BEFORE if change.seen_at < began else _AWAY


_BEFORE = "it was seen before the subscription began"
_AWAY = "the subscription had ended with its job, or the app was not installed then"
_UNFOLLOWED = "nobody follows it here"


def _preview_controls(command: Subscribe) -> tuple[Control, ...]:
    subscribe = Action(label="Subscribe", command=command)
    if command.event_filter == Preset.FAILURES.value:
        return (subscribe,)
    failures = replace(command, event_filter=Preset.FAILURES.value)
    return (subscribe, Action(label="Failures only", command=failures))
