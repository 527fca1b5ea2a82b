"""Cards from the history: what became of each change, and what a subscription would have sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.cards.button_row import button_row
from bot.core.cards.card import (
    Action,
    Card,
    Channel,
    Control,
    Line,
    Moment,
    Strong,
    TimeStyle,
)
from bot.core.cards.change_words import step_words
from bot.core.cards.guard import notice_words
from bot.core.cards.job_lines import DOT
from bot.core.cards.subscription_words import (
    Naming,
    event_filter_words,
    is_direct,
    only_words,
    target_words,
)
from bot.core.cards.wording import duration_words, job_words
from bot.core.change import StatusChange
from bot.core.commands.job_reference import JobById
from bot.core.commands.redeliver import Redeliver
from bot.core.commands.show import Show
from bot.core.commands.subscribe import Subscribe
from bot.core.commands.unsubscribe import Unsubscribe
from bot.core.commands.why import Why
from bot.core.delivery_report import DeliveryReceipt, DeliveryState
from bot.core.job import JobId
from bot.core.subscription import (
    DeliveryMode,
    JobTarget,
    Place,
    Preset,
    Subscription,
    matches,
)
from bot.core.text import Text, Words, all_of, say, say_many, sentences

_SHOWN_AT_MOST = 15
_HALF_A_DAY = timedelta(hours=12)
_A_SECOND = timedelta(seconds=1)
_EXAMPLES = 5
_SENT_AGAIN_AT_MOST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """Something of the job, and what became of its delivery."""

    at: datetime
    what: Text
    fate: Words
    receipt: DeliveryReceipt | None
    #: None for a guard notice.
    change: StatusChange | None = None


def why_card(
    command: Why,
    job_id: JobId,
    *,
    changes: Sequence[StatusChange],
    receipts: Sequence[DeliveryReceipt],
    here: Sequence[Subscription],
    place: Place,
    naming: Naming,
) -> Card:
    """The latest changes of a job, newest first: for each, its delivery to this place, or why
    there is none; with `command.details` the exact times."""
    recent = _recent(changes, receipts, here)
    follows = _follows(here, place)
    lines: list[Line] = [(Strong(target_words(JobTarget(job_id), naming)), DOT, follows)]
    told: list[Words] = []
    for one in recent:
        at = Moment(one.at, TimeStyle.DAY_AND_CLOCK)
        lines.append((at, "  ", one.what, DOT, one.fate))
        told.append(say("{time}: {step}, {fate}.", time=at, step=one.what, fate=one.fate))
        if command.details and one.change:
            exact = _exact_times(one.change, one.receipt)
            lines.append(("      ", exact))
            told.append(exact)
    if not recent:
        nothing = say("No change of it was seen in the last 7 days.")
        lines.append((nothing,))
        told.append(nothing)
    return Card(
        summary=sentences(
            say("{job}: {follows}", job=target_words(JobTarget(job_id), naming), follows=follows),
            *told,
        ),
        lines=tuple(lines),
        controls=_controls(command, job_id, again=_sending_again(recent), is_followed=bool(here)),
    )


def _recent(
    changes: Sequence[StatusChange],
    receipts: Sequence[DeliveryReceipt],
    here: Sequence[Subscription],
) -> list[_Row]:
    """The changes and the guard notices, newest first."""
    by_sequence = {receipt.change.sequence: receipt for receipt in receipts if receipt.change}
    rows = [_row(one, by_sequence.get(one.sequence), here) for one in reversed(changes)]
    rows += [
        _Row(
            at=receipt.ordered_at,
            what=notice_words(receipt.guard),
            fate=_fate(receipt, receipt.ordered_at),
            receipt=receipt,
        )
        for receipt in receipts
        if receipt.guard and receipt.ordered_at
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:_SHOWN_AT_MOST]


def _row(
    change: StatusChange, receipt: DeliveryReceipt | None, here: Sequence[Subscription]
) -> _Row:
    fate: Words
    if receipt is None:
        fate = say("not posted here: {reason}", reason=_why_unposted(change, here))
    else:
        fate = _fate(receipt, change.seen_at)
    what = step_words(change.step)
    return _Row(at=change.seen_at, what=what, fate=fate, receipt=receipt, change=change)


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


def _sending_again(recent: Sequence[_Row]) -> tuple[Action, ...]:
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
        "{target}: {changes}.",
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
        summary=sentences(sentence, target, note),
        lines=tuple(lines),
        notes=((note,),),
        controls=_preview_controls(command),
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


def _fate(receipt: DeliveryReceipt, since: datetime) -> Words:
    """What became of a delivery in this place; it tells of what was seen `since` then."""
    match receipt.state:
        case DeliveryState.SENT:
            return _posted(receipt, since)
        case DeliveryState.WAITING:
            return say("waiting to be posted")
        case DeliveryState.UNSURE:
            return say("may have been posted; I check Slack before I post it again")
        case DeliveryState.HELD:
            held = say("held back")
        case DeliveryState.DEAD:
            held = say("given up")
    return say("{state}: {reason}", state=held, reason=receipt.reason) if receipt.reason else held


def _posted(receipt: DeliveryReceipt, since: datetime) -> Text:
    if receipt.sent_at is None:
        return say("posted")
    span = receipt.sent_at - since
    if span < _A_SECOND:
        return say("posted at once")
    return say("posted {span} later", span=duration_words(span))


def _why_unposted(change: StatusChange, here: Sequence[Subscription]) -> Words:
    wanting = [one for one in here if one.event_filter.admits(change.step)]
    if here and not wanting:
        kinds = dict.fromkeys(only_words(one.event_filter.text) for one in here)
        return say("only {kinds}", kinds=all_of(list(kinds)))
    if not wanting:
        return say("nobody follows it here")
    began = min(one.created_at for one in wanting)
    if change.seen_at < began:
        return say("it was seen before the subscription began")
    return say("the subscription had ended with its job, or the app was not installed then")


def _preview_controls(command: Subscribe) -> tuple[Control, ...]:
    subscribe = Action(label=say("Subscribe"), command=command)
    if command.event_filter == Preset.FAILURES.value:
        return (subscribe,)
    failures = replace(command, event_filter=Preset.FAILURES.value)
    return (subscribe, Action(label=say("Failures only"), command=failures))
