"""Which ids the names of channels stand for; only what an operator writes by hand needs it."""

from bot.core.errors import MessengerUnavailable
from bot.core.text import say
from bot.slack.outgoing.calls import SlackCalls

# docs.slack.dev/reference/methods/conversations.list: "under 1000"; fewer may come than asked for.
_PAGE = 999
_MOST_PAGES = 100


async def channel_ids(calls: SlackCalls) -> dict[str, list[str]]:
    """The ids of all channels that we see, by name; an archived one is none. Raises MessengerError.

    https://docs.slack.dev/reference/methods/conversations.list
    """
    found: dict[str, list[str]] = {}
    cursor: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        answer = await calls.read(
            "conversations.list",
            types="public_channel,private_channel",
            exclude_archived=True,
            limit=_PAGE,
            **cursor,
        )
        for channel in answer.data["channels"]:
            found.setdefault(channel["name"], []).append(channel["id"])
        following = (answer.data.get("response_metadata") or {}).get("next_cursor")
        if not following:
            return found
        cursor = {"cursor": following}
    raise MessengerUnavailable(
        say("Slack's list of channels does not end."), hint=say("Name channels by their ids.")
    )
