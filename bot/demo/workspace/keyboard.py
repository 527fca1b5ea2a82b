"""Commands, messages, mentions and links that a person types, sent to the bot as Slack does."""

import re
from typing import Any

from bot.demo.workspace.calls import Refused
from bot.demo.workspace.cast import APP_ID, BOT_USER, Channel
from bot.demo.workspace.link_sharing import LinkSharing
from bot.demo.workspace.outbound import BotSilent, Outbound
from bot.demo.workspace.replies import Replies
from bot.demo.workspace.state import WorkspaceState
from bot.demo.workspace.tickets import Origin
from bot.demo.workspace.wire import VERIFICATION_TOKEN

Json = dict[str, Any]

#: A command of Slack itself.
INVITE = "/invite"
_INVITE_WHOM = "Whom? For example: /invite @visjob"
_TOKEN = re.compile(
    r"(?P<id><(?:@U|#C)\w+(?:\|[^<>]*)?>)"
    r"|(?P<url>https?://[^\s<>]*[\w/=&#%+-])"
    r"|(?<![\w@])(?P<handle>@[\w.-]*\w)"
    r"|(?<![\w#])(?P<room>#[\w-]+)"
)


class Typing:
    """Turns typed text into requests to the bot, and shows the answers."""

    def __init__(
        self, state: WorkspaceState, out: Outbound, replies: Replies, command: str
    ) -> None:
        self._state = state
        self._out = out
        self._replies = replies
        self._command = command
        self._links = LinkSharing(state, out)

    async def compose(self, channel_id: str, text: str, *, user: str) -> str:
        """Write a text without sending it, and return the unfurl id of its links, or empty text."""
        channel = self._channel_of(user, channel_id)
        return await self._links.compose(channel, text, user)

    def _channel_of(self, user: str, channel_id: str) -> Channel:
        channel = self._state.find_channel(channel_id)
        if channel is None or user not in channel.members:
            raise ValueError(f"{user} cannot type in {channel_id}")
        return channel

    async def type(
        self, channel_id: str, text: str, *, user: str, thread_ts: str | None = None
    ) -> list[Json]:
        """Type a line, and return the messages and notices that the person saw until the answer."""
        channel = self._channel_of(user, channel_id)
        self._state.views.looked_at[user] = channel.id
        with self._state.feed.recording(user, channel.id) as seen:
            if text.startswith("/"):
                await self._run_command(channel, text, user, thread_ts)
            else:
                await self._say(channel, text, user, thread_ts)
        return seen

    async def _run_command(
        self, channel: Channel, text: str, user: str, thread_ts: str | None
    ) -> None:
        word, _, rest = text.strip().partition(" ")
        refusal = None  # or another answer by Slack itself
        if word not in (self._command, INVITE):
            refusal = f"{word} is not a valid command."
        elif thread_ts:
            refusal = f"{word} is not supported in threads. Sorry!"
        elif word == INVITE:
            refusal = self._invite(channel, rest)
        if refusal:
            self._state.notice(channel.id, user, refusal, thread_ts)
            return
        origin = Origin(user=user, channel=channel.id, command=text.strip())
        try:
            answer = await self._out.command(self._command_form(channel, rest, user, origin))
        except BotSilent as silent:
            timed_out = str(silent) in ("http_timeout", "timeout")
            self._failed(origin, "operation_timeout" if timed_out else "dispatch_failed")
            return
        if answer.status != 200:
            self._failed(origin, "dispatch_failed")
            return
        try:
            self._replies.acknowledge(origin, answer.body)
        except Refused as refused:
            self._failed(origin, refused.error)

    def _invite(self, channel: Channel, rest: str) -> str:
        """Add people to a channel by their handles, and return the words of Slackbot."""
        by_name = {person.name: person.id for person in self._state.people.values()}
        handles = [word.removeprefix("@") for word in rest.split()]
        unknown = [handle for handle in handles if handle not in by_name]
        if not handles or unknown:
            return f"Nobody here is called {' or '.join(unknown)}." if unknown else _INVITE_WHOM
        if channel.kind not in ("channel", "private"):
            return "People can be invited to channels only."
        said = []
        for handle in handles:
            if by_name[handle] in channel.members:
                said.append(f"@{handle} is already in this channel.")
            else:
                self._state.add_member(channel, by_name[handle])
                said.append(f"@{handle} was added to #{channel.name}.")
        return " ".join(said)

    def _failed(self, origin: Origin, reason: str) -> None:
        text = f"{self._command} failed with the error {reason}"
        self._state.notice(origin.channel, origin.user, text)

    def _command_form(self, channel: Channel, rest: str, user: str, origin: Origin) -> Json:
        names = {"channel": channel.name, "private": "privategroup"}
        person = self._state.people[user]
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": person.team_id,
            "team_domain": self._state.team.domain,
            **({"enterprise_id": person.enterprise_id} if person.enterprise_id else {}),
            "channel_id": channel.id,
            "channel_name": names.get(channel.kind, "directmessage"),
            "user_id": user,
            "user_name": person.name,
            "command": self._command,
            "text": self._escaped(rest.strip(), user, with_names=True),
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._state.hook_url(origin),
            "trigger_id": self._state.tickets.issue_trigger(user),
        }

    async def _say(self, channel: Channel, text: str, user: str, thread_ts: str | None) -> None:
        author = self._author(user)
        fields: Json = {"text": self._escaped(text, user, with_names=False), **author}
        if thread_ts and self._state.find_message(channel.id, thread_ts):
            fields["thread_ts"] = thread_ts
        message = self._state.post(channel.id, fields, user=user)
        event = {
            "user": user,
            "type": "app_mention",
            "ts": message["ts"],
            "client_msg_id": f"msg-{message['ts']}",
            "text": message["text"],
            "team": self._state.team.id,
            "channel": channel.id,
            **author,
            **self._home_of(user),
            **({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}),
        }
        is_member = BOT_USER in channel.members
        if f"<@{BOT_USER}>" in message["text"] and is_member and channel.kind != "app":
            await self._out.event(event)
        if channel.kind == "app" and "im:history" in self._state.installation.scopes:
            await self._out.event({**event, "type": "message", "channel_type": "im"})
        await self._links.share(channel, message)

    def _author(self, user: str) -> Json:
        """Return the fields that name a bot as the author; a person needs none besides `user`."""
        person = self._state.people[user]
        if not person.is_bot:
            return {}
        bot_id = f"B{user[1:]}"
        profile = {"id": bot_id, "name": person.name, "team_id": person.team_id}
        return {"bot_id": bot_id, "bot_profile": profile}

    def _home_of(self, user: str) -> Json:
        """Return the fields that name the home of a person from another workspace: the
        organization, or else that workspace."""
        person = self._state.people[user]
        if person.team_id == self._state.team.id:
            return {}
        home = person.enterprise_id or person.team_id
        profile = {"name": person.name, "real_name": person.real_name, "team": home}
        return {"user_team": home, "source_team": home, "user_profile": profile}

    def _escaped(self, text: str, user: str, *, with_names: bool) -> str:
        """Return text as Slack sends it: people, channels and links as ids, the rest escaped."""
        pieces: list[str] = []
        end = 0
        for found in _TOKEN.finditer(text):
            pieces += [_plain(text[end : found.start()]), self._linked(found, user, with_names)]
            end = found.end()
        return "".join([*pieces, _plain(text[end:])])

    def _linked(self, found: re.Match[str], user: str, with_names: bool) -> str:
        word = found.group()
        if found["id"]:
            return word
        if found["url"]:
            return f"<{_plain(word)}>"
        name = word[1:]
        if found["handle"]:
            ids = {person.name: person.id for person in self._state.people.values()}
            link = f"<@{ids.get(name)}|{name}>" if with_names else f"<@{ids.get(name)}>"
        else:
            ids = {
                room.name: room.id for room in self._state.channels.values() if _sees(user, room)
            }
            link = f"<#{ids.get(name)}|{name}>"
        return link if name in ids else _plain(word)


def _sees(user: str, room: Channel) -> bool:
    """Return True for a channel that the person can name: public, or joined by the person."""
    return room.kind == "channel" or (room.kind == "private" and user in room.members)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
