"""Dead letters: who sees them, and whose are sent again."""

import pytest

from bot.catalog import Catalog
from bot.core.commands.redeliver import Redeliver
from bot.core.commands.request import Request
from bot.core.errors import MessageRejected, Refusal
from bot.core.subscription import Place
from bot.responder.dead_letters import DeadLetterOffice
from tests.fakes import FakeSource, ManualClock
from tests.make import ANA, TEAM
from tests.slack.dead_letter_cases import a_dead_letter
from tests.watch_fakes import CHANNEL, FakeConversations, FakeDeadLetters

OWN = a_dead_letter(1, place=Place(team_id=TEAM, channel_id=f"D{ANA[1:]}"))
OTHERS = a_dead_letter(2, place=Place(team_id=TEAM, channel_id="D0BEN00001"))
PUBLIC = a_dead_letter(3)

CATALOG = Catalog(FakeSource(), clock=ManualClock())


@pytest.fixture
def letters() -> FakeDeadLetters:
    return FakeDeadLetters([OWN, OTHERS, PUBLIC])


def said(text: str, channel_id: str = CHANNEL, *, is_direct: bool = False) -> Request:
    return Request(text=text, team_id=TEAM, user_id=ANA, channel_id=channel_id, is_direct=is_direct)


async def test_other_peoples_direct_messages_are_not_listed(letters: FakeDeadLetters) -> None:
    card = await DeadLetterOffice(CATALOG, letters, FakeConversations()).list_dead_letters(
        said("status letters")
    )

    assert str(card.summary).startswith("2 undelivered messages.")


async def test_one_or_all_are_sent_again_but_not_other_peoples(letters: FakeDeadLetters) -> None:
    office = DeadLetterOffice(CATALOG, letters, FakeConversations())

    one = await office.redeliver(Redeliver(PUBLIC.delivery_id), said("redeliver"))
    assert letters.driven == [PUBLIC.delivery_id]
    assert str(one.summary).startswith("I'm trying 1 message again.")

    theirs = await office.redeliver(Redeliver(OTHERS.delivery_id), said("redeliver"))
    assert str(theirs.summary).startswith("There is no such undelivered message.")

    await office.redeliver(Redeliver("all"), said("redeliver all"))
    assert letters.driven == [PUBLIC.delivery_id, OWN.delivery_id, PUBLIC.delivery_id]


async def test_of_nothing_undelivered_nothing_is_sent_again() -> None:
    office = DeadLetterOffice(CATALOG, FakeDeadLetters([]), FakeConversations())

    card = await office.redeliver(Redeliver("all"), said("redeliver all"))

    assert str(card.summary).startswith("No undelivered messages.")


async def test_where_slack_does_not_say_which_conversation_is_ours_only_channels_are_shown(
    letters: FakeDeadLetters,
) -> None:
    refused = MessageRejected("Slack refused.", refusal=Refusal.SCOPE)
    office = DeadLetterOffice(CATALOG, letters, FakeConversations(error=refused))

    assert str((await office.list_dead_letters(said(""))).summary).startswith(
        "1 undelivered message."
    )
    here = said("", OWN.place.channel_id, is_direct=True)
    assert str((await office.list_dead_letters(here)).summary).startswith("2 undelivered messages.")
