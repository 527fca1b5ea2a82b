"""`visjob move-database FROM TO`: copy all rows to another database, with a progress bar."""

from contextlib import ExitStack

import click
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.config.database_url import database_url
from bot.core.text import Language, say, say_many
from bot.serve.clock import utc_now
from bot.store.moving import move


def move_database(source: str, target: str, language: Language) -> str:
    """Copy all rows, and return sentences for the operator. Raises StoreUnavailable, or
    click.BadParameter if an argument is no database URL."""
    source, target = _checked(source, "FROM", language), _checked(target, "TO", language)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True))
    task = bar.add_task(language.plain(say("Copying")))
    with ExitStack() as stack:

        def begin(total: int) -> None:
            """Show the bar only now, so that an earlier refusal appears without it."""
            bar.update(task, total=total)
            stack.enter_context(bar)

        moved = move(
            source,
            target,
            clock=utc_now,
            begun=begin,
            progress=lambda table, rows: bar.update(task, description=table, advance=rows),
        )
        bar.update(task, description=language.plain(say("Done")))
    copied = say_many(
        "Copied {number} row of {tables} tables to {database}.",
        "Copied {number} rows of {tables} tables to {database}.",
        moved.rows,
        number=f"{moved.rows:,}",
        tables=moved.tables,
        database=moved.to,
    )
    then = say("Set DATABASE_URL to TO and start the bot. FROM is unchanged: never serve both.")
    return f"{language.plain(copied)}\n{language.plain(then)}"


def _checked(text: str, name: str, language: Language) -> str:
    """Return the argument, validated like the setting DATABASE_URL; no message quotes it."""
    try:
        return database_url(SecretStr(text)).get_secret_value()
    except ValueError as error:
        refused = say(
            "{why}. Expected sqlite:///visjob.db or postgres://USER:PASSWORD@HOST/DATABASE.",
            why=error.args[0],
        )
        raise click.BadParameter(language.plain(refused), param_hint=name) from error
