"""The `visjob` command line. Each command imports its modules only when it runs."""

import sys
from pathlib import Path

import click

from bot import __version__
from bot.cli.job_commands import IS_SURE, JOB_COMMANDS
from bot.cli.numbers import Number, WholeNumber
from bot.cli.refusals import demo_port_taken, port_taken
from bot.cli.running import fail_with, run, settings_for
from bot.cli.sentences import Program, fail, print_out
from bot.cli.set_up_commands import SET_UP_COMMANDS, checked_public_url
from bot.cli.streams import do_without_output, when_reader_leaves


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="visjob %(version)s")
def cli() -> None:
    """Watch the TensorBoard jobs of ModelArts from Slack.

    `visjob demo` shows the whole bot with no account, no server and no cloud.
    """


@cli.command(short_help="Try the bot with no account.")
@click.option(
    "--port",
    type=WholeNumber(0, 65535),
    default=8420,
    show_default=True,
    help="Where the page is served.",
)
@click.option(
    "--speed",
    type=Number(0.01, 1000),
    default=1.0,
    show_default=True,
    help="How fast the jobs live.",
)
@click.option(
    "--script", is_flag=True, help="Play the story to the end with no page, and check it."
)
@click.option("--own-cloud", is_flag=True, help="Read your own cloud (MODELARTS_… settings).")
def demo(port: int, speed: float, script: bool, own_cloud: bool) -> None:
    """Run the whole bot between a stand-in cloud and a stand-in Slack."""
    if script and own_cloud:
        raise click.UsageError("The story needs the stand-in cloud: --script or --own-cloud.")
    if not script:
        do_without_output()
    # The imports below take a while, most of all the first time.
    click.echo("Starting…")
    from bot.cli.terminal import open_console
    from bot.config import CLOUD_ONLY, read_settings
    from bot.demo.program import play_script, run_demo
    from bot.locale import language_of

    if script:
        sys.exit(0 if run(play_script(open_console())) else 1)
    settings = settings_for(CLOUD_ONLY) if own_cloud else None
    language = read_settings(frozenset())[0].language
    try:
        run(
            run_demo(
                open_console(),
                port=port,
                speed=speed,
                language=language,
                own_cloud=settings,
                when_reader_leaves=when_reader_leaves,
            )
        )
    except OSError as error:
        fail(language_of(language).plain(demo_port_taken(error, port)))


@cli.command(short_help="Run the bot.")
@click.option("--socket-mode", is_flag=True, help="Receive through a WebSocket: no public URL.")
def serve(socket_mode: bool) -> None:
    """Run the bot."""
    do_without_output()
    from bot.config import SERVE, SERVE_SOCKET_MODE

    settings = settings_for(SERVE_SOCKET_MODE if socket_mode else SERVE)
    from bot.core.errors import StoreUnavailable
    from bot.serve import app
    from bot.serve.telemetry import telemetry_running

    try:
        with telemetry_running(settings):
            run(app.serve(settings, socket_mode=socket_mode))
    except StoreUnavailable as error:
        fail_with(error, settings)
    except OSError as error:
        fail_with(port_taken(error, settings), settings)


@cli.command(short_help="Bring the database schema up to date.")
@click.option(
    "--reconcile",
    is_flag=True,
    help="After restoring a backup, before `serve`: look in Slack for what was already posted.",
)
def migrate(reconcile: bool) -> None:
    """Bring the database schema up to date; safe to run twice."""
    from bot.config import DATABASE_ONLY

    settings = settings_for(DATABASE_ONLY)
    from bot.cli.migrate import bring_up
    from bot.core.errors import StoreUnavailable
    from bot.locale import language_of

    try:
        for line in run(bring_up(settings, reconciles=reconcile)):
            print_out(language_of(settings.language).plain(line))
    except StoreUnavailable as error:
        fail_with(error, settings)


