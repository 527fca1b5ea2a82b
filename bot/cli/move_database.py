"""`visjob move-database FROM TO`: everything into another database, with a progress bar."""

import click
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.config.database_url import database_url
from bot.serve.clock import utc_now
from bot.store.moving import move

_EXAMPLE = "sqlite:///visjob.db or postgres://USER:PASSWORD@HOST/DATABASE"


def move_database(source: str, target: str) -> str:
    """Do it; what was done, for the operator. Raises StoreUnavailable, or click.BadParameter
    where an argument is no database URL."""
    source, target = _checked(source, "FROM"), _checked(target, "TO")
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("Looking at both", total=None)
        moved = move(
            source,
            target,
            clock=utc_now,
            begun=lambda total: bar.update(task, description="Copying", total=total),
            progress=lambda table, rows: bar.update(task, description=table, advance=rows),
        )
        bar.update(task, description="Done")
    rows = "row" if moved.rows == 1 else "rows"
    return (
        f"Copied {moved.rows:,} {rows} of {moved.tables} tables to {moved.to}.\n"
        "Set DATABASE_URL to TO and start the bot. FROM is unchanged: never serve both."
    )


def _checked(text: str, name: str) -> str:
    """An argument as the setting DATABASE_URL would be read; no message quotes it."""
    try:
        return database_url(SecretStr(text)).get_secret_value()
    except ValueError as error:
        words = f"{error}. Expected {_EXAMPLE}."
        raise click.BadParameter(words, param_hint=name) from error
