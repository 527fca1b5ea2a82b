"""The greeting of a channel in the outbox: ordered once for ever, and again if Slack refused it."""

import pytest

from bot.core.delivery import Delivery, Greeting, MessageRef
from bot.core.place_rules import PlaceRules
from bot.core.project import Project
from bot.core.reasons import UNCONFIRMED
from bot.store.store import SqlStore
from tests.store.conftest import OpenStore
from tests.store.world import HERE, P1


async def order(store: SqlStore, language: str = "", *, is_shared: bool = False) -> None:
    await store.place_rules.order_greeting(P1, HERE, is_shared=is_shared, language=language)


async def due(store: SqlStore, project: Project = P1) -> tuple[Delivery, ...]:
    return await store.outbox.claim(project, limit=9)


async def test_however_often_it_is_ordered_there_is_one(url: str, open_one: OpenStore) -> None:
    store = open_one(url)
    for _ in range(3):
        await order(store)

    [greeting] = await due(store)
    assert isinstance(greeting, Greeting)
    assert await store.outbox.intend(greeting)
    assert await store.outbox.record_sent(greeting, MessageRef(channel_id=HERE.channel_id, ts="1"))
    await order(store)
    assert await due(store) == ()


async def test_whoever_was_greeted_by_an_older_version_is_not_greeted_again(
    url: str, open_one: OpenStore
) -> None:
    store = open_one(url)
    assert await store.place_rules.greet(HERE)

    await order(store)

    assert await due(store) == ()


@pytest.mark.parametrize(
    ("reason", "count"), [("restricted_action", 1), (UNCONFIRMED, 0), (f"{UNCONFIRMED}: x", 0)]
)
async def test_one_that_slack_would_not_take_is_tried_at_the_next_invitation(
    url: str, open_one: OpenStore, reason: str, count: int
) -> None:
    store = open_one(url)
    await order(store)
    [greeting] = await due(store)
    assert await store.outbox.record_dead(greeting, reason=reason)

    await order(store)

    assert len(await due(store)) == count


@pytest.mark.parametrize(
    ("own", "inviters", "is_shared", "spoken"),
    [
        ("", "zh-CN", False, "zh-CN"),
        ("", "", False, ""),
        ("en", "zh-CN", False, "en"),
        ("", "", True, ""),
        ("zh-CN", "", True, "zh-CN"),
    ],
)
async def test_it_is_in_the_language_of_the_channel_or_of_whoever_invited_us(
    url: str, open_one: OpenStore, own: str, inviters: str, is_shared: bool, spoken: str
) -> None:
    store = open_one(url)
    await store.place_rules.set_rules(PlaceRules(place=HERE, language=own))
    await order(store, inviters, is_shared=is_shared)

    [greeting] = await due(store)

    assert isinstance(greeting, Greeting)
    assert (greeting.language, greeting.is_shared) == (spoken, is_shared)


async def test_one_that_was_not_said_may_be_said_again(url: str, open_one: OpenStore) -> None:
    store = open_one(url)
    assert await store.place_rules.greet(HERE)
    await store.place_rules.forget_greeting(HERE)
    assert await store.place_rules.greet(HERE)
    assert not await store.place_rules.greet(HERE)
