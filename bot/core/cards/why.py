"""Cards from the history: what became of each change, and what a subscription would have sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

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
from bot.core.cards.change_words import step_words
from bot.core.cards.job_lines import DOT
from bot.core.cards.standing import Standing, next_look, nothing_yet, state_now
from bot.core.cards.subscription_words import (
    Naming,
    event_filter_words,
    is_direct,
    target_words,
)
from bot.core.cards.why_rows import WhyRow, recent_rows
from bot.core.cards.wording import job_words
from bot.core.change import StatusChange
from bot.core.commands.job_reference import JobById
from bot.core.commands.redeliver import Redeliver
from bot.core.commands.show import Show
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.commands.why import Why
from bot.core.delivery_report import DeliveryReceipt, DeliveryState
from bot.core.hold import Hold
from bot.core.job import JobId
from bot.core.subscription import (
    DeliveryMode,
    JobTarget,
    Place,
    Preset,
    Subscription,
    matches,
)
from bot.core.text import Text, all_of, say, say_many, sentences

_HALF_A_DAY = timedelta(hours=12)
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
    standing: Standing | None = None,
    holds: Sequence[Hold] = (),
) -> Card:
    """How a job stands, and its latest changes, newest first: for each, its delivery to this
    place, or why there is none; with `command.details` the exact times."""
    recent = recent_rows(changes, receipts, here)
    live = [one for one in here if is_live(one)]
    follows = _follows(live, place)
    lines: list[Line] = [(Strong(target_words(JobTarget(job_id), naming)), DOT, follows)]
    quiet_since = nothing_yet(here, recent[0].at if recent else None)
    told = [
        state_now(standing) if standing else "",
        sentences(quiet_since, next_look(standing, here, holds)),
    ]
    lines += [(one,) for one in told if one]
    for one in recent:
        at = Moment(one.at, TimeStyle.DAY_AND_CLOCK)
        lines.append((at, "  ", one.what, DOT, one.fate))
        told.append(say("{time}: {step}, {fate}.", time=at, step=one.what, fate=one.fate))
        if command.details and one.change:
            exact = _exact_times(one.change, one.receipt)
            lines.append(("      ", exact))
            told.append(exact)
    if not recent and not quiet_since:
        nothing = say("No change of it was seen in the last 7 days.")
        lines.append((nothing,))
        told.append(nothing)
    return Card(
        subject=say("Why"),
        summary=sentences(
            say("{job}: {follows}", job=target_words(JobTarget(job_id), naming), follows=follows),
            *told,
        ),
        lines=tuple(lines),
        controls=_controls(command, job_id, again=_sending_again(recent), is_followed=bool(live)),
    )


def _controls(
    command: Why, job_id: JobId, *, again: tuple[Action, ...], is_followed: bool
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
        Action(
            label=say("Less") if command.details else say("Exact times"),
            command=other,
            renews_card=True,
        ),
        Action(label=say("Show job"), command=Show(job)),
        Action(label=say("Refresh"), command=command, renews_card=True),
    )


def _sending_again(recent: Sequence[WhyRow]) -> tuple[Action, ...]:
    """A button for each of the latest dead letters; those of one group share one."""
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
    """What the last 7 days would have sent. `changes` are all that were recorded; `command`
    subscribes."""
    matching = [
        c
        for c in changes
        if matches(subscription.target, c.job) and subscription.event_filter.admits(c.step)
    ]
    sentence = _preview_sentence(len(matching), subscription.delivery_mode)
    target = say(
        "It would follow {target}: {changes}.",
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
    """When it was seen."""
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
    words = dict.fromkeys(event_filter_words(one.event_filter.text) for one in here)
    changes = all_of(list(words))
    if is_direct(place):
        return say("You get {changes}.", changes=changes) if here else say("You do not follow it.")
    channel = Channel(place.channel_id)
    if not here:
        return say("{channel} does not follow it.", channel=channel)
    return say("{channel} gets {changes}.", channel=channel, changes=changes)


def _exact_times(change: StatusChange, receipt: DeliveryReceipt | None) -> Text:
    """A poll sees a change late: it happened between the last read and this one."""
    seen = change.seen_at
    start, end = _near(change.last_seen_at or seen, seen), _near(seen, seen)
    posted = _near(receipt.sent_at, seen) if receipt and receipt.sent_at else None
    if posted is None:
        return say("Changed between {start} and {end}.", start=start, end=end)
    return say(
        "Changed between {start} and {end}, posted at {posted}.",
        start=start,
        end=end,
        posted=posted,
    )


def _near(at: datetime, other: datetime) -> Moment:
    """To the second, unless it may be of another day."""
    is_near = abs(at - other) < _HALF_A_DAY
    return Moment(at, TimeStyle.TO_THE_SECOND if is_near else TimeStyle.DAY_AND_CLOCK)


def _preview_controls(command: Subscribe, shown: Subscription) -> tuple[Control, ...]:
    """What was previewed stands out; each label says what it subscribes to."""
    events = shown.event_filter.text
    label = _SUBSCRIBE_TO.get(events, say("Subscribe to these changes"))
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
