"""Parses a file of places: their subscriptions and rules. Pure.

The file is YAML in which every scalar is text: 22:00 is no number, and `off` is not false.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.commands.grammar import parse_words
from bot.core.commands.targets.job_reference import JobById, JobNumber, JobRef
from bot.core.commands.targets.targets import NamePattern, WholeProject
from bot.core.commands.times.day_times import digest_of, quiet_hours_of
from bot.core.commands.times.until import is_by_the_clock, is_span, until_moment
from bot.core.commands.verbs.subscribe import Subscribe
from bot.core.commands.words.tokens import Word, shown
from bot.core.errors import BadCommand
from bot.core.file_shapes import BadFile, Mistake, mapping, rows, text
from bot.core.job import JobId
from bot.core.project import Project
from bot.core.subscription import (
    DeliveryMode,
    EventFilter,
    JobTarget,
    PatternTarget,
    Place,
    ProjectTarget,
    Subscription,
    Target,
    usual_filter,
)
from bot.core.text import enumeration, say
from bot.core.time_zone import zone_named

LANGUAGES = ("en", "zh-CN")

_OFF = "off"
_TOP = ("project", "places")
_RULES = ("language", "time_zone", "digest_time_zone", "quiet", "digest")
_PLACE = ("place", *_RULES, "subscriptions")
_OPTIONS = ("for", "until", "as")
_SUBSCRIPTION = ("follow", *_OPTIONS, "by")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPlace:
    """One place of a file. `rules` has only the rules that the file names."""

    place: Place
    rules: Mapping[str, Any] = field(default_factory=dict)
    #: None if the file does not mention subscriptions.
    subscriptions: tuple[Subscription, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The facts that a parser of a file needs beside it."""

    project: Project
    now: datetime
    #: Returns the id of the place that the file names; raises BadCommand.
    place_id: Callable[[str], str]


def read_places(content: object, reading: Reading) -> tuple[WantedPlace, ...]:
    """Return all places of a file, in its order. Raises BadFile with every mistake."""
    mistakes: list[Mistake] = []
    top = mapping(content, "file", _TOP, mistakes) or {}
    if top.get("project") not in (None, reading.project.project_id):
        mistakes.append(
            Mistake(
                "project",
                say(
                    "The file is for project {theirs}; this installation watches {ours}.",
                    theirs=str(top["project"]),
                    ours=reading.project.project_id,
                ),
            )
        )
    places = [
        wanted
        for number, row in enumerate(rows(top.get("places"), "places", mistakes))
        if (wanted := _place(row, f"places[{number}]", reading, mistakes)) is not None
    ]
    mistakes += _twice(places)
    if mistakes:
        raise BadFile(mistakes)
    return tuple(places)


def _place(
    row: object, where: str, reading: Reading, mistakes: list[Mistake]
) -> WantedPlace | None:
    said = mapping(row, where, _PLACE, mistakes)
    if said is None:
        return None
    if not isinstance(said.get("place"), str) or not said["place"]:
        mistakes.append(
            Mistake(
                f"{where}.place",
                say(
                    "`place` takes a channel's id, or its name in quotes: `C0123456789` or"
                    ' `"#ml"`.'
                ),
            )
        )
        return None
    try:
        channel_id = reading.place_id(said["place"])
    except BadCommand as error:
        mistakes.append(Mistake(f"{where}.place", error.sentence, error.hint))
        return None
    place = Place(team_id=reading.project.team_id, channel_id=channel_id)
    return WantedPlace(
        place=place,
        rules=_read_rules(said, where, mistakes),
        subscriptions=_read_subscriptions(said, place, where, reading, mistakes),
    )


def _read_rules(said: Mapping[str, Any], where: str, mistakes: list[Mistake]) -> dict[str, Any]:
    readers: dict[str, tuple[str, Callable[[str], Any], Any]] = {
        "language": ("language", _language, ""),
        "time_zone": ("time_zone", _time_zone, ""),
        "digest_time_zone": ("digest_zone", _time_zone, ""),
        "quiet": ("quiet_hours", quiet_hours_of, None),
        "digest": ("digest", digest_of, None),
    }
    rules: dict[str, Any] = {}
    for name in [name for name in _RULES if name in said]:
        rule, read, nothing = readers[name]
        if said[name] == _OFF:
            rules[rule] = nothing
            continue
        try:
            rules[rule] = read(text(said[name]))
        except BadCommand as error:
            mistakes.append(Mistake(f"{where}.{name}", error.sentence, error.hint))
    return rules


