"""A Slack workspace on loopback, with which the real bot speaks over Slack's interfaces.

The workspace is as strict as Slack, and reaches nothing outside this computer.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from aiohttp import web

from bot.demo.workspace.admin import Admin
from bot.demo.workspace.api import Entry, WebApi
from bot.demo.workspace.cast import BOT_USER, DEFAULT_SCOPES, ME
from bot.demo.workspace.clicks import Clicks
from bot.demo.workspace.elements import find_action
from bot.demo.workspace.faults import Faults
from bot.demo.workspace.feed import Feed
from bot.demo.workspace.installation import Installation
from bot.demo.workspace.keyboard import Typing
from bot.demo.workspace.outbound import Outbound
from bot.demo.workspace.page_api import PageApi
from bot.demo.workspace.replies import Replies
from bot.demo.workspace.request_guard import guard
from bot.demo.workspace.state import WorkspaceState
from bot.demo.workspace.wire import wrap_event

Json = dict[str, Any]
T = TypeVar("T")


class StandInWorkspace:
    """The workspace "Vision Lab": its server, its people, and faults on demand.

    `request_url` is where the bot listens; `on_push(job_id, status)` is called when the page pushes
    a job. Methods name people by id; the default person is Ana.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        signing_secret: str,
        bot_token: str,
        app_token: str | None = None,
        command: str = "/visjob",
        scopes: Iterable[str] = DEFAULT_SCOPES,
        on_push: Callable[[int, int | None], object] | None = None,
    ) -> None:
        self.feed = Feed()
        self.faults = Faults()
        self.installation = Installation(
            bot_token=bot_token, app_token=app_token, scopes=frozenset(scopes)
        )
        self.state = WorkspaceState(clock=clock, feed=self.feed, installation=self.installation)
        self.sockets = self.state.connections
        self.out = Outbound(
            clock=clock,
            signing_secret=signing_secret,
            connections=self.sockets,
            wrap=self._wrap,
        )
        self.state.announce = self.out.announce
        self._closing = asyncio.Event()
        self.api = WebApi(self.state, self.faults, self._closing)
        self.replies = Replies(self.state, self.faults, self._closing)
        self.typing = Typing(self.state, self.out, self.replies, command)
        self.clicks = Clicks(self.state, self.out)
        self.admin = Admin(self.state, self.out)
        self.page = PageApi(
            state=self.state,
            out=self.out,
            typing=self.typing,
            clicks=self.clicks,
            command=command,
            on_push=on_push,
        )
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> str:
        """Listen on loopback, and return the origin; port 0 asks for any free port."""
        app = web.Application(middlewares=[guard], client_max_size=1024 * 1024)
        app.add_routes(self.page.routes())
        app.add_routes(
            [
                web.route("*", "/api/{method}", self.api.serve),
                web.post("/hooks/{team}/{key:.+}", self.replies.serve),
                web.get("/link/", self.sockets.serve),
            ]
        )
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.state.origin = self.sockets.origin = f"http://127.0.0.1:{bound}"
        await self.out.open()
        return self.state.origin

    async def close(self) -> None:
        """Stop listening, close the sockets, and cancel the background work."""
        self._closing.set()
        self.feed.close()
        await self.out.close()
        await self.sockets.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The base URL of the Web API; it ends in a slash because slack_sdk needs that."""
        return f"{self.state.origin}/api/"

    @property
    def request_url(self) -> str | None:
        """The URL at which the bot receives commands, interactions and events."""
        return self.out.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.out.request_url = url

    @property
    def journal(self) -> list[Entry]:
        """All calls of the Web API so far, without tokens."""
        return self.api.journal

    async def type(
        self, channel: str, text: str, user: str = ME, thread_ts: str | None = None
    ) -> list[Json]:
        """Type a line, and return the messages and notices seen until the bot's direct answer."""
        return await self.typing.type(channel, text, user=user, thread_ts=thread_ts)

    async def mention(
        self, channel: str, text: str, thread_ts: str | None = None, user: str = ME
    ) -> list[Json]:
        """Type a message that mentions the bot first."""
        handle = self.state.people[BOT_USER].name
        return await self.type(channel, f"@{handle} {text}", user, thread_ts)

    async def click(self, shown: Json | str, wanted: str, user: str = ME) -> list[Json]:
        """Press the element with this action_id or label on a message (or its ts) or a view."""
        place = self.clicks.place_of(shown, user)
        return await self.clicks.click(place, find_action(place.blocks, wanted))

    async def options(self, shown: Json | str, action_id: str, value: str, user: str = ME) -> Json:
        """Type into an external select, and return the options that the bot offers."""
        place = self.clicks.place_of(shown, user)
        block_id = find_action(place.blocks, action_id)["block_id"]
        return await self.clicks.options(place, block_id, action_id, value)

    async def submit(self, view: Json | str, values: Json, user: str = ME) -> Json:
        """Submit a modal with Slack's `state.values`, and return {} or {"errors": ...}."""
        view_id = view if isinstance(view, str) else view["id"]
        return await self.clicks.submit(view_id, values, user)

    async def open_home(self, user: str = ME) -> Json | None:
        """Open the Home tab, and return it after the bot has answered the event."""
        await self.page.open_home(user)
        return self.home(user)

    def messages(self, channel: str) -> list[Json]:
        """Return the messages of a channel that everyone sees, oldest first."""
        return self.state.logs[channel].all

    def ephemerals(self, channel: str, user: str = ME) -> list[Json]:
        """Return the messages of a channel that only this person sees, oldest first."""
        return self.state.ephemerals.get((channel, user), [])

    def home(self, user: str = ME) -> Json | None:
        """Return a person's Home tab, or None if the bot has published none."""
        return self.state.views.homes.get(user)

    def modal(self, user: str = ME) -> Json | None:
        """Return the topmost open modal of a person, or None."""
        return self.state.views.top(user)

    async def until(self, predicate: Callable[[], T], timeout: float = 60.0) -> T:
        """Wait for a true result of `predicate`, and return it. Raises `TimeoutError`."""
        return await self.feed.until(predicate, timeout)

    def subscribe(self, user: str = ME) -> AsyncIterator[Json]:
        """Yield the events of the page's stream from now on, until the workspace closes."""
        return self.feed.stream(user)

    def set_cloud(self, cloud: Json) -> None:
        """Show the cloud's jobs in the side panel."""
        self.page.cloud = cloud
        self.feed.publish({"kind": "cloud", "cloud": cloud})

    def narrate(self, text: str, **about: Json) -> None:
        """Add a line of the narrator; `about` holds its facts, for pages in other languages."""
        entry: Json = {"at": self.state.clock().isoformat(), "text": text, **about}
        self.page.story.append(entry)
        self.feed.publish({"kind": "story", "entry": entry})

    def _wrap(self, event: Json) -> Json:
        state = self.state
        return wrap_event(event, team=state.team, side=state.side_of(event), now=state.clock())

    async def archive(self, channel: str) -> None:
        """Archive a channel; `admin` has the other changes of the workspace."""
        await self.admin.archive(channel)

    async def rename(self, channel: str, name: str) -> None:
        await self.admin.rename(channel, name)

    async def kick(self, channel: str, user: str = BOT_USER) -> None:
        """Remove someone, usually the bot, from a channel."""
        await self.admin.kick(channel, user)

    async def uninstall(self) -> None:
        """Remove the app from the workspace."""
        await self.admin.uninstall()
