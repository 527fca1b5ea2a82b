"""Answers of Slack that say yes and lack what was asked for: unclear, and never a bug of ours."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.core.errors import MessengerUnavailable
from bot.core.subscription import Place
from bot.slack.outgoing.channel_names import channel_ids
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.messenger import SlackMessenger

Json = dict[str, Any]
Ask = Callable[[SlackMessenger], Awaitable[object]]

HERE = Place(team_id="T1", channel_id="C1")
MESSAGE: Json = {"text": "flowers-tb is running."}

OPEN: Ask = lambda slack: SlackConversations(slack.calls).direct("T1", "U1")  # noqa: E731
MAY: Ask = lambda slack: SlackConversations(slack.calls).can_post(HERE)  # noqa: E731
ARCHIVED: Ask = lambda slack: SlackConversations(slack.calls).is_archived(HERE)  # noqa: E731
SHARED: Ask = lambda slack: SlackConversations(slack.calls).is_shared(HERE)  # noqa: E731
ADMITS: Ask = lambda slack: SlackConversations(slack.calls).admits(HERE, "U1")  # noqa: E731
NAMES: Ask = lambda slack: channel_ids(slack.calls)  # noqa: E731
MODAL: Ask = lambda slack: slack.open_modal("1.2.3", {})  # noqa: E731
IDENTIFY: Ask = lambda slack: slack.identify()  # noqa: E731
ANNOUNCE: Ask = lambda slack: slack.announce(HERE, MESSAGE, signed=MESSAGE)  # noqa: E731


@pytest.fixture
async def slack() -> AsyncIterator[Callable[[Json], Awaitable[SlackMessenger]]]:
    """Make a client of a server that always answers the same."""
    opened: list[TestServer] = []
    async with aiohttp.ClientSession() as session:

        async def answering(answer: Json) -> SlackMessenger:
            async def answered(_: web.Request) -> web.Response:
                return web.json_response({"ok": True, **answer})

            app = web.Application()
            app.router.add_route("*", "/{method}", answered)
            server = TestServer(app)
            opened.append(server)
            await server.start_server()
            return SlackMessenger(
                token="xoxb-stand-in", api_url=str(server.make_url("/")), session=session, timeout=5
            )

        yield answering
    for server in opened:
        await server.close()


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        *((ask, {}) for ask in (OPEN, MAY, ARCHIVED, SHARED, ADMITS, NAMES, MODAL, ANNOUNCE)),
        *((ask, {"channel": None}) for ask in (OPEN, MAY, ARCHIVED, SHARED, ADMITS, ANNOUNCE)),
        *((ask, {"channel": ["C1"]}) for ask in (OPEN, MAY, ARCHIVED, SHARED, ADMITS)),
        (IDENTIFY, {"user_id": "U1"}),
        (IDENTIFY, {"team_id": 5, "user_id": "U1"}),
        (IDENTIFY, {"team_id": "T1", "user_id": None}),
        (OPEN, {"channel": {"id": None}}),
        (OPEN, {"channel": {"id": 7}}),
        (ADMITS, {"channel": {"is_private": True}, "members": None}),
        (ADMITS, {"channel": {"is_private": True}, "members": "U1"}),
        (NAMES, {"channels": {"C1": "general"}}),
        (MODAL, {"view": "V1"}),
        (MODAL, {"view": {"id": None}}),
        (ANNOUNCE, {"channel": "C1", "ts": 17.5}),
    ],
)
async def test_a_yes_without_what_was_asked_for_is_unclear(
    slack: Callable[[Json], Awaitable[SlackMessenger]], ask: Ask, answer: Json
) -> None:
    with pytest.raises(MessengerUnavailable, match="no clear answer"):
        await ask(await slack(answer))


@pytest.mark.parametrize("more", [None, "x", [], {}, {"next_cursor": None}, {"next_cursor": ""}])
async def test_channels_without_a_name_and_odd_cursors_are_passed_over(
    slack: Callable[[Json], Awaitable[SlackMessenger]], more: object
) -> None:
    odd = [None, "C2", {"id": "C3"}, {"name": "x"}]
    channels = [*odd, {"id": "C1", "name": "general"}]

    found = await NAMES(await slack({"channels": channels, "response_metadata": more}))

    assert found == {"general": ["C1"]}
