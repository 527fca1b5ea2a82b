"""What became of a delivery, in the words of `why`: what people held is not called late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.cards.why.why_rows import recent_rows
from bot.core.care import GuardKind
from bot.core.delivery import DeliveryKind, GuardFacts
from bot.core.delivery_report import DeliveryReceipt, DeliveryState, Overtaken
from bot.core.hold import Hold, HoldReason, HoldScope
from tests.make import NOW, TEAM, a_change
from tests.watch_fakes import HERE

HOUR = timedelta(hours=1)
REMINDER = DeliveryReceipt(
    kind=DeliveryKind.GUARD,
    state=DeliveryState.WAITING,
    change=None,
    sent_at=None,
    guard=GuardFacts(kind=GuardKind.COST, hours=48, length=48 * HOUR),
    ordered_at=NOW - 23 * HOUR,
)
CHANGE = DeliveryReceipt(
    kind=DeliveryKind.CHANGE,
    state=DeliveryState.WAITING,
    change=replace(a_change(7, 8), seen_at=NOW - 23 * HOUR),
    sent_at=None,
)


def held(one: DeliveryReceipt, reason: HoldReason) -> DeliveryReceipt:
    """It waits, for six hours still."""
    scope = HoldScope(team_id=TEAM, channel_id=HERE.channel_id)
    hold = Hold(scope=scope, reason=reason, words="", since=NOW - HOUR, until=NOW + 6 * HOUR)
    return replace(one, state=DeliveryState.HELD, hold=hold)


def sent(one: DeliveryReceipt, reason: HoldReason | None = None) -> DeliveryReceipt:
    """It was posted now; this had held it."""
    return replace(one, state=DeliveryState.SENT, sent_at=NOW, held_by=reason)


def overtaken(one: DeliveryReceipt, why: Overtaken) -> DeliveryReceipt:
    """It told nobody anything any more."""
    return replace(one, state=DeliveryState.OVERTAKEN, reason=why.value)


STUCK = GuardFacts(kind=GuardKind.STUCK, hours=0, length=HOUR / 3)
FATES: dict[str, tuple[DeliveryReceipt, str]] = {
    "a change waits for a digest": (
        held(CHANGE, HoldReason.DIGEST),
        "held back: the next digest comes 2026-03-24 20:17 UTC",
    ),
    "a reminder waits for the same time": (
        held(REMINDER, HoldReason.DIGEST),
        "held back: it waits until the digest 2026-03-24 20:17 UTC, and comes as a message of its"
        " own",
    ),
    "a reminder waits for the end of quiet hours": (
        held(REMINDER, HoldReason.QUIET),
        "held back: quiet hours until 2026-03-24 20:17 UTC",
    ),
    "the run of a reminder ended while it was held": (
        overtaken(REMINDER, Overtaken.OVER),
        "not posted: that run was over before",
    ),
    "a job ran before anybody could hear that it was stuck": (
        overtaken(replace(REMINDER, guard=STUCK), Overtaken.OVER),
        "not posted: that wait was over before",
    ),
    "the place unsubscribed while a reminder was held": (
        overtaken(REMINDER, Overtaken.UNFOLLOWED),
        "not posted: nobody followed it here any more",
    ),
    "nothing held it": (sent(CHANGE), "posted 23 h later"),
    "a digest held it": (
        sent(CHANGE, HoldReason.DIGEST),
        "held until the digest, posted 2026-03-24 14:17 UTC",
    ),
    "a digest held a reminder": (
        sent(REMINDER, HoldReason.DIGEST),
        "held until the digest, posted 2026-03-24 14:17 UTC",
    ),
    "quiet hours held it": (
        sent(REMINDER, HoldReason.QUIET),
        "held by quiet hours, posted 2026-03-24 14:17 UTC",
    ),
    "quiet hours for all but failures held it": (
        sent(CHANGE, HoldReason.QUIET_BUT_FAILURES),
        "held by quiet hours, posted 2026-03-24 14:17 UTC",
    ),
    "a snooze held it": (
        sent(CHANGE, HoldReason.SNOOZED),
        "held by a snooze, posted 2026-03-24 14:17 UTC",
    ),
    "the channel had no invitation": (
        sent(CHANGE, HoldReason.REFUSED),
        "held until Slack let me post here, 2026-03-24 14:17 UTC",
    ),
    "what only a later version knows held it": (
        sent(CHANGE, HoldReason.OTHER),
        "posted 23 h later",
    ),
}


@pytest.mark.parametrize(("receipt", "words"), FATES.values(), ids=FATES)
def test_what_became_of_a_delivery(receipt: DeliveryReceipt, words: str) -> None:
    changes = [receipt.change] if receipt.change else []

    [row] = recent_rows(changes, [receipt], here=[])

    assert str(row.outcome).replace("\u00a0", " ") == words
