"""The targets of snoozes and of rules: this place, a person's direct messages, or one job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.core.commands.targets.job_reference import JobByWord, JobRef, parse_job
from bot.core.commands.words.tokens import Word, shown
from bot.core.errors import BadCommand
from bot.core.place_ids import channel_id_in
from bot.core.text import say
from bot.core.time_zone import zone_named

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Here:
    """Everything that is posted in the place where the sentence is sent."""

    text: str = "here"


@dataclass(frozen=True, slots=True)
class Me:
    """Everything that the bot sends to the person by direct message."""

    text: str = "me"


WholePlace = Here | Me
HoldTarget = JobRef | Here | Me

_WHOLE_PLACES: dict[str, WholePlace] = {"here": Here(), "me": Me()}

# Words for all that is posted in a place.
_EVERYTHING = ("channel", "everything", "all", "project", "everyone", "messages", "notifications")
_ADD_NOTHING = ("the", "this", "all", "every", "my", "our")
_OFF = "off"
# What people type for `off`.
_LIKE_OFF = (_OFF, "none", "no", "stop", "cancel", "disable", "end", "remove", "delete", "clear")
_FILLING = ("hours", "hour")
_ARTICLES = ("the", "a", "an")


def check_everything(verb: str, words: Sequence[Word], end: str = "") -> None:
    """Raise BadCommand for a channel, or for words such as `everything`, where a verb takes a job,
    `here` or `me`; suggest the last two with the end."""
    rest = [word for word in words if word.keyword not in _ADD_NOTHING] or list(words[-1:])
    suggestions = tuple(f"{verb} {place} {end}".rstrip() for place in ("here", "me"))
    if any(map(_is_channel, rest)):
        raise _of_another_channel(verb, suggestions if len(rest) == 1 else ())
    if len(rest) != 1:
        return
    if rest[0].keyword in _EVERYTHING:
        raise BadCommand(
            say("Everything that I post in this channel is `here`, and your direct messages `me`."),
            hint=say("For example: `{example}`.", example=suggestions[0]),
            suggestions=suggestions,
        )


def _is_channel(word: Word) -> bool:
    return word.text.startswith("#") and bool(channel_id_in(word.text[1:]))


def _of_another_channel(verb: str, suggestions: Sequence[str]) -> BadCommand:
    return BadCommand(
        say("`{verb}` holds for the channel in which you type it.", verb=verb),
        hint=say("Type it there with `here`."),
        suggestions=tuple(suggestions),
    )


def parse_hold_target(word: Word) -> HoldTarget:
    """Return the place or the job that a word names. Raises BadCommand."""
    return _WHOLE_PLACES.get(word.keyword) or parse_job(word)


def whole_place(word: Word) -> WholePlace | None:
    """Return the place that a word names; None for any other word."""
    return _WHOLE_PLACES.get(word.keyword)


def hold_target_text(target: HoldTarget) -> str:
    """Return the target as people type it. Quote a job whose name is `here` or `me`."""
    is_taken = isinstance(target, JobByWord) and target.word.lower() in _WHOLE_PLACES
    return f'"{target.text}"' if is_taken else target.text


def read_rule(
    words: list[Word], read: Callable[[str], T], *, verb: str, example: str
) -> tuple[WholePlace, T, str]:
    """Return the place among the words, what `read` parses from the other words, and the time zone
    that the words name (empty for none). Raises BadCommand."""
    words, zone = _without_zone(_without_filling(words))
    named = [_WHOLE_PLACES[word.keyword] for word in words if word.keyword in _WHOLE_PLACES]
    others = [word for word in words if word.keyword not in _WHOLE_PLACES]
    rest = " ".join(word.text for word in others)
    if len(named) == 1:
        _check_off(verb, named[0].text, rest)
        return named[0], read(rest), zone
    said = _OFF if any(word.keyword in _LIKE_OFF for word in others) else rest
    try:
        read(said)
    except BadCommand:
        said = example  # a suggestion must be a valid sentence
    suggestions = tuple(f"{verb} {place} {said}" for place in _WHOLE_PLACES)
    if any(map(_is_channel, others)):
        raise _of_another_channel(verb, suggestions)
    raise BadCommand(
        say("`{verb}` takes only one of `here` and `me`.", verb=verb)
        if named
        else say("`{verb}` needs to know for whom: `here` or `me`.", verb=verb),
        hint=say("For example: `{example}`.", example=f"{verb} here {example}"),
        suggestions=suggestions,
    )


def _check_off(verb: str, place: str, rest: str) -> None:
    """Raise BadCommand for `digest here none`; suggest `digest here off`."""
    if rest.lower() in _LIKE_OFF and rest.lower() != _OFF:
        raise BadCommand(
            say("`{word}` is not a time of the day.", word=shown(rest)),
            hint=say("For example: `{example}`.", example=f"{verb} {place} {_OFF}"),
            suggestions=(f"{verb} {place} {_OFF}",),
        )


def _without_filling(words: list[Word]) -> list[Word]:
    """Return the words without the `hours` of `quiet hours off`, and with `me` for `in dm`."""
    said = [word for word in words if word.quoted or word.keyword not in _FILLING]
    is_direct = [word.keyword == "dm" and not word.quoted for word in said]
    return [
        Word("me", quoted=False) if is_direct[at] else word
        for at, word in enumerate(said)
        if word.keyword != "in" or not any(is_direct[at + 1 : at + 2])
    ]


def _without_zone(words: list[Word]) -> tuple[list[Word], str]:
    """Split off the zone, as in `in Asia/Shanghai`; empty if none is named. Raises BadCommand."""
    at = next((at for at, word in enumerate(words[:-1]) if word.keyword == "in"), None)
    if at is None:
        bare = [word for word in words if "/" in word.text and zone_named(word.text)]
        return (words, "") if len(bare) != 1 else ([w for w in words if w != bare[0]], bare[0].text)
    zone = words[at + 1].text
    if zone_named(zone):
        return words[:at] + words[at + 2 :], zone
    if words[at + 1].keyword in _ARTICLES:  # `in the morning` names no zone
        return words[:at] + words[at + 2 :], ""
    raise BadCommand(
        say("`{zone}` is not a time zone.", zone=shown(zone)),
        hint=say("Use an IANA name, as in `Europe/Berlin`."),
    )
