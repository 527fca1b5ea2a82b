"""A file of places is read whole, or everything that is wrong in it is said."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.errors import BadCommand
from bot.core.file_shapes import BadFile
from bot.core.place_changes import changes
from bot.core.place_file import Reading, WantedPlace, read_places
from bot.core.place_rules import Digest, PlaceRules, QuietHours
from bot.core.place_text import written
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
)
from bot.core.text import say

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OURS = Project(team_id="T1", project_id="p1")
ML = Place(team_id="T1", channel_id="C0000000ML")
OPS = Place(team_id="T1", channel_id="C000000OPS")
NIGHT = QuietHours(begins_at=22 * 60, ends_at=8 * 60, is_weekdays_only=True)


def place_id(said: str) -> str:
    if not said.startswith("C"):
        raise BadCommand(say("There is no such channel."))
    return said


def read(content: Any) -> tuple[WantedPlace, ...]:
    return read_places(content, Reading(project=OURS, now=NOW, place_id=place_id))


def follows(target: Target, place: Place = ML, **terms: Any) -> Subscription:
    usual = "failures" if isinstance(target, ProjectTarget) else "changes"
    named: dict[str, Any] = {
        "event_filter": EventFilter(usual),
        "delivery_mode": DeliveryMode.THREAD,
        "created_by": "",
        **terms,
    }
    return Subscription(
        place=place,
        project_id="p1",
        target=target,
        created_at=NOW,
        until=named.pop("until", None),
        **named,
    )


def test_a_place_is_read_with_its_rules_and_subscriptions() -> None:
    (wanted,) = read(
        {
            "project": "p1",
            "places": [
                {
                    "place": ML.channel_id,
                    "language": "zh-CN",
                    "time_zone": "Asia/Shanghai",
                    "quiet": "22:00-08:00 weekdays",
                    "digest": "off",
                    "subscriptions": [
                        {"follow": "205", "for": "failed, deleted", "as": "card"},
                        {"follow": "flowers*", "until": "2026-06-01T18:00Z", "by": "U000000ANA"},
                        {"follow": "project"},
                    ],
                }
            ],
        }
    )

    assert wanted == WantedPlace(
        place=ML,
        rules={
            "language": "zh-CN",
            "time_zone": "Asia/Shanghai",
            "quiet_hours": NIGHT,
            "digest": None,
        },
        subscriptions=(
            follows(
                JobTarget(205),  # type: ignore[arg-type]
                event_filter=EventFilter("failed,deleted"),
                delivery_mode=DeliveryMode.CARD,
            ),
            follows(
                PatternTarget("flowers*"),
                until=datetime(2026, 6, 1, 18, tzinfo=UTC),
                created_by="U000000ANA",
            ),
            follows(ProjectTarget()),
        ),
    )


def test_what_a_place_does_not_name_is_left_open() -> None:
    assert read({"places": [{"place": ML.channel_id}]}) == (WantedPlace(place=ML),)
    assert read({"places": ""}) == ()


@pytest.mark.parametrize(
    ("content", "where", "words"),
    [
        ("hello", "file", "the keys are"),
        (["hello"], "file", "the keys are"),
        (None, "file", "the keys are"),
        ({"place": []}, "file", "no key `place`"),
        ({"project": "p2"}, "project", "for project p2"),
        ({"places": "C1"}, "places", "a list"),
        ({"places": ["C1"]}, "places[0]", "keys and values"),
        ({"places": [{"quiet": "off"}]}, "places[0].place", "or its name in quotes"),
        ({"places": [{"place": ["C1"]}]}, "places[0].place", "or its name in quotes"),
        ({"places": [{"place": "ml"}]}, "places[0].place", "no such channel"),
        ({"places": [{"place": "C1"}, {"place": "C1"}]}, "places[1].place", "twice"),
        ({"places": [{"place": "C1", "silent": "x"}]}, "places[0]", "no key `silent`"),
        ({"places": [{"place": "C1", "quiet": "25:00-08:00"}]}, "places[0].quiet", "25:00"),
        ({"places": [{"place": "C1", "quiet": "22:00-22:00"}]}, "places[0].quiet", "22:00"),
        ({"places": [{"place": "C1", "quiet": ["a"]}]}, "places[0].quiet", "one word or one line"),
        ({"places": [{"place": "C1", "digest": "at 25:00"}]}, "places[0].digest", "25:00"),
        ({"places": [{"place": "C1", "language": "fr"}]}, "places[0].language", "`fr`"),
        ({"places": [{"place": "C1", "time_zone": "Mars"}]}, "places[0].time_zone", "`Mars`"),
        (
            {"places": [{"place": "C1", "digest_time_zone": "Moon"}]},
            "places[0].digest_time_zone",
            "`Moon`",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(content: Any, where: str, words: str) -> None:
    with pytest.raises(BadFile) as caught:
        read(content)

    (mistake,) = caught.value.mistakes
    assert mistake.where == where
    assert words in str(mistake.words)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("205", "keys and values"),
        ({}, "what to follow"),
        ({"follow": "flowers-tb"}, "not what a file can follow"),
        ({"follow": "last"}, "not what a file can follow"),
        ({"follow": "205", "for": "failing"}, "`failing` is not an event"),
        ({"follow": "205", "as": "email"}, "as email"),
        ({"follow": "205", "until": "4h"}, "another moment each time"),
        ({"follow": "205", "until": "18:00"}, "another moment each time"),
        ({"follow": "205", "until": "2020-01-01T00:00Z"}, "That moment is over"),
        ({"follow": "205", "by": "ana"}, "not the id of a person"),
        ({"follow": ["205"]}, "one word or one line"),
        ({"follow": "205", "where": "C1"}, "no key `where`"),
    ],
)
def test_what_is_wrong_with_a_subscription_is_said_with_its_place(row: Any, words: str) -> None:
    with pytest.raises(BadFile) as caught:
        read({"places": [{"place": "C1", "subscriptions": [{"follow": "project"}, row]}]})

    assert caught.value.mistakes[0].where == "places[0].subscriptions[1]"
    assert words in str(caught.value.mistakes[0].words)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BadFile) as caught:
        read(
            {
                "project": "p2",
                "places": [{"place": "C1", "quiet": "x", "subscriptions": [{"follow": "205"}] * 2}],
            }
        )

    assert [one.where for one in caught.value.mistakes] == [
        "project",
        "places[0].quiet",
        "places[0].subscriptions[1]",
    ]


def test_what_is_written_is_read_back() -> None:
    kept = [
        follows(JobTarget(205), event_filter=EventFilter("failed,deleted")),  # type: ignore[arg-type]
        follows(
            PatternTarget("*-tb"), OPS, delivery_mode=DeliveryMode.CARD, created_by="U000000BEN"
        ),
        follows(ProjectTarget(), until=datetime(2026, 6, 1, 18, tzinfo=UTC)),
        follows(ProjectTarget(), OPS, until=datetime(2026, 6, 1, 18, 0, 7, 250_000, tzinfo=UTC)),
    ]
    rules = [
        PlaceRules(place=ML, quiet_hours=NIGHT, digest=Digest(at=9 * 60), language="en"),
        PlaceRules(
            place=Place(team_id="T1", channel_id="C0ALONE000"),
            time_zone="Europe/Berlin",
            digest_zone="Asia/Shanghai",
        ),
    ]
    yaml = pytest.importorskip("yaml")

    back = read(yaml.load("\n".join(written(OURS, kept, rules)), yaml.BaseLoader))

    assert changes(back, kept, rules, prunes=True) == ()
    assert [one.place.channel_id for one in back] == ["C0000000ML", "C000000OPS", "C0ALONE000"]


EXISTING = [follows(JobTarget(205)), follows(ProjectTarget()), follows(ProjectTarget(), OPS)]  # type: ignore[arg-type]
RULES = [
    PlaceRules(place=ML, quiet_hours=NIGHT, language="en"),
    PlaceRules(place=OPS, language="en"),
]


def test_what_the_file_does_not_name_stays() -> None:
    wanted = (WantedPlace(place=ML, rules={"language": "zh-CN"}, subscriptions=(EXISTING[0],)),)

    (change,) = changes(wanted, EXISTING, RULES, prunes=False)

    assert (change.kept, change.ended) == ((), ())
    assert change.rules is not None
    assert change.rules[1] == PlaceRules(place=ML, quiet_hours=NIGHT, language="zh-CN")


def test_pruned_is_what_the_file_does_not_name() -> None:
    wanted = (WantedPlace(place=ML, subscriptions=(EXISTING[0],)),)

    here, there = changes(wanted, EXISTING, RULES, prunes=True)

    assert here.ended == (EXISTING[1],)
    assert here.rules is not None
    assert here.rules[1] == PlaceRules(place=ML)
    assert (there.place, there.ended) == (OPS, (EXISTING[2],))


def test_a_place_without_a_list_keeps_its_subscriptions_also_when_others_are_pruned() -> None:
    wanted = (WantedPlace(place=ML), WantedPlace(place=OPS))

    found = changes(wanted, EXISTING, [], prunes=True)

    assert found == ()


def test_changed_terms_keep_who_subscribed() -> None:
    before = follows(ProjectTarget(), created_by="U000000ANA")
    after = follows(ProjectTarget(), event_filter=EventFilter("all"))

    (change,) = changes(
        (WantedPlace(place=ML, subscriptions=(after,)),), [before], [], prunes=False
    )

    ((old, new),) = change.kept
    assert old == before
    assert (new.event_filter.text, new.created_by) == ("all", "U000000ANA")
