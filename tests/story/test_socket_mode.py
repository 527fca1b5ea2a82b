"""The bot through a WebSocket, and the duty that replaces a bad connection."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.core.health import Verdict
from bot.demo.workspace.cast import EXPERIMENTS
from bot.slack.incoming.socket_mode import SocketMode
from tests.waiting import until
from tests.world import APP_TOKEN, BOT_TOKEN, World, open_world, said, settle


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, socket_mode=True) as made:
        await made.workspace.until(lambda: made.workspace.sockets.count)
        yield await settle(made)


async def test_a_command_is_answered_in_the_acknowledgement(world: World) -> None:
    card = await world.type("/visjob 205")

    assert card["text"].startswith("flowers-tb has been running")
    assert world.workspace.replies.journal == []


@pytest.mark.slow
async def test_clicks_options_mentions_and_home_travel_the_same_way(world: World) -> None:
    question = await world.type("/visjob 197")
    await world.click(question, "name 197")
    box = await world.type("/visjob find")
    found = await world.workspace.options(box, "visjob:search:0", "sweep")
    await world.workspace.mention(EXPERIMENTS, "vae")
    await world.workspace.until(lambda: "vae-digits" in said({"all": world.whispers()}))

    assert "Job 812" in world.whispers()[0]["text"]
    assert [option["value"] for option in found["options"]] == ["id:231"]
    assert "resnet-sweep" in said(await world.home())


@pytest.mark.slow
async def test_there_is_no_way_in_for_requests_over_http(world: World) -> None:
    assert (await world.post("command=%2Fvisjob"))[0] == 404
    assert await world.get("/healthz") == (200, "ok\n")
    await until(lambda: answers(world, "/readyz", 200, '"ready": true'))


@pytest.mark.slow
async def test_when_slack_asks_to_reconnect_the_bot_comes_back(world: World) -> None:
    await world.workspace.sockets.disconnect("refresh_requested")
    await world.workspace.until(lambda: world.workspace.sockets.count)

    assert (await world.type("/visjob 205"))["text"].startswith("flowers-tb has been running")


@pytest.fixture
async def socket(world: World) -> AsyncIterator[SocketMode]:
    """A second connection of the same app, with the clock and the Bolt app of the test."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=world.workspace.api_url, retry_handlers=[])
    app = AsyncApp(client=client, signing_secret="unused")
    made = SocketMode(
        app,
        app_token=APP_TOKEN,
        proxy_url=None,
        monotonic=world.clock.monotonic,
        jitter=lambda: 1.0,
        connect_seconds=1,
    )
    yield made
    await made.close()


async def until_greeted(socket: SocketMode) -> None:
    """Check the connection until it is open, without moving the clock."""

    async def is_there() -> bool:
        await socket.watch()
        return socket.check().verdict is Verdict.OK

    await until(is_there)


async def live(world: World, socket: SocketMode, seconds: int) -> None:
    """Let so many seconds pass, and check the connection after each."""
    for _ in range(seconds):
        world.clock.advance(seconds=1)
        await socket.watch()
        await asyncio.sleep(0.003)  # messages over loopback arrive within this time


async def test_a_good_connection_is_left_alone(world: World, socket: SocketMode) -> None:
    await until_greeted(socket)
    for _ in range(20):
        world.clock.advance(seconds=60)
        await socket.watch()

    assert world.workspace.sockets.count == 2
    assert _opened(world) == 2


async def test_a_connection_that_brings_nothing_for_half_an_hour_is_built_anew(
    world: World, socket: SocketMode
) -> None:
    await until_greeted(socket)
    world.workspace.sockets.muted = True
    world.clock.advance(seconds=1801)
    await until_greeted(socket)

    await world.workspace.until(lambda: world.workspace.sockets.count == 2)
    assert _opened(world) >= 3, "the old one is closed"


@pytest.mark.parametrize("reason", ["refresh_requested", "warning", "link_disabled", "closed"])
async def test_a_steady_connection_that_ends_is_replaced_at_the_next_look(
    world: World, socket: SocketMode, reason: str
) -> None:
    await until_greeted(socket)
    world.clock.advance(seconds=600)
    await socket.watch()
    sockets = world.workspace.sockets
    if reason == "closed":
        await sockets.close()
    else:
        await sockets.disconnect(reason)  # type: ignore[arg-type]  # one of the accepted words
    sockets.enabled = True
    before = _opened(world)

    async def is_noticed() -> bool:
        await socket.watch()
        return _opened(world) > before

    await until(is_noticed)
    await until_greeted(socket)


