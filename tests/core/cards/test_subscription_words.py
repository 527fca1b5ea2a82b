"""The words for what the subscriptions of a place want together."""

import pytest

from bot.core.cards.words.subscription_words import all_wanted_words
from bot.core.subscription import EventFilter
from bot.core.text import ENGLISH
from tests.watch_fakes import a_subscription


@pytest.mark.parametrize(
    ("event_filters", "told"),
    [
        (["all"], "every change"),
        (["changes"], "every change of state"),
        (["changes", "all", "failures"], "every change"),
        (["failed", "changes"], "every change of state"),
        (["failures", "failures"], "every failure"),
        (["failures", "running"], "every failure and these events (running)"),
    ],
)
def test_the_widest_preset_covers_all_others(event_filters: list[str], told: str) -> None:
    subscriptions = [a_subscription(event_filter=EventFilter(text)) for text in event_filters]

    words = ENGLISH.words(all_wanted_words(subscriptions))

    assert words.replace("\u00a0", " ") == told
