"""The frame of the demo's page calls things what the bot calls them."""

from pathlib import Path

import pytest

from bot.core.cards.wording import state_words
from bot.core.job import JobStatus
from bot.core.text import ENGLISH, Language, say
from bot.core.timeline import NOT_SEEN
from bot.locale import language_of

_WORDS = (Path(__file__).parents[2] / "page" / "src" / "words.ts").read_text(encoding="utf-8")
CHINESE = language_of("zh-CN")


@pytest.mark.parametrize("status", range(23), ids=lambda status: JobStatus(status).vendor_name)
def test_a_state_of_a_job_is_called_the_same(status: int) -> None:
    words = state_words(JobStatus(status))
    english, chinese = ENGLISH.plain(words), CHINESE.plain(words)

    assert english == JobStatus(status).word
    assert f'{english}: "{chinese}"' in _WORDS or f'"{english}": "{chinese}"' in _WORDS


@pytest.mark.parametrize("language", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_what_nobody_saw_is_known_by_its_name(language: Language) -> None:
    assert f'notSeen: "{language.plain(NOT_SEEN)}"' in _WORDS


@pytest.mark.parametrize("language", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_a_series_of_money_is_known_by_its_name(language: Language) -> None:
    assert f'cost: "{language.plain(say("Cost"))}"' in _WORDS
