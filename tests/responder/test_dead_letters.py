"""Dead letters: who sees which, and which are enqueued again."""

from collections.abc import Collection

import pytest

from bot.catalog import Catalog
from bot.core.commands.request import Request
from bot.core.commands.verbs.redeliver import Redeliver
from bot.core.errors import MessageRejected, Refusal
from bot.core.subscription import Place
from bot.responder.dead_letters import DeadLetterAnswers
from tests.fakes import FakeSource, ManualClock
from tests.make import ANA, TEAM
from tests.slack.dead_letter_cases import a_dead_letter
from tests.watch_fakes import CHANNEL, FakeConversations, FakeDeadLetters

OWN = a_dead_letter(1, place=Place(team_id=TEAM, channel_id=f"D{ANA[1:]}"))
OTHERS = a_dead_letter(2, place=Place(team_id=TEAM, channel_id="D0BEN00001"))
PUBLIC = a_dead_letter(3)

CATALOG = Catalog(FakeSource(), clock=ManualClock())


async def everywhere(places: Collection[Place]) -> Collection[Place]:
    """Return all places, as for a person who sees each of them."""
    return places


async def nowhere(_: Collection[Place]) -> Collection[Place]:
    """Return no place, as for a person who sees none of them."""
    return ()


@pytest.fixture
def letters() -> FakeDeadLetters:
    return FakeDeadLetters([OWN, OTHERS, PUBLIC])


def said(text: str, channel_id: str = CHANNEL, *, is_direct: bool = False) -> Request:
    return Request(text=text, team_id=TEAM, user_id=ANA, channel_id=channel_id, is_direct=is_direct)


async def test_other_peoples_direct_messages_are_not_listed(letters: FakeDeadLetters) -> None:
    office = DeadLetterAnswers(CATALOG, letters, FakeConversations())

    card = await office.list_dead_letters(said("status letters"), everywhere)

    assert str(card.summary).startswith("2 undelivered messages.")


async def test_a_channel_that_the_asker_does_not_see_is_listed_without_its_name(
    letters: FakeDeadLetters,
) -> None:
    office = DeadLetterAnswers(CATALOG, letters, FakeConversations())

    card = await office.list_dead_letters(said("status letters", ""), nowhere)

    assert "to a channel that you can't see;" in str(card.summary)
    assert "to your direct messages;" in str(card.summary)
    assert CHANNEL not in repr(card)


async def test_one_or_all_are_sent_again_but_not_other_peoples(letters: FakeDeadLetters) -> None:
    office = DeadLetterAnswers(CATALOG, letters, FakeConversations())

    one = await office.redeliver(Redeliver(PUBLIC.delivery_id), said("redeliver"), everywhere)
    assert letters.driven == [PUBLIC.delivery_id]
    assert str(one.summary).startswith("I'm trying 1 message again.")

    theirs = await office.redeliver(Redeliver(OTHERS.delivery_id), said("redeliver"), everywhere)
    assert str(theirs.summary).startswith("There is no such undelivered message.")

    await office.redeliver(Redeliver("all"), said("redeliver all"), everywhere)
    assert letters.driven == [PUBLIC.delivery_id, OWN.delivery_id, PUBLIC.delivery_id]


async def test_of_nothing_undelivered_nothing_is_sent_again() -> None:
    office = DeadLetterAnswers(CATALOG, FakeDeadLetters([]), FakeConversations())

    card = await office.redeliver(Redeliver("all"), said("redeliver all"), everywhere)

    assert str(card.summary).startswith("No undelivered messages.")


async def test_where_slack_does_not_say_which_conversation_is_ours_only_channels_are_shown(
    letters: FakeDeadLetters,
) -> None:
    refused = MessageRejected("Slack refused.", refusal=Refusal.SCOPE)
    office = DeadLetterAnswers(CATALOG, letters, FakeConversations(error=refused))

    assert str((await office.list_dead_letters(said(""), everywhere)).summary).startswith(
        "1 undelivered message."
    )
    here = said("", OWN.place.channel_id, is_direct=True)
    assert str((await office.list_dead_letters(here, everywhere)).summary).startswith(
        "2 undelivered messages."
    )


#: The outbox, and the words with which `redeliver all` describes it.
WAITING: list[tuple[FakeDeadLetters, str]] = [
    (FakeDeadLetters(), "No undelivered messages. Everything was posted, or is waiting for its"),
    (
        FakeDeadLetters(held=2),
        "No undelivered messages. 2 messages are held back until the rules, snoozes or waits",
    ),
    (
        FakeDeadLetters(held=1, shut=("C0SECRET01",)),
        "I'm trying once more what waits for the channel. Slack did not let me post there: if it"
        " still does not, invite me there.",
    ),
    (
        FakeDeadLetters([PUBLIC], shut=("C0SECRET01", "C0SECRET02")),
        "I'm trying 1 message again. I'm trying once more what waits for the channel and"
        " the channel.",
    ),
]


@pytest.mark.parametrize(("letters", "says"), WAITING)
async def test_what_waits_is_said_and_what_was_refused_for_an_invitation_is_tried(
    letters: FakeDeadLetters, says: str
) -> None:
    office = DeadLetterAnswers(CATALOG, letters, FakeConversations())

    card = await office.redeliver(Redeliver("all"), said("redeliver all"), everywhere)

    assert str(card.summary).startswith(says)
    assert letters.shut == ()


async def test_a_channel_that_the_asker_does_not_see_is_tried_and_not_named() -> None:
    letters = FakeDeadLetters(held=1, shut=("C0SECRET01", "C0SECRET02"))
    office = DeadLetterAnswers(CATALOG, letters, FakeConversations())

    card = await office.redeliver(Redeliver("all"), said("redeliver all"), nowhere)

    assert "what waits for 2 channels that you can't see." in str(card.summary)
    assert letters.shut == ()
