"""Holds: which wait is one, and what a person is told of it."""

from datetime import timedelta

import pytest

from bot.core.hold import HoldReason, explain, reason_of_wait


@pytest.mark.parametrize(
    ("reason", "words", "sentence"),
    [
        (HoldReason.REFUSED, "not in the channel", "not in the channel"),
        (HoldReason.REFUSED, "", "Slack does not let me post here"),
        (HoldReason.ASKED_TO_WAIT, "", "Slack asked me to wait"),
        (HoldReason.PACING, "", "Slack takes one message a second here"),
        (
            HoldReason.FROZEN,
            "account_inactive",
            "the workspace does not accept me any more: account_inactive",
        ),
        (HoldReason.RETRYING, "", "a post failed, and I try it again"),
    ],
)
def test_each_reason_has_a_sentence(reason: HoldReason, words: str, sentence: str) -> None:
    assert str(explain(reason, words)) == sentence


def test_no_reason_is_without_a_sentence() -> None:
    assert len({explain(reason, "") for reason in HoldReason}) == len(HoldReason)


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [(0.9, HoldReason.PACING), (2, HoldReason.PACING), (2.1, HoldReason.ASKED_TO_WAIT)],
)
def test_a_wait_of_two_seconds_is_pacing(seconds: float, reason: HoldReason) -> None:
    assert reason_of_wait(timedelta(seconds=seconds)) is reason
