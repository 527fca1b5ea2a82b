"""The commands about jobs. Each command imports its modules only when it runs."""

import sys

import click

from bot.cli.numbers import WholeNumber
from bot.cli.running import run, settings_for
from bot.cli.streams import typed

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print facts for programs.")
IS_SURE = click.option("--yes", "is_sure", is_flag=True, help="Do not ask.")


@click.command(short_help="Show one job.")
@click.argument("job")
@AS_JSON
def show(job: str, as_json: bool) -> None:
    """Show one job: by id, name, the beginning of a name, or a pasted link."""
    from bot.config import CLOUD_ONLY

    settings = settings_for(CLOUD_ONLY)
    from bot.cli.show import show_job

    sys.exit(run(show_job(settings, typed(job), as_json=as_json)))


@click.command("list", short_help="List the project's jobs.")
@click.argument("words", metavar="[FILTER]", nargs=-1)
@click.option("--limit", type=WholeNumber(min=1), help="Print so many jobs at most.")
@AS_JSON
def list_jobs(words: tuple[str, ...], limit: int | None, as_json: bool) -> None:
    """List the project's jobs: running, failed, queued, stopped or finished, and a text."""
    from bot.config import CLOUD_ONLY

    settings = settings_for(CLOUD_ONLY)
    from bot.cli.show import show_list

    sys.exit(run(show_list(settings, [*map(typed, words)], limit=limit, as_json=as_json)))


@click.command(short_help="Stop a job.")
@click.argument("job")
@IS_SURE
@AS_JSON
def stop(job: str, is_sure: bool, as_json: bool) -> None:
    """Stop a job once and print the result; the audit records who did it."""
    _act("stop", job, is_sure=is_sure, as_json=as_json)


@click.command(short_help="Restart a job.")
@click.argument("job")
@IS_SURE
@AS_JSON
def restart(job: str, is_sure: bool, as_json: bool) -> None:
    """Restart an ended job once and print the result; the audit records who did it."""
    _act("restart", job, is_sure=is_sure, as_json=as_json)


def _act(action: str, job: str, *, is_sure: bool, as_json: bool) -> None:
    from bot.config import CLOUD_ONLY, DATABASE_ONLY

    settings = settings_for(CLOUD_ONLY | DATABASE_ONLY)
    from bot.cli.act import act_on_job
    from bot.core.acting import JobAction

    work = act_on_job(settings, JobAction(action), typed(job), is_sure=is_sure, as_json=as_json)
    sys.exit(run(work))


@click.command(short_help="Show who stopped or restarted what.")
@click.argument("limit", metavar="[N]", type=WholeNumber(1, 100), default=10)
@AS_JSON
def audit(limit: int, as_json: bool) -> None:
    """Show the last N decisions (10, at most 100), also the refused ones."""
    from bot.config import DATABASE_ONLY

    settings = settings_for(DATABASE_ONLY)
    from bot.cli.act import show_audit

    sys.exit(run(show_audit(settings, limit=limit, as_json=as_json)))


@click.command(short_help="Show a job's states over time.")
@click.argument("words", metavar="JOB [24h|7d|30d]", nargs=-1, required=True)
@AS_JSON
def history(words: tuple[str, ...], as_json: bool) -> None:
    """Show which states a job was in and for how long, from the database."""
    from bot.config import DATABASE_ONLY

    settings = settings_for(DATABASE_ONLY)
    from bot.cli.past import show_history

    sys.exit(run(show_history(settings, [*map(typed, words)], as_json=as_json)))


@click.command(short_help="Show running hours and cost.")
@click.argument("words", metavar="[JOB|project] [today|week|month]", nargs=-1)
@AS_JSON
def cost(words: tuple[str, ...], as_json: bool) -> None:
    """Show the running hours of a job or of the project and what they cost, from the database."""
    from bot.config import DATABASE_ONLY

    settings = settings_for(DATABASE_ONLY)
    from bot.cli.past import show_cost

    sys.exit(run(show_cost(settings, [*map(typed, words)], as_json=as_json)))


@click.command(short_help="Show what was posted of a job, and why.")
@click.argument("job")
@AS_JSON
def why(job: str, as_json: bool) -> None:
    """Show the changes of a job and the deliveries of each in every place, from the database."""
    from bot.config import DATABASE_ONLY

    settings = settings_for(DATABASE_ONLY)
    from bot.cli.past import show_why

    sys.exit(run(show_why(settings, [typed(job)], as_json=as_json)))


JOB_COMMANDS = (show, list_jobs, stop, restart, audit, history, cost, why)
