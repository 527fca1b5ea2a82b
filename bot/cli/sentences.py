"""Sentences for the operator; foreign words in them command no terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from bot.core.cards.cleaning import shown

_LONGEST_LINE = 1_000


def print_out(words: str, *, error: bool = False) -> None:
    """Print sentences, a line each."""
    for line in words.splitlines():
        click.echo(shown(line, _LONGEST_LINE), err=error)


def complain(words: str) -> None:
    """Print what went wrong, or stands beside the answer, on standard error."""
    print_out(words, error=True)


def fail(words: str) -> NoReturn:
    """Print sentences and end the program: the run failed."""
    complain(words)
    sys.exit(1)


class Program(click.Group):
    """A group that quotes what was typed wrongly without its control characters."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the options before the command."""
        with _quoting_cleanly():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Read the command's own arguments and run it."""
        with _quoting_cleanly():
            return super().invoke(ctx)


@contextmanager
def _quoting_cleanly() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        words = error.format_message()
        if words.replace("\n", "").isprintable():
            raise
        raise click.UsageError(shown(words, _LONGEST_LINE), ctx=error.ctx) from error
