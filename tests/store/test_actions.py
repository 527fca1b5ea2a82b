"""Actions on jobs: an id is used once, a job has one call at a time, every decision is stored."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.core.acting import Attempt, Decision, Finding, JobAction, StartVerdict
from bot.core.job import JobId, JobStatus
from bot.core.project import Project
from tests.fakes import ManualClock
from tests.store.conftest import OpenStore
from tests.store.world import NOON, P1, P2, World, a_subscription, job

RUNNING = JobStatus.RUNNING
LONG = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def attempt(id: str = "a", who: str = "U1", *, number: int = 205, project: Project = P1) -> Attempt:
    return Attempt(
        project=project,
        job_id=JobId(number),
        action=JobAction.STOP,
        action_id=id,
        who=who,
        channel_id="C1",
        job_name="flowers-tb",
    )


async def begin(world: World, one: Attempt) -> tuple[StartVerdict, str]:
    """Begin an attempt; return the database's answer, and the person of the earlier attempt."""
    actions = world.store.actions
    over = await actions.count_concluded(one.project, one.job_id)
    answer = await actions.begin(one, found=RUNNING, after=over, abandoned_after=LONG)
    return answer.verdict, answer.other.attempt.who if answer.other else ""


async def decisions(world: World, project: Project = P1) -> list[tuple[str, Decision]]:
    """Return the person and the decision of each audit entry, latest first."""
    kept = await world.store.actions.last_decisions(project, limit=100)
    return [(entry.attempt.who, entry.finding.decision) for entry in kept]


ActionResult = Attempt | Decision | timedelta

