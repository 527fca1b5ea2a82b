"""What Slack tells of channels and of the app, from the stand-in workspace to the places held."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import jsonschema
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.cards.card import Choice
from bot.core.cards.home.home_page import Section
from bot.core.cards.reply import Reply
from bot.core.commands.request import Request
from bot.core.errors import StoreUnavailable
from bot.core.subscription import Place
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import BOT_USER, EXPERIMENTS, HIDDEN, ME
from bot.slack.events import LIFECYCLE_EVENTS
from bot.slack.incoming.answer_claims import AnswerClaims
from bot.slack.incoming.background import BackgroundTasks
from bot.slack.incoming.bolt import bolt_app
from bot.slack.incoming.lifecycle import Lifecycle
from bot.slack.incoming.listeners import Listeners
from bot.slack.incoming.reading import typed_text
from bot.slack.manifest import EVENTS, OPTIONAL_SCOPES, SCOPES, manifest
from bot.slack.outgoing.calls import without_redirects
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.messenger import SlackMessenger
from tests.demo.slack_world import SIGNING, TOKEN
from tests.fakes import ManualClock
from tests.make import TEAM, a_card
from tests.reach import FakeClicks, FakeGreetings, FakeOffers
from tests.reference import ORACLES, needs_reference
from tests.request_fakes import FakeRequests
from tests.typing_fakes import FakePeople, in_english
from tests.watch_fakes import FakePauses, FakeWorkspaces


class Keeper(FakePauses):
    """Places held and freed, channels moved, events remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.moves: list[tuple[str, str]] = []
        self.keys: set[str] = set()
        self.error: StoreUnavailable | None = None
        self.freed = asyncio.Event()

    async def pause_place_once(self, place: Place, *, reason: str, event_key: str) -> None:
        if self.error:
            raise self.error
        if event_key not in self.keys:
            self.keys.add(event_key)
            await self.pause_place(place, reason=reason)

    async def resume_place(self, place: Place) -> bool:
        if self.error:
            raise self.error
        self.freed.set()
        return await super().resume_place(place)

    async def move_place(self, place: Place, *, to_channel_id: str) -> None:
        self.moves.append((place.channel_id, to_channel_id))


