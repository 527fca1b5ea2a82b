"""The stand-in workspace against a real Bolt app over HTTP."""

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import EXPERIMENTS, HIDDEN, ME
from tests.demo.slack_world import CARD

Json = dict[str, Any]


async def test_a_command_is_signed_and_its_answer_is_shown_to_the_asker_alone(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    got: list[Json] = []

    @bot.command("/visjob")
    async def answer(ack: Any, command: Json) -> None:
        got.append(command)
        await ack(text="flowers-tb is running.", blocks=CARD)

    seen = await workspace.type(EXPERIMENTS, "/visjob 205 @ben #general https://a.example/x?y&z")

    assert [each["text"] for each in seen] == ["flowers-tb is running."]
    assert seen[0]["ephemeral"] is True
    assert workspace.messages(EXPERIMENTS) == []
    assert workspace.ephemerals(EXPERIMENTS, "U0BEN00001") == []
    assert got[0]["text"] == (
        "205 <@U0BEN00001|ben> <#C0GENERAL1|general> <https://a.example/x?y&amp;z>"
    )


async def test_a_click_replaces_its_message_through_the_response_url(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    @bot.command("/visjob")
    async def answer(ack: Any) -> None:
        await ack(text="old", blocks=CARD, response_type="in_channel")

    @bot.action("visjob:205")
    async def refresh(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="new", blocks=CARD, replace_original=True)

    seen = await workspace.type(EXPERIMENTS, "/visjob 205")
    assert [each["text"] for each in seen] == ["/visjob 205", "old"]

    await workspace.click(seen[1], "Refresh")

    assert [m["text"] for m in workspace.messages(EXPERIMENTS)] == ["/visjob 205", "new"]


async def test_a_response_url_works_five_times_and_where_the_bot_is_not_a_member(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    urls: list[str] = []

    @bot.command("/visjob")
    async def answer(ack: Any, command: Json) -> None:
        urls.append(command["response_url"])
        await ack()

    await workspace.type(HIDDEN, "/visjob 205")
    async with aiohttp.ClientSession() as session:
        answers = []
        for number in range(6):
            async with session.post(urls[0], json={"text": f"answer {number}"}) as response:
                answers.append((response.status, await response.text()))

    assert answers == [(200, "ok")] * 5 + [(404, "used_url")]
    assert len(workspace.ephemerals(HIDDEN, ME)) == 5


async def test_opening_the_home_tab_lets_the_bot_publish_it(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    @bot.event("app_home_opened")
    async def draw(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": CARD})

    await workspace.open_home()
    home = await workspace.until(lambda: workspace.home(ME))

    assert home is not None
    assert home["blocks"][1]["elements"][0]["action_id"] == "visjob:205"


async def test_a_silent_bot_is_a_notice_and_nothing_else(workspace: StandInWorkspace) -> None:
    workspace.request_url = "http://127.0.0.1:9/nobody"

    seen = await workspace.type(EXPERIMENTS, "/visjob 205")

    assert seen == [{"notice": "/visjob failed with the error dispatch_failed"}]


async def test_the_page_says_reads_and_streams(workspace: StandInWorkspace, bot: AsyncApp) -> None:
    @bot.command("/visjob")
    async def answer(ack: Any) -> None:
        await ack(text="hello")

    origin = workspace.state.origin
    events = workspace.subscribe()
    async with aiohttp.ClientSession() as session:
        order = {"channel": EXPERIMENTS, "text": "/visjob help"}
        async with session.post(f"{origin}/page/say", json=order) as response:
            assert response.status == 200
        async with session.get(f"{origin}/page/state") as response:
            state = await response.json()
    event = await anext(aiter(events))

    assert state["ephemerals"][EXPERIMENTS][0]["text"] == "hello"
    assert event["kind"] == "ephemeral"


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@ben", "<@U0BEN00001|ben>"),
        ("@nobody #nowhere", "@nobody #nowhere"),
        ("#experiments.", "<#C0EXP00001|experiments>."),
        ("#secret-exp", "<#C0SECRET01|secret-exp>"),
        ("a@ben.example", "a@ben.example"),
        ("<@U0BEN00001>", "<@U0BEN00001>"),
        ("<!channel> <b> & co", "&lt;!channel&gt; &lt;b&gt; &amp; co"),
        ("see https://a.example/@ben/#general, ok", "see <https://a.example/@ben/#general>, ok"),
        ("flowers*  ", "flowers*"),
    ],
)
async def test_typed_text_is_escaped_as_slack_escapes_it(
    workspace: StandInWorkspace, bot: AsyncApp, typed: str, sent: str
) -> None:
    got: list[str] = []

    @bot.command("/visjob")
    async def answer(ack: Any, command: Json) -> None:
        got.append(command["text"])
        await ack()

    await workspace.type(EXPERIMENTS, f"/visjob {typed}")

    assert got == [sent]
