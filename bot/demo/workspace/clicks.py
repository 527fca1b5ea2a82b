"""Clicks, option queries and views of a person, sent to the bot as Slack sends them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.demo.workspace.answers import check_values
from bot.demo.workspace.calls import Refused, checked_view
from bot.demo.workspace.cast import APP_ID, Channel
from bot.demo.workspace.elements import remember_choice
from bot.demo.workspace.outbound import Answer, BotSilent, Outbound
from bot.demo.workspace.state import WorkspaceState
from bot.demo.workspace.tickets import Origin
from bot.demo.workspace.wire import VERIFICATION_TOKEN

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with something to click: a message that a person sees, or a view."""

    user: str
    channel: Channel | None = None
    message: Json | None = None
    view: Json | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks of the place, including cards below links."""
        shown = self.message or self.view or {}
        return [*shown.get("blocks", []), *(b for each in self.unfurls for b in each["blocks"])]

    @property
    def unfurls(self) -> list[Json]:
        """The cards below links of the message."""
        attachments = (self.message or {}).get("attachments", [])
        return [each for each in attachments if each.get("is_app_unfurl")]

    def unfurl_with(self, block_id: object) -> Json | None:
        """Return the card that contains a block, or None."""
        for each in self.unfurls:
            if block_id in [block["block_id"] for block in each["blocks"]]:
                return each
        return None


class Clicks:
    """Turns presses into requests to the bot, and applies the bot's answers to views."""

    def __init__(self, state: WorkspaceState, out: Outbound) -> None:
        self._state = state
        self._out = out

    def place(self, container: Json, user: str) -> Place:
        """Return the place of a container of the page API. Raises `LookupError`."""
        if container.get("type") == "view":
            found = self._state.views.find(container.get("view_id"))
            if found is None or found[0] != user:
                raise LookupError("no such view")
            return Place(user=user, view=found[1])
        channel = self._state.find_channel(container.get("channel"))
        if channel is None or user not in channel.members:
            raise LookupError("no such channel")
        ts = container.get("ts")
        message = self._state.find_ephemeral(channel.id, user, ts)
        message = message or self._state.find_message(channel.id, ts)
        if message is None:
            raise LookupError("no such message")
        return Place(user=user, channel=channel, message=message)

    def place_of(self, shown: Json | str, user: str) -> Place:
        """Return where `user` sees a message (or its ts) or a view. Raises `LookupError`."""
        if isinstance(shown, dict) and "hash" in shown:
            return self.place({"type": "view", "view_id": shown["id"]}, user)
        ts = shown if isinstance(shown, str) else shown["ts"]
        for channel in self._state.channels.values():
            if user in channel.members:
                container = {"type": "message", "channel": channel.id, "ts": ts}
                if self._state.find_ephemeral(channel.id, user, ts):
                    return self.place(container, user)
                if self._state.find_message(channel.id, ts):
                    return self.place(container, user)
        raise LookupError(f"{user} sees no message {ts}")

    async def click(self, place: Place, action: Json) -> list[Json]:
        """Send block_actions, and return what the person saw meanwhile. Raises `BotSilent`."""
        stamped = {**action, "action_ts": self._state.next_ts()}
        if place.view is not None:
            remember_choice(place.view["state"]["values"], action)
        payload = {"type": "block_actions", **self._common(place), "actions": [stamped]}
        if place.view is None:
            remember_choice(payload["state"]["values"], action)
        if unfurl := place.unfurl_with(action["block_id"]):
            payload["container"] |= {
                "type": "message_attachment",
                "attachment_id": unfurl["id"],
                "is_app_unfurl": True,
                "app_unfurl_url": unfurl["app_unfurl_url"],
            }
            payload["app_unfurl"] = _copy(unfurl)
        channel = place.channel.id if place.channel else None
        if channel:
            self._state.views.looked_at[place.user] = channel
        with self._state.feed.recording(place.user, channel) as seen:
            answer = await self._out.interaction(payload)
        if answer.status != 200:
            raise BotSilent(f"http {answer.status}")
        return seen

    async def options(self, place: Place, block_id: str, action_id: str, value: str) -> Json:
        """Ask the bot for the options of an external select. Raises `BotSilent`."""
        payload = {
            "type": "block_suggestion",
            **self._common(place, with_tickets=False),
            "action_id": action_id,
            "block_id": block_id,
            "value": value,
        }
        answer = await self._out.interaction(payload)
        if answer.status != 200 or isinstance(answer.body, str):
            raise BotSilent(f"http {answer.status}")
        return answer.body

    async def submit(self, view_id: str, values: Json, user: str) -> Json:
        """Send view_submission, and return {} or {"errors": ...}. Inputs that `values` leave out
        keep the view's values. Raises `BotSilent`, and `ValueError` for values that Slack's client
        would not send."""
        view = self.place({"type": "view", "view_id": view_id}, user).view or {}
        values = {**view["state"]["values"], **values}
        check_values(view["blocks"], values, lambda channel: self._sees(user, channel))
        view["state"] = {"values": values}
        payload = {"type": "view_submission", **self._who(user), "view": _copy(view)}
        payload["trigger_id"] = self._state.tickets.issue_trigger(user)
        payload["response_urls"] = list(self._response_urls(view, values, user))
        answer = await self._out.interaction(payload)
        return self._apply(user, view, answer)

    async def close(self, view_id: str, user: str) -> None:
        """Close a modal, and send view_closed if the view asked for it."""
        view = self.place({"type": "view", "view_id": view_id}, user).view or {}
        self._state.views.close(user, view_id)
        if view.get("notify_on_close"):
            payload = {"type": "view_closed", **self._who(user), "view": _copy(view)}
            await self._out.interaction({**payload, "is_cleared": False})

    async def shortcut(self, callback_id: str, user: str, place: Place | None = None) -> Answer:
        """Run a global shortcut, or a message shortcut on a place. Raises `BotSilent`."""
        shared = {"callback_id": callback_id, "action_ts": self._state.next_ts()}
        if place is None:
            payload = {"type": "shortcut", **self._who(user), **shared}
            payload["trigger_id"] = self._state.tickets.issue_trigger(user)
        else:
            payload = {"type": "message_action", **self._common(place), **shared}
            payload["message_ts"] = (place.message or {}).get("ts")
        return await self._out.interaction(payload)

    def _sees(self, user: str, channel_id: str) -> bool:
        channel = self._state.find_channel(channel_id)
        return channel is not None and (channel.kind == "channel" or user in channel.members)

    def _response_urls(self, view: Json, values: Json, user: str) -> Iterator[Json]:
        """Yield a response URL for each chosen conversation whose element asks for one."""
        for block in view["blocks"]:
            element = block.get("element") or {}
            if not element.get("response_url_enabled"):
                continue
            ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
            chosen = values.get(ids["block_id"], {}).get(ids["action_id"], {})
            channel = chosen.get("selected_conversation") or chosen.get("selected_channel")
            if channel in self._state.channels:
                url = self._state.hook_url(Origin(user=user, channel=channel))
                yield {**ids, "channel_id": channel, "response_url": url}

    def _apply(self, user: str, view: Json, answer: Answer) -> Json:
        """Apply the bot's answer to a submission; https://docs.slack.dev/surfaces/modals"""
        if answer.status != 200:
            raise BotSilent(f"http {answer.status}")
        body = answer.body if isinstance(answer.body, dict) else {}
        match body.get("response_action"):
            case "errors":
                inputs = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
                errors = body.get("errors") or {}
                if not errors or errors.keys() - inputs:
                    raise Refused("invalid_arguments")
                return {"errors": errors}
            case "clear":
                self._state.views.close(user)
            case "update":
                self._state.views.replace(user, view, checked_view(body.get("view"), "modal"))
            case "push":
                self._state.views.push(user, checked_view(body.get("view"), "modal"))
            case _:
                self._state.views.close(user, view["id"])
        return {}

    def _who(self, user: str) -> Json:
        team = self._state.team
        person = self._state.people[user]
        name, home = person.name, person.team_id
        return {
            "user": {"id": user, "username": name, "name": name, "team_id": home},
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": {"id": team.enterprise_id} if team.enterprise_id else None,
            "is_enterprise_install": False,
        }

    def _common(self, place: Place, *, with_tickets: bool = True) -> Json:
        payload = {**self._who(place.user), "container": _container(place)}
        if with_tickets:
            payload["trigger_id"] = self._state.tickets.issue_trigger(place.user)
        if place.view is not None:
            return {**payload, "view": _copy(place.view)}
        message, channel = place.message or {}, place.channel
        if channel is None:
            return payload
        name = {"channel": channel.name, "private": channel.name}.get(channel.kind)
        payload["channel"] = {"id": channel.id, "name": name or "directmessage"}
        payload["state"] = {"values": {}}
        # Slack does not store an ephemeral message, so its payload does not contain it.
        if not message.get("is_ephemeral"):
            payload["message"] = _copy(message)
        if with_tickets:
            origin = Origin(
                user=place.user,
                channel=channel.id,
                message_ts=message.get("ts"),
                thread_ts=message.get("thread_ts"),
                is_ephemeral=bool(message.get("is_ephemeral")),
            )
            payload["response_url"] = self._state.hook_url(origin)
        return payload


def _container(place: Place) -> Json:
    if place.view is not None:
        return {"type": "view", "view_id": place.view["id"]}
    message = place.message or {}
    container = {
        "type": "message",
        "message_ts": message.get("ts"),
        "channel_id": place.channel.id if place.channel else None,
        "is_ephemeral": bool(message.get("is_ephemeral")),
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    return container


def _copy(value: Any) -> Any:
    return json.loads(json.dumps(value))
