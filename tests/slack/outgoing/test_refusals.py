"""What Slack refuses is explained in the reader's language."""

import re

import pytest

from bot.core.errors import MessengerError
from bot.locale import language_of
from bot.slack.outgoing.calls import error_of, unclear
from bot.slack.outgoing.refusals import CURES

_CHINESE = re.compile("[\u4e00-\u9fff]")

ERRORS: dict[str, MessengerError] = {
    **{code: error_of("chat.postMessage", 200, {"error": code}, {}) for code in CURES},
    "missing_scope": error_of(
        "users.info", 200, {"error": "missing_scope", "needed": "users:read"}, {}
    ),
    "an unclear answer": unclear("chat.update"),
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_an_error_is_told_in_chinese_with_its_cure(error: MessengerError) -> None:
    chinese = language_of("zh-CN")

    assert _CHINESE.search(chinese.plain(error.sentence))
    assert not error.hint or _CHINESE.search(chinese.plain(error.hint))