CASES: dict[str, tuple[Sequence[ActionResult], tuple[StartVerdict, str]]] = {
    "an id that nobody used": ([], (StartVerdict.YES, "")),
    "the same id again, while the call is under way": ([attempt()], (StartVerdict.USED, "U1")),
    "the same id again, after the call": (
        [attempt(), Decision.ACCEPTED],
        (StartVerdict.USED, "U1"),
    ),
    "another id of the job, while a call is under way": (
        [attempt("b", "U2")],
        (StartVerdict.BUSY, "U2"),
    ),
    "another id of the job, after the call": (
        [attempt("b"), Decision.REFUSED],
        (StartVerdict.YES, ""),
    ),
    "another job": ([attempt("b", number=206)], (StartVerdict.YES, "")),
    "the job, called by another workspace that has the project": (
        [attempt("b", "U2", project=P2)],
        (StartVerdict.BUSY, "U2"),
    ),
    "a call that may still be answered": (
        [attempt("b", "U2"), LONG - SECOND],
        (StartVerdict.BUSY, "U2"),
    ),
    "a call that nobody can be waiting for": (
        [attempt("b"), LONG + SECOND],
        (StartVerdict.YES, ""),
    ),
    "the id of a call that nobody can be waiting for": (
        [attempt("a", "U2"), LONG + SECOND],
        (StartVerdict.USED, "U2"),
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_an_id_is_spent_once_and_a_job_is_called_once_at_a_time(
    world: World, case: str
) -> None:
    deeds, expected = CASES[case]
    last = attempt()
    for deed in deeds:
        match deed:
            case Attempt():
                last = deed
                await begin(world, deed)
            case Decision():
                await world.store.actions.conclude(last, Finding(decision=deed))
            case _:
                await world.pass_time(deed)

    assert await begin(world, attempt("a", "U3")) == expected


@pytest.mark.usefixtures("at_once")
async def test_of_many_who_press_at_once_one_calls(
    world: World, url: str, open_one: OpenStore
) -> None:
    clock = ManualClock(NOON)
    other = World(open_one(url, clock=clock), clock)
    presses = [
        begin(replica, attempt(id, f"U{number}"))
        for number, (replica, id) in enumerate([(world, "a"), (other, "a"), (world, "b")] * 3)
    ]

    answers = [begun for begun, _ in await asyncio.gather(*presses)]

    assert answers.count(StartVerdict.YES) == 1
    assert len(await decisions(world)) == len(presses)


@pytest.mark.parametrize("is_begun", [False, True], ids=["before it", "while it was under way"])
async def test_what_was_seen_before_the_end_of_another_call_is_no_ground_for_one(
    world: World, is_begun: bool
) -> None:
    actions = world.store.actions
    if is_begun:
        await begin(world, attempt("b", "U2"))
    seen = await actions.count_concluded(P1, JobId(205))
    if not is_begun:
        await begin(world, attempt("b", "U2"))
    await actions.conclude(attempt("b", "U2"), Finding(decision=Decision.ACCEPTED))

    answer = await actions.begin(attempt("a"), found=RUNNING, after=seen, abandoned_after=LONG)

    assert answer.verdict is StartVerdict.BUSY
    assert answer.other is not None
    assert (answer.other.attempt.who, answer.other.outcome) == ("U2", Decision.ACCEPTED)
    assert await begin(world, attempt("a")) == (StartVerdict.YES, "")


async def test_what_a_killed_process_began_is_concluded_by_the_next(world: World) -> None:
    await begin(world, attempt("dead", "U1"))
    await world.pass_time(LONG + SECOND)
    [left] = await world.store.actions.abandoned(P1, after=LONG)
    assert left.attempt == attempt("dead", "U1")

    await begin(world, attempt("new", "U2"))

    new, dead = await world.store.actions.last_decisions(P1, limit=10)
    assert (new.attempt.who, new.outcome) == ("U2", None)
    assert dead.outcome == Finding(decision=Decision.ABANDONED, status=RUNNING)
    assert await world.store.actions.abandoned(P1, after=LONG) == ()


async def test_what_came_of_a_call_is_recorded_once(world: World) -> None:
    actions = world.store.actions
    await begin(world, attempt())
    finding = Finding(decision=Decision.REFUSED, status=JobStatus.COMPLETED, words="0105 no")

    assert await actions.conclude(attempt(), finding)
    assert not await actions.conclude(attempt(), Finding(decision=Decision.ACCEPTED))

    [entry] = await actions.last_decisions(P1, limit=10)
    assert entry.finding == Finding(decision=Decision.ALLOWED, status=RUNNING)
    assert entry.outcome == finding
    used = await actions.find_used(P1, "a")
    assert used is not None
    assert used.outcome is Decision.REFUSED
    assert await actions.find_used(P2, "a") is None


async def test_the_audit_has_every_attempt_of_its_own_workspace_latest_first(
    world: World,
) -> None:
    await begin(world, attempt("a", "U1"))
    await begin(world, attempt("a", "U2"))
    await world.store.actions.note_refused(
        attempt("x", "U3"), Finding(decision=Decision.NO_OPERATOR)
    )
    await begin(world, attempt("b", "U4", project=P2, number=7))

    assert await decisions(world) == [
        ("U3", Decision.NO_OPERATOR),
        ("U2", Decision.USED_ID),
        ("U1", Decision.ALLOWED),
    ]
    assert [who for who, _ in await decisions(world, P2)] == ["U4"]
    assert len(await world.store.actions.last_decisions(P1, limit=2)) == 2


async def test_a_concluded_call_polls_the_job_at_once_and_edits_its_cards(world: World) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await world.observe(job(205, 8, at=1))
    assert (await world.store.watchlist.claim_due(P1, limit=10)).leases == ()
    await begin(world, attempt())
    await world.store.actions.conclude(attempt(), Finding(decision=Decision.ACCEPTED))

    [edit] = await world.store.outbox.claim_edits(P1, limit=10)
    [lease] = (await world.store.watchlist.claim_due(P1, limit=10)).leases

    assert edit.shown.asked is not None
    assert (edit.shown.asked.by, edit.shown.asked.action) == ("U1", JobAction.STOP)
    assert lease.job_id == 205


@pytest.mark.parametrize(
    ("outcome", "shows"),
    [
        (Decision.ACCEPTED, True),
        (Decision.UNCLEAR, False),
        (Decision.ABANDONED, False),
        (Decision.REFUSED, None),
        (Decision.NOT_CALLED, None),
    ],
)
async def test_a_card_knows_only_of_what_the_cloud_may_have_taken(
    world: World, outcome: Decision, shows: bool | None
) -> None:
    await world.subscribe(a_subscription(), job(205, 8))
    await world.send_all()
    await begin(world, attempt())
    await world.store.actions.conclude(attempt(), Finding(decision=outcome))

    [edit] = await world.store.outbox.claim_edits(P1, limit=10)

    assert (edit.shown.asked and edit.shown.asked.is_accepted) == shows
