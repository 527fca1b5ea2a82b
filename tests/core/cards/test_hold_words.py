"""What holds a place, in words: the hold that ends last is the truth about when something comes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.cards.words.hold_words import PlaceHolds, place_hold_words, still_held
from bot.core.commands.times.day_times import digest_of, quiet_hours_of
from bot.core.hold import Hold, HoldReason, HoldScope
from bot.core.place_rules import PlaceRules
from tests.make import ANA, NOW, TEAM
from tests.watch_fakes import HERE

HOUR = timedelta(hours=1)
RULES = PlaceRules(
    place=HERE,
    quiet_hours=quiet_hours_of("13:00-15:00"),
    digest=digest_of("9:00"),
    time_zone="UTC",
    set_by=ANA,
)


def held(reason: HoldReason, hours: float, job_id: int = 0) -> Hold:
    scope = HoldScope(
        team_id=TEAM,
        channel_id=HERE.channel_id,
        project_id="p1" if job_id else "",
        job_id=job_id,
    )
    return Hold(scope=scope, reason=reason, words=ANA, since=NOW, until=NOW + hours * HOUR)


QUIET = held(HoldReason.QUIET, 1)
DIGEST = held(HoldReason.DIGEST, 19)
COMES, QUIET_UNTIL = "The next digest comes", "They hold what I would post until"
#: A sentence: what holds the place beside its quiet hours and its digest, and what is said of them.
SAID: dict[str, tuple[list[Hold], list[str]]] = {
    "nothing else": ([], [QUIET_UNTIL, COMES]),
    "a snooze that ends before the digest": ([held(HoldReason.SNOOZED, 4)], [QUIET_UNTIL, COMES]),
    "a snooze that ends after both": ([held(HoldReason.SNOOZED, 48)], []),
    "the snooze of one job": ([held(HoldReason.SNOOZED, 48, 205)], [QUIET_UNTIL, COMES]),
}


@pytest.mark.parametrize(("others", "expected"), SAID.values(), ids=SAID)
def test_a_list_says_when_something_comes(others: list[Hold], expected: list[str]) -> None:
    held = PlaceHolds(rules=RULES, holds=[DIGEST, QUIET, *others])

    words = " ".join(map(str, place_hold_words(held, lambda _: "flowers-tb")))

    assert [one for one in (QUIET_UNTIL, COMES) if one in words] == expected
    assert words.count("snoozed") == len(others)


@pytest.mark.parametrize(
    ("holds", "said"),
    [
        ([], ""),
        ([DIGEST, QUIET], "Still held: the next digest comes"),
        ([DIGEST, held(HoldReason.SNOOZED, 48)], "Still held: snoozed until"),
        ([replace(QUIET, until=None), DIGEST], "Still held: there are quiet hours"),
    ],
)
def test_what_still_holds_a_place_is_what_ends_last(holds: list[Hold], said: str) -> None:
    assert str(still_held(holds)).startswith(said)
    assert bool(said) == bool(holds)
