"""The `visjob` command line; each command imports what it needs when it is chosen."""

import gc
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot import __version__
from bot.cli.sentences import Program, complain, fail, print_out
from bot.cli.streams import typed

if TYPE_CHECKING:
    from bot.config import Need, Settings

_T = TypeVar("_T")


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="visjob %(version)s")
def cli() -> None:
    """Watch the TensorBoard jobs of ModelArts from Slack.

    `visjob demo` shows the whole bot with no account, no server and no cloud.
    """


@cli.command(short_help="Try the bot with no account.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8420,
    show_default=True,
    help="Where the page is served.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0.01, 1000),
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
    # What it is made of takes a while to load, the first time for long.
    click.echo("Starting…")
    from bot.cli.terminal import open_console
    from bot.config import CLOUD_ONLY
    from bot.demo.program import play_script, run_demo

    if script:
        sys.exit(0 if _run(play_script(open_console())) else 1)
    settings = _settings(CLOUD_ONLY) if own_cloud else None
    try:
        _run(run_demo(open_console(), port=port, speed=speed, own_cloud=settings))
    except OSError as error:
        fail(f"Port {port} cannot be used: {error.strerror}.\nTry --port {port + 1}.")


@cli.command(short_help="Run the bot.")
@click.option("--socket-mode", is_flag=True, help="Receive through a WebSocket: no public URL.")
def serve(socket_mode: bool) -> None:
    """Run the bot."""
    from bot.config import SERVE, SERVE_SOCKET_MODE

    settings = _settings(SERVE_SOCKET_MODE if socket_mode else SERVE)
    from bot.core.errors import StoreUnavailable
    from bot.serve import app

    _start_logs(settings)
    try:
        _run(app.serve(settings, socket_mode=socket_mode))
    except StoreUnavailable as error:
        fail(f"{error}\n{error.hint}")
    except OSError as error:
        where = f"Port {settings.port}" + (f" of {settings.host}" if settings.host else "")
        fail(
            f"{where} cannot be used: {error.strerror or error}.\n"
            "Set PORT to another one, or VISJOB_HOST to an address of this computer."
        )


@cli.command(short_help="Bring the database schema up to date.")
@click.option(
    "--reconcile",
    is_flag=True,
    help="After restoring a backup, before `serve`: look in Slack for what was already posted.",
)
def migrate(reconcile: bool) -> None:
    """Bring the database schema up to date; safe to run twice."""
    from bot.config import DATABASE_ONLY

    settings = _settings(DATABASE_ONLY)
    from bot.cli.migrate import bring_up
    from bot.core.errors import StoreUnavailable

    try:
        for line in _run(bring_up(settings, reconciles=reconcile)):
            print_out(line)
    except StoreUnavailable as error:
        fail(f"{error}\n{error.hint}")


@cli.command(short_help="Copy the SQLite file of a running bot.")
@click.argument("to", metavar="TO", type=click.Path(path_type=Path))
def backup(to: Path) -> None:
    """Copy the SQLite file to the new file TO, consistently, also while it is served."""
    from bot.config import DATABASE_ONLY

    settings = _settings(DATABASE_ONLY)
    from bot.cli.backup import copy_database
    from bot.core.errors import StoreUnavailable

    try:
        print_out(copy_database(settings, to))
    except StoreUnavailable as error:
        fail(f"{error}\n{error.hint}")


@cli.command(short_help="Show one job.")
@click.argument("job")
@click.option("--json", "as_json", is_flag=True, help="Print facts for programs.")
def show(job: str, as_json: bool) -> None:
    """Show one job: by id, name, the beginning of a name, or a pasted link."""
    from bot.config import CLOUD_ONLY

    settings = _settings(CLOUD_ONLY)
    from bot.cli.show import show_job

    sys.exit(_run(show_job(settings, typed(job), as_json=as_json)))


@cli.command("list", short_help="List the project's jobs.")
@click.argument("words", metavar="[FILTER]", nargs=-1)
@click.option("--limit", type=click.IntRange(min=1), help="Print so many jobs at most.")
@click.option("--json", "as_json", is_flag=True, help="Print facts for programs.")
def list_jobs(words: tuple[str, ...], limit: int | None, as_json: bool) -> None:
    """List the project's jobs: running, failed, queued, stopped or finished, and a text."""
    from bot.config import CLOUD_ONLY

    settings = _settings(CLOUD_ONLY)
    from bot.cli.show import show_list

    sys.exit(_run(show_list(settings, [*map(typed, words)], limit=limit, as_json=as_json)))


@cli.command(short_help="Stop a job.")
@click.argument("job")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print facts for programs.")
def stop(job: str, is_sure: bool, as_json: bool) -> None:
    """Stop a job once, and say what came of it; the audit has who did it."""
    _act("stop", job, is_sure=is_sure, as_json=as_json)


@cli.command(short_help="Restart a job.")
@click.argument("job")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print facts for programs.")
def restart(job: str, is_sure: bool, as_json: bool) -> None:
    """Restart an ended job once, and say what came of it; the audit has who did it."""
    _act("restart", job, is_sure=is_sure, as_json=as_json)


def _act(action: str, job: str, *, is_sure: bool, as_json: bool) -> None:
    from bot.config import CLOUD_ONLY, DATABASE_ONLY

    settings = _settings(CLOUD_ONLY | DATABASE_ONLY)
    from bot.cli.act import act_on_job
    from bot.core.acting import JobAction

    work = act_on_job(settings, JobAction(action), typed(job), is_sure=is_sure, as_json=as_json)
    sys.exit(_run(work))


@cli.command(short_help="Show who stopped or restarted what.")
@click.argument("limit", metavar="[N]", type=click.IntRange(1, 100), default=10)
@click.option("--json", "as_json", is_flag=True, help="Print facts for programs.")
def audit(limit: int, as_json: bool) -> None:
    """Show the last N decisions (10, at most 100), also the refused ones."""
    from bot.config import DATABASE_ONLY

    settings = _settings(DATABASE_ONLY)
    from bot.cli.act import show_audit

    sys.exit(_run(show_audit(settings, limit=limit, as_json=as_json)))


@cli.command(short_help="Show a job's states over time.")
@click.argument("words", metavar="JOB [24h|7d|30d]", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print facts for programs.")
def history(words: tuple[str, ...], as_json: bool) -> None:
    """Show which states a job was in and for how long, from the database."""
    from bot.config import DATABASE_ONLY

    settings = _settings(DATABASE_ONLY)
    from bot.cli.past import show_history

    sys.exit(_run(show_history(settings, [*map(typed, words)], as_json=as_json)))


@cli.command(short_help="Show running hours and cost.")
@click.argument("words", metavar="[JOB|project] [today|week|month]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print facts for programs.")
def cost(words: tuple[str, ...], as_json: bool) -> None:
    """Show the running hours of a job or of the project and what they cost, from the database."""
    from bot.config import DATABASE_ONLY

    settings = _settings(DATABASE_ONLY)
    from bot.cli.past import show_cost

    sys.exit(_run(show_cost(settings, [*map(typed, words)], as_json=as_json)))


@cli.command(short_help="Show what was posted of a job, and why.")
@click.argument("job")
@click.option("--json", "as_json", is_flag=True, help="Print facts for programs.")
def why(job: str, as_json: bool) -> None:
    """Show the changes of a job and what became of each in every place, from the database."""
    from bot.config import DATABASE_ONLY

    settings = _settings(DATABASE_ONLY)
    from bot.cli.past import show_why

    sys.exit(_run(show_why(settings, [typed(job)], as_json=as_json)))


@cli.command(short_help="Check the set-up; say how to fix it.")
@click.option("--json", "as_json", is_flag=True, help="Print rows for programs.")
def doctor(as_json: bool) -> None:
    """Check everything that can be reached; each bad row ends with its cure."""
    from bot.cli.doctor import examine

    sys.exit(_run(examine(as_json=as_json)))


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
    from bot.config.addresses import public_url

    try:
        address = None if url is None else public_url(url)
    except ValueError as error:
        raise click.BadParameter(
            f"{error}. Expected https:// and a host, for example https://bot.example.com.",
            param_hint="--url",
        ) from error
    settings = _settings(NOTHING)
    from bot.cli.manifest import print_manifest

    print_manifest(settings, url=address, opens=opens)


@cli.command(short_help="Ask whether the local bot is alive.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Where `serve` listens.  [default: the setting PORT]",
)
@click.option("--ready", is_flag=True, help="Ask whether it is ready, not only alive.")
def healthcheck(port: int | None, ready: bool) -> None:
    """Exit 0 if the local `serve` is alive, with --ready if it is ready (for containers)."""
    from bot.cli.healthcheck import ALIVE, READY, is_well

    host, page = None, READY if ready else ALIVE
    if port is None:
        from bot.config import NOTHING

        settings = _settings(NOTHING)
        host, port = settings.host, settings.port
    if not is_well(host, port, page):
        word = "ready" if ready else "alive"
        fail(f"`serve` is not {word} on port {port}: ask {page} why.")


def _settings(needs: "frozenset[Need]") -> "Settings":
    """The settings, or all that is wrong with them and exit code 2."""
    from bot.config import BadSettings, load_settings

    try:
        return load_settings(needs)
    except BadSettings as error:
        for problem in error.problems:
            complain(str(problem))
        count = len(error.problems)
        need = "setting needs" if count == 1 else "settings need"
        complain(f"{count} {need} fixing (see Settings in README.md).")
        sys.exit(2)


def _start_logs(settings: "Settings") -> None:
    from bot.serve.logs import set_up_logs

    set_up_logs(settings.log_format, settings.secrets)


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    import asyncio

    gc.enable()
    try:
        import uvloop
    except ImportError:  # not on every platform
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