class Heard:
    """Answers everything alike and remembers what was asked."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    async def respond(self, request: Request) -> Reply:
        self.requests.append(request)
        return Reply(card=a_card())

    async def posted(self, request: Request) -> None:
        del request

    def suggest(self, team_id: str, typed: str) -> tuple[Choice, ...]:
        del team_id, typed
        return ()

    def glance(self, team_id: str) -> None:
        pass

    async def home(self, team_id: str, user_id: str, page: int) -> tuple[Section, ...]:
        del team_id, user_id, page
        return ()


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def workspace() -> AsyncIterator[StandInWorkspace]:
    made = StandInWorkspace(
        clock=ManualClock(datetime.now(UTC)), signing_secret=SIGNING, bot_token=TOKEN
    )
    await made.start()
    yield made
    await made.close()


@pytest.fixture
async def messenger(workspace: StandInWorkspace) -> AsyncIterator[SlackMessenger]:
    async with aiohttp.ClientSession(trace_configs=[without_redirects()]) as session:
        made = SlackMessenger(
            token=TOKEN,
            api_url=workspace.api_url,
            session=session,
            timeout=2.0,
        )
        await made.identify()
        yield made


@pytest.fixture
def workspaces() -> FakeWorkspaces:
    return FakeWorkspaces()


@pytest.fixture
def rechecks() -> list[str]:
    """Slack is to be asked whether our token is good."""
    return []


@pytest.fixture
async def app(
    workspace: StandInWorkspace,
    messenger: SlackMessenger,
    keeper: Keeper,
    workspaces: FakeWorkspaces,
    rechecks: list[str],
    heard: Heard,
) -> AsyncIterator[AsyncApp]:
    background = BackgroundTasks()
    lifecycle = Lifecycle(
        outbox=keeper,
        subscriptions=keeper,
        workspaces=workspaces,
        installation=messenger,
        recheck=lambda: rechecks.append("now"),
    )
    conversations = SlackConversations(messenger.calls)
    listeners = Listeners(
        heard,
        messenger,
        conversations,
        background,
        lifecycle,
        offers=FakeOffers(),
        greetings=FakeGreetings(),
        clicks=FakeClicks(),
        languages=in_english(),
        strangers=FakePeople(),
        claims=AnswerClaims(FakeRequests()),
        monotonic=time.monotonic,
    )
    made = bolt_app(listeners, messenger, messenger.client)
    runner = web.AppRunner(made.server(port=0, path="/slack/events").web_app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    workspace.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield made
    await background.finish(2)
    await runner.cleanup()


async def tell(app: AsyncApp, messenger: SlackMessenger, **event: Any) -> int:
    """Deliver an event as Slack does; the status of the answer."""
    assert messenger.identity
    body = {
        "type": "event_callback",
        "team_id": messenger.identity.team_id,
        "event_id": event.pop("event_id", "Ev1"),
        "event": event,
    }
    request = AsyncBoltRequest(body=json.dumps(body), mode="socket_mode")
    return (await app.async_dispatch(request)).status


ActionResult = Callable[[StandInWorkspace], Awaitable[object]]

DEEDS: dict[str, tuple[ActionResult, str]] = {
    "kicked": (lambda w: w.kick(EXPERIMENTS), "removed_from_channel"),
    "archived": (lambda w: w.archive(EXPERIMENTS), "is_archived"),
    "deleted": (lambda w: w.admin.delete(EXPERIMENTS), "channel_deleted"),
}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("deed", DEEDS)
async def test_a_channel_that_cannot_be_posted_to_is_held(
    workspace: StandInWorkspace, keeper: Keeper, deed: str
) -> None:
    do, reason = DEEDS[deed]

    await do(workspace)

    await workspace.until(lambda: keeper.paused)
    assert keeper.paused == {EXPERIMENTS: reason}


@pytest.mark.usefixtures("app")
async def test_a_channel_that_is_back_is_freed(workspace: StandInWorkspace, keeper: Keeper) -> None:
    await workspace.archive(EXPERIMENTS)
    await workspace.until(lambda: keeper.paused)
    await workspace.admin.unarchive(EXPERIMENTS)
    await keeper.freed.wait()
    assert keeper.paused == {}

    keeper.freed.clear()
    await workspace.kick(EXPERIMENTS)
    await workspace.until(lambda: keeper.paused)
    await workspace.admin.invite(EXPERIMENTS)
    await keeper.freed.wait()
    assert keeper.paused == {}


async def test_somebody_elses_coming_frees_nothing(
    app: AsyncApp, messenger: SlackMessenger, keeper: Keeper
) -> None:
    keeper.paused[EXPERIMENTS] = "not_in_channel"
    joined = {"type": "member_joined_channel", "channel": EXPERIMENTS}

    await tell(app, messenger, **joined, user=ME)
    assert keeper.paused

    await tell(app, messenger, **joined, user=BOT_USER, event_id="Ev2")
    assert not keeper.paused


@pytest.mark.parametrize("kind", ["channel", "group"])
@pytest.mark.parametrize("what", ["left", "archive", "deleted"])
async def test_private_channels_are_held_like_public_ones(
    app: AsyncApp, messenger: SlackMessenger, keeper: Keeper, kind: str, what: str
) -> None:
    assert await tell(app, messenger, type=f"{kind}_{what}", channel="G1") == 200
    assert set(keeper.paused) == {"G1"}

    assert await tell(app, messenger, type=f"{kind}_unarchive", channel="G1") == 200
    assert keeper.paused == {}


async def test_an_old_removal_sent_again_does_not_hold_a_channel_that_is_back(
    app: AsyncApp, messenger: SlackMessenger, keeper: Keeper
) -> None:
    left = {"type": "channel_left", "channel": EXPERIMENTS, "event_id": "Ev7"}
    await tell(app, messenger, **left)
    joined = {"type": "member_joined_channel", "channel": EXPERIMENTS, "user": BOT_USER}
    await tell(app, messenger, **joined, event_id="Ev8")

    await tell(app, messenger, **left)

    assert keeper.paused == {}


@pytest.mark.usefixtures("app")
async def test_a_channel_with_another_id_keeps_its_subscriptions(
    workspace: StandInWorkspace, keeper: Keeper
) -> None:
    await workspace.admin.change_id(EXPERIMENTS, "C0NEW00001")

    await workspace.until(lambda: keeper.moves)
    assert keeper.moves == [(EXPERIMENTS, "C0NEW00001")]


@pytest.mark.usefixtures("app")
async def test_a_workspace_that_removed_the_app_is_frozen_and_slack_is_asked(
    workspace: StandInWorkspace, workspaces: FakeWorkspaces, rechecks: list[str]
) -> None:
    await workspace.uninstall()

    await workspace.until(lambda: len(rechecks) == 2)
    assert workspaces.frozen == {"T0VISION01"}


async def test_a_token_that_ended_removes_nothing(
    app: AsyncApp, messenger: SlackMessenger, workspaces: FakeWorkspaces, rechecks: list[str]
) -> None:
    await tell(app, messenger, type="tokens_revoked", tokens={"oauth": [], "bot": [BOT_USER]})

    assert workspaces.paused == {"T0VISION01": ("tokens_revoked", False)}
    assert (workspaces.frozen, rechecks) == (set(), ["now"])


async def test_a_persons_token_is_not_ours(
    app: AsyncApp, messenger: SlackMessenger, workspaces: FakeWorkspaces, rechecks: list[str]
) -> None:
    await tell(app, messenger, type="tokens_revoked", tokens={"oauth": [ME], "bot": []})

    assert (workspaces.paused, rechecks) == ({}, [])


async def test_a_removal_that_could_not_be_kept_is_told_again_by_slack(
    app: AsyncApp, messenger: SlackMessenger, workspaces: FakeWorkspaces
) -> None:
    workspaces.error = StoreUnavailable("No database.")

    assert await tell(app, messenger, type="app_uninstalled") == 503


async def test_an_event_that_could_not_be_kept_is_sent_again_by_slack(
    app: AsyncApp, messenger: SlackMessenger, keeper: Keeper
) -> None:
    keeper.error = StoreUnavailable("No database.")

    assert await tell(app, messenger, type="channel_unarchive", channel=EXPERIMENTS) == 503


async def test_events_of_another_workspace_change_nothing(app: AsyncApp, keeper: Keeper) -> None:
    event = {"type": "channel_left", "channel": EXPERIMENTS}
    body = {"type": "event_callback", "team_id": "T0OTHER", "event_id": "Ev1", "event": event}

    await app.async_dispatch(AsyncBoltRequest(body=json.dumps(body), mode="socket_mode"))

    assert keeper.paused == {}


@pytest.mark.usefixtures("app")
async def test_a_sentence_knows_its_channel_however_it_was_said(
    workspace: StandInWorkspace, heard: Heard
) -> None:
    await workspace.type(EXPERIMENTS, "/visjob subscribe 205")
    await workspace.mention(EXPERIMENTS, "subscribe 205")
    await workspace.until(lambda: len(heard.requests) == 2)

    assert [(r.channel_id, r.is_direct) for r in heard.requests] == [(EXPERIMENTS, False)] * 2


async def test_a_conversation_between_two_people_is_direct(
    app: AsyncApp, messenger: SlackMessenger, heard: Heard
) -> None:
    assert messenger.identity
    body = {
        "command": "/visjob",
        "text": "subscribe 205",
        "team_id": messenger.identity.team_id,
        "user_id": ME,
        "channel_id": "D024BE91L",
    }

    await app.async_dispatch(AsyncBoltRequest(body=json.dumps(body), mode="socket_mode"))

    assert [(r.channel_id, r.is_direct) for r in heard.requests] == [("D024BE91L", True)]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("subscribe 205 in <#C0EXP00001|exp>", "subscribe 205 in #C0EXP00001"),
        ("subscribe 205 in <#C0EXP00001>", "subscribe 205 in #C0EXP00001"),
        ("subscribe 205 in <#C0EXP00001|>", "subscribe 205 in #C0EXP00001"),
    ],
)
def test_a_channel_picked_from_slacks_list_is_read_by_its_id(sent: str, read: str) -> None:
    assert typed_text(sent) == read


def at(channel_id: str) -> Place:
    return Place(team_id=TEAM, channel_id=channel_id)


async def test_the_rooms_know_where_we_are(
    workspace: StandInWorkspace, messenger: SlackMessenger
) -> None:
    conversations = SlackConversations(messenger.calls)

    assert await conversations.can_post(at(EXPERIMENTS)) is True
    assert await conversations.can_post(at(HIDDEN)) is False
    assert await conversations.can_post(at("C0NOWHERE1")) is False
    await workspace.archive(EXPERIMENTS)
    assert await conversations.can_post(at(EXPERIMENTS)) is False


async def test_the_rooms_know_who_is_in_a_private_channel(
    workspace: StandInWorkspace, messenger: SlackMessenger
) -> None:
    conversations = SlackConversations(messenger.calls)
    assert await conversations.admits(at(EXPERIMENTS), "U0STRANGER") is True, "everybody may see it"
    assert await conversations.admits(at(HIDDEN), ME) is None, "we do not see it ourselves"

    await workspace.admin.invite(HIDDEN)
    members = workspace.state.channels[HIDDEN].members
    members.add(ME)
    assert await conversations.admits(at(HIDDEN), ME) is True
    assert await conversations.admits(at(HIDDEN), "U0STRANGER") is False


async def test_a_direct_message_is_opened_once(
    workspace: StandInWorkspace, messenger: SlackMessenger
) -> None:
    conversations = SlackConversations(messenger.calls)

    first = await conversations.direct(TEAM, ME)

    assert first.startswith("D")
    assert await conversations.direct(TEAM, ME) == first
    opened = [entry for entry in workspace.api.journal if entry.method == "conversations.open"]
    assert len(opened) == 1


def test_every_event_and_scope_is_in_the_manifest_with_a_reason() -> None:
    made = manifest(command="/visjob", url="https://bot.example")
    scopes = made["oauth_config"]["scopes"]

    assert set(LIFECYCLE_EVENTS) < set(EVENTS)
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert scopes["bot"] == [*SCOPES, *OPTIONAL_SCOPES]
    assert scopes["bot_optional"] == list(OPTIONAL_SCOPES)
    assert all(len(str(reason)) > 10 for reason in {**SCOPES, **OPTIONAL_SCOPES}.values())


@needs_reference
def test_the_manifest_is_one_to_slack() -> None:
    schema = json.loads((ORACLES / "slack-manifest.schema.json").read_text())
    for url in ("https://bot.example", None):
        jsonschema.validate(manifest(command="/visjob", url=url), schema)
