"""An event that Slack sends to two replicas gets one answer, from either of them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo.cloud import PROJECT_ID
from bot.demo.workspace.cast import GENERAL, ME
from bot.store import open_store
from bot.store.store import SqlStore
from tests.databases import NewUrl
from tests.make import LINK_HOSTS, TEAM
from tests.ports import free_port
from tests.program import end, start, until_answers
from tests.reach import called
from tests.story.test_database_away import shut
from tests.story.test_direct_messages import message
from tests.story.test_once import lost, mention, nameless_mention
from tests.story.test_unfurl import shared
from tests.waiting import until
from tests.world import JSON, World, open_replica, open_world, said, settle, sign

Json = dict[str, Any]
Post = Callable[[str, World, World], Awaitable[None]]

LINK = f"https://console.huaweicloud.com/modelarts2/tensorboard/{PROJECT_ID}/205/"
HOSTS = ",".join(LINK_HOSTS)


@pytest.fixture
def ready_url(postgresql_tables: NewUrl) -> str:
    """The URL of a PostgreSQL database with our tables."""
    return postgresql_tables()


async def at_once(body: str, first: World, second: World) -> None:
    await asyncio.gather(first.post(body, kind=JSON), second.post(body, kind=JSON))


async def in_turn(body: str, first: World, second: World) -> None:
    for replica in (first, second):
        assert (await replica.post(body, kind=JSON))[0] == 200


def answers(world: World) -> list[str]:
    """Return all messages that the bot posted, without the cards that it keeps."""
    shown = [
        one
        for method in ("chat.postEphemeral", "chat.postMessage", "chat.unfurl")
        for one in called(world, method)
    ]
    return [said(one) for one in shown if "visjob_card" not in said(one)]


IN_A_THREAD = {"thread_ts": "1.1"}
#: The event that is sent to both replicas, and the words of the answers, in any order.
SENT: list[tuple[str, str, list[str]]] = [
    ("a mention that asks", mention("205", "Ev1")[0], ["flowers-tb"]),
    ("one in a thread", mention("status 205", "Ev1", **IN_A_THREAD)[0], ["flowers-tb"]),
    ("one without an id of its event", nameless_mention("list", "1700000000.1")[0], ["running"]),
    ("one that is not understood", mention("lisst running", "Ev1")[0], ["Did you mean"]),
    ("one that shows it to everybody", mention("240 share", "Ev1")[0], ["bert-finetune"]),
    ("one that writes", mention("subscribe 205", "Ev1")[0], ["Subscribed to flowers-tb"]),
    ("one that is idle talk", mention("great, got it", "Ev1")[0], []),
    ("the first words of a person", message(1, text="240"), ["Hello!", "bert-finetune"]),
    ("first words that a greeting answers", message(1, text="hi"), ["Hello!"]),
    ("first words that need no answer", message(1, text="great, got it"), ["Hello!"]),
    ("a message that writes", message(1, text="subscribe 205"), ["Hello!", "Subscribed to fl"]),
    ("a file", message(1, text="", subtype="file_share", files=[{"id": "F1"}]),
     ["Hello!", "I can't read files."]),
    ("a link to a job", shared(LINK, event_id="Ev1"), ["flowers-tb"]),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("post", [at_once, in_turn])
async def test_an_event_that_two_replicas_get_is_answered_once(
    tmp_path: Path, postgresql_tables: NewUrl, post: Post
) -> None:
    for sentence, body, expected in SENT:
        async with open_world(
            tmp_path, DATABASE_URL=postgresql_tables(), VISJOB_LINK_HOSTS=HOSTS
        ) as world:
            # Close each replica before counting: then it has posted everything that it will post.
            async with open_replica(world) as first, open_replica(world) as second:
                await settle(first)
                await settle(second)
                await post(body, first, second)
            found = answers(world)
            assert len(found) == len(expected), f"{sentence}: {found}"
            missing = [words for words in expected if not any(words in one for one in found)]
            assert not missing, f"{sentence}: {found}"
            await nothing_is_lost(world)


async def nothing_is_lost(world: World) -> None:
    store = open_store(world.settings["DATABASE_URL"], clock=world.clock)
    assert await store.requests.give_up(TEAM, after=timedelta(0)) == ()
    await store.close()


@pytest.mark.parametrize("body", [mention("205", "Ev1")[0], message(1, text="205")])
async def test_what_was_answered_is_not_answered_again_after_a_restart(
    tmp_path: Path, body: str
) -> None:
    async with open_world(tmp_path) as world:
        await settle(world)
        await world.post(body, kind=JSON)
        assert "flowers-tb" in answers(world)[-1]
    async with open_world(tmp_path) as world:
        await settle(world)
        assert await world.post(body, kind=JSON) == (200, "")
        assert answers(world) == []


@pytest.mark.slow
@pytest.mark.parametrize("body", [mention("205", "Ev1")[0], message(1, text="205")])
async def test_what_a_replica_could_not_answer_before_it_was_killed_another_answers(
    tmp_path: Path, ready_url: str, body: str
) -> None:
    async with open_world(tmp_path, DATABASE_URL=ready_url) as world:
        await settle(world)
        env = {**world.settings, "PORT": str(free_port()), "VISJOB_API_TIMEOUT_SECONDS": "20"}
        killed = await start("serve", env=env)
        await until_answers(env, 200)
        world.cloud.faults.add("never_answers", where="/205", count=1)
        sent = asyncio.create_task(send(world, env["PORT"], body))
        await until(lambda: is_reading(world))
        killed.kill()
        await end(killed)
        await sent
        assert answers(world) == []

        assert (await world.post(body, kind=JSON))[0] == 200

        await world.workspace.until(lambda: "flowers-tb" in "".join(answers(world)))


async def is_reading(world: World) -> bool:
    return any(seen.path.endswith("/205") for seen in world.cloud.journal)


async def send(world: World, port: str, body: str) -> None:
    """Send an event to another replica, as Slack does; the replica may not answer."""
    with suppress(aiohttp.ClientError):
        async with world.http.post(
            f"http://127.0.0.1:{port}/slack/events",
            data=body.encode(),
            headers={"Content-Type": JSON, **sign(body.encode(), world.clock)},
        ) as answer:
            await answer.read()


@pytest.mark.slow
async def test_what_was_done_and_not_answered_is_said_by_another(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await settle(world)
        await begun(world, lambda store: store.requests.claim(TEAM, "Ev1"))

        await world.post(mention("subscribe 205", "Ev1")[0], kind=JSON)

        await world.workspace.until(lambda: len(world.whispers()) > 0)
        assert "I have done this already" in said(world.whispers()[0])


async def begun(world: World, what: Callable[[SqlStore], Awaitable[object]]) -> None:
    """Run `what` on a store of its own, as a replica that ends afterwards."""
    store = open_store(world.settings["DATABASE_URL"], clock=world.clock)
    await what(store)
    await store.close()


async def test_who_may_have_lost_an_answer_of_their_own_hears_so_once(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await settle(world)
        await begun(
            world,
            lambda store: store.requests.begin(TEAM, "Ev1 answer", user_id=ME, sentence="205"),
        )
        assert await world.post(mention("205", "Ev1")[0], kind=JSON) == (200, "")
        assert answers(world) == []

        world.clock.advance(minutes=3)

        [told] = await world.workspace.until(lambda: lost(world))
        assert told["channel"] == ME


async def test_while_the_database_is_away_everybody_is_answered(
    tmp_path: Path, ready_url: str
) -> None:
    async with open_world(tmp_path, DATABASE_URL=ready_url, VISJOB_LINK_HOSTS=HOSTS) as world:
        await settle(world)
        with shut(ready_url):
            for body in (
                mention("205", "Ev1")[0],
                message(2, text="240"),
                shared(LINK, event_id="Ev3", channel=GENERAL),
            ):
                before = len(answers(world))
                assert (await world.post(body, kind=JSON))[0] == 200
                await world.workspace.until(lambda: len(answers(world)) > before)  # noqa: B023

            assert len(answers(world)) == 3