@cli.command(short_help="Copy the SQLite file of a running bot.")
@click.argument("to", metavar="TO", type=click.Path(path_type=Path))
def backup(to: Path) -> None:
    """Copy the SQLite file to the new file TO, consistently, even while `serve` uses it."""
    from bot.config import DATABASE_ONLY

    settings = settings_for(DATABASE_ONLY)
    from bot.cli.backup import copy_database
    from bot.core.errors import StoreUnavailable
    from bot.locale import language_of

    try:
        print_out(language_of(settings.language).plain(copy_database(settings, to)))
    except StoreUnavailable as error:
        fail_with(error, settings)


@cli.command(short_help="Apply a file of subscriptions and rules.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--dry-run", "is_dry", is_flag=True, help="Show the difference and do nothing.")
@click.option("--prune", "prunes", is_flag=True, help="End what the file does not name.")
@IS_SURE
def apply(file: Path, is_dry: bool, prunes: bool, is_sure: bool) -> None:
    """Change subscriptions and rules to match FILE, the YAML of `subscriptions export`.

    It prints the changes first. Each channel is one transaction.
    """
    from bot.config import DATABASE_ONLY

    settings = settings_for(DATABASE_ONLY)
    from bot.cli.apply import apply_file

    sys.exit(run(apply_file(settings, file, is_dry=is_dry, prunes=prunes, is_sure=is_sure)))


@cli.command(short_help="Check the set-up; say how to fix it.")
@click.option("--json", "as_json", is_flag=True, help="Print rows for programs.")
@click.option("--url", metavar="https://HOST", help="Where Slack reaches `serve`: try it.")
def doctor(as_json: bool, url: str | None) -> None:
    """Check everything that can be reached. Each row that fails ends with its cure."""
    from bot.config import NOTHING, read_settings

    settings, _ = read_settings(NOTHING)
    address = "" if url is None else checked_public_url(url, settings, allows_loopback=True)
    from bot.cli.doctor import examine

    sys.exit(run(examine(as_json=as_json, url=address)))


@cli.command(short_help="Print the Slack app's manifest.")
@click.option("--socket-mode", is_flag=True, help="For an app without a public URL.")
@click.option("--url", metavar="https://HOST", help="Where Slack reaches `serve`.")
@click.option("--open", "opens", is_flag=True, help="Open the link in a browser.")
def manifest(socket_mode: bool, url: str | None, opens: bool) -> None:
    """Print the Slack app manifest for this set-up, and the link that creates the app.

    Slack needs to know how it reaches the bot: at --url, or not at all with --socket-mode.
    """
    if socket_mode == (url is not None):
        raise click.UsageError(
            "Say how Slack reaches the bot: --url https://HOST, or --socket-mode without one."
        )
    from bot.config import NOTHING

    settings = settings_for(NOTHING)
    address = None if url is None else checked_public_url(url, settings)
    from bot.cli.manifest import print_manifest

    print_manifest(settings, url=address, opens=opens)


@cli.command(short_help="Ask whether the local bot is alive.")
@click.option(
    "--port",
    type=WholeNumber(1, 65535),
    help="Where `serve` listens.  [default: the setting PORT]",
)
@click.option("--ready", is_flag=True, help="Ask whether it is ready, not only alive.")
def healthcheck(port: int | None, ready: bool) -> None:
    """Exit 0 if the local `serve` is alive, with --ready if it is ready (for containers)."""
    from bot.cli.healthcheck import ALIVE, READY, is_well

    host, page = None, READY if ready else ALIVE
    if port is None:
        from bot.config import NOTHING

        settings = settings_for(NOTHING)
        host, port = settings.host, settings.port
    if not is_well(host, port, page):
        # This goes into the log of a container at every failed check, so it is short.
        word = "ready" if ready else "alive"
        fail(f"`serve` is not {word} on port {port}: ask {page} why.")


for _command in (*JOB_COMMANDS, *SET_UP_COMMANDS):
    cli.add_command(_command)
