"""Sentences that may mean several things: nothing is done, and each meaning is suggested."""

import pytest

from bot.core.commands.grammar import meant, parse
from bot.core.errors import BadCommand

ENDS = "for failed,stopped,finished"
#: A sentence, and the sentences that are suggested.
DOUBTFUL: list[tuple[str, list[str]]] = [
    # Whom to notify, where a job belongs.
    (
        "subscribe me to 205 when it finishes",
        [f"subscribe 205 {ENDS} in dm", f"subscribe 205 {ENDS}"],
    ),
    ("subscribe me to flowers-tb", ["subscribe flowers-tb in dm", "subscribe flowers-tb"]),
    ("subscribe me", ["subscribe in dm", "subscribe"]),
    ("subscribe me 205", ["subscribe 205 in dm", "subscribe 205"]),
    ("subscribe 205 for me", ["subscribe 205 in dm", "subscribe 205"]),
    (
        "subscribe me to job 205 until 18:00",
        ["subscribe job:205 until 18:00 in dm", "subscribe job:205 until 18:00"],
    ),
    ("subscribe us to 205", ["subscribe 205"]),
    (
        "subscribe #C0GENERAL1 to 205 for failed",
        ["subscribe 205 for failed in #C0GENERAL1"],
    ),
    ("subscribe @U0BEN00001 to 205", ["subscribe 205"]),
    ("unsubscribe me from 205", ["unsubscribe 205 in dm", "unsubscribe 205"]),
    # Ends that are no exact time.
    ("subscribe 205 until next week", ["subscribe 205 until monday", "subscribe 205 until 7d"]),
    ("snooze 205 next week", ["snooze 205 until monday", "snooze 205 until 7d"]),
    (
        "keep 205 until the end of the week",
        ["keep 205 until friday 18:00", "keep 205 until monday"],
    ),
    ("snooze here until end of day", ["snooze here until 18:00", "snooze here until tomorrow"]),
    (
        "subscribe 205 until eod for failed",
        ["subscribe 205 until 18:00 for failed", "subscribe 205 until tomorrow for failed"],
    ),
    ("keep 205 until 6", ["keep 205 until 6:00", "keep 205 until 18:00"]),
    ("snooze 205 till 7", ["snooze 205 until 7:00", "snooze 205 until 19:00"]),
    ("subscribe 205 until 18", ["subscribe 205 until 18:00"]),
    ("subscribe 205 until 下周", ["subscribe 205 until monday", "subscribe 205 until 7d"]),
    ("keep 205 overnight", ["keep 205 until tomorrow 9:00"]),
    ("keep 205 over the weekend", ["keep 205 until monday"]),
    ("snooze 205 for the rest of the day", ["snooze 205 until 18:00", "snooze 205 until tomorrow"]),
    ("subscribe 205 weekend", ["subscribe 205 until friday 18:00", "subscribe 205 until saturday"]),
    # All that is posted in a place.
    ("snooze all 2h", ["snooze here 2h", "snooze me 2h"]),
    ("snooze this channel for 2 hours", ["snooze here 2 hours", "snooze me 2 hours"]),
    ("snooze everything until monday", ["snooze here until monday", "snooze me until monday"]),
    ("snooze #C0GENERAL1 2h", ["snooze here 2h", "snooze me 2h"]),
    ("snooze channel", ["snooze here 4h", "snooze me 4h"]),
    ("wake all", ["wake here", "wake me"]),
    # An end is missing.
    ("keep it", ["keep 4h", "keep until 18:00"]),
    # `stop` for messages.
    ("stop telling me about 205", ["unsubscribe 205", "snooze 205 4h"]),
    ("stop following flowers-tb", ["unsubscribe flowers-tb", "snooze flowers-tb 4h"]),
    ("stop notifications for job 205", ["unsubscribe job:205", "snooze job:205 4h"]),
    ("stop all notifications", ["unsubscribe", "snooze here 4h"]),
]


@pytest.mark.parametrize(("typed", "suggested"), DOUBTFUL, ids=[row[0] for row in DOUBTFUL])
def test_each_meaning_is_suggested_and_is_a_sentence(typed: str, suggested: list[str]) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(typed)

    assert list(refused.value.suggestions) == suggested
    assert [meant(sentence) for sentence in suggested] == [(one,) for one in suggested]


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("keep 205 till 6pm", "keep 205 until 18:00"),
        ("keep till 6 pm", "keep until 18:00"),
        ("snooze here til monday 9:00", "snooze here until monday 9:00"),
        ("subscribe 205 till friday next week", "subscribe 205 until friday next week"),
        ("subscribe 205 until next week monday", "subscribe 205 until monday next week"),
        ("subscribe 205 until it's done", "subscribe 205 until done"),
        ("subscribe 205 until it finishes", "subscribe 205 until done"),
        ("subscribe 205 until the job ends", "subscribe 205 until done"),
        ("subscribe 205 until the end", "subscribe 205 until done"),
        ("stop 205", "stop 205"),
        ("stop it", "stop"),
        ("keep it 4h", "keep 4h"),
        ('stop "it"', 'stop "it"'),
        ("cost it", "cost"),
        ("list flowers running", "list running flowers"),
        ("list running 谢谢", "list running"),
        ("list failed jobs please", "list failed"),
        ("list flowers thanks", 'list "flowers thanks"'),
        ("subscribe 205 – until 18:00", "subscribe 205 until 18:00"),
        ("subscribe till", "subscribe till"),
        ("subscribe weekend", "subscribe weekend"),
    ],
)
def test_a_clear_sentence_means_what_it_says(typed: str, means: str) -> None:
    assert parse(typed).text == means
