"""Sentences for the operator; foreign words in them command no terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from bot.core.cards.cleaning import shown

_LONGEST_LINE = 1_000
# Where a context keeps whether a program asked, by `--json`.
_WANTS_FACTS = "bot.cli.wants_facts"


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
    """A group that quotes what was typed wrongly without its control characters, and tells a
    program that asked for facts in a form that it can read."""

    def make_context(
        self, info_name: str | None, args: list[str], *more: Any, **kwargs: Any
    ) -> click.Context:
        """Read the options before the command."""
        wants_facts = "--json" in args
        with _quoting_cleanly(wants_facts=wants_facts):
            context = super().make_context(info_name, args, *more, **kwargs)
        context.meta[_WANTS_FACTS] = wants_facts
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Read the command's own arguments and run it."""
        with _quoting_cleanly(wants_facts=ctx.meta[_WANTS_FACTS]):
            return super().invoke(ctx)


def wants_facts() -> bool:
    """True if the command that runs was asked for facts, by `--json`."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_WANTS_FACTS))


@contextmanager
def _quoting_cleanly(*, wants_facts: bool) -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        words = error.format_message()
        if wants_facts:
            from bot.cli.terminal import write_json

            write_json({"error": {"sentence": words, "hint": None}})
        if words.replace("\n", "").isprintable():
            raise
        raise click.UsageError(shown(words, _LONGEST_LINE), ctx=error.ctx) from error
