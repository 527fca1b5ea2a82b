"""`visjob send-test CHANNEL`: post one test card, and print Slack's answer."""

import re
from contextlib import AsyncExitStack

import click

from bot.cli.sentences import complain, print_out
from bot.config import Settings
from bot.core.cards.trial import trial_card
from bot.core.errors import MessageRejected, MessengerError, Refusal
from bot.core.text import Language, Text, Words, say, sentences
from bot.locale import language_of
from bot.serve.adapters import open_messenger
from bot.serve.clock import utc_now
from bot.slack.blocks import render
from bot.slack.outgoing.calls import NO_PREVIEWS
from bot.slack.outgoing.conversations import SlackConversations
from bot.slack.outgoing.messenger import SlackMessenger

_PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")
_MENTION = re.compile(r"<?[#@]?([CDGUW][A-Z0-9]{2,30})(?:\|[^>]*)?>?")


def checked_place(typed: str, settings: Settings) -> str:
    """Return the id in the argument, which may be a mention. Raises click.BadParameter."""
    found = _MENTION.fullmatch(typed.strip())
    if found is None:
        refused = say(
            "got {typed}; expected the id of a channel or a person, for example C024BE91L: in"
            " Slack, open its details; the id stands at the bottom of About, and a person's under"
            " ⋮, Copy member ID.",
            typed=repr(typed[:80]),
        )
        words = language_of(settings.language).plain(refused)
        raise click.BadParameter(words, param_hint="CHANNEL")
    return found[1]


async def send_test(settings: Settings, place_id: str) -> int:
    """Post the test card, and print Slack's answer. Return the exit code."""
    language = language_of(settings.language)
    async with AsyncExitStack() as stack:
        messenger = await open_messenger(settings, stack)
        conversations = SlackConversations(messenger.calls, identity=lambda: messenger.identity)
        try:
            identity = await messenger.identify()
            where = place_id
            if _PERSON.fullmatch(place_id):
                where = await conversations.direct(identity.team_id, place_id)
            sent = await _post(messenger, where, language)
        except MessengerError as error:
            cure = _cures(conversations.invitation).get(error.code) or _usual(error)
            complain(language.plain(sentences(error.sentence, error.code)))
            complain(f"→ {language.plain(cure)}")
            return 1
    taken = say(
        "Slack took it: message {ts} in {channel}, workspace {team}.",
        ts=sent,
        channel=where,
        team=identity.team,
    )
    print_out(language.plain(taken))
    return 0


async def _post(messenger: SlackMessenger, channel_id: str, language: Language) -> str:
    card = render(trial_card(utc_now()), language)
    message = {"text": card["text"], "blocks": card["blocks"]}
    answer = await messenger.calls.write(
        "chat.postMessage",
        channel=channel_id,
        **NO_PREVIEWS,
        **message,
    )
    return str(answer.data.get("ts", ""))


def _cures(invitation: str) -> dict[str, Text]:
    """Return cures by Slack's error code, where the usual hint does not fit a test card."""
    return {
        "channel_not_found": say(
            "Check the id. A private channel is there for the bot once somebody types {invitation}"
            " in it.",
            invitation=invitation,
        ),
        "not_in_channel": say("Type {invitation} in the channel.", invitation=invitation),
        "user_not_found": say("Check the id: the person belongs to another workspace, or is none."),
        "missing_scope": say("Reinstall the app from `visjob manifest`."),
        "restricted_action": say(
            "A rule of the workspace keeps apps from posting there: ask an admin."
        ),
        "invalid_auth": say("Copy the Bot User OAuth Token again, to SLACK_BOT_TOKEN."),
    }


def _usual(error: MessengerError) -> Words:
    if error.hint:
        return error.hint
    if isinstance(error, MessageRejected) and error.refusal is not Refusal.NOT_SENT:
        return say(
            "See https://docs.slack.dev/reference/methods/chat.postMessage for what it means."
        )
    return say("Whether it was posted is not known: look in Slack before you try again.")
