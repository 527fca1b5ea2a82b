"""Each request of a person takes effect once, in whichever replica and however often it is sent."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.errors import RequestRepeated, TooMany
from bot.core.ports.requests import LostAnswer
from bot.core.subscription import (
    MOST_OF_A_PERSON,
    MOST_OF_A_PLACE,
    DeliveryMode,
    EventFilter,
    PatternTarget,
    Place,
    Subscription,
)
from tests.make import ANA
from tests.store.conftest import NOON, OpenStore
from tests.store.world import HERE, P1, World

TEAM, PROJECT = P1.team_id, P1.project_id
A_WHILE = timedelta(minutes=2)


def pattern(number: int, *, channel_id: str = HERE.channel_id, by: str = ANA) -> Subscription:
    return Subscription(
        place=Place(team_id=TEAM, channel_id=channel_id),
        project_id=PROJECT,
        target=PatternTarget(f"train-{number}-*"),
        event_filter=EventFilter("failures"),
        delivery_mode=DeliveryMode.THREAD,
        created_by=by,
        created_at=NOON,
    )


async def test_of_many_who_begin_the_same_answer_one_may_post_it(
    url: str, open_one: OpenStore
) -> None:
    replicas = [open_one(url).requests for _ in range(2)]
    done = await asyncio.gather(
        *(r.begin(TEAM, "Ev1", user_id=ANA, sentence="197 share") for r in replicas * 4),
        return_exceptions=True,
    )

    assert [type(one) for one in done if one].count(RequestRepeated) == 7
    await replicas[0].begin("T2", "Ev1", user_id=ANA, sentence="197 share")


async def test_an_answer_that_was_posted_is_not_begun_again_after_a_restart(
    url: str, open_one: OpenStore
) -> None:
    before = open_one(url)
    await before.requests.begin(TEAM, "Ev1", user_id=ANA, sentence="197 share")
    await before.requests.finish(TEAM, "Ev1")
    await before.close()

    with pytest.raises(RequestRepeated):
        await open_one(url).requests.begin(TEAM, "Ev1", user_id=ANA, sentence="197 share")


@pytest.mark.usefixtures("at_once")
async def test_an_answer_that_nobody_finished_is_given_out_once(world: World) -> None:
    requests = world.store.requests
    for key in ("Ev1", "Ev2", "Ev3"):
        await requests.begin(TEAM, key, user_id=ANA, sentence=f"{key} share")
    await requests.finish(TEAM, "Ev2")
    assert await requests.give_up(TEAM, after=A_WHILE) == ()

    await world.pass_time(A_WHILE)
    await requests.begin(TEAM, "Ev4", user_id=ANA, sentence="too young")
    twice = await asyncio.gather(*(requests.give_up(TEAM, after=A_WHILE) for _ in range(2)))

    lost = sorted((one for found in twice for one in found), key=lambda one: one.sentence)
    assert lost == [
        LostAnswer(user_id=ANA, sentence="Ev1 share"),
        LostAnswer(user_id=ANA, sentence="Ev3 share"),
    ]
    assert await requests.give_up("T2", after=timedelta(0)) == ()
    with pytest.raises(RequestRepeated):
        await requests.begin(TEAM, "Ev1", user_id=ANA, sentence="197 share")


async def test_a_request_is_remembered_for_longer_than_slack_repeats_it(world: World) -> None:
    requests, history = world.store.requests, world.store.history
    await requests.begin(TEAM, "Ev1", user_id=ANA, sentence="197 share")
    await world.pass_time(timedelta(hours=30))
    await history.forget_some_before(NOON - timedelta(days=180))
    with pytest.raises(RequestRepeated):
        await requests.begin(TEAM, "Ev1", user_id=ANA, sentence="197 share")

    await world.pass_time(timedelta(hours=30))
    await history.forget_some_before(NOON - timedelta(days=180))

    await requests.begin(TEAM, "Ev1", user_id=ANA, sentence="197 share")


async def test_a_copy_that_comes_again_brings_nothing_back(world: World) -> None:
    subscriptions = world.store.subscriptions
    both = [pattern(1), pattern(2)]
    await subscriptions.copy(both, request_key="trigger-1")
    assert len(await subscriptions.unsubscribe(P1, HERE, None, by=ANA)) == 2

    with pytest.raises(RequestRepeated):
        await subscriptions.copy(both, request_key="trigger-1")
    assert await subscriptions.list_subscriptions(P1) == ()


async def test_dead_letters_are_sent_again_once_for_each_request(world: World) -> None:
    history = world.store.history
    assert await history.redrive(P1, ["none"], request_key="trigger-1") == 0

    with pytest.raises(RequestRepeated):
        await history.redrive(P1, ["none"], request_key="trigger-1")


@pytest.mark.slow
async def test_a_place_has_room_for_so_many_subscriptions(world: World) -> None:
    subscriptions = world.store.subscriptions
    people = [f"U0ROW{number % 2}" for number in range(MOST_OF_A_PLACE)]
    await subscriptions.copy([pattern(n, by=by) for n, by in enumerate(people)])

    with pytest.raises(TooMany, match="200 subscriptions") as refused:
        await subscriptions.subscribe(pattern(999), baseline=None, request_key="trigger-1")
    assert "unsubscribe" in str(refused.value.hint)
    assert len(await subscriptions.list_subscriptions(P1)) == MOST_OF_A_PLACE

    existing = await subscriptions.subscribe(pattern(7), baseline=None)
    assert not existing.is_new, "one that stands may be changed"
    await subscriptions.subscribe(pattern(999, channel_id="C0OTHER001"), baseline=None)
    await subscriptions.unsubscribe(P1, HERE, PatternTarget("train-7-*"), by=ANA)
    assert (await subscriptions.subscribe(pattern(999), baseline=None)).is_new


@pytest.mark.slow
async def test_a_person_has_room_for_so_many_subscriptions(world: World) -> None:
    subscriptions = world.store.subscriptions
    for channel in range(5):
        await subscriptions.copy(
            [pattern(n, channel_id=f"C0ROW{channel}") for n in range(MOST_OF_A_PERSON // 5)]
        )

    with pytest.raises(TooMany, match="500 subscriptions"):
        await subscriptions.subscribe(pattern(1, channel_id="C0LAST0001"), baseline=None)
    assert (await subscriptions.subscribe(pattern(1, by="U0BEN00001"), baseline=None)).is_new


@pytest.mark.slow
async def test_a_copy_without_room_copies_nothing(world: World) -> None:
    subscriptions = world.store.subscriptions
    with pytest.raises(TooMany):
        await subscriptions.copy([pattern(n) for n in range(MOST_OF_A_PLACE + 1)])

    assert await subscriptions.list_subscriptions(P1) == ()
