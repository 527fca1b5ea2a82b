"""The page's own API: the whole state, a stream of changes, and what the signed-in person does."""

import json
import re
from collections.abc import Awaitable, Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from inspect import isawaitable
from mimetypes import guess_type
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.demo.workspace.calls import Refused
from bot.demo.workspace.cast import BOT_ID, BOT_USER, ME, Person
from bot.demo.workspace.clicks import Clicks
from bot.demo.workspace.elements import action_of, find_element
from bot.demo.workspace.feed import page_message
from bot.demo.workspace.guard import PAGE_HEADERS
from bot.demo.workspace.keyboard import INVITE, Typing
from bot.demo.workspace.outbound import BotSilent, Outbound
from bot.demo.workspace.state import WorkspaceState, page_channel

Json = dict[str, Any]

# No name of ours is longer than a file system takes.
_ASSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NO_PAGE = "The page was not built into this copy. Everything else works: type in the terminal."
_NO_ANSWER = "We had some trouble connecting. Try again?"
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


class PageApi:
    """Serves the page and its API; `cloud`, `story` and `suggestions` are the side panel's."""

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
        self.cloud: Json = {
            "clock": state.clock().isoformat(),
            "jobs": [],
            "can_push": False,
            "troubles": [],
        }
        self.story: list[Json] = []
        self.suggestions = [f"{command} 205", f"{command} subscribe 240", f"{command} help"]
        self.on_push = on_push
        #: Called with the id of a job that the page restarts.
        self.on_restart: Callable[[int], object] | None = None
        #: Called with the id of a job that the page lets run for a day more.
        self.on_longer: Callable[[int], object] | None = None
        #: Called with the name of a trouble and whether it begins or ends.
        self.on_trouble: Callable[..., object] | None = None
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
            "home": self._home,
            "read": self._read,
            "push": self._push,
            "restart": self._restart,
            "longer": self._longer,
            "trouble": self._trouble,
        }
        return [
            web.get("/", self._index),
            web.get("/page/assets/{name}", self._asset),
            web.get("/page/state", self._show_state),
            web.get("/page/stream", self._stream),
            *(web.post(f"/page/{name}", _order(run)) for name, run in orders.items()),
        ]

    def state(self) -> Json:
        """Return all that the page shows."""
        state, team = self._state, self._state.team
        me = state.people[ME]
        mine = [channel for channel in state.channels.values() if ME in channel.members]
        ephemerals = {c.id: state.ephemerals.get((c.id, ME), []) for c in mine}
        return {
            "team": {"id": team.id, "name": team.name, "domain": team.domain},
            "me": _page_person(me),
            "bot": {"id": BOT_ID, "user_id": BOT_USER, "name": state.people[BOT_USER].real_name},
            "users": {person.id: _page_person(person) for person in state.people.values()},
            "channels": [page_channel(channel) for channel in mine],
            "messages": {c.id: [page_message(m) for m in state.logs[c.id].all] for c in mine},
            "ephemerals": {
                name: [page_message(message) for message in shown]
                for name, shown in ephemerals.items()
            },
            "home": state.views.homes.get(ME),
            "modal": state.views.top(ME),
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

    async def _show_state(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(self.state(), headers=PAGE_HEADERS)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        events = self._state.feed.stream(ME)
        response = web.StreamResponse(headers={**PAGE_HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b": the workspace is open\n\n")
        number = 0
        async for event in events:
            number += 1
            await response.write(f"id: {number}\ndata: {json.dumps(event)}\n\n".encode())
        return response

    async def _say(self, order: Json) -> Json:
        text, thread_ts = order["text"], order.get("thread_ts")
        seen = await self._typing.type(order["channel"], text, user=ME, thread_ts=thread_ts)
        if thread_ts and text.startswith("/"):
            raise ValueError(seen[0]["notice"])
        return {}

    async def _click(self, order: Json) -> Json:
        place = self._clicks.place(order["container"], ME)
        block, element = find_element(place.blocks, order["action_id"], order.get("block_id"))
        chosen = {name: order[name] for name in _CHOSEN if name in order}
        if element["type"].endswith("_input"):
            chosen["value"] = order.get("value", "")
        try:
            await self._clicks.click(place, action_of(block, element, **chosen))
        except BotSilent:
            if place.channel:
                self._state.notice(place.channel.id, ME, _NO_ANSWER)
            raise
        return {}

    async def _options(self, order: Json) -> Json:
        place = self._clicks.place(order["container"], ME)
        value = order.get("value", "")
        return await self._clicks.options(place, order["block_id"], order["action_id"], value)

    async def _submit(self, order: Json) -> Json:
        return await self._clicks.submit(order["view_id"], order["values"], ME)

    async def _close(self, order: Json) -> Json:
        await self._clicks.close(order["view_id"], ME)
        return {}

    async def _home(self, _order: Json) -> Json:
        await self.open_home(ME)
        return {}

    async def open_home(self, user: str) -> None:
        """Tell the bot that a person looks at its Home tab."""
        view = self._state.views.homes.get(user)
        event = {"type": "app_home_opened", "user": user, "tab": "home"}
        event["channel"] = self._state.direct_message(user).id
        await self._out.event({**event, "view": view} if view else event)

    async def _read(self, order: Json) -> Json:
        channel = self._state.channels[order["channel"]]
        channel.unread = channel.mentions = 0
        self._state.tell_channel(channel)
        return {}

    async def _push(self, order: Json) -> Json:
        if self.on_push is None:
            raise LookupError("nothing here can be pushed")
        pushed = self.on_push(int(order["job_id"]), order.get("status"))
        if isawaitable(pushed):
            await pushed
        return {}

    async def _restart(self, order: Json) -> Json:
        if self.on_restart is None:
            raise LookupError("nothing here can be restarted")
        self.on_restart(int(order["job_id"]))
        return {}

    async def _longer(self, order: Json) -> Json:
        if self.on_longer is None:
            raise LookupError("nothing here can run for longer")
        self.on_longer(int(order["job_id"]))
        return {}

    async def _trouble(self, order: Json) -> Json:
        if self.on_trouble is None:
            raise LookupError("nothing here can be troubled")
        self.on_trouble(order["name"], is_on=bool(order["is_on"]))
        return {}


# What an order of another shape than the page's own ends in.
_ODD = (LookupError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)


def _order(run: Callable[[Json], Awaitable[Json]]) -> Handler:
    """Return the handler of one order; wrong orders are 400, a silent bot is 504."""

    async def serve(request: web.Request) -> web.StreamResponse:
        try:
            order = await request.json()
            answer = await run(order if isinstance(order, dict) else {})
        except _ODD as error:
            said = f"missing or unknown: {error}" if isinstance(error, KeyError) else str(error)
            return web.json_response({"error": said}, status=400)
        except (BotSilent, Refused):
            return web.json_response({"error": _NO_ANSWER}, status=504)
        return web.json_response(answer, headers=PAGE_HEADERS)

    return serve


def _page_person(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "color": person.color,
        "is_bot": person.is_bot,
    }
