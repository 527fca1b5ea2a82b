"""Writes subscriptions and rules of places as a file, which `place_file` parses. Pure."""

import json
import re
from collections.abc import Iterator, Sequence

from bot.core.commands.times.day_times import digest_text, quiet_text
from bot.core.commands.times.until import exact_words
from bot.core.place_rules import PlaceRules
from bot.core.project import Project
from bot.core.subscription import DeliveryMode, Subscription

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.,-]*")


def written(
    project: Project, subscriptions: Sequence[Subscription], rules: Sequence[PlaceRules]
) -> tuple[str, ...]:
    """Return the lines of the file; `read_places` returns the same places."""
    named = {*(one.place for one in subscriptions), *(one.place for one in rules)}
    places = sorted(named, key=lambda place: place.channel_id)
    lines = [f"project: {_quoted(project.project_id)}", "places:" + " []" * (not places)]
    for place in places:
        lines.append(f"- place: {place.channel_id}")
        for one in [one for one in rules if one.place == place]:
            lines += [f"  {name}: {value}" for name, value in _said_rules(one)]
        followed = [one for one in subscriptions if one.place == place]
        lines.append("  subscriptions:" + " []" * (not followed))
        for kept in followed:
            head, *rest = [f"{name}: {_quoted(value)}" for name, value in _said(kept)]
            lines += [f"  - {head}", *(f"    {line}" for line in rest)]
    return tuple(lines)


def _said_rules(rules: PlaceRules) -> Iterator[tuple[str, str]]:
    if rules.language:
        yield "language", rules.language
    if rules.time_zone:
        yield "time_zone", rules.time_zone
    if rules.digest_zone:
        yield "digest_time_zone", rules.digest_zone
    if rules.quiet_hours:
        yield "quiet", quiet_text(rules.quiet_hours)
    if rules.digest:
        yield "digest", digest_text(rules.digest)


def _said(kept: Subscription) -> Iterator[tuple[str, str]]:
    yield "follow", kept.target.text
    yield "for", kept.event_filter.text
    if kept.delivery_mode is not DeliveryMode.THREAD:
        yield "as", kept.delivery_mode.value
    if kept.until:
        yield "until", exact_words(kept.until)
    if kept.created_by:
        yield "by", kept.created_by


def _quoted(value: str) -> str:
    """Return a scalar that YAML reads as this text. A JSON string is a YAML string, too."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value)
