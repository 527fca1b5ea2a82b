"""The outbox check of `status`: late, given up, held, or well."""

from datetime import datetime, timedelta

import pytest

from bot.core.delivery_report import OVERDUE_AFTER, OutboxCounts
from bot.core.health import Verdict
from bot.responder.outbox_health import outbox_check
from tests.make import NOW

SOON = OVERDUE_AFTER - timedelta(seconds=1)
LATE = OVERDUE_AFTER + timedelta(minutes=1)


def waiting(
    free: timedelta | None = None, *, held: int = 0, dead: int = 0, shut: tuple[str, ...] = ()
) -> OutboxCounts:
    """Return the counts of an outbox with two open messages, the oldest of which is an hour old."""
    return OutboxCounts(
        open=2,
        held=held,
        dead=dead,
        oldest_open=timedelta(hours=1),
        oldest_free=free,
        shut=shut,
    )


NOTHING = OutboxCounts(open=0, held=0, dead=0, oldest_open=None)
SINCE = "calls to Slack have failed since"

CASES: list[tuple[str, OutboxCounts, datetime | None, Verdict, str, str]] = [
    ("Nothing waits.", NOTHING, None, Verdict.OK, "no message is waiting", ""),
    ("Nothing waits while Slack is away.", NOTHING, NOW, Verdict.OK, "no message is waiting", ""),
    ("It waits for a moment.", waiting(SOON), None, Verdict.OK, "2 messages waiting", ""),
    (
        "People hold it for long.",
        waiting(held=2),
        None,
        Verdict.OK,
        "2 messages waiting, all of them held back",
        "",
    ),
    ("Some is held.", waiting(SOON, held=1), None, Verdict.OK, "the oldest for 1 h, 1 held", ""),
    ("It waits, and Slack fails.", waiting(SOON), NOW, Verdict.WARNING, SINCE, "by myself"),
    (
        "It is late.",
        waiting(LATE),
        None,
        Verdict.FAILED,
        "for 6 min, and nothing holds it back",
        "`visjob doctor`",
    ),
    ("It is late by Slack.", waiting(LATE), NOW, Verdict.FAILED, SINCE, "nothing is lost"),
    (
        "Late is worse than dead.",
        waiting(LATE, dead=1),
        None,
        Verdict.FAILED,
        "nothing holds it back",
        "whoever runs me",
    ),
    ("One was given up.", waiting(dead=1), None, Verdict.WARNING, "1 undelivered", "see why"),
    ("We are shut out.", waiting(held=2, shut=("C1",)), None, Verdict.WARNING, "let me", "invite"),
]


@pytest.mark.parametrize(("what", "counts", "since", "verdict", "found", "cure"), CASES)
def test_the_outbox_is_well_or_says_what_to_do(
    what: str,
    counts: OutboxCounts,
    since: datetime | None,
    verdict: Verdict,
    found: str,
    cure: str,
) -> None:
    check = outbox_check(counts, since, named=counts.shut)

    assert check.verdict is verdict, what
    assert found in str(check.found)
    assert cure in str(check.cure)


def test_where_we_are_shut_out_a_button_tries_it_again() -> None:
    check = outbox_check(waiting(held=2, shut=("C1",)), None, named=("C1",))

    assert check.more is not None
    assert check.more[1] == "redeliver all"
