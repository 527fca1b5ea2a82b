"""The messages of the command line for an unusable address or port."""

import os
from typing import TYPE_CHECKING

import click

from bot.core.errors import BotError
from bot.core.foreign_words import quoted, system_words
from bot.core.text import Text, say

if TYPE_CHECKING:
    from bot.config import Settings

_LAST_PORT = 65535


def port_taken(error: OSError, settings: "Settings") -> BotError:
    """Return the error if `serve` cannot listen on the port of the settings."""
    why = _why(error)
    if settings.host:
        sentence = say(
            "Port {port} of {host} cannot be used: {why}.",
            port=str(settings.port),
            host=settings.host,
            why=why,
        )
    else:
        sentence = say("Port {port} cannot be used: {why}.", port=str(settings.port), why=why)
    return BotError(
        sentence,
        hint=say("Set PORT to another one, or VISJOB_HOST to an address of this computer."),
    )


def demo_port_taken(error: OSError, port: int) -> Text:
    """Return the message if the demo cannot serve its page on the port."""
    return say(
        "Port {port} cannot be used: {why}. Try --port {next}.",
        port=str(port),
        why=_why(error),
        next=str(port + 1 if port < _LAST_PORT else 0),
    )


def _why(error: OSError) -> str:
    """Return the system's own message, without the words that the event loop puts around it."""
    number = error.errno or 0
    return quoted(os.strerror(number)) if number > 0 else system_words(error)


def bad_address(error: ValueError) -> Text:
    """Return the message for an address at which Slack cannot reach us."""
    return say(
        "{why}. Expected https:// and a host, for example https://bot.example.com.",
        why=error.args[0],
    )


def no_address(error: ValueError, settings: "Settings") -> click.BadParameter:
    """Return the error for an option --url at which Slack cannot reach us."""
    from bot.locale import language_of

    refused = language_of(settings.language).plain(bad_address(error))
    return click.BadParameter(refused, param_hint="--url")
