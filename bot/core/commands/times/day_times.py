"""Parse and format quiet hours and digests, whose times come again each day."""

import re

from bot.core.commands.times.clock import in_figures, minute_of
from bot.core.commands.words.tokens import shown, split
from bot.core.errors import BadCommand
from bot.core.place_rules import MINUTES_OF_A_DAY, Digest, QuietHours
from bot.core.text import Text, say

_HOUR = 60
# Words around a time that do not change the meaning.
_AROUND = frozenset(
    {"to", "until", "till", "and", "at", "from", "between", "on", "every", "daily", "到"}
)
_WEEKDAYS = "weekdays"
# How people write `weekdays`; every repetition is bounded, so matching takes linear time.
_LIKE_WEEKDAYS = re.compile(
    r"\b(?:mon(?:days?)? ?(?:-|~|to|till|until|through|thru) ?fri(?:days?)?"
    r"|(?:work|week|working|business)[- ]?days?)(?![\w-])",
    re.IGNORECASE,
)
_OTHER_DAYS = re.compile(
    r"(?:mon|tues?|wednes|thu(?:rs)?|fri|satur|sun)days?"
    r"|mon|tue|wed|thu|fri|sat|sun|weekends?|weekly|monthly|hourly",
    re.IGNORECASE,
)
_EXCEPT = frozenset({"except", "but"})
_FAILURES = frozenset({"failure", "failures", "failed"})
_QUIET_HINT = say(
    "For example: `22:00-08:00`. After that `weekdays` and `except failures` may follow."
)
_TIME_HINT = say("Type a time such as `22:00`.")
_DIGEST_HINT = say("Type a time of the day, as in `at 09:00`. After that `weekdays` may follow.")


def quiet_hours_of(words: str) -> QuietHours:
    """Parse quiet hours such as `22:00-08:00 weekdays except failures`, in any order.
    Raises BadCommand."""
    rest, is_weekdays_only = _without_weekdays(_split(words))
    rest, lets_failures_pass = _without_exception(rest)
    times = [part for word in rest for part in re.split(r"[-~]", word) if part]
    if not times:
        raise BadCommand(
            say("Quiet hours need two times: when they begin and when they end."), hint=_QUIET_HINT
        )
    minutes = [_minute(time, _QUIET_HINT) for time in times]
    if minutes == [0, MINUTES_OF_A_DAY]:
        raise BadCommand(
            say("Quiet hours can't last the whole day."),
            hint=say(
                "To hold back all messages for a while, type `snooze here 2d` or `snooze me 2d`."
            ),
        )
    if len(minutes) == 1:
        raise BadCommand(
            say("Quiet hours need two times; you wrote only `{word}`.", word=shown(times[0])),
            hint=_QUIET_HINT,
        )
    if len(minutes) > 2:
        raise _too_many(times[2], _QUIET_HINT)
    minutes = [minute % MINUTES_OF_A_DAY for minute in minutes]
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
    """Parse a digest such as `at 09:00 weekdays`, in any order. Raises BadCommand."""
    times, is_weekdays_only = _without_weekdays(_split(words))
    if not times:
        raise BadCommand(say("A digest needs the time at which it comes."), hint=_DIGEST_HINT)
    minute = _minute(times[0], _DIGEST_HINT)
    if len(times) > 1:
        raise _too_many(times[1], _DIGEST_HINT)
    return Digest(at=minute % MINUTES_OF_A_DAY, is_weekdays_only=is_weekdays_only)


def one_time(words: str) -> int:
    """Return the minute of the day in a field that must hold one time only. Raises BadCommand."""
    times = _split(words)
    if not times:
        raise _no_time(words, _TIME_HINT)
    minute = _minute(times[0], _TIME_HINT)
    if len(times) > 1:
        raise _too_many(times[1], _TIME_HINT)
    return minute


def quiet_text(quiet: QuietHours) -> str:
    """Return quiet hours in their canonical spelling, which `quiet_hours_of` parses."""
    weekdays = f" {_WEEKDAYS}" if quiet.is_weekdays_only else ""
    exception = " except failures" if quiet.lets_failures_pass else ""
    return f"{span_text(quiet)}{weekdays}{exception}"


def span_text(quiet: QuietHours) -> str:
    """Return the begin and the end of quiet hours, such as `22:00-08:00`."""
    return f"{clock_text(quiet.begins_at)}-{clock_text(quiet.ends_at)}"


def digest_text(digest: Digest) -> str:
    """Return a digest in its canonical spelling, which `digest_of` parses."""
    return f"at {clock_text(digest.at)}{f' {_WEEKDAYS}' if digest.is_weekdays_only else ''}"


def clock_text(minute: int) -> str:
    """Return a minute of the day as `HH:MM`."""
    return f"{minute // _HOUR:02}:{minute % _HOUR:02}"


def _split(words: str) -> list[str]:
    """Split into words, and keep upper case, because error messages quote the person's words."""
    words = _LIKE_WEEKDAYS.sub(_WEEKDAYS, in_figures(words))
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
    """Return the minute of the day, from 0 to 1440 (24:00). Raises BadCommand with `hint`."""
    minute = minute_of(time)
    if minute is None:
        raise _no_time(time, hint)
    return minute


def _no_time(time: str, hint: Text) -> BadCommand:
    if _OTHER_DAYS.fullmatch(time):
        return BadCommand(
            say("I know every day and `weekdays`, but not `{word}`.", word=shown(time)), hint=hint
        )
    return BadCommand(say("`{word}` is not a time of the day.", word=shown(time)), hint=hint)


def _too_many(word: str, hint: Text) -> BadCommand:
    if _OTHER_DAYS.fullmatch(word):
        return _no_time(word, hint)
    return BadCommand(say("`{word}` is one word too many.", word=shown(word)), hint=hint)
