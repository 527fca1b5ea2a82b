"""A question for whoever runs a command."""

import sys

import click


def answer_to(question: str) -> bool | None:
    """Ask on standard error for a yes or a no, and return it. Ctrl-C and Ctrl-D count as no. None
    means that nobody can be asked: the input is no terminal, and has ended."""
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        click.echo(err=True)
        return False if sys.stdin.isatty() else None
