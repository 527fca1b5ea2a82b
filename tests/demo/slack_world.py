"""What the tests of the stand-in workspace share: secrets, a clock moved by hand, a card."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

Json = dict[str, Any]

TOKEN = "xoxb-stand-in"
APP_TOKEN = "xapp-stand-in"
SIGNING = "signing-secret-of-the-tests"

BUTTON: Json = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Refresh"},
    "action_id": "visjob:205",
    "value": "205",
}
CARD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*flowers-tb*"}},
    {"type": "actions", "elements": [BUTTON]},
]


def clicks_on(bot: AsyncApp, action_id: str) -> list[Json]:
    """What Slack sends of each click, as it comes; every one is acknowledged."""
    got: list[Json] = []

    @bot.action(action_id)
    async def note(ack: Any, body: Json) -> None:
        got.append(body)
        await ack()

    return got


async def refusal(call: Any) -> str:
    """Return the error code that a call meets."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])
