"""Types of options for plain numbers; Python would also accept `nan`, `1_000` and others."""

import re
from typing import Any

import click

_WHOLE = re.compile(r"(?!-0+$)[+-]?[0-9]{1,9}")
_WITH_POINT = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})")


class WholeNumber(click.IntRange):
    """A whole number within a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse the typed number. Raises click.BadParameter."""
        if _WHOLE.fullmatch(str(value)) is None:
            self.fail(_refusal(value, "a whole number", self), param, ctx)
        return super().convert(value, param, ctx)


class Number(click.FloatRange):
    """A number within a range, with or without a decimal point."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse the typed number. Raises click.BadParameter."""
        if _WITH_POINT.fullmatch(str(value)) is None:
            self.fail(_refusal(value, "a number", self), param, ctx)
        return super().convert(value, param, ctx)


def _refusal(value: object, kind: str, of: click.IntRange | click.FloatRange) -> str:
    least, most = of.min, of.max
    span = f"{least:g} or more" if most is None else f"from {least:g} to {most:g}"
    return f"{str(value)[:60]!r} is not {kind}. Expected {kind} {span}."
