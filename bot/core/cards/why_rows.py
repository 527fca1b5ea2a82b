"""The rows of a why card: what was seen of a job, and what became of each delivery."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.cards.calm_words import hold_words
from bot.core.cards.change_words import step_words
from bot.core.cards.guard import notice_words
from bot.core.cards.subscription_words import only_words
from bot.core.cards.wording import duration_words
from bot.core.change import StatusChange
from bot.core.delivery_report import DeliveryReceipt, DeliveryState
from bot.core.reasons import reason_words
from bot.core.subscription import Subscription
from bot.core.text import Text, Words, all_of, say

SHOWN_AT_MOST = 15
_A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyRow:
    """Something that was seen of a job, and what became of its delivery."""

    at: datetime
    what: Text
    fate: Words
    receipt: DeliveryReceipt | None
    #: None for a guard notice.
    change: StatusChange | None = None


def recent_rows(
    changes: Sequence[StatusChange],
    receipts: Sequence[DeliveryReceipt],
    here: Sequence[Subscription],
) -> list[WhyRow]:
    """The changes and the guard notices, newest first."""
    by_sequence = {receipt.change.sequence: receipt for receipt in receipts if receipt.change}
    rows = [_row(one, by_sequence.get(one.sequence), here) for one in reversed(changes)]
    rows += [
        WhyRow(
            at=receipt.ordered_at,
            what=notice_words(receipt.guard),
            fate=_became(receipt, receipt.ordered_at),
            receipt=receipt,
        )
        for receipt in receipts
        if receipt.guard and receipt.ordered_at
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:SHOWN_AT_MOST]


def _row(
    change: StatusChange, receipt: DeliveryReceipt | None, here: Sequence[Subscription]
) -> WhyRow:
    what = step_words(change.step)
    return WhyRow(
        at=change.seen_at,
        what=what,
        fate=fate(change, receipt, here),
        receipt=receipt,
        change=change,
    )


def fate(
    change: StatusChange, receipt: DeliveryReceipt | None, here: Sequence[Subscription]
) -> Words:
    """What became of a change in this place."""
    if receipt is None:
        return say("not posted here: {reason}", reason=_why_unposted(change, here))
    return _became(receipt, change.seen_at)


def _became(receipt: DeliveryReceipt, since: datetime) -> Words:
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
    if receipt.hold:
        return say("{state}: {reason}", state=held, reason=hold_words(receipt.hold))
    if not receipt.reason:
        return held
    kept = receipt.reason
    reason = reason_words(kept) if isinstance(kept, str) else kept
    return say("{state}: {reason}", state=held, reason=reason)


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
