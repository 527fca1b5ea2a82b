"""Whose clock is off, by what Slack signs."""

import pytest

from bot.slack.incoming.clock_watch import ClockWatch
from tests.fakes import ManualClock


@pytest.fixture
def wall() -> ManualClock:
    return ManualClock()


@pytest.fixture
def steady() -> ManualClock:
    return ManualClock()


@pytest.fixture
def watch(wall: ManualClock, steady: ManualClock) -> ClockWatch:
    return ClockWatch(clock=wall, monotonic=steady.monotonic)


def refuse(watch: ClockWatch, wall: ManualClock, *signatures: str, ahead: float) -> None:
    """So many requests of Slack's, to a clock that is so far ahead."""
    for signature in signatures:
        watch.disagree(wall().timestamp() - ahead, signature)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (600, "10 min ahead of Slack's"),
        (-600, "10 min behind Slack's"),
        (7200, "2 h ahead of Slack's"),
    ],
)
def test_three_different_requests_in_a_row_say_that_it_is_ours(
    watch: ClockWatch, wall: ManualClock, ahead: int, words: str
) -> None:
    refuse(watch, wall, "a", "b", ahead=ahead)
    assert watch.check() is None
    refuse(watch, wall, "c", ahead=ahead)
    check = watch.check()

    assert check
    assert words in str(check.found).replace("\u00a0", " ")


def test_one_captured_request_sent_again_and_again_says_nothing(
    watch: ClockWatch, wall: ManualClock
) -> None:
    refuse(watch, wall, *"a" * 1000, ahead=600)

    assert watch.check() is None


def test_a_request_in_time_clears_it(watch: ClockWatch, wall: ManualClock) -> None:
    refuse(watch, wall, *"abcdef", ahead=600)
    watch.agree()

    assert watch.check() is None


def test_a_clock_that_is_set_right_is_noticed_without_a_request(
    watch: ClockWatch, wall: ManualClock, steady: ManualClock
) -> None:
    refuse(watch, wall, *"abc", ahead=600)
    steady.advance(hours=1)
    wall.advance(hours=1)
    assert watch.check(), "an hour passes, and it is as wrong as before"
    wall.advance(seconds=-598)

    assert watch.check() is None
