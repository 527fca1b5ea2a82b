"""Times that come again each day: quiet hours and digests, as people type them."""

import re

from bot.core.commands.tokens import shown, split
from bot.core.errors import BadCommand
from bot.core.place_rules import MINUTES_OF_A_DAY, Digest, QuietHours
from bot.core.text import Text, say

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-5][0-9]))?(am|pm)?")
_HALF_A_DAY = 12
_HOUR = 60
# People say these around a time, and they add nothing.
_AROUND = frozenset({"to", "until", "till", "and", "at", "from", "between", "on", "every", "daily"})
_WEEKDAYS = "weekdays"
_EXCEPT = frozenset({"except", "but"})
_FAILURES = frozenset({"failure", "failures", "failed"})
_QUIET_HINT = say(
    "Type when they begin and when they end, as in `22:00-08:00`. After that `weekdays` and "
    "`except failures` may follow."
)
_DIGEST_HINT = say("Type a time of the day, as in `at 09:00`. After that `weekdays` may follow.")


def quiet_hours_of(words: str) -> QuietHours:
    """Quiet hours as somebody typed them: `22:00-08:00 weekdays except failures`, in any order.
    Raises BadCommand."""
    rest, is_weekdays_only = _without_weekdays(_split(words))
    rest, lets_failures_pass = _without_exception(rest)
    times = [part for word in rest for part in re.split(r"[-~]", word) if part]
    if not times:
        raise BadCommand(
            say("Quiet hours need two times: when they begin and when they end."), hint=_QUIET_HINT
        )
    minutes = [_minute(time, _QUIET_HINT) for time in times]
    if len(minutes) == 1:
        raise BadCommand(
            say("Quiet hours need two times; you wrote only `{word}`.", word=shown(times[0])),
            hint=_QUIET_HINT,
        )
    if len(minutes) > 2:
        raise _too_many(times[2], _QUIET_HINT)
    if minutes[0] == minutes[1]:
        raise BadCommand(
            say("Quiet hours that end at {time} when they begin are none.", time=times[1]),
            hint=_QUIET_HINT,
        )
    return QuietHours(
        begins_at=minutes[0],
        ends_at=minutes[1],
        is_weekdays_only=is_weekdays_only,
        lets_failures_pass=lets_failures_pass,
    )


def digest_of(words: str) -> Digest:
    """A digest as somebody typed it: `at 09:00 weekdays`, in any order. Raises BadCommand."""
    times, is_weekdays_only = _without_weekdays(_split(words))
    if not times:
        raise BadCommand(say("A digest needs the time at which it comes."), hint=_DIGEST_HINT)
    minute = _minute(times[0], _DIGEST_HINT)
    if len(times) > 1:
        raise _too_many(times[1], _DIGEST_HINT)
    return Digest(at=minute, is_weekdays_only=is_weekdays_only)


def quiet_text(quiet: QuietHours) -> str:
    """Quiet hours in their one spelling, which `quiet_hours_of` reads."""
    weekdays = f" {_WEEKDAYS}" if quiet.is_weekdays_only else ""
    exception = " except failures" if quiet.lets_failures_pass else ""
    return f"{span_text(quiet)}{weekdays}{exception}"


def span_text(quiet: QuietHours) -> str:
    """From when until when, as clocks show it."""
    return f"{clock_text(quiet.begins_at)}-{clock_text(quiet.ends_at)}"


def digest_text(digest: Digest) -> str:
    """A digest in its one spelling, which `digest_of` reads."""
    return f"at {clock_text(digest.at)}{f' {_WEEKDAYS}' if digest.is_weekdays_only else ''}"


def clock_text(minute: int) -> str:
    """A minute of the day as clocks show it."""
    return f"{minute // _HOUR:02}:{minute % _HOUR:02}"


def _split(words: str) -> list[str]:
    """As they were typed: a person's own words come back in what is said of them."""
    said = (word.text.rstrip(",") for word in split(words, {}))
    return [word for word in said if word.lower() not in _AROUND]


def _without_weekdays(words: list[str]) -> tuple[list[str], bool]:
    rest = [word for word in words if word.lower() != _WEEKDAYS]
    return rest, len(rest) < len(words)


def _without_exception(words: list[str]) -> tuple[list[str], bool]:
    at = next((at for at, word in enumerate(words) if word.lower() in _EXCEPT), None)
    if at is None:
        return words, False
    if "".join(words[at + 1 : at + 2]).lower() not in _FAILURES:
        raise BadCommand(
            say("Only failures can be let through quiet hours."),
            hint=say("Type `except failures`."),
        )
    return words[:at] + words[at + 2 :], True


def _minute(time: str, hint: Text) -> int:
    """The minute of the day; midnight may be the end of one as well."""
    found = _CLOCK.fullmatch(time.lower())
    hour = int(found[1]) if found else 0
    if not found or (found[3] and not 1 <= hour <= _HALF_A_DAY):
        raise _no_time(time, hint)
    if found[3]:
        hour = hour % _HALF_A_DAY + (_HALF_A_DAY if found[3] == "pm" else 0)
    minute = hour * _HOUR + int(found[2] or 0)
    if minute > MINUTES_OF_A_DAY:
        raise _no_time(time, hint)
    return minute % MINUTES_OF_A_DAY


def _no_time(time: str, hint: Text) -> BadCommand:
    return BadCommand(say("`{word}` is not a time of the day.", word=shown(time)), hint=hint)


def _too_many(word: str, hint: Text) -> BadCommand:
    return BadCommand(say("`{word}` is one word too many.", word=shown(word)), hint=hint)
