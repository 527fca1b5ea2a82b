"""What the command line says of an address or a port that will not do."""

from typing import TYPE_CHECKING

import click

from bot.core.errors import BotError
from bot.core.text import Text, say

if TYPE_CHECKING:
    from bot.config import Settings


def port_taken(error: OSError, settings: "Settings") -> BotError:
    """`serve` cannot listen where the settings say."""
    why = error.strerror or str(error)
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
    """The page of the demo cannot be served there."""
    return say(
        "Port {port} cannot be used: {why}. Try --port {next}.",
        port=str(port),
        why=error.strerror or str(error),
        next=str(port + 1),
    )


def bad_address(error: ValueError) -> Text:
    """Slack cannot reach us at this address."""
    return say(
        "{why}. Expected https:// and a host, for example https://bot.example.com.",
        why=error.args[0],
    )


def no_address(error: ValueError, settings: "Settings") -> click.BadParameter:
    """The same of an option --url."""
    from bot.locale import language_of

    refused = language_of(settings.language).plain(bad_address(error))
    return click.BadParameter(refused, param_hint="--url")
