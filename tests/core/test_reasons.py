"""Why something waits or was given up: a code is kept, also by earlier versions, and said."""

import pytest

from bot.core.errors import MessageRejected, MessengerUnavailable
from bot.core.reasons import code_in, code_of, reason_words, unconfirmed
from bot.locale import language_of

# What is kept, its code, and what a person reads in English and in Chinese.
KEPT = {
    "a code of ours": ("not_in_channel", "not in the channel", "我不在该频道中"),
    "the same as an earlier version kept it": (
        "not in the channel", "not in the channel", "我不在该频道中",
    ),
    "a channel that is archived": ("is_archived", "the channel is archived", "该频道已归档"),
    "archived, from a refused post of an earlier version": (
        "Slack refused chat.postMessage. is_archived", "the channel is archived", "该频道已归档",
    ),
    "removed": ("removed_from_channel", "removed from the channel", "已被移出该频道"),
    "removed, formerly": ("removed from the channel", "removed from the channel", "已被移出该频道"),
    "deleted, formerly": ("the channel was deleted", "the channel was deleted", "该频道已删除"),
    "a code of Slack's": (
        "invalid_blocks", "Slack says `invalid_blocks`", "Slack 返回 `invalid_blocks`",
    ),
    "a code in a sentence": (
        "Slack refused chat.update. restricted_action",
        "Slack says `restricted_action`",
        "Slack 返回 `restricted_action`",
    ),
    "no answer": ("no_answer", "Slack did not answer", "Slack 没有响应"),
    "no answer, formerly": (
        "Slack did not answer chat.postMessage.", "Slack did not answer", "Slack 没有响应",
    ),
    "no network, formerly": ("Slack cannot be reached.", "Slack did not answer", "Slack 没有响应"),
    "perhaps sent": (
        "unconfirmed: missing_scope",
        "unconfirmed: Slack says `missing_scope`",
        "未确认：Slack 返回 `missing_scope`",
    ),
    "perhaps sent, formerly": (
        "unconfirmed: Slack refused conversations.replies. missing_scope",
        "unconfirmed: Slack says `missing_scope`",
        "未确认：Slack 返回 `missing_scope`",
    ),
    "perhaps sent, and no more": ("unconfirmed", "unconfirmed", "未确认"),
    "other words stay as they are": ("Something Else", "Something Else", "Something Else"),
    "nothing": ("", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", KEPT)
def test_what_is_kept_is_said_in_the_language_of_its_reader(case: str) -> None:
    kept, english, chinese = KEPT[case]

    assert language_of("en").plain(reason_words(kept)) == english
    assert language_of("zh-CN").plain(reason_words(kept)) == chinese


def test_codes_are_kept_and_no_sentence() -> None:
    refused = MessageRejected("Slack refused chat.postMessage.", code="not_in_channel")
    silent = MessengerUnavailable("Slack did not answer chat.postMessage.")

    assert (code_of(refused), code_of(silent)) == ("not_in_channel", "no_answer")
    assert unconfirmed(refused) == "unconfirmed: not_in_channel"
    assert code_in("Slack refused chat.update. is_archived") == "is_archived"
