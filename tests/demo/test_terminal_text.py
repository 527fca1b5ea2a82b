"""What the terminal of the demo shows of a message's text."""

from datetime import UTC, datetime

from bot.demo.terminal_text import spoken
from bot.demo.workspace import StandInWorkspace

SHOWN = {
    "It was last seen <!date^1774361825^{time}|14:17 UTC>.": "It was last seen 14:17 UTC.",
    "a &lt;b&gt; &amp; c": "a <b> & c",
    "by <@U0NOBODY00>": "by @U0NOBODY00",
    "no token < here": "no token < here",
}


def test_tokens_are_words() -> None:
    state = StandInWorkspace(
        clock=lambda: datetime.now(UTC), signing_secret="s", bot_token="xoxb-stand-in"
    ).state
    person = next(iter(state.people.values()))
    channel = next(iter(state.channels.values()))

    assert spoken(f"by <@{person.id}>", state) == f"by {person.real_name}"
    assert spoken(f"in <#{channel.id}>", state) == f"in #{channel.name}"
    assert {text: spoken(text, state) for text in SHOWN} == SHOWN
