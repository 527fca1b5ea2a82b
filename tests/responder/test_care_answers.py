"""Sentences about leases and owners: the answers, and what is recorded."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.catalog import Catalog
from bot.core.cards.card import Action, Card
from bot.core.care import KeepVerdict
from bot.core.commands.grammar import parse
from bot.core.commands.request import Request
from bot.core.commands.verbs.claim import Claim
from bot.core.commands.verbs.disclaim import Disclaim
from bot.core.commands.verbs.keep_job import KeepJob
from bot.core.job import JobId
from bot.core.subscription import ProjectTarget
from bot.responder.job_finder import JobFinder
from bot.responder.last_asked import LastAsked
from tests.care_fakes import FakeCare, a_caretaker
from tests.fakes import FakeSource, FakeStore, ManualClock
from tests.make import ANA, NOW, OURS, TEAM, a_job
from tests.typing_fakes import FakePeople
from tests.watch_fakes import FakeSubscriptions, a_subscription

BEN = "U0BEN00002"
SHANGHAI = ZoneInfo("Asia/Shanghai")


class World:
    """A CareAnswers over jobs 205 and 231, with a person in Shanghai."""

    def __init__(self) -> None:
        clock = ManualClock()
        jobs = [a_job(), a_job(231, name="resnet-sweep")]
        self.source = FakeSource(jobs, clock=clock)
        self.catalog = Catalog(self.source, clock=clock)
        self.care = FakeCare()
        finder = JobFinder(self.catalog, LastAsked(FakeStore()))
        self.subscriptions = FakeSubscriptions()
        self._caretaker = a_caretaker(
            self.catalog,
            finder,
            clock,
            care=self.care,
            people=FakePeople({BEN: SHANGHAI}),
            subscriptions=self.subscriptions,
        )

    async def say(self, text: str, user_id: str = ANA) -> Card:
        command = parse(text)
        assert isinstance(command, KeepJob | Claim | Disclaim)
        request = Request(text=text, team_id=TEAM, user_id=user_id, channel_id="C1")
        return (await self._caretaker.answer(command, request)).card


@pytest.fixture
async def world() -> World:
    world = World()
    await world.catalog.sweep(OURS)
    return world


def sentences_of(card: Card) -> list[str]:
    return [control.command.text for control in card.controls if isinstance(control, Action)]


@pytest.mark.parametrize(
    ("typed", "by", "until"),
    [
        ("keep 205 4h", ANA, NOW + timedelta(hours=4)),
        ("keep flowers-tb for 30m", ANA, NOW + timedelta(minutes=30)),
        ("keep 205 until 18:00", ANA, datetime(2026, 3, 24, 18, tzinfo=UTC)),
        ("keep 205 until 18:00", BEN, datetime(2026, 3, 25, 10, tzinfo=UTC)),
        ("keep 205 tomorrow", BEN, datetime(2026, 3, 24, 16, tzinfo=UTC)),
        ("keep 205 366d", ANA, NOW + timedelta(days=366)),
    ],
)
async def test_a_job_is_kept_until_what_the_person_means(
    world: World, typed: str, by: str, until: datetime
) -> None:
    card = await world.say(typed, by)

    lease = world.care.leases[JobId(205)]
    assert (lease.until, lease.by) == (until, by)
    assert "is kept until" in str(card.summary)
    assert sentences_of(card) == ["keep 205 off"]


async def test_the_answer_names_the_zone_that_it_assumed_where_that_matters(world: World) -> None:
    assert "(18:00 Asia/Shanghai)" in str((await world.say("keep 205 until 18:00", BEN)).summary)
    assert "(18:00 UTC)" in str((await world.say("keep 205 until 18:00")).summary)
    assert "UTC)" not in str((await world.say("keep 205 4h")).summary)


@pytest.mark.parametrize(
    ("typed", "by", "is_past"),
    [
        ("keep 205 until 18:00", BEN, True),  # there it is 22:17
        ("keep 205 until 18:00", ANA, False),  # and here 14:17
        ("keep 205 until 23:59", BEN, False),
        ("keep 205 until 00:30", ANA, True),
        ("keep 205 until 14:17", ANA, True),
        ("keep 205 until tomorrow", BEN, False),
        ("keep 205 until monday", BEN, False),
        ("keep 205 18h", BEN, False),
    ],
)
async def test_a_time_that_is_over_today_is_said_to_be_tomorrows(
    world: World, typed: str, by: str, is_past: bool
) -> None:
    card = await world.say(typed, by)

    said = str(card.summary).replace("\u00a0", " ")
    assert ("already, so tomorrow's is meant." in said) is is_past
    assert "is kept until " in said
    if is_past:
        assert f"is kept until {world.care.leases[JobId(205)].until:%Y-%m-%d %H:%M} UTC" in said


@pytest.mark.parametrize(
    ("verdict", "answer", "offered"),
    [
        (KeepVerdict.NOT_RUNNING, "flowers-tb (205) isn't running", []),
        (KeepVerdict.NOT_FOLLOWED, "Nobody follows flowers-tb (205)", ["subscribe 205"]),
    ],
)
async def test_a_wish_that_makes_no_sense_gets_a_clear_answer(
    world: World, verdict: KeepVerdict, answer: str, offered: list[str]
) -> None:
    world.care.verdict = verdict

    card = await world.say("keep 205 4h")

    assert str(card.summary).replace("\u00a0", " ").startswith(answer)
    assert sentences_of(card) == offered


async def test_a_job_that_is_followed_but_not_read_since_can_be_kept_in_a_moment(
    world: World,
) -> None:
    world.care.verdict = KeepVerdict.NOT_FOLLOWED
    world.subscriptions.kept = [a_subscription(ProjectTarget())]

    card = await world.say("keep 205 until 18:00")

    assert "isn't kept yet" in str(card.summary)
    assert sentences_of(card) == ["keep 205 until 18:00"]


async def test_a_lease_is_given_up_once(world: World) -> None:
    await world.say("keep 205 4h")

    assert "is no longer kept" in str((await world.say("keep 205 off")).summary)
    assert "wasn't kept" in str((await world.say("keep 205 off")).summary)


async def test_a_claim_of_somebody_else_asks_before_it_is_taken_over(world: World) -> None:
    assert "is yours now" in str((await world.say("claim 205", BEN)).summary)
    assert "is yours already" in str((await world.say("claim 205", BEN)).summary)
    asked = await world.say("claim 205")
    assert "has claimed" in str(asked.summary)
    [over] = [control for control in asked.controls if isinstance(control, Action)]
    assert (over.command.text, bool(over.question)) == ("claim 205 anyway", True)
    assert world.care.owners[JobId(205)] == BEN
    assert "is yours now" in str((await world.say("claim 205 anyway")).summary)
    assert world.care.owners[JobId(205)] == ANA


async def test_only_ones_own_job_is_disclaimed(world: World) -> None:
    assert "Nobody owns" in str((await world.say("disclaim 205")).summary)
    await world.say("claim 205", BEN)
    assert "isn't yours" in str((await world.say("disclaim 205")).summary)
    assert "no longer yours" in str((await world.say("disclaim 205", BEN)).summary)
    assert world.care.owners == {}


async def test_a_known_job_costs_no_call_and_an_unknown_word_records_nothing(world: World) -> None:
    sweeps = world.source.sweeps
    await world.say("claim 205")
    await world.say("keep resnet 4h")
    assert (world.source.gets, world.source.sweeps) == ([], sweeps)

    await world.say("claim nothing-like-it")
    assert list(world.care.owners) == [205]
