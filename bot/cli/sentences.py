"""Print sentences for the operator; control characters in foreign text are made harmless."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from bot.core.cards.cleaning import shown

_LONGEST_LINE = 1_000
# The key under which a click context records that `--json` was given.
_WANTS_FACTS = "bot.cli.wants_facts"


def print_out(words: str, *, error: bool = False) -> None:
    """Print each line of `words`, shortened and without control characters."""
    for line in words.splitlines():
        click.echo(shown(line, _LONGEST_LINE), err=error)


def complain(words: str) -> None:
    """Print an error, or a remark beside the answer, on standard error."""
    print_out(words, error=True)


def fail(words: str) -> NoReturn:
    """Print sentences on standard error, and exit with code 1."""
    complain(words)
    sys.exit(1)


class Program(click.Group):
    """A click group whose usage errors quote the arguments without control characters, and are
    printed as JSON if `--json` was given."""

    def make_context(
        self, info_name: str | None, args: list[str], *more: Any, **kwargs: Any
    ) -> click.Context:
        """Parse the options before the command."""
        wants_facts = "--json" in args
        with _quoting_cleanly(wants_facts=wants_facts):
            context = super().make_context(info_name, args, *more, **kwargs)
        context.meta[_WANTS_FACTS] = wants_facts
        return context

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command. Of a command of Slack alone, say where to type it."""
        if self.get_command(ctx, args[0]) is None and _is_of_slack(args[0]):
            here = " Here, `visjob doctor` checks the bot." if args[0] == "status" else ""
            ctx.fail(f"`{args[0]}` is a command of Slack: type it there, after `/visjob`.{here}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Parse the command's own arguments, and run it."""
        with _quoting_cleanly(wants_facts=ctx.meta[_WANTS_FACTS]):
            return super().invoke(ctx)


def _is_of_slack(word: str) -> bool:
    from bot.core.commands.verbs.registry import VERB_NAMES

    return word in VERB_NAMES and word != "help"


def wants_facts() -> bool:
    """Return True if the running command was given `--json`."""
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
