"""The answer to a changed rule does not repeat the channel's announcement; without one, it states
the rule."""

import pytest

from bot.core.commands.request import Request
from bot.core.text import Text
from tests.make import ANA, TEAM
from tests.responder.test_quiet_answers import presses, world
from tests.responder.test_subscriber import World
from tests.watch_fakes import CHANNEL

__all__ = ["world"]


@pytest.mark.parametrize(
    ("before", "sentence", "left"),
    [
        ("wake here", "quiet here 22-8", "The next quiet hours begin"),
        ("quiet here 22-8", "quiet here 20-6 weekdays except failures", "The next quiet hours"),
        ("quiet here 22-8", "quiet here off", "What the quiet hours held comes now."),
        ("wake here", "digest here at 9", "The next digest comes"),
        ("digest here at 9", "digest here at 8 weekdays", "The next digest comes"),
        ("digest here at 9", "digest here off", "What waited for the digest comes now."),
    ],
)
async def test_whoever_sets_a_rule_reads_no_sentence_twice(
    world: World, before: str, sentence: str, left: str
) -> None:
    await world.say(before)

    request = Request(text=sentence, team_id=TEAM, user_id=ANA, channel_id=CHANNEL)
    reply = await world.responder.respond(request)

    assert reply.announcement
    for line in reply.announcement.card.lines[1:]:
        [rule] = [str(span) for span in line if isinstance(span, Text)]
        assert rule.rstrip(".") not in str(reply.card.summary)
    assert left in str(reply.card.summary)
    assert list(presses(reply.card)) == ["Undo"]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("quiet me 22-8", "Quiet 22:00-08:00 UTC. The next quiet hours begin"),
        ("digest me at 9", "Digest at 09:00 UTC, every day. The next digest comes"),
    ],
)
async def test_where_no_channel_reads_it_the_answer_says_the_rule(
    world: World, sentence: str, said: str
) -> None:
    assert str((await world.say(sentence)).summary).startswith(said)
    rule = sentence.split()[0]
    assert str((await world.say(f"{rule} me off")).summary).startswith("No ")


async def test_who_sets_what_stands_already_reads_the_rule(world: World) -> None:
    await world.say("quiet here 22-8")

    assert str((await world.say("quiet here 22-8")).summary).startswith("Quiet 22:00-08:00 UTC.")
