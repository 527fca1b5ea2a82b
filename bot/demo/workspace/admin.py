"""Changes by administrators: archive, rename, invite, kick, uninstall; the bot gets the events.

https://docs.slack.dev/reference/events
"""

from dataclasses import replace
from typing import Any

from bot.demo.workspace.cast import BOT_USER, Channel, Person
from bot.demo.workspace.log import MessageLog
from bot.demo.workspace.outbound import Outbound
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]


class Admin:
    """Changes the workspace; most changes send an event and wait for the bot's answer."""

    def __init__(self, state: WorkspaceState, out: Outbound) -> None:
        self._state = state
        self._out = out

    def add_person(self, person: Person, *channel_ids: str) -> None:
        """Add a member, guest or stranger, without an event. Raises ValueError if a stranger's
        company does not share the channel."""
        for channel_id in channel_ids:
            partner_id = self._state.channels[channel_id].partner_id
            if self._state.is_stranger(person) and person.team_id != partner_id:
                raise ValueError(f"{channel_id} is not shared with {person.team_id}")
        self._state.people[person.id] = person
        for channel_id in channel_ids:
            self._state.channels[channel_id].members.add(person.id)

    def add_channel(self, channel: Channel) -> None:
        """Add a conversation, without an event."""
        self._state.channels[channel.id] = channel
        self._state.logs[channel.id] = MessageLog()
        self._state.tell_channel(channel)

    def join_enterprise(self, enterprise_id: str, *sibling_ids: str) -> None:
        """Make the workspace part of an organization that has other workspaces too."""
        self._state.team = replace(
            self._state.team, enterprise_id=enterprise_id, sibling_ids=frozenset(sibling_ids)
        )
        for person in self._state.people.values():
            person.enterprise_id = enterprise_id

    def share(self, channel_id: str, partner_id: str, partner_enterprise_id: str = "") -> None:
        """Share a channel with the company of another workspace, without an event."""
        channel = self._state.channels[channel_id]
        channel.partner_id, channel.partner_enterprise_id = partner_id, partner_enterprise_id
        self._state.tell_channel(channel)

    async def archive(self, channel_id: str) -> None:
        channel = self._state.channels[channel_id]
        channel.is_archived = True
        await self._changed(channel, "archive")

    async def unarchive(self, channel_id: str) -> None:
        channel = self._state.channels[channel_id]
        channel.is_archived = False
        await self._changed(channel, "unarchive")

    async def delete(self, channel_id: str) -> None:
        """Delete a channel and its messages."""
        channel = self._state.channels.pop(channel_id)
        self._state.logs.pop(channel_id)
        await self._out.event({"type": f"{_prefix(channel)}_deleted", "channel": channel_id})

    async def rename(self, channel_id: str, name: str) -> None:
        channel = self._state.channels[channel_id]
        channel.name = name
        self._state.tell_channel(channel)
        shown = {"id": channel_id, "name": name, "created": 1_700_000_000}
        await self._out.event({"type": f"{_prefix(channel)}_rename", "channel": shown})

    async def change_id(self, old_id: str, new_id: str) -> None:
        """Change the id of a channel, as happens when it is shared or converted."""
        channel = self._state.channels.pop(old_id)
        channel.id = new_id
        self._state.channels[new_id] = channel
        self._state.logs[new_id] = self._state.logs.pop(old_id)
        event = {"old_channel_id": old_id, "new_channel_id": new_id}
        await self._out.event({"type": "channel_id_changed", **event})

    async def invite(self, channel_id: str, user: str = BOT_USER) -> None:
        """Add someone, usually the bot, to a channel."""
        self._state.add_member(self._state.channels[channel_id], user)

    async def kick(self, channel_id: str, user: str = BOT_USER) -> None:
        """Remove someone, usually the bot, from a channel."""
        channel = self._state.channels[channel_id]
        channel.members.discard(user)
        self._state.tell_channel(channel)
        if user == BOT_USER:
            event: Json = {"type": f"{_prefix(channel)}_left", "channel": channel_id}
        else:
            kind = "C" if channel.kind == "channel" else "G"
            event = {"type": "member_left_channel", "user": user, "channel": channel_id}
            event |= {"channel_type": kind, "team": self._state.team.id}
        await self._out.event(event)

    async def uninstall(self) -> None:
        """Remove the app: its tokens become invalid, and the bot gets both events."""
        self._state.installation.dead = "account_inactive"
        for channel in self._state.channels.values():
            if channel.kind != "app":
                channel.members.discard(BOT_USER)
        tokens = {"oauth": [], "bot": [BOT_USER]}
        await self._out.event({"type": "tokens_revoked", "tokens": tokens})
        await self._out.event({"type": "app_uninstalled"})

    async def reinstall(self) -> None:
        """Reinstall the app: the old token works again."""
        self._state.installation.dead = None

    async def _changed(self, channel: Channel, what: str) -> None:
        self._state.tell_channel(channel)
        event = {"type": f"{_prefix(channel)}_{what}", "channel": channel.id}
        await self._out.event({**event, "user": next(iter(self._state.people))})


def _prefix(channel: Channel) -> str:
    return "channel" if channel.kind == "channel" else "group"
