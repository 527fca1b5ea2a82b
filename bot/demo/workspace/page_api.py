"""The API of the page: the state, a stream of changes, and orders of the signed-in person."""

import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib.resources import files
from importlib.resources.abc import Traversable
from mimetypes import guess_type
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.demo.workspace.calls import Refused
from bot.demo.workspace.cast import ME
from bot.demo.workspace.clicks import Clicks
from bot.demo.workspace.elements import action_of, find_element
from bot.demo.workspace.keyboard import INVITE, Typing
from bot.demo.workspace.outbound import BotSilent, Outbound
from bot.demo.workspace.page_panel import Panel
from bot.demo.workspace.page_state import event_for, readers, shown_to
from bot.demo.workspace.request_guard import PAGE_HEADERS
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]

# The pattern limits the length, because a file system refuses names that are too long.
_ASSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NO_PAGE = "The page was not built into this copy. Everything else works: type in the terminal."
_NO_ANSWER = "We had some trouble connecting. Try again?"
_PREVIEW_SECONDS = 5.0
_CHOSEN = {
    "selected_option",
    "selected_options",
    "selected_user",
    "selected_conversation",
    "selected_channel",
    "selected_date",
    "selected_time",
    "selected_date_time",
}


class PageApi(Panel):
    """Serves the page and its API; the demo fills `story` and `suggestions`."""

    def __init__(
        self,
        *,
        state: WorkspaceState,
        out: Outbound,
        typing: Typing,
        clicks: Clicks,
        command: str,
        on_push: Callable[[int, int | None], object] | None,
    ) -> None:
        super().__init__(state.clock(), on_push)
        self.story: list[Json] = []
        self.suggestions = [
            f"{command} 205",
            f"{command} subscribe 240",
            f"{command} settings",
            f"{command} help",
        ]
        #: The shortcuts of the app, as in its manifest.
        self.shortcuts: list[Json] = []
        #: The folder of the built page.
        self.bundle: Traversable = files("bot.demo") / "page"
        self._state = state
        self._out = out
        self._typing = typing
        self._clicks = clicks
        self._command = command

    def routes(self) -> list[web.RouteDef]:
        """Return the page's routes."""
        orders = {
            "say": self._say,
            "click": self._click,
            "options": self._options,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "preview": self._preview,
            "home": self._home,
            "read": self._read,
            **self.panel_orders(),
        }
        return [
            web.get("/", self._index),
            web.get("/page/assets/{name}", self._asset),
            web.get("/page/state", self._show_state),
            web.get("/page/stream", self._stream),
            *(web.post(f"/page/{name}", self._order(run)) for name, run in orders.items()),
        ]

    def state(self, user: str) -> Json:
        """Return all that the page shows a person."""
        return {
            **shown_to(user, self._state),
            "commands": [
                {
                    "command": self._command,
                    "usage_hint": "205 | list running | subscribe 205 | help",
                    "description": "How is my TensorBoard job?",
                },
                {
                    "command": INVITE,
                    "usage_hint": "@visjob",
                    "description": "Add somebody to the channel",
                },
            ],
            "shortcuts": self.shortcuts,
            "suggestions": self.suggestions,
            "cloud": self.cloud,
            "story": self.story,
        }

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        page = self.bundle / "index.html"
        if not page.is_file():
            return web.Response(text=_NO_PAGE, headers=PAGE_HEADERS)
        text = page.read_text(encoding="utf-8")
        return web.Response(text=text, content_type="text/html", headers=PAGE_HEADERS)

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        asset = self.bundle / "assets" / name
        if not _ASSET.fullmatch(name) or not asset.is_file():
            raise web.HTTPNotFound
        kind = guess_type(name)[0] or "application/octet-stream"
        return web.Response(body=asset.read_bytes(), content_type=kind, headers=PAGE_HEADERS)

    async def _show_state(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self.state(self._reader(request)), headers=PAGE_HEADERS)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        user = self._reader(request)
        events = self._state.feed.stream(user)
        response = web.StreamResponse(headers={**PAGE_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b": the workspace is open\n\n")
        number = 0
        async for event in events:
            if shown := event_for(user, event, self._state):
                number += 1
                await response.write(f"id: {number}\ndata: {json.dumps(shown)}\n\n".encode())
        return response

    def _reader(self, request: web.Request) -> str:
        """Return the person who reads the page: Ana, unless the query names another."""
        user = request.query.get("as", ME)
        if user not in readers(self._state):
            raise web.HTTPNotFound
        return user

    def _order(self, run: Callable[[Json, str], Awaitable[Json]]) -> Handler:
        """Return the handler of one order; a wrong order gets 400, a silent bot 504."""

        async def serve(request: web.Request) -> web.StreamResponse:
            user = self._reader(request)
            try:
                order = await request.json()
                answer = await run(order if isinstance(order, dict) else {}, user)
            except _ODD as error:
                said = f"missing or unknown: {error}" if isinstance(error, KeyError) else str(error)
                return web.json_response({"error": said}, status=400)
            except (BotSilent, Refused):
                return web.json_response({"error": _NO_ANSWER}, status=504)
            return web.json_response(answer, headers=PAGE_HEADERS)

        return serve

    async def _say(self, order: Json, user: str) -> Json:
        text, thread_ts = order["text"], order.get("thread_ts")
        seen = await self._typing.type(order["channel"], text, user=user, thread_ts=thread_ts)
        if thread_ts and text.startswith("/"):
            raise ValueError(seen[0]["notice"])
        return {}

    async def _click(self, order: Json, user: str) -> Json:
        place = self._clicks.place(order["container"], user)
        block, element = find_element(place.blocks, order["action_id"], order.get("block_id"))
        chosen = {name: order[name] for name in _CHOSEN if name in order}
        if element["type"].endswith("_input"):
            chosen["value"] = order.get("value", "")
        try:
            await self._clicks.click(place, action_of(block, element, **chosen))
        except BotSilent:
            if place.channel:
                self._state.notice(place.channel.id, user, _NO_ANSWER)
            raise
        return {}

    async def _options(self, order: Json, user: str) -> Json:
        place = self._clicks.place(order["container"], user)
        value = order.get("value", "")
        return await self._clicks.options(place, order["block_id"], order["action_id"], value)

    async def _submit(self, order: Json, user: str) -> Json:
        return await self._clicks.submit(order["view_id"], order["values"], user)

    async def _close(self, order: Json, user: str) -> Json:
        await self._clicks.close(order["view_id"], user)
        return {}

    async def _shortcut(self, order: Json, user: str) -> Json:
        place, looked_at = None, order.get("channel")
        if "container" in order:
            place = self._clicks.place(order["container"], user)
            looked_at = place.channel and place.channel.id
        if looked_at in self._state.channels:
            self._state.views.looked_at[user] = looked_at
        answer = await self._clicks.shortcut(order["callback_id"], user, place)
        if answer.status != 200:
            raise BotSilent(f"http {answer.status}")
        return {}

    async def _preview(self, order: Json, user: str) -> Json:
        """Return the cards below an unsent text; none if the bot does not send them in time."""
        unfurl_id = await self._typing.compose(order["channel"], order["text"], user=user)
        previews = self._state.previews
        if unfurl_id:
            with suppress(TimeoutError):
                await self._state.feed.until(lambda: unfurl_id in previews, _PREVIEW_SECONDS)
        return {"cards": list(previews.get(unfurl_id, {}).values())}

    async def _home(self, _order: Json, user: str) -> Json:
        await self.open_home(user)
        return {}

    async def open_home(self, user: str) -> None:
        """Send app_home_opened: a person opened the Home tab."""
        view = self._state.views.homes.get(user)
        event = {"type": "app_home_opened", "user": user, "tab": "home"}
        event["channel"] = self._state.direct_message(user).id
        await self._out.event({**event, "view": view} if view else event)

    async def _read(self, order: Json, user: str) -> Json:
        channel = self._state.channels[order["channel"]]
        channel.news.pop(user, None)
        self._state.tell_channel(channel)
        return {}


# The errors that an order of a wrong shape causes.
_ODD = (LookupError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)
