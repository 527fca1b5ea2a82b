"""The planned changes of places as lines of a diff: `-` is the present, `+` the future."""

from collections.abc import Iterator, Sequence

from bot.core.cards.words.subscription_words import subscribe_command
from bot.core.commands.times.day_times import digest_text, quiet_text
from bot.core.place_changes import PlaceChange
from bot.core.place_rules import PlaceRules
from bot.core.subscription import Subscription

_RULES = ("language", "time_zone", "digest_time_zone", "quiet", "digest")


def diff_lines(found: Sequence[PlaceChange]) -> Iterator[str]:
    """Yield the lines of the diff, place by place."""
    for change in found:
        yield change.place.channel_id
        for before, after in change.kept:
            yield from _line("-", _sentence(before) if before else "")
            yield from _line("+", _sentence(after))
        for one in change.ended:
            yield from _line("-", _sentence(one))
        if change.rules:
            yield from _rules(*change.rules)


def _line(sign: str, words: str) -> Iterator[str]:
    if words:
        yield f"  {sign} {words}"


def _sentence(one: Subscription) -> str:
    return subscribe_command(one).text


def _rules(before: PlaceRules, after: PlaceRules) -> Iterator[str]:
    for name, was, shall in zip(_RULES, _values(before), _values(after), strict=True):
        if was != shall:
            yield from _line("-", was and f"{name} {was}")
            yield from _line("+", shall and f"{name} {shall}")


def _values(rules: PlaceRules) -> tuple[str, ...]:
    return (
        rules.language,
        rules.time_zone,
        rules.digest_zone,
        quiet_text(rules.quiet_hours) if rules.quiet_hours else "",
        digest_text(rules.digest) if rules.digest else "",
    )
