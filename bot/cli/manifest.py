"""`visjob manifest`: print the Slack app as YAML, the link that creates it, and the next steps."""

import webbrowser

import click

from bot.cli.sentences import complain
from bot.cli.terminal import is_screen, open_console
from bot.config import Settings
from bot.core.text import Text, say
from bot.locale import language_of
from bot.slack.manifest import create_link, manifest_text

_FOR_HTTP = say(
    "2. Copy the Bot User OAuth Token (OAuth & Permissions) to SLACK_BOT_TOKEN, and the Signing "
    "Secret (Basic Information) to SLACK_SIGNING_SECRET."
)
_FOR_SOCKET = say(
    "2. Copy the Bot User OAuth Token (OAuth & Permissions) to SLACK_BOT_TOKEN. Under Basic "
    "Information, App-Level Tokens, generate one with connections:write, and copy it to "
    "SLACK_APP_TOKEN."
)


def print_manifest(settings: Settings, *, url: str | None, opens: bool) -> None:
    """Print the manifest for a bot at `url`, or for Socket Mode without one."""
    command, plain = settings.command, language_of(settings.language).plain
    hosts = settings.link_hosts
    link = create_link(command=command, url=url, api_url=settings.slack_api_url, link_hosts=hosts)
    if is_screen(open_console()):
        # A terminal gets a short clickable link, because the address would fill the screen.
        words = plain(say("open this link"))
        click.echo(
            plain(
                say("# Creates the app: {link}", link=f"\x1b]8;;{link}\x1b\\{words}\x1b]8;;\x1b\\")
            )
        )
    else:
        click.echo(plain(say("# Creates the app: {link}", link=link)))
    click.echo(manifest_text(command=command, url=url, link_hosts=hosts), nl=False)
    complain("\n".join(map(plain, _next_steps(socket_mode=url is None))))
    if opens and not webbrowser.open(link):
        complain(plain(say("No browser could be opened here: use the link in the first line.")))


def _next_steps(*, socket_mode: bool) -> tuple[Text, ...]:
    serve = "visjob serve --socket-mode" if socket_mode else "visjob serve"
    return (
        say("Next:"),
        say("1. Open the link of the first line (--open does it), create the app and install it."),
        _FOR_SOCKET if socket_mode else _FOR_HTTP,
        say("3. Run `visjob doctor`, then `{serve}`.", serve=serve),
    )
