"""The state of the page for one person: conversations and views, and changes of them."""

from typing import Any

from bot.demo.workspace.cast import BOT_ID, BOT_USER, Channel, Person
from bot.demo.workspace.feed import page_message
from bot.demo.workspace.news import News
from bot.demo.workspace.state import WorkspaceState

Json = dict[str, Any]


def readers(state: WorkspaceState) -> list[str]:
    """Return the people as whom the page can be read: all but bots."""
    return [person.id for person in state.people.values() if not person.is_bot]


def shown_to(user: str, state: WorkspaceState) -> Json:
    """Return all of the workspace that a person sees."""
    state.direct_message(user)  # this puts the app into the sidebar from the beginning
    team = state.team
    mine = [channel for channel in state.channels.values() if user in channel.members]
    ephemerals = {c.id: state.ephemerals.get((c.id, user), []) for c in mine}
    return {
        "team": {"id": team.id, "name": team.name, "domain": team.domain},
        "me": _page_person(state.people[user]),
        "readers": readers(state),
        "bot": {"id": BOT_ID, "user_id": BOT_USER, "name": state.people[BOT_USER].real_name},
        "users": {person.id: _page_person(person) for person in state.people.values()},
        "channels": [_channel_for(user, channel, state) for channel in mine],
        "messages": {c.id: [page_message(m) for m in state.logs[c.id].all] for c in mine},
        "ephemerals": {
            name: [page_message(message) for message in shown] for name, shown in ephemerals.items()
        },
        "home": state.views.homes.get(user),
        "modal": state.views.top(user),
    }


def event_for(user: str, event: Json, state: WorkspaceState) -> Json | None:
    """Return a change as a person sees it; None if it is about a conversation of other people."""
    about = event.get("channel")
    channel = state.channels.get(about["id"] if isinstance(about, dict) else str(about))
    if channel is None:
        return event
    if user not in channel.members:
        return None
    return {**event, "channel": _channel_for(user, channel, state)} if (
        event["kind"] == "channel"
    ) else event  # fmt: skip


def _channel_for(user: str, channel: Channel, state: WorkspaceState) -> Json:
    """Return a channel; a direct message has the name of the other person."""
    name, news = channel.name, channel.news.get(user, News())
    if channel.kind == "dm":
        [other] = channel.members - {user}
        name = state.people[other].name
    return {
        "id": channel.id,
        "name": name,
        "kind": channel.kind,
        "is_member_bot": BOT_USER in channel.members,
        "unread": news.unread,
        "mentions": news.mentions,
        "first_unread": news.first,
        "topic": channel.topic,
        "closed": _why_closed(channel),
    }


def _why_closed(channel: Channel) -> str:
    if channel.is_archived:
        return "This channel is archived. You can read it, and nobody can write to it."
    return ""


def _page_person(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "color": person.color,
        "is_bot": person.is_bot,
        "tz": person.tz,
        "locale": person.locale,
    }
