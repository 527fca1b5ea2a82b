"""The places that a person may see: Slack is asked at most once a minute for each."""

import pytest

from bot.core.commands.request import Request
from bot.core.errors import MessengerUnavailable
from bot.core.subscription import Place
from bot.responder.places import Places
from tests.fakes import ManualClock
from tests.make import ANA, TEAM
from tests.watch_fakes import CHANNEL, HERE, FakeConversations, FakePauses

OPEN = Place(team_id=TEAM, channel_id="C0OPEN0001")
SHUT = Place(team_id=TEAM, channel_id="C0SHUT0001")
DIRECT = Place(team_id=TEAM, channel_id="D0BEN00001")


@pytest.fixture
def conversations() -> FakeConversations:
    return FakeConversations(private={SHUT.channel_id: {"U0BEN00001"}})


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def places(conversations: FakeConversations, clock: ManualClock) -> Places:
    return Places(conversations, FakePauses(), monotonic=clock.monotonic)


def said_by(user_id: str = ANA) -> Request:
    return Request(text="subscriptions all", team_id=TEAM, user_id=user_id, channel_id=CHANNEL)


async def test_where_it_was_said_is_open_and_a_direct_message_never_and_nobody_is_asked(
    places: Places, conversations: FakeConversations
) -> None:
    assert await places.open_to(said_by(), [HERE, DIRECT]) == {HERE}
    assert conversations.asked == []


async def test_both_answers_are_good_for_a_minute(
    places: Places, conversations: FakeConversations, clock: ManualClock
) -> None:
    assert await places.open_to(said_by(), [OPEN, SHUT]) == {OPEN}
    clock.advance(seconds=59)
    assert await places.open_to(said_by(), [OPEN, SHUT]) == {OPEN}
    assert conversations.asked == [OPEN.channel_id, SHUT.channel_id]

    clock.advance(seconds=1)
    conversations.private = {OPEN.channel_id: set()}
    assert await places.open_to(said_by(), [OPEN, SHUT]) == {SHUT}


async def test_an_answer_about_one_person_says_nothing_of_another(places: Places) -> None:
    assert await places.open_to(said_by(), [SHUT]) == set()
    assert await places.open_to(said_by("U0BEN00001"), [SHUT]) == {SHUT}


async def test_no_answer_shows_nothing_and_is_asked_again(
    places: Places, conversations: FakeConversations
) -> None:
    conversations.error = MessengerUnavailable("Slack does not answer.")
    assert await places.open_to(said_by(), [OPEN]) == set()

    conversations.error = None
    assert await places.open_to(said_by(), [OPEN]) == {OPEN}


async def test_before_something_is_done_there_slack_is_asked_each_time(
    places: Places, conversations: FakeConversations
) -> None:
    await places.open_to(said_by(), [OPEN])
    await places.resolve(f"#{OPEN.channel_id}", said_by())

    assert conversations.asked == [OPEN.channel_id] * 2


async def test_forty_are_asked_about_at_once_and_the_rest_the_next_time(
    places: Places, conversations: FakeConversations
) -> None:
    many = [Place(team_id=TEAM, channel_id=f"C{number:09}") for number in range(60)]

    counts = [len(await places.open_to(said_by(), many)) for _ in range(3)]

    assert counts == [40, 60, 60]
    assert len(conversations.asked) == 60


async def test_of_very_many_the_oldest_answer_is_forgotten_first(
    places: Places, conversations: FakeConversations
) -> None:
    await places.open_to(said_by(), [OPEN])
    await places.open_to(said_by(), [SHUT])
    for number in range(1999):
        await places.open_to(said_by(), [Place(team_id=TEAM, channel_id=f"C{number:09}")])
    conversations.asked.clear()

    await places.open_to(said_by(), [SHUT])
    await places.open_to(said_by(), [OPEN])

    assert conversations.asked == [OPEN.channel_id]
