"""The commands that set the bot up. Each command imports its modules only when it runs."""

import sys
from typing import TYPE_CHECKING

import click

from bot.cli.refusals import no_address
from bot.cli.running import fail_with, run, settings_for
from bot.cli.sentences import complain, print_out
from bot.core.text import say

if TYPE_CHECKING:
    from bot.config import Settings


@click.command("move-database", short_help="Copy everything to another database.")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def move_database(source: str, target: str) -> None:
    """Copy everything from the database URL FROM to the empty one TO.

    SQLite to PostgreSQL, or back, while no bot serves either of them. An interrupted copy leaves TO
    unchanged: start it again.
    """
    from bot.cli import move_database as moving
    from bot.core.errors import StoreUnavailable
    from bot.locale import language_of

    settings = _settings_so_far()
    try:
        print_out(moving.move_database(source, target, language_of(settings.language)))
    except StoreUnavailable as error:
        fail_with(error, settings)


@click.command("send-test", short_help="Post one test card.")
@click.argument("channel")
def send_test(channel: str) -> None:
    """Post a test card to CHANNEL, the id of a channel or a person, and print Slack's answer."""
    from bot.cli import send_test as sending
    from bot.config import Need

    place_id = sending.checked_place(channel, _settings_so_far())
    settings = settings_for(frozenset({Need.BOT_TOKEN}))
    sys.exit(run(sending.send_test(settings, place_id)))


@click.command(short_help="Write .env, step by step.")
@click.option("--yes", "is_unasked", is_flag=True, help="Take all from the environment.")
@click.option("--url", metavar="https://HOST", help="Where Slack reaches `serve`.")
@click.option("--socket-mode", is_flag=True, help="For a bot without a public URL.")
def init(is_unasked: bool, url: str | None, socket_mode: bool) -> None:
    """Ask for what `serve` needs, check each answer, and write .env.

    It prints the link that creates the Slack app, and what to do next.
    """
    if socket_mode and url is not None:
        raise click.UsageError("Slack reaches the bot one way: --url or --socket-mode.")
    settings = _settings_so_far()
    address = "" if url is None else checked_public_url(url, settings)
    from bot.cli import init as setting_up
    from bot.locale import language_of

    language = language_of(settings.language)
    if is_unasked:
        sys.exit(setting_up.set_up_unasked(language, url=address, socket_mode=socket_mode))
    if not sys.stdin.isatty():
        complain(
            language.plain(
                say(
                    "Nobody can be asked here. Put the settings into the environment, and add "
                    "--yes."
                )
            )
        )
        sys.exit(2)
    sys.exit(setting_up.set_up_asking(language, url=address, socket_mode=socket_mode))


def checked_public_url(url: str, settings: "Settings", *, allows_loopback: bool = False) -> str:
    """Return the validated address of an option. Raises click.BadParameter."""
    from bot.config.addresses import base_url, public_url

    # Plain http is allowed for loopback addresses only, which never leave this computer.
    is_tried_here = allows_loopback and url.startswith("http:")
    try:
        return base_url(url) if is_tried_here else public_url(url)
    except ValueError as error:
        raise no_address(error, settings) from error


def _settings_so_far() -> "Settings":
    """Return the settings as far as they are good, to get the language before any check."""
    from bot.config import NOTHING, read_settings

    return read_settings(NOTHING)[0]


SET_UP_COMMANDS = (init, send_test, move_database)
