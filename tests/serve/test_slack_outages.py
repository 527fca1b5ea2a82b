"""For how long Slack has not answered, from the calls that this process made."""

import re

import pytest

from bot.core.ports.meter import CallOutcome
from bot.serve.metrics import SLACK_METHODS
from bot.serve.slack_outages import SlackOutages
from tests.fakes import ManualClock
from tests.sources import ROOT

POST, EDIT, WHO, SEARCH = "chat.postMessage", "chat.update", "auth.test", "conversations.history"
SHOW_ONE = "chat.postEphemeral"
OUTCOMES = {
    "+": CallOutcome.OK,
    "-": CallOutcome.UNAVAILABLE,
    "w": CallOutcome.LIMITED,
    "x": CallOutcome.REFUSED,
    "!": CallOutcome.UNAUTHORIZED,
}

#: Calls a minute apart, the length of the spell in minutes a minute after the last of them, and
#: since when Slack fails.
STORIES: list[tuple[str, list[tuple[str, str]], int, int | None]] = [
    ("All is well.", [(POST, "+++")], 0, None),
    ("One call fails.", [(POST, "+-")], 0, 1),
    ("It goes on failing.", [(POST, "+---")], 3, 1),
    ("It asks to wait, again and again.", [(POST, "w-w")], 3, 0),
    ("It is over.", [(POST, "---+")], 0, None),
    ("A no is an answer.", [(POST, "--x")], 0, None),
    ("So is a refused token.", [(POST, "--!")], 0, None),
    ("Searches go well meanwhile.", [(POST, "--"), (SEARCH, "+")], 3, 0),
    ("Only searches fail.", [(SEARCH, "---")], 0, None),
    ("Edits fail, posts do not.", [(EDIT, "---"), (POST, "++")], 5, 0),
    ("Nothing is posted, and Slack does not say who we are.", [(WHO, "----")], 4, 0),
    ("Private answers fail, which nobody tries again.", [(SHOW_ONE, "--")], 2, 0),
    ("Then Slack says who we are.", [(SHOW_ONE, "--"), (WHO, "+")], 0, None),
]


@pytest.mark.parametrize(("what", "calls", "minutes", "since"), STORIES)
def test_a_spell_lasts_from_its_first_failure_until_a_call_succeeds(
    what: str, calls: list[tuple[str, str]], minutes: int, since: int | None
) -> None:
    clock = ManualClock()
    began = clock()
    spells = SlackOutages(clock)
    for method, outcomes in calls:
        for outcome in outcomes:
            spells.note(method, OUTCOMES[outcome])
            clock.advance(minutes=1)

    failing = spells.failing_since()
    assert spells.length().total_seconds() == 60 * minutes, what
    assert (None if failing is None else (failing - began).total_seconds() / 60) == since


def test_a_spell_grows_while_the_next_try_is_awaited() -> None:
    clock = ManualClock()
    spells = SlackOutages(clock)
    lengths = []
    for outcome in "--":
        spells.note(POST, OUTCOMES[outcome])
        clock.advance(seconds=30)
    for _ in range(5):
        lengths.append(spells.length().total_seconds())
        clock.advance(seconds=60)
    spells.note(POST, CallOutcome.OK)

    assert lengths == [60, 120, 180, 240, 300]
    assert spells.length().total_seconds() == 0


def test_what_nobody_tried_for_long_another_replica_may_have_done() -> None:
    clock = ManualClock()
    spells = SlackOutages(clock)
    spells.note(POST, CallOutcome.UNAVAILABLE)
    clock.advance(minutes=16)

    assert spells.failing_since() is None
    spells.note(POST, CallOutcome.UNAVAILABLE)
    assert (spells.failing_since(), spells.length().total_seconds()) == (clock(), 0)


def test_the_methods_that_are_counted_from_the_start_are_those_of_the_code() -> None:
    texts = "".join(path.read_text() for path in (ROOT / "bot" / "slack").rglob("*.py"))
    families = "apps|auth|chat|conversations|usergroups|users|views"
    named = set(re.findall(rf"\"((?:{families})\.[a-zA-Z.]+)\"", texts))

    assert named - {*SLACK_METHODS} == set()
    assert {*SLACK_METHODS} - named == {"response_url"}
