"""The rows of a `why` card: what was seen of a job, and the outcome of each delivery."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.cards.card import Moment, TimeStyle, day_and_clock
from bot.core.cards.changes.guard import notice_words
from bot.core.cards.wording import duration_words
from bot.core.cards.words.change_words import step_words
from bot.core.cards.words.hold_words import hold_words, last_of
from bot.core.cards.words.subscription_words import only_words
from bot.core.care import GuardKind
from bot.core.change import StatusChange
from bot.core.delivery_report import DeliveryReceipt, DeliveryState, Overtaken
from bot.core.hold import Hold, HoldReason
from bot.core.reasons import reason_words
from bot.core.subscription import Subscription
from bot.core.text import Text, Words, all_of, say

_A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyRow:
    """One change or guard notice of a job, and the outcome of its delivery."""

    at: datetime
    what: Text
    outcome: Words
    receipt: DeliveryReceipt | None
    #: None for a guard notice.
    change: StatusChange | None = None

    @property
    def has_no_delivery(self) -> bool:
        """Return True for a change without a delivery."""
        return self.change is not None and self.receipt is None


def recent_rows(
    changes: Sequence[StatusChange],
    receipts: Sequence[DeliveryReceipt],
    here: Sequence[Subscription],
    *,
    waits_for: Words = "",
) -> list[WhyRow]:
    """Return all changes and guard notices, newest first. The card says above the rows what most
    of them wait for (`waits_for`), so that the rows need not."""
    by_sequence = {receipt.change.sequence: receipt for receipt in receipts if receipt.change}
    rows = [_row(one, by_sequence.get(one.sequence), here, waits_for) for one in reversed(changes)]
    rows += [
        WhyRow(
            at=receipt.ordered_at,
            what=notice_words(receipt.guard),
            outcome=_became(receipt, receipt.ordered_at, waits_for),
            receipt=receipt,
        )
        for receipt in receipts
        if receipt.guard and receipt.ordered_at
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def folded(rows: Sequence[WhyRow]) -> list[Sequence[WhyRow]]:
    """Group neighbouring changes that were not posted for the same reason, so that the posted ones
    stand out; the order stays."""
    stretches: list[list[WhyRow]] = []
    for row in rows:
        if stretches and _belongs_to(stretches[-1][-1], row):
            stretches[-1].append(row)
        else:
            stretches.append([row])
    return list(stretches)


def _belongs_to(before: WhyRow, row: WhyRow) -> bool:
    return before.has_no_delivery and row.has_no_delivery and before.outcome == row.outcome


def _row(
    change: StatusChange,
    receipt: DeliveryReceipt | None,
    here: Sequence[Subscription],
    waits_for: Words,
) -> WhyRow:
    what = step_words(change.step)
    return WhyRow(
        at=change.seen_at,
        what=what,
        outcome=outcome_words(change, receipt, here, waits_for=waits_for),
        receipt=receipt,
        change=change,
    )


def awaited(receipts: Sequence[DeliveryReceipt], holds: Sequence[Hold] = ()) -> Words:
    """Return what the deliveries of a place wait for: the hold that ends last, or without `holds`
    the reason of the latest delivery that is held; empty if nothing waits."""
    if last := last_of(holds):
        return hold_words(last)
    held = [_reason(one) for one in receipts if one.state is DeliveryState.HELD]
    return next((reason for reason in reversed(held) if reason), "")


def outcome_words(
    change: StatusChange,
    receipt: DeliveryReceipt | None,
    here: Sequence[Subscription],
    *,
    waits_for: Words = "",
) -> Words:
    """Return what became of a change in this place, or why it was not posted. The reason of a hold
    is left out if it is the one that the place `waits_for`."""
    if receipt is None:
        return say("not posted here: {reason}", reason=_why_unposted(change, here))
    return _became(receipt, change.seen_at, waits_for)


def _became(receipt: DeliveryReceipt, since: datetime, waits_for: Words) -> Words:
    """Return what became of a delivery in this place; its change or notice was seen at `since`."""
    match receipt.state:
        case DeliveryState.SENT:
            return _posted(receipt, since)
        case DeliveryState.OVERTAKEN:
            return _overtaken(receipt)
        case DeliveryState.HELD:
            state = say("held back")
        case DeliveryState.DEAD:
            state, waits_for = say("given up"), ""
        case other:
            return _UNPOSTED[other]
    reason = _reason(receipt)
    if not reason or reason == waits_for:
        return state
    return say("{state}: {reason}", state=state, reason=reason)


def _reason(receipt: DeliveryReceipt) -> Words:
    """Return why a delivery is held or was given up; empty if no reason is recorded."""
    if receipt.hold:
        return _held_words(receipt, receipt.hold)
    kept = receipt.reason
    return reason_words(kept) if kept and isinstance(kept, str) else kept


_UNPOSTED: Mapping[DeliveryState, Text] = {
    DeliveryState.WAITING: say("waiting to be posted"),
    DeliveryState.UNSURE: say("may have been posted; I check Slack before I post it again"),
}


def _overtaken(receipt: DeliveryReceipt) -> Text:
    if receipt.reason == Overtaken.UNFOLLOWED.value:
        return say("not posted: nobody followed it here any more")
    if receipt.guard and receipt.guard.kind is GuardKind.STUCK:
        return say("not posted: that wait was over before")
    return say("not posted: that run was over before")


def _held_words(receipt: DeliveryReceipt, hold: Hold) -> Words:
    if receipt.guard and hold.reason is HoldReason.DIGEST and hold.until:
        time = day_and_clock(hold.until)
        return say("it waits until the digest {time}, and comes as a message of its own", time=time)
    return hold_words(hold)


def _posted(receipt: DeliveryReceipt, since: datetime) -> Text:
    if receipt.sent_at is None:
        return say("posted")
    if receipt.held_by in _HELD:
        return _HELD[receipt.held_by](Moment(receipt.sent_at, TimeStyle.DAY_AND_CLOCK))
    span = receipt.sent_at - since
    if span < _A_SECOND:
        return say("posted at once")
    return say("posted {span} later", span=duration_words(span))


_HELD: Mapping[HoldReason | None, Callable[[Moment], Text]] = {
    HoldReason.SNOOZED: lambda at: say("held by a snooze, posted {time}", time=at),
    HoldReason.QUIET: lambda at: say("held by quiet hours, posted {time}", time=at),
    HoldReason.QUIET_BUT_FAILURES: lambda at: say("held by quiet hours, posted {time}", time=at),
    HoldReason.DIGEST: lambda at: say("held until the digest, posted {time}", time=at),
    HoldReason.REFUSED: lambda at: say("held until Slack let me post here, {time}", time=at),
    HoldReason.FROZEN: lambda at: say("held until Slack accepted my token, {time}", time=at),
}


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
