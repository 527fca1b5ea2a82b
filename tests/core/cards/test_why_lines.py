"""A why card in lines: what was posted stands out, and the exact times say something new."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.cards.card import Action, Card, Menu
from bot.core.cards.jobs.current_state import CurrentState
from bot.core.cards.why.why import why_card
from bot.core.cards.why.why_everywhere import why_everywhere_card
from bot.core.care import JobCare, Keep
from bot.core.change import StatusChange
from bot.core.commands.targets.job_reference import JobById
from bot.core.commands.verbs.why import Why
from bot.core.delivery import DeliveryKind
from bot.core.delivery_report import DeliveryReceipt, DeliveryState
from bot.core.hold import Hold, HoldReason, HoldScope
from bot.core.job import JobId
from bot.core.subscription import EventFilter
from tests.make import ANA, NOW, TEAM, a_change, a_job, line_words
from tests.watch_fakes import HERE, a_subscription

MINUTE = timedelta(minutes=1)
_FAILURES = [
    a_subscription(event_filter=EventFilter("failures"), created_at=NOW - timedelta(days=10))
]
_ROUND = ((7, 8), (8, 9), (9, 12), (12, 7))


def quiet(*minutes: float) -> list[StatusChange]:
    """Changes that no place wants that wants failures only, so many minutes ago each."""
    return [
        replace(
            a_change(*_ROUND[number % 4], sequence=number + 1),
            seen_at=NOW - ago * MINUTE,
            last_seen_at=NOW - ago * MINUTE - timedelta(seconds=30),
        )
        for number, ago in enumerate(minutes)
    ]


def inside(ago: float, sequence: int) -> StatusChange:
    """From one status number of a queued job to another."""
    at = NOW - ago * MINUTE
    return replace(a_change(1, 7, sequence=sequence), seen_at=at)


def another_run(ago: float, sequence: int) -> StatusChange:
    """No poll saw the end of the one before."""
    at = NOW - ago * MINUTE
    return replace(a_change(8, 8, sequence=sequence), seen_at=at)


def failed(ago: float, sequence: int) -> StatusChange:
    at = NOW - ago * MINUTE
    return replace(
        a_change(8, 11, sequence=sequence), seen_at=at, last_seen_at=at - timedelta(seconds=30)
    )


def sent(change: StatusChange, after: float = 2) -> DeliveryReceipt:
    """Posted so many seconds after it was seen."""
    return DeliveryReceipt(
        kind=DeliveryKind.CHANGE,
        state=DeliveryState.SENT,
        change=change,
        sent_at=change.seen_at + timedelta(seconds=after),
    )


def card_of(
    changes: Sequence[StatusChange],
    receipts: Sequence[DeliveryReceipt] = (),
    *,
    details: bool = False,
    state: CurrentState | None = None,
    holds: Sequence[Hold] = (),
) -> Card:
    return why_card(
        Why(JobById(JobId(205)), details),
        JobId(205),
        changes=sorted(changes, key=lambda one: one.seen_at),
        receipts=receipts,
        here=_FAILURES,
        place=HERE,
        naming=lambda _id: "flowers-tb",
        state=state,
        holds=holds,
    )


def rows(card: Card) -> list[str]:
    """The lines below the job and what the place gets."""
    return said(card)[2:]


def said(card: Card) -> list[str]:
    return [line_words(line).replace("\u00a0", " ") for line in card.lines]


def labels(card: Card) -> list[str]:
    found: list[str] = []
    for one in card.controls:
        actions = one.actions if isinstance(one, Menu) else (one,)
        found += [str(each.label) for each in actions if isinstance(each, Action)]
    return found


_FAILED = failed(50, 9)
FOLDED: dict[str, tuple[list[StatusChange], list[DeliveryReceipt], list[str]]] = {
    "four that nobody wanted are one line": (
        quiet(195, 150, 120, 97),
        [],
        [
            "4 changes between 2026-03-24 11:02 UTC and 12:40 UTC  ·  not posted here: only"
            " failures",
        ],
    ),
    "one alone stays a row": (
        quiet(10),
        [],
        ["2026-03-24 14:07 UTC  Queued → Running  ·  not posted here: only failures"],
    ),
    "what was posted stands between those before and after it": (
        [*quiet(195, 150, 40, 30), _FAILED],
        [sent(_FAILED)],
        [
            "2 changes between 2026-03-24 13:37 UTC and 13:47 UTC  ·  not posted here: only"
            " failures",
            "2026-03-24 13:27 UTC  Running → Failed  ·  posted 2 s later",
            "2 changes between 2026-03-24 11:02 UTC and 11:47 UTC  ·  not posted here: only"
            " failures",
        ],
    ),
    "other reasons do not mix": (
        [*quiet(30), failed(20, 8), failed(15, 9), *quiet(2, 1)],
        [],
        [
            "2 changes between 2026-03-24 14:15 UTC and 14:16 UTC  ·  not posted here: only"
            " failures",
            "2 changes between 2026-03-24 13:57 UTC and 14:02 UTC  ·  not posted here: the"
            " subscription had ended with its job, or the app was not installed then",
            "2026-03-24 13:47 UTC  Queued → Running  ·  not posted here: only failures",
        ],
    ),
    "within one minute there is one time": (
        quiet(3.2, 3.1, 3),
        [],
        ["2026-03-24 14:13 UTC: 3 changes  ·  not posted here: only failures"],
    ),
    "moves that leave the state as it was say so": (
        [inside(3.2, 1), inside(3, 2)],
        [],
        ["2026-03-24 14:13 UTC: 2 changes within a state  ·  not posted here: only failures"],
    ),
    "so they do over a longer time": (
        [inside(90, 1), inside(30, 2), inside(20, 3)],
        [],
        [
            "3 changes within a state between 2026-03-24 12:47 UTC and 13:57 UTC  ·  not posted"
            " here: only failures",
        ],
    ),
    "one of several that changes it makes them changes": (
        [inside(40, 1), *quiet(20)],
        [],
        [
            "2 changes between 2026-03-24 13:37 UTC and 13:57 UTC  ·  not posted here: only"
            " failures",
        ],
    ),
    "another run is no move within a state": (
        [another_run(40, 1), another_run(20, 2)],
        [],
        [
            "2 changes between 2026-03-24 13:37 UTC and 13:57 UTC  ·  not posted here: only"
            " failures",
        ],
    ),
    "from one day to the next the second one has its date": (
        quiet(3000, 5),
        [],
        [
            "2 changes between 2026-03-22 12:17 UTC and 2026-03-24 14:12 UTC  ·  not posted here:"
            " only failures",
        ],
    ),
}


@pytest.mark.parametrize(("changes", "receipts", "expected"), FOLDED.values(), ids=FOLDED)
def test_changes_that_were_not_posted_are_one_line(
    changes: list[StatusChange], receipts: list[DeliveryReceipt], expected: list[str]
) -> None:
    card = card_of(changes, receipts)

    assert rows(card) == expected
    told = str(card.summary).replace("\u00a0", " ")
    assert [row for row in expected if row.partition("  ")[0] not in told] == []
    assert ("Show every change" in labels(card)) is any("changes" in row for row in expected)


def test_the_details_unfold_them() -> None:
    changes = [*quiet(195, 150, 120, 97), _FAILED]

    card = card_of(changes, [sent(_FAILED)], details=True)

    shown = [row for row in rows(card) if not row.startswith(" ")]
    assert len(shown) == len(changes)
    assert "Show less" in labels(card)


def test_a_job_that_changes_all_the_time_leaves_room_for_what_was_posted() -> None:
    """Folded before it is cut: an hour of changes does not push a failure off the card."""
    changes = [failed(500, 999), *quiet(*range(200, 100, -1))]

    card = card_of(changes, [sent(changes[0])])

    assert [row.partition("  ")[2].partition("  ·")[0] for row in rows(card)] == [
        "·  not posted here: only failures",
        "Running → Failed",
    ]


def test_what_is_left_out_is_counted() -> None:
    changes = quiet(*range(40, 0, -1))

    card = card_of(changes, details=True)

    assert rows(card)[-1] == "… and 25 more."


_UNKNOWN = replace(_FAILED, last_seen_at=None)
_RAW = replace(failed(50, 9), step=a_change(1, 7).step)
EXACT: dict[str, tuple[StatusChange, list[DeliveryReceipt], str | None]] = {
    "between two reads, and posted": (
        _FAILED,
        [sent(_FAILED)],
        "JOBSTAT_RUNNING → JOBSTAT_FAILED  ·  Changed between 13:26:35 UTC and 13:27:05 UTC,"
        " posted at 13:27:07 UTC.",
    ),
    "between two reads, and not posted": (
        _FAILED,
        [],
        "JOBSTAT_RUNNING → JOBSTAT_FAILED  ·  Changed between 13:26:35 UTC and 13:27:05 UTC.",
    ),
    "no read before": (
        _UNKNOWN,
        [sent(_UNKNOWN)],
        "JOBSTAT_RUNNING → JOBSTAT_FAILED  ·  Seen at 13:27:05 UTC, posted at 13:27:07 UTC.",
    ),
    "no read before, and posted at once": (
        _UNKNOWN,
        [sent(_UNKNOWN, after=0.2)],
        "JOBSTAT_RUNNING → JOBSTAT_FAILED",
    ),
    "a row in the vendor's words says them once": (
        _RAW,
        [],
        "Changed between 13:26:35 UTC and 13:27:05 UTC.",
    ),
    "nothing that the row does not say": (replace(_RAW, last_seen_at=None), [], None),
    "the read before is the same one": (replace(_RAW, last_seen_at=_RAW.seen_at), [], None),
}


@pytest.mark.parametrize(("change", "receipts", "expected"), EXACT.values(), ids=EXACT)
def test_the_exact_times_say_what_the_row_does_not(
    change: StatusChange, receipts: list[DeliveryReceipt], expected: str | None
) -> None:
    shown = rows(card_of([change], receipts, details=True))

    assert [row.strip() for row in shown[1:]] == ([expected] if expected else [])
    assert ("Show exact times" in labels(card_of([change], receipts))) is (expected is not None)


def test_a_terminal_folds_what_was_posted_nowhere() -> None:
    changes = [*quiet(195, 150), _FAILED, *quiet(30, 20)]
    job = a_job(205)

    card = why_everywhere_card(
        changes=changes,
        receipts={HERE: [sent(_FAILED)]},
        following={HERE: _FAILURES},
        state=CurrentState(job=job, now=NOW, interval=timedelta(seconds=30)),
    )

    assert [row for row in rows(card) if "UTC" in row] == [
        "2 changes between 2026-03-24 13:47 UTC and 13:57 UTC",
        "2026-03-24 13:27 UTC  Running → Failed",
        "2 changes between 2026-03-24 11:02 UTC and 11:47 UTC",
    ]
    assert str(card.summary).count("2 changes between") == 2


KEPT = JobCare(keep=Keep(until=NOW + timedelta(hours=4), by=ANA))


@pytest.mark.parametrize(("care", "is_said"), [(KEPT, True), (JobCare(owner=ANA), False)])
def test_a_keep_is_said_in_slack_and_in_the_terminal(care: JobCare, *, is_said: bool) -> None:
    state = CurrentState(job=a_job(205), now=NOW, interval=timedelta(seconds=30))
    cards = (
        why_card(
            Why(JobById(JobId(205))),
            JobId(205),
            changes=[],
            receipts=[],
            here=_FAILURES,
            place=HERE,
            naming=lambda _id: "flowers-tb",
            state=state,
            care=care,
        ),
        why_everywhere_card(changes=[], receipts={}, following={}, state=state, care=care),
    )

    for card in cards:
        assert ("Kept until" in str(card.summary)) is is_said
        assert any("Kept until" in line for line in said(card)) is is_said


_HOUR = timedelta(hours=1)
_STANDING = CurrentState(job=a_job(205), now=NOW, interval=timedelta(seconds=30))
_SNOOZED = Hold(
    scope=HoldScope(team_id=TEAM, channel_id=HERE.channel_id),
    reason=HoldReason.SNOOZED,
    words=ANA,
    since=NOW - _HOUR,
    until=NOW + _HOUR,
)
_QUIET = replace(_SNOOZED, reason=HoldReason.QUIET, until=NOW + 8 * _HOUR)
_WAITS = "What I would post here waits: "
_SNOOZE = "snoozed until 2026-03-24 15:17 UTC by somebody"
_NIGHT = "quiet hours until 2026-03-24 22:17 UTC"


def held(change: StatusChange, hold: Hold | None, reason: str = "") -> DeliveryReceipt:
    """It waits."""
    return replace(sent(change), state=DeliveryState.HELD, sent_at=None, hold=hold, reason=reason)


@pytest.mark.parametrize(
    ("now", "each", "above", "fates"),
    [
        ([_SNOOZED], [_SNOOZED, _SNOOZED], _SNOOZE, ["held back", "held back"]),
        ([_SNOOZED, _QUIET], [_QUIET, _SNOOZED], _NIGHT, [f"held back: {_SNOOZE}", "held back"]),
        ([_SNOOZED], [], _SNOOZE, []),
        # A channel without the bot is no hold that people asked for.
        ([], ["not in the channel"] * 2, "not in the channel", ["held back", "held back"]),
        ([], [], "", []),
    ],
)
def test_what_holds_the_changes_back_is_said_once(
    now: list[Hold], each: list[Hold | str], above: str, fates: list[str]
) -> None:
    changes = [failed(40 - number, number + 1) for number in range(len(each))]
    receipts = [
        held(change, one) if isinstance(one, Hold) else held(change, None, one)
        for change, one in zip(changes, each, strict=True)
    ]

    card = card_of(changes, receipts, state=_STANDING, holds=now)

    told = said(card)
    assert [line for line in told if line.startswith(_WAITS)] == (
        [f"{_WAITS}{above}."] if above else []
    )
    assert [line.partition("  ·  ")[2] for line in told if "→" in line] == fates
    assert ("and post here what has changed" in str(card.summary)) is (not above)


def test_the_job_is_named_once() -> None:
    card = card_of([failed(4, 1)], [], state=_STANDING)

    told = "\n".join(said(card))
    assert told.startswith("flowers-tb (205) has been running for 2 h 14 min.")
    assert told.count("flowers-tb") == str(card.summary).count("flowers-tb") == 1
