"""The real bot between stand-ins of the cloud and of Slack, over HTTP on the loopback interface.

All share one clock, which runs in real time and which a test can move forward. The bot checks its
duties ten times a second, so that a story need not wait for them.
"""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.config import settings_from
from bot.core.health import Verdict
from bot.core.ports.cloud import Cloud
from bot.core.text import NO_BREAK
from bot.demo.cloud import StandInCloud
from bot.demo.workspace import StandInWorkspace
from bot.demo.workspace.cast import DEFAULT_SCOPES, EXPERIMENTS, ME
from bot.serve.app import RunningBot, running
from bot.serve.stopping import USUAL, Patience
from tests.databases import sqlite_migrated
from tests.fakes import ManualClock
from tests.waiting import until

Json = dict[str, Any]

SIGNING_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
BOT_TOKEN = "xoxb-1-1-tests"
APP_TOKEN = "xapp-1-A0VISJOB01-1-tests"
FILE = "visjob.db"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
ACTION = {"type": "button", "action_id": "visjob:say:0", "block_id": "b", "value": "205"}


@dataclass(slots=True, kw_only=True)
class World:
    """The parts of a story; `http` is a stranger's client, `origin` is the bot's address."""

    clock: ManualClock
    cloud: StandInCloud
    workspace: StandInWorkspace
    bot: RunningBot
    http: aiohttp.ClientSession
    #: The bot's settings, by name.
    settings: dict[str, str]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.bot.port}"

    async def type(self, text: str) -> Json:
        """Type in #experiments and return the bot's last answer."""
        seen = await self.workspace.type(EXPERIMENTS, text)
        return seen[-1]

    async def click(self, shown: Json, event_filter: str) -> None:
        """Press a button and wait until the bot's answer has arrived."""
        before = len(self.workspace.replies.journal)
        await self.workspace.click(shown, event_filter)
        await self.workspace.until(lambda: len(self.workspace.replies.journal) > before)

    async def home(self) -> Json:
        """Open the Home tab, and return it once the bot has drawn it."""
        await self.workspace.open_home()
        return await self.workspace.until(lambda: self.workspace.home() or {})

    async def modal_with(self, words: str) -> Json:
        """Return the modal on the screen, once it contains `words`."""

        def shown() -> Json:
            modal = self.workspace.modal() or {}
            return modal if words in said(modal) else {}

        return await self.workspace.until(shown)

    def whispers(self) -> list[Json]:
        """Return the messages in #experiments that only the person at the keyboard sees."""
        return self.workspace.ephemerals(EXPERIMENTS, ME)

    async def post(
        self, body: bytes | str, *, kind: str = FORM, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Send a body to the bot, signed as Slack does unless `headers` are given."""
        sent = body if isinstance(body, bytes) else body.encode()
        signed = sign(sent, self.clock) if headers is None else headers
        async with self.http.post(
            f"{self.origin}/slack/events", data=sent, headers={"Content-Type": kind, **signed}
        ) as answer:
            return answer.status, await answer.text()

    async def get(self, path: str, method: str = "GET") -> tuple[int, str]:
        """Request one of the bot's own pages; return the status and the body."""
        async with self.http.request(method, f"{self.origin}{path}") as answer:
            return answer.status, await answer.text()


def said(shown: Json) -> str:
    """Return all text of a message or view, with plain spaces for no-break spaces."""
    return json.dumps(shown, ensure_ascii=False).replace(NO_BREAK, " ")


def sign(
    body: bytes, clock: ManualClock, *, secret: str = SIGNING_SECRET, ago: float = 0
) -> dict[str, str]:
    """Return the headers by which Slack signs a body; `ago` is in seconds."""
    timestamp = str(int(clock().timestamp() - ago))
    base = f"v0:{timestamp}:".encode() + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def command_form(**fields: str) -> str:
    """Return the body of a slash command."""
    usual = {
        "command": "/visjob",
        "text": "205",
        "team_id": "T0VISION01",
        "user_id": ME,
        "channel_id": EXPERIMENTS,
        "response_url": "https://hooks.slack.com/commands/T0VISION01/1/x",
        "trigger_id": "1.2.3",
    }
    return urlencode({**usual, **fields})


def event(**fields: object) -> str:
    """Return the JSON body of an event."""
    return json.dumps({"type": "event_callback", "team_id": "T0VISION01", **fields})


def payload(**fields: object) -> str:
    """Return the form body of a click, a search for options, or a submission."""
    return urlencode({"payload": json.dumps(fields)})


@asynccontextmanager
async def open_world(
    folder: Path,
    *,
    jobs: Cloud | None = None,
    socket_mode: bool = False,
    by_password: bool = False,
    enterprise: tuple[str, ...] = (),
    scopes: Iterable[str] = DEFAULT_SCOPES,
    patience: Patience = USUAL,
    **settings: str,
) -> AsyncIterator[World]:
    """Start the whole world, and stop it at the end; `settings` are the bot's, by name.
    `enterprise` names the organization of the workspace, and its other workspaces."""
    # Bolt compares signatures with the real clock.
    began = datetime.now(UTC)
    clock = ManualClock(began)
    async with AsyncExitStack() as stack:
        cloud = StandInCloud(clock=clock)
        await cloud.start()
        stack.push_async_callback(cloud.close)
        workspace = StandInWorkspace(
            clock=clock,
            signing_secret=SIGNING_SECRET,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            scopes=scopes,
        )
        if enterprise:
            workspace.admin.join_enterprise(*enterprise)
        await workspace.start()
        stack.push_async_callback(workspace.close)
        login = _password(cloud) if by_password else _key_pair(cloud)
        given = {**_settings(cloud, workspace, folder), **login, **settings}
        file = folder / FILE
        if not file.exists():  # creating the tables takes a third of a start
            file.write_bytes(sqlite_migrated())
        bot = await stack.enter_async_context(
            running(
                settings_from(given),
                socket_mode=socket_mode,
                host="127.0.0.1",
                jobs=jobs,
                clock=clock,
                monotonic=lambda: time.monotonic() + (clock() - began).total_seconds(),
                tick_seconds=0.1,
                patience=patience,
            )
        )
        http = await stack.enter_async_context(aiohttp.ClientSession())
        workspace.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
        yield World(
            clock=clock, cloud=cloud, workspace=workspace, bot=bot, http=http, settings=given
        )


@asynccontextmanager
async def open_replica(world: World) -> AsyncIterator[World]:
    """Start another bot over the same database, cloud and workspace; Slack sends it no requests."""
    settings = settings_from(world.settings)
    async with running(settings, host="127.0.0.1", clock=world.clock, tick_seconds=0.1) as bot:
        yield replace(world, bot=bot)


async def settle(world: World) -> World:
    """Wait until the bot has its identity, and has read the list of jobs by its own first poll."""

    async def is_settled() -> bool:
        checks = await world.bot.health.essentials()
        catalog = world.bot.catalog
        index = catalog.index(catalog.project(""))
        return index is not None and checks[-1].verdict is Verdict.OK

    await until(is_settled)
    return world


def _settings(cloud: StandInCloud, workspace: StandInWorkspace, folder: Path) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": workspace.api_url,
        "MODELARTS_ENDPOINT": cloud.url,
        "MODELARTS_PROJECT_ID": cloud.project_id,
        "DATABASE_URL": f"sqlite:///{folder / FILE}",
        "PORT": "0",
        "VISJOB_POLL_SECONDS": "3600",
    }


def _key_pair(cloud: StandInCloud) -> dict[str, str]:
    return {
        "MODELARTS_ACCESS_KEY": cloud.credentials.access_key,
        "MODELARTS_SECRET_KEY": cloud.credentials.secret_key,
    }


def _password(cloud: StandInCloud) -> dict[str, str]:
    return {
        "MODELARTS_IAM_ENDPOINT": cloud.url,
        "MODELARTS_USERNAME": cloud.credentials.username,
        "MODELARTS_PASSWORD": cloud.credentials.password,
        "MODELARTS_DOMAIN": cloud.credentials.domain,
    }
