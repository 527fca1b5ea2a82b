"""The state of the stand-in workspace: people, channels and messages. No HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.demo.workspace.cast import BOT_USER, Channel, Person, Team, channels, people, usergroups
from bot.demo.workspace.feed import Feed, page_message
from bot.demo.workspace.installation import Installation
from bot.demo.workspace.log import MessageLog
from bot.demo.workspace.news import note
from bot.demo.workspace.shared_links import SharedLinks
from bot.demo.workspace.socket import Connections
from bot.demo.workspace.tickets import Origin, Tickets
from bot.demo.workspace.views import ViewStore
from bot.demo.workspace.wire import Side

Json = dict[str, Any]


class WorkspaceState:
    """The whole state of the workspace; each change is published to the feed."""

    def __init__(
        self, *, clock: Callable[[], datetime], feed: Feed, installation: Installation
    ) -> None:
        self.clock = clock
        self.feed = feed
        self.installation = installation
        self.connections = Connections(feed.wake)
        #: The origin of the server; empty until it listens.
        self.origin = ""
        #: Sends an event to the bot without waiting; does nothing until the server runs.
        self.announce: Callable[[Json], None] = lambda _event: None
        #: The hosts whose links the bot may unfurl, as in the app's manifest.
        self.unfurl_domains: set[str] = set()
        #: The links that were sent to the bot, by unfurl id.
        self.shared_links: dict[str, SharedLinks] = {}
        #: The cards that a composer shows below its text, by unfurl id.
        self.previews: dict[str, Json] = {}
        self.team = Team()
        self.people: dict[str, Person] = {person.id: person for person in people()}
        self.channels: dict[str, Channel] = {channel.id: channel for channel in channels()}
        self.usergroups = usergroups()
        self.logs: dict[str, MessageLog] = {name: MessageLog() for name in self.channels}
        self.ephemerals: dict[tuple[str, str], list[Json]] = {}
        self.tickets = Tickets(clock)
        self.views = ViewStore(clock=clock, feed=feed, team_id=self.team.id)
        #: The types of blocks that are not rolled out to this workspace.
        self.unknown_blocks: set[str] = set()
        self._last_ts = 0

    def next_ts(self) -> str:
        """Return a timestamp id that is unique and later than all before it."""
        microseconds = int(self.clock().timestamp() * 1_000_000)
        self._last_ts = max(self._last_ts + 1, microseconds)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def hook_url(self, origin: Origin) -> str:
        """Return a new response URL that leads back to the origin of a request."""
        return f"{self.origin}/hooks/{self.team.id}/{self.tickets.issue_hook(origin)}"

    def find_channel(self, name: object) -> Channel | None:
        """Return the conversation with an id, or the channel with a #name, or None."""
        if not isinstance(name, str):
            return None
        if found := self.channels.get(name):
            return found
        wanted = name.removeprefix("#")
        open_ones = (c for c in self.channels.values() if c.kind in ("channel", "private"))
        return next((channel for channel in open_ones if channel.name == wanted), None)

    def direct_message(self, user: str) -> Channel:
        """Return the bot's direct message with a person, and open it if needed."""
        for channel in self.channels.values():
            if channel.kind == "app" and user in channel.members:
                return channel
        person = self.people[user]
        channel = Channel(
            id=f"D0APP{person.name.upper():0<5.5}",
            name="VisJob",
            kind="app",
            members={user, BOT_USER},
        )
        self.channels[channel.id] = channel
        self.logs[channel.id] = MessageLog()
        return channel

    def is_stranger(self, person: Person) -> bool:
        """Return True for a person of another company."""
        return person.team_id != self.team.id and person.team_id not in self.team.sibling_ids

    def side_of(self, event: Json) -> Side:
        """Return the workspace and organization that an event names as its outer team."""
        about = event.get("channel")
        channel = self.channels.get(about["id"] if isinstance(about, dict) else str(about))
        if channel and channel.partner_id:
            return Side(channel.partner_id, channel.partner_enterprise_id, is_shared=True)
        if event["type"] == "app_home_opened":
            person = self.people[event["user"]]
            return Side(person.team_id, person.enterprise_id, is_shared=False)
        return Side(self.team.id, self.team.enterprise_id, is_shared=False)

    def add_member(self, channel: Channel, user: str) -> None:
        """Add a member to a channel; the bot gets an event if it is a member too."""
        channel.members.add(user)
        self.tell_channel(channel)
        if BOT_USER in channel.members:
            self.announce(
                {
                    "type": "member_joined_channel",
                    "user": user,
                    "channel": channel.id,
                    "channel_type": "C" if channel.kind == "channel" else "G",
                    "team": self.team.id,
                }
            )

    def find_message(self, channel: str, ts: object) -> Json | None:
        """Return a message that everyone in the channel can see, or None."""
        log = self.logs.get(channel)
        return log.find(ts) if log else None

    def find_ephemeral(self, channel: str, user: str, ts: object) -> Json | None:
        """Return a message that only `user` can see, or None."""
        return next((m for m in self.ephemerals.get((channel, user), []) if m["ts"] == ts), None)

    def thread(self, channel: str, ts: str) -> list[Json]:
        """Return a parent and its replies, oldest first; empty if there is no such message."""
        started = self.find_message(channel, ts)
        root = started.get("thread_ts", ts) if started else ts
        parent = self.find_message(channel, root)
        return [*([parent] if parent else []), *self.logs[channel].replies(root)]

    def post(self, channel: str, fields: Json, *, user: str = BOT_USER) -> Json:
        """Add a message, update the counters of its thread, and return it."""
        message = {"type": "message", "user": user, **fields, "ts": self.next_ts()}
        self.logs[channel].add(message)
        self._tell(channel, message)
        if thread_ts := message.get("thread_ts"):
            self._recount(channel, thread_ts)
        note(self.channels[channel], message)
        self.tell_channel(self.channels[channel])
        return message

    def edit(self, channel: str, message: Json, changes: Json) -> None:
        """Change a message in place; a value of None removes the field."""
        _change(message, changes)
        self._tell(channel, message)

    def delete(self, channel: str, ts: str) -> None:
        """Remove a message; a parent with replies stays as a tombstone, as in Slack."""
        message = self.find_message(channel, ts)
        if message is None:
            return
        if message.get("reply_count"):
            kept = {name: message[name] for name in ("ts", "thread_ts", "reply_count")}
            message.clear()
            message.update(kept, type="message", subtype="tombstone", user="USLACKBOT")
            message["text"] = "This message was deleted."
            self._tell(channel, message)
            return
        self.logs[channel].remove(message)
        self.feed.publish({"kind": "message_deleted", "channel": channel, "ts": ts})
        if thread_ts := message.get("thread_ts"):
            self._recount(channel, thread_ts)

    def post_ephemeral(self, channel: str, user: str, fields: Json) -> Json:
        """Add a message that only `user` sees."""
        message = {"type": "message", "user": BOT_USER, **fields, "ts": self.next_ts()}
        message["is_ephemeral"] = True
        self.ephemerals.setdefault((channel, user), []).append(message)
        self._tell_one(channel, user, message)
        return message

    def edit_ephemeral(self, channel: str, user: str, message: Json, changes: Json) -> None:
        """Change an ephemeral message in place."""
        _change(message, changes)
        self._tell_one(channel, user, message)

    def delete_ephemeral(self, channel: str, user: str, ts: str) -> None:
        """Remove an ephemeral message."""
        kept = [m for m in self.ephemerals.get((channel, user), []) if m["ts"] != ts]
        self.ephemerals[channel, user] = kept
        gone = {"kind": "ephemeral_deleted", "channel": channel, "ts": ts}
        self.feed.publish(gone, to=user)

    def notice(self, channel: str, user: str, text: str, thread_ts: str | None = None) -> None:
        """Show `user` a notice of Slackbot."""
        said = {"kind": "notice", "channel": channel, "text": text}
        self.feed.publish({**said, "thread_ts": thread_ts} if thread_ts else said, to=user)

    def tell_channel(self, channel: Channel) -> None:
        """Publish that a channel has changed; each person's page shows its own view of it."""
        self.feed.publish({"kind": "channel", "channel": {"id": channel.id}})

    def _tell(self, channel: str, message: Json) -> None:
        shown = page_message(message)
        self.feed.publish({"kind": "message", "channel": channel, "message": shown})

    def _tell_one(self, channel: str, user: str, message: Json) -> None:
        shown = page_message(message)
        self.feed.publish({"kind": "ephemeral", "channel": channel, "message": shown}, to=user)

    def _recount(self, channel: str, thread_ts: str) -> None:
        parent = self.find_message(channel, thread_ts)
        if parent is None:
            return
        replies = self.logs[channel].replies(thread_ts)
        parent["thread_ts"] = thread_ts
        parent["reply_count"] = len(replies)
        parent["reply_users"] = sorted({m["user"] for m in replies})
        parent["reply_users_count"] = len(parent["reply_users"])
        parent["latest_reply"] = replies[-1]["ts"] if replies else thread_ts
        self._tell(channel, parent)


def _change(message: Json, changes: Json) -> None:
    message.update(changes)
    for name in [name for name, value in message.items() if value is None]:
        del message[name]