def _language(words: str) -> str:
    if words not in LANGUAGES:
        raise BadCommand(
            say("I don't speak `{language}`.", language=words[:40]),
            hint=say("Use {languages}.", languages=enumeration(LANGUAGES)),
        )
    return words


def _time_zone(words: str) -> str:
    if zone_named(words) is None:
        raise BadCommand(
            say("`{zone}` is not a time zone.", zone=words[:40]),
            hint=say("Use an IANA name, as in `Europe/Berlin`."),
        )
    return words


def _read_subscriptions(
    said: Mapping[str, Any],
    place: Place,
    where: str,
    reading: Reading,
    mistakes: list[Mistake],
) -> tuple[Subscription, ...] | None:
    if "subscriptions" not in said:
        return None
    read: dict[Target, Subscription] = {}
    listed = rows(said["subscriptions"], f"{where}.subscriptions", mistakes)
    for number, row in enumerate(listed):
        at = f"{where}.subscriptions[{number}]"
        terms = mapping(row, at, _SUBSCRIPTION, mistakes)
        if terms is None:
            continue
        try:
            one = _subscription(terms, place, reading)
        except BadCommand as error:
            mistakes.append(Mistake(at, error.sentence, error.hint))
            continue
        if one.target in read:
            mistakes.append(Mistake(at, say("{target} stands here twice.", target=one.target.text)))
        read[one.target] = one
    return tuple(read.values())


def _subscription(said: Mapping[str, Any], place: Place, reading: Reading) -> Subscription:
    if not said.get("follow"):
        raise BadCommand(say("Nothing says what to follow."), hint=_FOLLOW_HINT)
    words = [_SUBSCRIBE, Word(text(said["follow"]), quoted=False)]
    for name in [name for name in _OPTIONS if name in said]:
        values = text(said[name]).split()
        words += [Word(word, quoted=False) for word in (name, *values)]
    command = parse_words(words)
    if not isinstance(command, Subscribe):
        raise TypeError(command)
    if command.until and (is_span(command.until) or is_by_the_clock(command.until)):
        raise BadCommand(
            say("`until: {words}` means another moment each time.", words=text(said["until"])),
            hint=say("Use a moment in UTC, as in `2026-12-01T18:00Z`, or leave it out."),
        )
    target = _target(command.job)
    chosen = EventFilter(command.event_filter) if command.event_filter else usual_filter(target)
    return Subscription(
        place=place,
        project_id=reading.project.project_id,
        target=target,
        event_filter=chosen,
        delivery_mode=command.delivery_mode or DeliveryMode.THREAD,
        created_by=_person(text(said.get("by", ""))),
        created_at=reading.now,
        until=until_moment(command.until, reading.now) if command.until else None,
    )


def _target(job: JobRef | NamePattern | WholeProject) -> Target:
    match job:
        case JobNumber(text=digits):
            return JobTarget(JobId(int(digits)))
        case JobById(id=job_id):
            return JobTarget(job_id)
        case NamePattern(text=pattern):
            return PatternTarget(pattern)
        case WholeProject():
            return ProjectTarget()
        case _:
            raise BadCommand(
                say("`{word}` is not what a file can follow.", word=shown(job.text)),
                hint=_FOLLOW_HINT,
            )


def _person(words: str) -> str:
    if words and not _PERSON.fullmatch(words):
        raise BadCommand(
            say("`{word}` is not the id of a person in Slack.", word=shown(words)),
            hint=say("It begins with U or W; people copy it from their profile's menu."),
        )
    return words


def _twice(places: Sequence[WantedPlace]) -> list[Mistake]:
    seen: set[Place] = set()
    mistakes = []
    for number, one in enumerate(places):
        if one.place in seen:
            words = say("{place} stands in the file twice.", place=one.place.channel_id)
            mistakes.append(Mistake(f"places[{number}].place", words))
        seen.add(one.place)
    return mistakes


_SUBSCRIBE = Word("subscribe", quoted=False, verb="subscribe")
_FOLLOW_HINT = say(
    "`follow` takes a job's id, a pattern such as `flowers*`, or `project`: names change."
)
_PERSON = re.compile(r"[UW][A-Z0-9]{8,20}")
