"""Find the ids of channels by name, for `visjob apply`, whose file may name channels."""

from bot.core.errors import MessengerUnavailable
from bot.core.text import say
from bot.slack.outgoing.calls import SlackCalls

# docs.slack.dev/reference/methods/conversations.list: "under 1000"; a page may hold fewer.
_PAGE = 999
_MOST_PAGES = 100


async def channel_ids(calls: SlackCalls) -> dict[str, list[str]]:
    """Return the ids of all unarchived channels that we see, by name. Raises MessengerError.

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
        for channel in answer.part(list, "channels"):
            # A conversation without a name is no channel.
            if isinstance(channel, dict) and {"id", "name"} <= channel.keys():
                found.setdefault(str(channel["name"]), []).append(str(channel["id"]))
        if not answer.next_cursor:
            return found
        cursor = {"cursor": answer.next_cursor}
    raise MessengerUnavailable(
        say("Slack's list of channels does not end."), hint=say("Name channels by their ids.")
    )
