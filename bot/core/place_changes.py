"""The differences between places and a file that describes them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.core.place_file import WantedPlace
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Place, Subscription, Target

_UNSET: Mapping[str, Any] = {
    "language": "",
    "time_zone": "",
    "digest_zone": "",
    "quiet_hours": None,
    "digest": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChange:
    """The changes of one place, made in one transaction."""

    place: Place
    #: New subscriptions, and those with new terms beside the present ones.
    kept: tuple[tuple[Subscription | None, Subscription], ...]
    ended: tuple[Subscription, ...]
    #: The present and the future rules; None if they stay.
    rules: tuple[PlaceRules, PlaceRules] | None

    @property
    def is_nothing(self) -> bool:
        """Return True if the place already is as the file says."""
        return not (self.kept or self.ended or self.rules)


def changes(
    wanted: Sequence[WantedPlace],
    subscriptions: Sequence[Subscription],
    rules: Sequence[PlaceRules],
    *,
    prunes: bool,
) -> tuple[PlaceChange, ...]:
    """Return the changes of each place that differs, in the order of the file, then by id.
    Subscriptions that the file does not name stay, unless it `prunes`."""
    existing: dict[Place, dict[Target, Subscription]] = {}
    for one in subscriptions:
        existing.setdefault(one.place, {})[one.target] = one
    settled = {one.place: one for one in rules}
    asked = list(wanted)
    if prunes:
        named = {one.place for one in wanted}
        others = sorted({*existing, *settled} - named, key=lambda place: place.channel_id)
        asked += [WantedPlace(place=place, subscriptions=()) for place in others]
    found = (
        _change(
            one,
            existing.get(one.place, {}),
            settled.get(one.place, PlaceRules(place=one.place)),
            prunes=prunes,
        )
        for one in asked
    )
    return tuple(change for change in found if not change.is_nothing)


def _change(
    wanted: WantedPlace,
    existing: Mapping[Target, Subscription],
    rules: PlaceRules,
    *,
    prunes: bool,
) -> PlaceChange:
    asked = {one.target: one for one in wanted.subscriptions or ()}
    kept = tuple(
        (before, replace(one, created_by=one.created_by or (before.created_by if before else "")))
        for one in asked.values()
        if not _is_same(before := existing.get(one.target), one)
    )
    may_end = prunes and wanted.subscriptions is not None
    ended = tuple(one for one in existing.values() if may_end and one.target not in asked)
    unnamed = _UNSET if prunes else {}
    new_rules = replace(rules, **{**unnamed, **wanted.rules})
    return PlaceChange(
        place=wanted.place,
        kept=kept,
        ended=ended,
        rules=(rules, new_rules) if new_rules != rules else None,
    )


def _is_same(before: Subscription | None, after: Subscription) -> bool:
    return before is not None and _terms(before) == _terms(after)


def _terms(subscription: Subscription) -> tuple[object, ...]:
    # A file names the second of an end, and no part of it.
    until = subscription.until and subscription.until.replace(microsecond=0)
    return subscription.event_filter, subscription.delivery_mode, until
