"""Short constructors for the rows of `visjob doctor`."""

from bot.core.health import Check, Verdict
from bot.core.text import Words, say

_LOOK = say("run it again in a minute; if it stays so, look at the log of `visjob serve`")


def ok(name: Words, found: Words) -> Check:
    """Return a row for a check that passed."""
    return Check(name=name, verdict=Verdict.OK, found=found)


def warning(name: Words, found: Words, cure: Words) -> Check:
    """Return a row for a problem that does not stop the bot."""
    return Check(name=name, verdict=Verdict.WARNING, found=found, cure=cure or _LOOK)


def failed(name: Words, found: Words, cure: Words) -> Check:
    """Return a row for a problem that stops the bot from working."""
    return Check(name=name, verdict=Verdict.FAILED, found=found, cure=cure or _LOOK)
