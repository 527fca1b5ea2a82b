"""What people press, as the bot receives it."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import EXPERIMENTS, ME, Person
from bot.demo.workspace.outbound import BotSilent
from tests.demo.slack_world import CARD, clicks_on

Json = dict[str, Any]
BEN = "U0BEN00001"


async def test_a_click_in_the_home_tab_has_a_view_and_no_response_url(
    workspace: StandInWorkspace, bot: AsyncApp, client: AsyncWebClient
) -> None:
    got = clicks_on(bot, "visjob:205")
    await client.views_publish(user_id=ME, view={"type": "home", "blocks": CARD})
    home = workspace.home()
    assert home is not None
    await workspace.click(home, "Refresh")

    (body,) = got
    assert body["container"] == {"type": "view", "view_id": home["id"]}
    assert body["actions"][0]["value"] == "205"
    assert body["view"]["id"] == home["id"]
    assert {"response_url", "channel", "message"}.isdisjoint(body)


async def test_a_click_on_an_ephemeral_card_carries_no_message(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    got = clicks_on(bot, "visjob:205")
    shown = workspace.state.post_ephemeral(EXPERIMENTS, BEN, {"text": "x", "blocks": CARD})
    posted = workspace.state.post(EXPERIMENTS, {"text": "x", "blocks": CARD})
    await workspace.click(shown["ts"], "Refresh", user=BEN)
    await workspace.click(posted, "visjob:205")
    with pytest.raises(LookupError):
        await workspace.click(shown["ts"], "Refresh", user=ME)
    with pytest.raises(LookupError, match="Refresh"):
        await workspace.click(posted, "Rifresh")

    assert "message" not in got[0]
    assert got[0]["container"]["is_ephemeral"] is True
    assert got[1]["message"]["text"] == "x"
    assert got[1]["message"]["blocks"] == posted["blocks"]
    assert got[1]["channel"] == {"id": EXPERIMENTS, "name": "experiments"}
    assert got[1]["response_url"].startswith(workspace.state.origin)


async def test_an_overflow_option_is_pressed_by_its_label(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    got = clicks_on(bot, "more")
    option = {"text": {"type": "plain_text", "text": "History"}, "value": "history 205"}
    menu = {"type": "overflow", "action_id": "more", "options": [option]}
    posted = workspace.state.post(
        EXPERIMENTS, {"text": "x", "blocks": [{"type": "actions", "elements": [menu]}]}
    )
    await workspace.click(posted, "History")

    (action,) = got[0]["actions"]
    assert action["selected_option"]["value"] == "history 205"
    assert action["type"] == "overflow"


async def test_a_click_that_nobody_takes_is_an_error(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    assert bot.name
    posted = workspace.state.post(EXPERIMENTS, {"text": "x", "blocks": CARD})

    with pytest.raises(BotSilent, match="404"):
        await workspace.click(posted, "Refresh")


async def test_shortcuts_reach_the_bot(workspace: StandInWorkspace, bot: AsyncApp) -> None:
    got: list[Json] = []

    @bot.shortcut("find_job")
    @bot.shortcut("watch_job")
    async def note(ack: Any, body: Json) -> None:
        got.append(body)
        await ack()

    posted = workspace.state.post(EXPERIMENTS, {"text": "job 205"})
    await workspace.clicks.shortcut("find_job", ME)
    await workspace.clicks.shortcut("watch_job", ME, workspace.clicks.place_of(posted, ME))

    assert [body["type"] for body in got] == ["shortcut", "message_action"]
    assert "channel" not in got[0]
    assert got[1]["message"]["text"] == "job 205"
    assert all(body["trigger_id"] for body in got)


async def test_a_stranger_is_told_apart_by_team(
    workspace: StandInWorkspace, bot: AsyncApp, client: AsyncWebClient
) -> None:
    got = clicks_on(bot, "visjob:205")
    stranger = Person(
        id="U0FAR00001", name="far", real_name="Far Away", color="000000", team_id="T0OTHER001"
    )
    workspace.admin.share(EXPERIMENTS, "T0OTHER001")
    workspace.admin.add_person(stranger, EXPERIMENTS)
    posted = workspace.state.post(EXPERIMENTS, {"text": "x", "blocks": CARD})
    await workspace.click(posted, "Refresh", user=stranger.id)
    told = await client.users_info(user=stranger.id)

    assert got[0]["user"]["team_id"] == "T0OTHER001"
    assert got[0]["team"]["id"] == "T0VISION01"
    assert told["user"]["is_stranger"] is True