#: What Slack answers or does while it refuses our connection.
TROUBLES: dict[str, dict[str, object]] = {
    "it refuses": {"kind": "error", "error": "too_many_websockets"},
    "Socket Mode is off": {"kind": "error", "error": "forbidden_team"},
    "the token is wrong": {"kind": "error", "error": "invalid_auth"},
    "it breaks down": {"kind": "http_error", "status": 503},
    "it hangs up": {"kind": "reset"},
    "a proxy answers": {"kind": "html"},
    "it cuts itself short": {"kind": "cut_json"},
    "it asks us to slow down": {"kind": "rate_limited", "retry_after": 3},
    "it asks for a wait without end": {"kind": "rate_limited", "retry_after": 10**18},
}


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(one, marks=() if one == "it cuts itself short" else pytest.mark.slow)
        for one in TROUBLES
    ],
)
@pytest.mark.slow
async def test_whatever_slack_says_tries_get_rarer_and_it_is_back_soon_after(
    world: World, socket: SocketMode, trouble: str
) -> None:
    faults = world.workspace.faults
    faults.add(count=10_000, method="apps.connections.open", **TROUBLES[trouble])  # type: ignore[arg-type]
    before = _opened(world)

    await live(world, socket, 130)
    tried = _opened(world) - before
    failed = socket.check()
    faults.clear()
    back_at = world.clock.monotonic()
    await until_greeted_in_time(world, socket)

    assert (failed.verdict, failed.key) == (Verdict.FAILED, "socket_mode")
    if "without end" in trouble:
        assert tried <= 3, "at most a minute is obeyed, and that is"
    else:
        assert 8 <= tried <= 16
        assert world.clock.monotonic() - back_at <= 15


async def until_greeted_in_time(world: World, socket: SocketMode) -> None:
    """Let seconds pass until the connection is open."""
    for _ in range(90):
        if socket.check().verdict is Verdict.OK:
            return
        await live(world, socket, 1)
    raise AssertionError("it did not come back")


@pytest.mark.parametrize("says_hello", [True, False])
@pytest.mark.slow
async def test_connections_that_are_turned_away_at_once_are_no_connections(
    world: World, socket: SocketMode, says_hello: bool
) -> None:
    sockets = world.workspace.sockets
    sockets.turns_away = "after hello" if says_hello else "at once"
    before = _opened(world)
    await live(world, socket, 70)
    tried, failed = _opened(world) - before, socket.check()
    await live(world, socket, 120)
    is_dead = socket.is_dead
    sockets.turns_away = ""
    back_at = world.clock.monotonic()
    await until_greeted_in_time(world, socket)

    assert tried <= 12
    assert failed.verdict is Verdict.FAILED
    assert "too_many_websockets" in str(failed.found)
    assert "SLACK_APP_TOKEN" in str(failed.cure)
    assert is_dead, "three minutes of tries were in vain"
    assert not socket.is_dead
    assert world.clock.monotonic() - back_at <= 15


@pytest.mark.slow
async def test_after_a_long_outage_the_next_good_call_to_slack_hurries_it(
    world: World, socket: SocketMode
) -> None:
    faults = world.workspace.faults
    faults.add("http_error", count=10_000, method="apps.connections.open")
    await live(world, socket, 700)
    before = _opened(world)
    await live(world, socket, 120)
    assert _opened(world) - before <= 3, "it is rarely tried by now"

    faults.clear()
    socket.try_soon()
    await live(world, socket, 1)
    await until_greeted(socket)


async def test_one_line_says_that_it_is_away_and_one_that_it_is_back(
    world: World, socket: SocketMode
) -> None:
    world.workspace.faults.add("error", count=6, method="apps.connections.open", error="x_y")
    with capture_logs() as lines:
        await live(world, socket, 60)
        await until_greeted(socket)

    told = [(line["event"], line.get("reason")) for line in lines if "socket" in line["event"]]
    assert told == [("socket_mode_away", "x_y"), ("socket_mode_back", None)]


async def test_a_bot_that_never_connects_is_alive_for_three_minutes_and_not_ready(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path, socket_mode=True, SLACK_APP_TOKEN="xapp-1-wrong") as world:
        await until(lambda: answers(world, "/readyz", 503, "socket_mode"))
        assert (await world.get("/healthz"))[0] == 200
        world.clock.advance(seconds=181)
        assert (await world.get("/healthz"))[0] == 503


async def answers(world: World, page: str, status: int, words: str) -> bool:
    """Return True once the page has this status and these words."""
    got = await world.get(page)
    return got[0] == status and words in got[1]


def _opened(world: World) -> int:
    return sum(entry.method == "apps.connections.open" for entry in world.workspace.journal)
