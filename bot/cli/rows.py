"""The rows of `visjob doctor`: made in one line each."""

from bot.core.health import Check, Verdict
from bot.core.text import Words, say

_LOOK = say("run it again in a minute; if it stays so, look at the log of `visjob serve`")


def ok(name: Words, found: Words) -> Check:
    """All is well."""
    return Check(name=name, verdict=Verdict.OK, found=found)


def warning(name: Words, found: Words, cure: Words) -> Check:
    """The bot does its work, and something is worth knowing."""
    return Check(name=name, verdict=Verdict.WARNING, found=found, cure=cure or _LOOK)


def failed(name: Words, found: Words, cure: Words) -> Check:
    """The bot cannot do its work."""
    return Check(name=name, verdict=Verdict.FAILED, found=found, cure=cure or _LOOK)
