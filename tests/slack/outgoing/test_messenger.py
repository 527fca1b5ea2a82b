"""What the bot says to Slack on its own account, and what becomes of Slack's refusals."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest

from bot.core.errors import MessageRejected, MessengerUnavailable
from bot.core.subscription import Place
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import APP_DM, BOT_USER, EXPERIMENTS, HIDDEN, ME
from bot.serve.clock import utc_now
from bot.slack.blocks import render
from bot.slack.outgoing.calls import Answer
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.messenger import SlackMessenger
from bot.slack.outgoing.response_url import is_trusted
from tests.make import TEAM, a_card
from tests.world import BOT_TOKEN

MESSAGE = render(a_card())
HERE = Place(team_id=TEAM, channel_id=EXPERIMENTS)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
def messenger(workspace: StandInWorkspace, session: aiohttp.ClientSession) -> SlackMessenger:
    return SlackMessenger(
        token=BOT_TOKEN,
        api_url=workspace.api_url,
        session=session,
        timeout=0.5,
    )


async def test_the_token_says_who_we_are(messenger: SlackMessenger) -> None:
    identity = await messenger.identify()

    assert (identity.team_id, identity.team) == ("T0VISION01", "Vision Lab")
    assert identity.bot_user_id == BOT_USER
    assert {"commands", "chat:write"} <= identity.scopes
    assert messenger.identity == identity


async def test_the_time_by_slacks_clock_comes_with_it(messenger: SlackMessenger) -> None:
    identity = await messenger.identify()

    assert identity.slack_time is not None
    assert abs(identity.slack_time - utc_now()) < timedelta(minutes=5)


@pytest.mark.parametrize("date", ["", "yesterday", "Wed, 99 Jun 2026 10:00:00 GMT"])
def test_a_date_that_is_none_is_no_time(date: str) -> None:
    assert Answer("auth.test", {}, {"Date": date}).date is None


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("visjob_staging", "/invite @visjob_staging"),
        ("", "/invite @visjob"),
        ("a b<!channel>", "/invite @visjob"),
    ],
)
async def test_people_invite_the_bot_by_its_own_name(
    messenger: SlackMessenger, workspace: StandInWorkspace, name: str, typed: str
) -> None:
    people = workspace.state.people
    people[BOT_USER] = replace(people[BOT_USER], name=name)
    conversations = SlackConversations(messenger.calls, identity=lambda: messenger.identity)
    before = conversations.invitation

    await messenger.identify()

    assert (before, conversations.invitation) == ("/invite @visjob", typed)


SLACK, GOV, OWN = (
    "https://slack.com/api/",
    "https://slack-gov.com/api/",
    "http://127.0.0.1:8421/api/",
)


@pytest.mark.parametrize(
    ("api_url", "response_url", "is_ours"),
    [
        (SLACK, "https://hooks.slack.com/commands/T1/1/x", True),
        (SLACK, "https://hooks.slack.com:443/commands/T1/1/x", True),
        (SLACK, "https://slack.com/x", True),
        (SLACK, "https://hooks.slack-gov.com/commands/T1/1/x", False),
        (SLACK, "https://hooks.slack.com.evil.example/x", False),
        (SLACK, "https://u:p@hooks.slack.com/x", False),
        (SLACK, "http://hooks.slack.com/x", False),
        (SLACK, "https://hooks.slack.com:8443/x", False),
        (SLACK, "https://hooks.slack.com:port/x", False),
        (GOV, "https://hooks.slack-gov.com/commands/T1/1/x", True),
        (GOV, "https://hooks.slack.com/commands/T1/1/x", False),
        (GOV, "https://hooks.slack-gov.com.evil.example/x", False),
        (OWN, "http://127.0.0.1:8421/response/1", True),
        (OWN, "https://hooks.slack.com/commands/T1/1/x", True),
        (OWN, "http://127.0.0.1:8422/response/1", False),
        (OWN, "https://[::1", False),
    ],
)
def test_a_response_url_is_used_on_slacks_own_hosts_only(
    api_url: str, response_url: str, is_ours: bool
) -> None:
    assert is_trusted(response_url, api_url=api_url) is is_ours


async def test_a_whisper_is_for_one_person(
    messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    await messenger.whisper(HERE, ME, MESSAGE, thread_ts=None)

    (seen,) = workspace.ephemerals(EXPERIMENTS, ME)
    assert seen["text"] == MESSAGE["text"]
    assert workspace.messages(EXPERIMENTS) == []


async def test_a_call_is_never_repeated(
    messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    for fault in ("rate_limited", "reset", "html"):
        workspace.faults.add(fault, method="chat.postMessage")
        with pytest.raises((MessageRejected, MessengerUnavailable)):
            await messenger.say(HERE, MESSAGE, thread_ts=None)

    assert len(workspace.faults.injected) == 3
    assert workspace.messages(EXPERIMENTS) == []


@pytest.mark.parametrize("error", ["internal_error", "fatal_error", "service_unavailable"])
async def test_an_unclear_answer_may_have_been_a_yes(
    messenger: SlackMessenger, workspace: StandInWorkspace, error: str
) -> None:
    workspace.faults.add("error", error=error, method="chat.postMessage")

    with pytest.raises(MessengerUnavailable) as caught:
        await messenger.say(HERE, MESSAGE, thread_ts=None)

    assert caught.value.code == error


async def test_no_answer_in_time_may_have_been_a_yes(
    messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    workspace.faults.add("timeout", method="chat.postMessage", applied="yes")

    with pytest.raises(MessengerUnavailable):
        await messenger.say(HERE, MESSAGE, thread_ts=None)

    assert len(workspace.messages(EXPERIMENTS)) == 1


async def test_a_refusal_has_its_code(messenger: SlackMessenger) -> None:
    with pytest.raises(MessageRejected) as caught:
        await messenger.say(replace(HERE, channel_id=HIDDEN), MESSAGE, thread_ts=None)

    assert caught.value.code in ("channel_not_found", "not_in_channel")


async def test_a_missing_scope_is_named(
    messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    workspace.installation.scopes = frozenset({"commands"})

    with pytest.raises(MessageRejected) as caught:
        await messenger.say(HERE, MESSAGE, thread_ts=None)

    assert "chat:write" in str(caught.value.hint)


async def test_a_late_answer_that_nobody_can_take_is_no_error(
    messenger: SlackMessenger, workspace: StandInWorkspace
) -> None:
    workspace.installation.scopes = frozenset({"commands"})

    await messenger.answer_late("https://evil.example/", MESSAGE, team_id=TEAM, user_id=ME)

    assert workspace.messages(APP_DM) == []


async def test_the_token_is_in_no_repr(messenger: SlackMessenger) -> None:
    await messenger.identify()

    for thing in (messenger, messenger.client, messenger.identity):
        assert BOT_TOKEN not in repr(thing)
    assert BOT_TOKEN not in repr(vars(messenger.client))
