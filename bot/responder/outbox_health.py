"""The check of the outbox that `status` shows. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.cards.card import Channel, Moment, TimeStyle
from bot.core.cards.wording import duration_words
from bot.core.delivery_report import OVERDUE_AFTER, OutboxCounts
from bot.core.health import Check, Verdict
from bot.core.text import Value, Words, all_of, enumeration, say, say_many

OUTBOX = say("outbox")


def outbox_check(
    counts: OutboxCounts, slack_failing_since: datetime | None, *, named: Sequence[str]
) -> Check:
    """Return the check of the outbox: FAILED if a delivery is late, else a warning for dead
    letters, and for refusals by Slack. Of the shut channels it names only those in `named`."""
    found = _waiting(counts)
    if counts.refusal:
        found = say("{found}; {reason}", found=found, reason=counts.refusal)
    if (counts.oldest_free or timedelta(0)) > OVERDUE_AFTER:
        return _late(counts, found, slack_failing_since)
    if counts.dead:
        return Check(
            name=OUTBOX,
            verdict=Verdict.WARNING,
            found=found,
            cure=say("see why, then try them again"),
            more=(say("Undelivered messages"), "status letters"),
        )
    if counts.refusal:
        return Check(name=OUTBOX, verdict=Verdict.WARNING, found=found, cure=_GOES_ON)
    if slack_failing_since and counts.open:
        return Check(
            name=OUTBOX,
            verdict=Verdict.WARNING,
            found=_with_failure(found, slack_failing_since),
            cure=_GOES_ON,
        )
    if counts.shut:
        return _shut_out(counts, found, named)
    return Check(name=OUTBOX, verdict=Verdict.OK, found=found)


_GOES_ON = say(
    "nothing is lost: I try again by myself; whoever runs me sees why in `visjob doctor`"
)


def _late(counts: OutboxCounts, found: Words, slack_failing_since: datetime | None) -> Check:
    span = duration_words(counts.oldest_free or timedelta(0))
    late: Words = (
        say("{found}; one of them has waited for {span}", found=found, span=span)
        if counts.refusal
        else say(
            "{found}; one of them has waited for {span}, and nothing holds it back",
            found=found,
            span=span,
        )
    )
    if slack_failing_since:
        late = _with_failure(late, slack_failing_since)
    return Check(name=OUTBOX, verdict=Verdict.FAILED, found=late, cure=_GOES_ON)


def _with_failure(found: Words, since: datetime) -> Words:
    when = Moment(since, TimeStyle.DAY_AND_CLOCK)
    return say("{found}; calls to Slack have failed since {when}", found=found, when=when)


def _shut_out(counts: OutboxCounts, found: Words, named: Sequence[str]) -> Check:
    places: list[Value] = [Channel(one) for one in named]
    if unseen := len(counts.shut) - len(named):
        places.append(
            say_many(
                "{count} channel that you can't see", "{count} channels that you can't see", unseen
            )
        )
    return Check(
        name=OUTBOX,
        verdict=Verdict.WARNING,
        found=say(
            "{found}; Slack does not let me post in {channels}",
            found=found,
            channels=all_of(places),
        ),
        cure=say("invite me there, or unsubscribe there")
        if named
        else say("somebody there can invite me, or unsubscribe there"),
        more=(say("Try again"), "redeliver all"),
    )


def _waiting(counts: OutboxCounts) -> Words:
    if not counts.open and not counts.dead:
        return say("no message is waiting")
    parts = _all_held(counts) if counts.open == counts.held else _partly_free(counts)
    if counts.dead:
        parts.append(
            say_many("{count} undelivered message", "{count} undelivered messages", counts.dead)
        )
    return enumeration(parts)


def _all_held(counts: OutboxCounts) -> list[Words]:
    """Say how many are held, without their age: a hold makes them wait on purpose."""
    if not counts.open:
        return []
    return [
        say_many(
            "{count} message waiting, held back",
            "{count} messages waiting, all of them held back",
            counts.open,
        )
    ]


def _partly_free(counts: OutboxCounts) -> list[Words]:
    parts: list[Words] = [
        say_many("{count} message waiting", "{count} messages waiting", counts.open)
    ]
    if counts.oldest_open is not None:
        parts.append(say("the oldest for {span}", span=duration_words(counts.oldest_open)))
    if counts.held:
        parts.append(say_many("{count} held back", "{count} held back", counts.held))
    return parts
