"""`visjob send-test CHANNEL`: one test card, and what Slack said to it."""

import re
from contextlib import AsyncExitStack

import click

from bot.cli.sentences import complain, print_out
from bot.config import Settings
from bot.core.cards.trial import trial_card
from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.text import Words
from bot.locale import language_of
from bot.serve.adapters import open_messenger
from bot.serve.clock import utc_now
from bot.slack.blocks import render
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.messenger import SlackMessenger

_PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")
_MENTION = re.compile(r"<?[#@]?([CDGUW][A-Z0-9]{2,30})(?:\|[^>]*)?>?")
_HOW = (
    "expected the id of a channel or a person, for example C024BE91L: in Slack, open its details;"
    " the id stands at the bottom of About, and a person's under ⋮, Copy member ID."
)
# Where the cure for all is not the one that helps here.
_CURES = {
    "channel_not_found": "Check the id. A private channel is there for the bot once somebody"
    " types {invitation} in it.",
    "not_in_channel": "Type {invitation} in the channel.",
    "user_not_found": "Check the id: the person belongs to another workspace, or is none.",
    "missing_scope": "Reinstall the app from `visjob manifest`.",
    "restricted_action": "A rule of the workspace keeps apps from posting there: ask an admin.",
    "invalid_auth": "Copy the Bot User OAuth Token again, to SLACK_BOT_TOKEN.",
}


def checked_place(typed: str) -> str:
    """An id, also as Slack writes one in a message. Raises click.BadParameter."""
    found = _MENTION.fullmatch(typed.strip())
    if found is None:
        raise click.BadParameter(f"got {typed[:80]!r}; {_HOW}", param_hint="CHANNEL")
    return found[1]


async def send_test(settings: Settings, place_id: str) -> int:
    """Post it, and print what Slack answered; the exit code."""
    async with AsyncExitStack() as stack:
        messenger = await open_messenger(settings, stack)
        conversations = SlackConversations(messenger.calls, identity=lambda: messenger.identity)
        try:
            identity = await messenger.identify()
            where = place_id
            if _PERSON.fullmatch(place_id):
                where = await conversations.direct(identity.team_id, place_id)
            sent = await _post(messenger, where, settings.language)
        except MessengerError as error:
            return _tell(error, conversations.invitation)
    print_out(f"Slack took it: message {sent} in {where}, workspace {identity.team}.")
    return 0


async def _post(messenger: SlackMessenger, channel_id: str, language: str) -> str:
    card = render(trial_card(utc_now()), language_of(language))
    message = {"text": card["text"], "blocks": card["blocks"]}
    answer = await messenger.calls.write(
        "chat.postMessage",
        channel=channel_id,
        unfurl_links=False,
        unfurl_media=False,
        **message,
    )
    return str(answer.data.get("ts", ""))


def _tell(error: MessengerError, invitation: str) -> int:
    code = f" ({error.code})" if error.code else ""
    cure = _CURES.get(error.code, "").format(invitation=invitation) or _usual(error)
    complain(f"{str(error).rstrip('.')}{code}.\n→ {cure}")
    return 1


def _usual(error: MessengerError) -> Words:
    if error.hint:
        return error.hint
    if isinstance(error, MessageRejected) and error.refusal is not Refusal.NOT_SENT:
        return "See https://docs.slack.dev/reference/methods/chat.postMessage for what it means."
    return "Whether it was posted is not known: look in Slack before you try again."
