"""Holds: which wait is one, and what a person is told of it."""

from datetime import timedelta

import pytest

from bot.core.hold import ASKED_FOR, FROM_RULES, HoldReason, HoldScope, explain, reason_of_wait
from bot.locale import language_of


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
            "Slack refuses my token: account_inactive",
        ),
        (HoldReason.FROZEN, "app_uninstalled", "the app was removed from the workspace"),
        (HoldReason.RETRYING, "", "a post failed, and I try it again"),
        # Who asked for it is told by name elsewhere, not as a bare id.
        (HoldReason.SNOOZED, "U1", "it is snoozed"),
        (HoldReason.QUIET, "U1", "there are quiet hours"),
        (HoldReason.QUIET_BUT_FAILURES, "U1", "there are quiet hours for all but failures"),
        (HoldReason.DIGEST, "U1", "it comes with the next digest"),
        # What a later version's words mean nobody knows here.
        (HoldReason.OTHER, "U1", "a newer version of me holds it back"),
    ],
)
def test_each_reason_has_a_sentence(reason: HoldReason, words: str, sentence: str) -> None:
    assert str(explain(reason, words)) == sentence


@pytest.mark.parametrize(
    ("kept", "reason", "is_of_people", "is_of_rules"),
    [
        ("refused", HoldReason.REFUSED, False, False),
        ("asked to wait", HoldReason.ASKED_TO_WAIT, False, False),
        ("pacing", HoldReason.PACING, False, False),
        ("frozen", HoldReason.FROZEN, False, False),
        ("retrying", HoldReason.RETRYING, False, False),
        ("snoozed", HoldReason.SNOOZED, True, False),
        ("quiet", HoldReason.QUIET, True, True),
        ("quiet except failures", HoldReason.QUIET_BUT_FAILURES, True, True),
        ("digest", HoldReason.DIGEST, True, True),
        ("of a later version", HoldReason.OTHER, False, False),
    ],
)
def test_a_kept_reason_is_read_for_ever(
    kept: str, reason: HoldReason, is_of_people: bool, is_of_rules: bool
) -> None:
    assert HoldReason(kept) is reason
    assert (reason in ASKED_FOR, reason in FROM_RULES) == (is_of_people, is_of_rules)


def test_a_scope_is_as_wide_as_it_is_not_narrowed() -> None:
    everywhere = HoldScope(team_id="T1", channel_id="", project_id="", job_id=0)

    assert HoldScope(team_id="T1") == everywhere


def test_no_reason_is_without_a_sentence() -> None:
    assert len({explain(reason, "") for reason in HoldReason}) == len(HoldReason)


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [(0.9, HoldReason.PACING), (2, HoldReason.PACING), (2.1, HoldReason.ASKED_TO_WAIT)],
)
def test_a_wait_of_two_seconds_is_pacing(seconds: float, reason: HoldReason) -> None:
    assert reason_of_wait(timedelta(seconds=seconds)) is reason


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("invalid_auth", "Slack 不接受我的令牌：invalid_auth"),
        ("app_uninstalled", "应用已从工作区移除"),
    ],
)
def test_a_refused_token_is_explained_in_chinese(words: str, sentence: str) -> None:
    assert language_of("zh-CN").plain(explain(HoldReason.FROZEN, words)) == sentence
