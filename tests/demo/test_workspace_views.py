"""Modals, Home tabs and what is pressed in them."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.calls import Refused
from bot.demo.workspace.cast import EXPERIMENTS, ME
from tests.demo.slack_world import CARD, TOKEN
from tests.fakes import ManualClock

Json = dict[str, Any]
BEN = "U0BEN00001"
FIND = {
    "type": "external_select",
    "action_id": "find",
    "min_query_length": 0,
    "placeholder": {"type": "plain_text", "text": "Find a job"},
}
ASK: Json = {
    "type": "modal",
    "callback_id": "subscribe",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "Subscribe"},
    "submit": {"type": "plain_text", "text": "Subscribe"},
    "blocks": [
        {
            "type": "input",
            "block_id": "job",
            "label": {"type": "plain_text", "text": "Job"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        },
        {"type": "section", "block_id": "who", "text": CARD[0]["text"], "accessory": FIND},
    ],
}
VALUES = {"job": {"name": {"type": "plain_text_input", "value": "flowers-tb"}}}


def call(workspace: StandInWorkspace, method: str, **arguments: Any) -> Json:
    return workspace.api.call(method, arguments, TOKEN)


def trigger(workspace: StandInWorkspace) -> str:
    return workspace.state.tickets.issue_trigger(ME)


async def test_a_trigger_opens_one_view_within_three_seconds(
    workspace: StandInWorkspace, slack_clock: ManualClock
) -> None:
    once, slow = trigger(workspace), trigger(workspace)
    assert call(workspace, "views.open", trigger_id=once, view=ASK)["ok"]
    slack_clock.advance(seconds=3.1)

    def error_of(given: str) -> str:
        return str(call(workspace, "views.open", trigger_id=given, view=ASK)["error"])

    assert error_of(once) == "exchanged_trigger_id"
    assert error_of(slow) == "expired_trigger_id"
    assert error_of("1.2.3") == "invalid_trigger_id"


async def test_a_hash_guards_against_races(
    workspace: StandInWorkspace, client: AsyncWebClient
) -> None:
    home = {"type": "home", "blocks": CARD}
    first = (await client.views_publish(user_id=ME, view=home))["view"]
    second = (await client.views_publish(user_id=ME, view=home, hash=first["hash"]))["view"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=ME, view=home, hash=first["hash"])

    assert second["id"] == first["id"]
    assert workspace.home() == second
    updated = await client.views_update(view_id=second["id"], view=home, hash=second["hash"])
    assert updated["view"]["hash"] != second["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=second["id"], view=home, hash=second["hash"])
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id="V0", view=home)


def test_a_hash_of_nothing_is_a_conflict(workspace: StandInWorkspace) -> None:
    home = {"type": "home", "blocks": CARD}

    assert call(workspace, "views.publish", user_id=ME, view=home, hash="1.a")["error"] == (
        "hash_conflict"
    )
    assert call(workspace, "views.publish", user_id=ME, view=home)["ok"]


@pytest.mark.parametrize(
    ("method", "view", "said"),
    [
        ("views.open", {"type": "home", "blocks": CARD}, "must be modal"),
        ("views.open", {**ASK, "title": {"type": "plain_text", "text": "x" * 25}}, "less than 25"),
        ("views.publish", ASK, "must be home"),
    ],
)
async def test_a_wrong_view_is_refused_and_the_trigger_kept(
    workspace: StandInWorkspace, method: str, view: Json, said: str
) -> None:
    ticket = trigger(workspace)
    aim = {"user_id": ME} if method == "views.publish" else {"trigger_id": ticket}

    answer = call(workspace, method, view=view, **aim)

    assert answer["error"] == "invalid_arguments"
    assert said in answer["response_metadata"]["messages"][0]
    assert call(workspace, "views.open", trigger_id=ticket, view=ASK)["ok"]


async def test_external_ids_are_unique(workspace: StandInWorkspace) -> None:
    view = {**ASK, "external_id": "one"}
    assert call(workspace, "views.open", trigger_id=trigger(workspace), view=view)["ok"]

    again = call(workspace, "views.open", trigger_id=trigger(workspace), view=view)

    assert again["error"] == "duplicate_external_id"
    assert call(workspace, "views.update", external_id="one", view=view)["ok"]


async def test_a_modal_is_opened_filled_refused_and_submitted(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    submitted: list[Json] = []
    answers: list[Json] = [
        {"response_action": "errors", "errors": {"job": "No such job."}},
        {},
    ]

    @bot.command("/visjob")
    async def show(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=ASK)

    @bot.view("subscribe")
    async def save(ack: Any, body: Json) -> None:
        submitted.append(body)
        await ack(**answers.pop(0))

    await workspace.type(EXPERIMENTS, "/visjob subscribe")
    modal = workspace.modal()
    assert modal is not None

    assert await workspace.submit(modal, VALUES) == {"errors": {"job": "No such job."}}
    assert workspace.modal() is modal
    assert await workspace.submit(modal, VALUES) == {}
    assert workspace.modal() is None
    assert submitted[1]["view"]["state"]["values"] == VALUES
    assert submitted[1]["user"]["id"] == ME


async def test_errors_must_name_inputs_of_the_view(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    @bot.view("subscribe")
    async def save(ack: Any) -> None:
        await ack(response_action="errors", errors={"elsewhere": "No."})

    view = call(workspace, "views.open", trigger_id=trigger(workspace), view=ASK)["view"]

    with pytest.raises(Refused):
        await workspace.submit(view, VALUES)


@pytest.mark.parametrize(("action", "left"), [("update", 1), ("push", 2), ("clear", 0)])
async def test_a_submission_can_lead_on(
    workspace: StandInWorkspace, bot: AsyncApp, action: str, left: int
) -> None:
    @bot.view("subscribe")
    async def save(ack: Any) -> None:
        if action == "clear":
            await ack(response_action="clear")
        else:
            await ack(response_action=action, view={**ASK, "callback_id": "next"})

    view = call(workspace, "views.open", trigger_id=trigger(workspace), view=ASK)["view"]
    await workspace.submit(view, VALUES)

    stack = workspace.state.views.modals[ME]
    assert len(stack) == left
    assert not stack or stack[-1]["callback_id"] == "next"


async def test_a_closed_modal_is_told_where_it_asked_for_it(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    closed: list[str] = []

    @bot.view_closed("subscribe")
    async def note(ack: Any, body: Json) -> None:
        closed.append(body["view"]["callback_id"])
        await ack()

    view = call(workspace, "views.open", trigger_id=trigger(workspace), view=ASK)["view"]
    await workspace.clicks.close(view["id"], ME)

    assert closed == ["subscribe"]
    assert workspace.modal() is None


async def test_options_are_asked_for_while_typing(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    asked: list[Json] = []

    @bot.options("find")
    async def offer(ack: Any, body: Json) -> None:
        asked.append(body)
        text = {"type": "plain_text", "text": "flowers-tb"}
        await ack(options=[{"text": text, "value": "205"}])

    view = call(workspace, "views.open", trigger_id=trigger(workspace), view=ASK)["view"]
    answer = await workspace.options(view, "find", "flo")

    assert answer["options"][0]["value"] == "205"
    assert (asked[0]["type"], asked[0]["value"], asked[0]["block_id"]) == (
        "block_suggestion",
        "flo",
        "who",
    )
    assert "trigger_id" not in asked[0]


async def test_a_chosen_conversation_brings_its_response_url(
    workspace: StandInWorkspace, bot: AsyncApp
) -> None:
    got: list[Json] = []

    @bot.view("subscribe")
    async def save(ack: Any, body: Json) -> None:
        got.extend(body["response_urls"])
        await ack()

    where = {
        "type": "input",
        "block_id": "where",
        "label": {"type": "plain_text", "text": "Where"},
        "element": {
            "type": "conversations_select",
            "action_id": "to",
            "response_url_enabled": True,
        },
    }
    asked = {**ASK, "blocks": [where]}
    view = call(workspace, "views.open", trigger_id=trigger(workspace), view=asked)["view"]
    chosen = {"type": "conversations_select", "selected_conversation": EXPERIMENTS}
    await workspace.submit(view, {"where": {"to": chosen}})
    await AsyncWebhookClient(got[0]["response_url"]).send(text="subscribed")

    assert (got[0]["block_id"], got[0]["action_id"]) == ("where", "to")
    assert [m["text"] for m in workspace.ephemerals(EXPERIMENTS)] == ["subscribed"]
