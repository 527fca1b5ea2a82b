"""Home is calm: what needs its reader first, a button and a menu a row, the past in few lines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.core.cards.card import Action, Card, Menu
from bot.core.cards.home.home import home_sections
from bot.core.cards.home.home_page import HomeFacts, PersonalFacts, Section
from bot.core.cards.words.hold_words import PlaceHolds
from bot.core.change import NO_JOB
from bot.core.health import SourceHealth
from bot.core.hold import Hold, HoldReason, HoldScope
from bot.core.job import JobId, VisualizationJob
from bot.core.place_rules import PlaceRules
from bot.core.spending import Price
from bot.core.subscription import JobTarget, PatternTarget, Place, ProjectTarget, Subscription
from bot.core.text import say
from bot.slack.views import home_view
from tests.make import ANA, NOW, OURS, TEAM, a_change, a_job, line_words
from tests.watch_fakes import HERE, a_subscription

HOUR = timedelta(hours=1)
WELL = SourceHealth(last_good_at=NOW)
DOWN = SourceHealth(last_good_at=NOW - HOUR, failing_since=NOW - HOUR)
LINKS = ("console.huaweicloud.com",)
NOTHING = PersonalFacts(subscriptions=(), failures=())
MOST_BLOCKS = 100


def facts(
    *jobs: VisualizationJob, personal: PersonalFacts | None = NOTHING, **fields: object
) -> HomeFacts:
    usual = HomeFacts(
        jobs=jobs,
        source=WELL,
        personal=personal,
        now=NOW,
        slash_command="/visjob",
        link_hosts=LINKS,
    )
    return replace(usual, **fields)  # type: ignore[arg-type]  # the caller's own fields


def failed(job_id: int, hours: float) -> VisualizationJob:
    """A job that nobody saw fail, created so long ago; it failed at once."""
    created = NOW - timedelta(hours=hours)
    return a_job(job_id, 11, name=f"job-{job_id}", created_at=created, duration=timedelta())


def running(count: int) -> list[VisualizationJob]:
    return [a_job(number, name=f"run-{number}") for number in range(1, count + 1)]


def titles(sections: Sequence[Section]) -> list[str]:
    return [str(section[0].title) for section in sections]


def words(sections: Sequence[Section], title: str) -> str:
    """All lines of a part."""
    [section] = [one for one in sections if str(one[0].title) == title]
    return "\n".join(line_words(line) for card in section for line in card.lines)


def rows(sections: Sequence[Section]) -> list[Card]:
    """The cards of one job each."""
    return [
        card for section in sections[:2] for card in section[1:] if len(card.lines) == 1
    ]  # fmt: skip


#: What Home has, and its parts from above.
ORDERS: dict[str, tuple[HomeFacts, list[str]]] = {
    "nothing at all": (
        facts(), ["Running now", "What you follow", "Failed", "Is the bot well?"],
    ),
    "what needs its reader stands before what runs": (
        facts(a_job(), failed(193, 2), personal=replace(NOTHING, owned=frozenset({JobId(193)}))),
        ["Needs you", "Running now", "What you follow", "Failed", "Is the bot well?"],
    ),
    "a claimed job that runs stands there once": (
        facts(a_job(), personal=replace(NOTHING, owned=frozenset({JobId(205)}))),
        ["Running now", "What you follow", "Failed", "Is the bot well?"],
    ),
    "a claimed job that waits has a line of its own": (
        facts(a_job(205, 7), personal=replace(NOTHING, owned=frozenset({JobId(205)}))),
        ["Running now", "What you follow", "Your jobs", "Failed", "Is the bot well?"],
    ),
    "without a database": (
        facts(a_job(), personal=None), ["Running now", "Failed", "Is the bot well?"],
    ),
    "in an outage the warning is on top": (
        facts(
            a_job(),
            failed(193, 2),
            personal=replace(NOTHING, owned=frozenset({JobId(193)})),
            source=DOWN,
        ),
        ["", "Needs you", "Last seen running", "What you follow", "Failed", "Is the bot well?"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ORDERS)
def test_the_parts_stand_in_their_order(case: str) -> None:
    drawn, order = ORDERS[case]

    assert titles(home_sections(drawn)) == order


#: Who follows job 193, which failed lately, and whether it needs the reader.
YOURS: dict[str, tuple[PersonalFacts, bool]] = {
    "claimed": (replace(NOTHING, owned=frozenset({JobId(193)})), True),
    "followed by itself": (
        PersonalFacts(subscriptions=(a_subscription(JobTarget(JobId(193))),), failures=()), True,
    ),
    "another one is followed": (
        PersonalFacts(subscriptions=(a_subscription(),), failures=()), False,
    ),
    "followed by its name": (
        PersonalFacts(subscriptions=(a_subscription(PatternTarget("job-*")),), failures=()), True,
    ),
    "followed with the whole project": (
        PersonalFacts(subscriptions=(a_subscription(ProjectTarget()),), failures=()), False,
    ),
    "nobody's": (NOTHING, False),
}  # fmt: skip


@pytest.mark.parametrize("case", YOURS)
def test_only_ones_own_failures_need_one(case: str) -> None:
    personal, is_first = YOURS[case]
    sections = home_sections(facts(failed(193, 2), personal=personal))

    assert ("Needs you" in titles(sections)) is is_first
    assert ("job-193" in words(sections, "Failed")) is not is_first


def test_what_failed_days_ago_is_a_number_and_has_no_button_of_its_own() -> None:
    sections = home_sections(facts(*(failed(number, 30 + number) for number in range(1, 9))))

    assert words(sections, "Failed") == "Nothing failed in the last 24 h. 8 jobs failed earlier."
    [card] = [section[0] for section in sections if str(section[0].title) == "Failed"]
    assert [one.command.text for one in card.controls if isinstance(one, Action)] == ["list failed"]


def test_what_failed_today_has_a_line_each() -> None:
    told = words(home_sections(facts(failed(1, 2), failed(2, 3), failed(3, 99))), "Failed")

    assert told.splitlines()[0] == "2 jobs failed in the last 24 h. 1 job failed earlier."
    assert [line.split()[1] for line in told.splitlines()[1:]] == ["job-1", "job-2"]


def test_a_job_that_was_deleted_before_its_end_needs_its_owner_and_offers_nothing() -> None:
    gone = a_change(8, NO_JOB, job=a_job(205))
    first, *_ = home_sections(
        facts(personal=PersonalFacts(subscriptions=(a_subscription(),), failures=(gone,)))
    )

    assert "flowers-tb (205)  ·  Deleted" in line_words(first[1].lines[0])
    assert first[1].controls == ()


def test_a_row_has_one_button_and_one_menu() -> None:
    ran = [a_job(), a_job(231, service_url=""), failed(193, 1)]
    personal = replace(NOTHING, owned=frozenset({JobId(193)}))

    cards = rows(home_sections(facts(*ran, personal=personal)))

    assert [[type(one) for one in card.controls] for card in cards] == [[Action, Menu]] * 3
    labels = [str(card.controls[0].label) for card in cards if isinstance(card.controls[0], Action)]
    assert labels == ["Show job", "Open TensorBoard", "Show job"]


@pytest.mark.parametrize(("count", "pages"), [(5, 1), (6, 1), (20, 1), (25, 1), (26, 2), (45, 2)])
def test_more_is_offered_only_where_it_is_worth_a_click(count: int, pages: int) -> None:
    jobs = running(count)
    drawn = [home_sections(facts(*jobs), page=page) for page in range(1, pages + 1)]

    [foot] = drawn[0][-1]
    assert (line_words(foot.lines[0]) == "Page 1 of 2") is (pages > 1)
    shown = [line_words(card.lines[0]) for sections in drawn for card in sections[0][1:]]
    assert len(shown) == len(set(shown)) == count


def test_a_full_home_is_within_what_slack_takes() -> None:
    mine: tuple[Subscription, ...] = (a_subscription(PatternTarget("job-*")),) * 45
    jobs = [*running(45), *(failed(number, 1) for number in range(101, 150))]
    waiting = [a_job(number, 7, name=f"wait-{number}") for number in range(201, 250)]
    owned = frozenset(job.id for job in waiting)
    personal = PersonalFacts(subscriptions=mine, failures=(), owned=owned)

    view = home_view(home_sections(facts(*jobs, *waiting, personal=personal, source=DOWN)))

    assert len(view["blocks"]) <= MOST_BLOCKS


def test_what_a_job_has_cost_stands_beside_how_long_it_runs() -> None:
    price = Price(hourly=Decimal("0.36"), currency="EUR")

    assert "2 h 14 min  ·  about 0.80 EUR" in words(
        home_sections(facts(a_job(), price=price)), "Running now"
    )


_SNOOZED = Hold(
    scope=HoldScope(
        team_id=TEAM, channel_id=HERE.channel_id, project_id=OURS.project_id, job_id=205
    ),
    reason=HoldReason.SNOOZED,
    words=ANA,
    since=NOW,
    until=NOW + HOUR,
)
_QUIET = replace(
    _SNOOZED,
    scope=HoldScope(team_id=TEAM, channel_id=HERE.channel_id),
    reason=HoldReason.QUIET,
)
_DIGEST_BEFORE = replace(_QUIET, reason=HoldReason.DIGEST, until=NOW + HOUR / 2)
_DIRECT = Place(team_id=TEAM, channel_id="D0ANA00001")
_FREE = PlaceHolds(rules=PlaceRules(place=_DIRECT))
_MINE = PlaceHolds(
    rules=PlaceRules(place=_DIRECT), holds=(replace(_QUIET, reason=HoldReason.SNOOZED),)
)
_IN_CHANNELS = [
    "Channels",
    "• Messages to the channel are held: quiet hours until 2026-03-24 15:17 UTC.",
    "• Messages about flowers-tb (205) in the channel are held:"
    " snoozed until 2026-03-24 15:17 UTC by somebody.",
]
_OWN_SNOOZE = "• Everything is snoozed until 2026-03-24 15:17 UTC by somebody."


@pytest.mark.parametrize(
    ("held", "channels", "shown"),
    [
        (None, (), []),
        (
            _FREE,
            (),
            ["My direct messages reach you at once. Each channel has settings of its own."],
        ),
        (_FREE, (_QUIET, _SNOOZED), ["My direct messages reach you at once.", *_IN_CHANNELS]),
        (None, (_DIGEST_BEFORE, _QUIET, _SNOOZED), _IN_CHANNELS),
        (_MINE, (), ["Your direct messages", _OWN_SNOOZE]),
        (_MINE, (_QUIET, _SNOOZED), ["Your direct messages", _OWN_SNOOZE, *_IN_CHANNELS]),
        (None, (_QUIET, _SNOOZED), _IN_CHANNELS),
    ],
)
def test_what_is_held_is_named_by_its_place(
    held: PlaceHolds | None, channels: tuple[Hold, ...], shown: list[str]
) -> None:
    personal = replace(NOTHING, held=held, channel_holds=channels)
    sections = home_sections(facts(a_job(205), personal=personal))

    assert ("Snoozed and quiet" in titles(sections)) is bool(shown)
    if shown:
        told = words(sections, "Snoozed and quiet").replace("\u00a0", " ")
        assert told.split("\n") == shown


def test_a_snooze_of_a_channel_has_its_button_and_a_rule_has_none() -> None:
    whole = replace(_QUIET, reason=HoldReason.SNOOZED, scope=replace(_QUIET.scope, channel_id="C2"))
    personal = replace(NOTHING, held=None, channel_holds=(_QUIET, _SNOOZED, whole))
    sections = home_sections(facts(a_job(205), personal=personal))

    [held] = [one for one in sections if one[0].title == say("Snoozed and quiet")]
    buttons = [control for card in held for control in card.controls]
    assert [(str(one.label), one.command.text) for one in buttons if isinstance(one, Action)] == [
        ("Wake flowers-tb (205)", f"wake id:205 in #{HERE.channel_id}"),
        ("Wake the channel", "wake here in #C2"),
    ]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (WELL, "✅ ModelArts answers; last read at"),
        (DOWN, "❌ ModelArts isn't answering."),
        (SourceHealth(failing_since=NOW - HOUR), "❌ ModelArts isn't answering."),
    ],
)
def test_whether_the_bot_is_well_has_an_answer(source: SourceHealth, says: str) -> None:
    told = words(home_sections(facts(a_job(205), source=source)), "Is the bot well?")

    assert told.startswith(says)


def test_a_claimed_job_is_marked_among_those_that_run() -> None:
    sections = home_sections(
        facts(
            a_job(205),
            a_job(231, name="other"),
            personal=replace(NOTHING, owned=frozenset({JobId(205)})),
        )
    )
    told = words(sections, "Running now").splitlines()

    assert [line.endswith("yours") for line in told[1:]] == [True, False]
