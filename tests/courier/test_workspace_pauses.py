"""How long a workspace that refuses us is left alone."""

from datetime import timedelta

from bot.courier.workspace_pauses import WorkspacePauses
from tests.fakes import ManualClock


def test_what_is_refused_within_a_pause_makes_no_longer_one() -> None:
    clock = ManualClock()
    pauses = WorkspacePauses(clock.monotonic)

    first = [pauses.begin("T1") for _ in range(20)]
    clock.advance(seconds=4)
    rest = pauses.begin("T1")
    clock.advance(seconds=1)

    assert (set(first), rest) == ({timedelta(seconds=5)}, timedelta(seconds=1))
    assert pauses.begin("T1") == timedelta(seconds=10)


def test_what_slack_takes_ends_the_row() -> None:
    clock = ManualClock()
    pauses = WorkspacePauses(clock.monotonic)
    pauses.begin("T1")
    pauses.end("T1")
    pauses.end("T2")

    assert pauses.begin("T1") == timedelta(seconds=5)
