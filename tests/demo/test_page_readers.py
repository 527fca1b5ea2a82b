"""Who looks at the page: each sees what is theirs, and does what they do in their own name."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import BEN, BOT_USER, EXPERIMENTS, LI, ME

Json = dict[str, Any]


@pytest.fixture
async def page(workspace: StandInWorkspace) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=workspace.state.origin) as session:
        yield session


async def shown(page: aiohttp.ClientSession, reader: str) -> Json:
    async with page.get(f"/page/state?as={reader}") as response:
        state: Json = await response.json()
        return state


@pytest.mark.parametrize(
    ("reader", "names"),
    [
        (ME, ["experiments", "general", "secret-exp", "ben", "VisJob"]),
        (BEN, ["experiments", "general", "secret-exp", "ana", "VisJob"]),
        (LI, ["experiments", "general", "VisJob"]),
    ],
)
async def test_everybody_sees_their_own_conversations(
    page: aiohttp.ClientSession, reader: str, names: list[str]
) -> None:
    state = await shown(page, reader)

    assert state["me"]["id"] == reader
    assert [channel["name"] for channel in state["channels"]] == names


@pytest.mark.parametrize("reader", ["U0NOBODY01", BOT_USER, "%3Cscript%3E"])
async def test_nobody_else_can_look(page: aiohttp.ClientSession, reader: str) -> None:
    for path in ("state", "stream"):
        async with page.get(f"/page/{path}?as={reader}") as response:
            assert response.status == 404
    async with page.post(f"/page/home?as={reader}", json={}) as response:
        assert response.status == 404


async def test_what_is_said_is_said_by_whoever_looks(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    order = {"channel": EXPERIMENTS, "text": "hello"}
    async with page.post(f"/page/say?as={LI}", json=order) as response:
        assert response.status == 200

    assert [message["user"] for message in workspace.messages(EXPERIMENTS)] == [LI]


async def test_no_stream_tells_of_the_conversations_of_others(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    hers = workspace.state.direct_message(LI).id
    async with page.get("/page/stream") as response:
        workspace.state.post(hers, {"text": "for Li alone"})
        workspace.state.post(EXPERIMENTS, {"text": "for all"})
        line = ""
        while "for all" not in line:
            line = (await response.content.readline()).decode()
            assert hers not in line
            assert "for Li" not in line


async def test_a_message_shortcut_and_a_global_one_reach_the_app(
    workspace: StandInWorkspace, page: aiohttp.ClientSession, bot: AsyncApp
) -> None:
    heard: list[Json] = []

    async def hear(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    bot.shortcut("watch")(hear)
    message = workspace.state.post(EXPERIMENTS, {"text": "205?"}, user=BEN)
    container = {"type": "message", "channel": EXPERIMENTS, "ts": message["ts"]}
    for order in (
        {"callback_id": "watch", "container": container},
        {"callback_id": "watch", "channel": EXPERIMENTS},
    ):
        async with page.post(f"/page/shortcut?as={LI}", json=order) as response:
            assert response.status == 200

    assert [body["type"] for body in heard] == ["message_action", "shortcut"]
    assert [body["user"]["id"] for body in heard] == [LI, LI]
    assert heard[0]["message"]["text"] == "205?"
    assert workspace.state.views.looked_at[LI] == EXPERIMENTS


@pytest.mark.slow
async def test_a_link_that_is_still_written_has_a_preview(
    workspace: StandInWorkspace, page: aiohttp.ClientSession, bot: AsyncApp
) -> None:
    link = "https://console.example.com/205/"
    workspace.state.unfurl_domains = {"console.example.com"}

    @bot.event("link_shared")
    async def unfurl(event: Json, client: Any) -> None:
        card = {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "flowers"}}]}
        await client.chat_unfurl(
            unfurl_id=event["unfurl_id"], source=event["source"], unfurls={link: card}
        )

    async def previewed(text: str) -> list[Json]:
        order = {"channel": EXPERIMENTS, "text": text}
        async with page.post("/page/preview", json=order) as response:
            cards: list[Json] = (await response.json())["cards"]
            return cards

    assert "flowers" in json.dumps(await previewed(f"look: {link}"))
    assert await previewed("https://example.org/") == []
    assert workspace.messages(EXPERIMENTS) == []


async def test_the_moment_reaches_the_clock(
    workspace: StandInWorkspace, page: aiohttp.ClientSession
) -> None:
    moved: list[str] = []
    async with page.post("/page/moment", json={"name": "night"}) as response:
        assert response.status == 400
    workspace.page.on_moment = moved.append

    async with page.post("/page/moment", json={"name": "night"}) as response:
        assert response.status == 200
    assert moved == ["night"]
