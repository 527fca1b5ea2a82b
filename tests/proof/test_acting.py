"""A stop or restart is called at most once, and its outcome is always recorded: with killed
processes, races and a failing cloud."""

import asyncio
import json
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.core.acting import ActionResult, AuditEntry, Decision, JobAction
from bot.demo.cloud import StandInCloud
from bot.demo.cloud.cast import crowd
from bot.modelarts.transport import open_client
from bot.responder.performing import Performer
from bot.serve.clock import utc_now
from bot.store import SqlStore, open_store
from tests.program import ROOT
from tests.proof.acting_replica import PROJECT, a_cloud, a_performer, an_attempt
from tests.proof.extent import IS_FULL, Results
from tests.proof.story import Fresh

SAMPLE = 4
ROUNDS = 200 if IS_FULL else 20
PRESSES = 2_000 if IS_FULL else 60
A_MINUTE = timedelta(minutes=1)
LONG = 3600 if IS_FULL else 240


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    """A function that makes new databases, of each kind in turn."""
    made: Fresh = request.getfixturevalue(f"fresh_{request.param}")
    return made


class Clock:
    """The computer's clock, set forward by `later`."""

    def __init__(self) -> None:
        self.later = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.later


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A cloud, a database, and a performer in this process, which is not killed."""

    cloud: StandInCloud
    store: SqlStore
    url: str
    clock: Clock
    performer: Performer

    async def press(
        self, id: str, job_id: int, who: str, action: JobAction = JobAction.STOP
    ) -> ActionResult:
        """Perform a press on Stop… or Restart…"""
        return await self.performer.perform(an_attempt(id, job_id, who, action))

    @property
    def calls(self) -> Counter[str]:
        """How often the cloud was called to stop or restart each job."""
        posts = (seen.path for seen in self.cloud.journal if seen.method == "POST")
        return Counter(path.split("/")[-2] for path in posts if path.endswith(_ACTS))

    async def wait_long(self) -> None:
        """Let so much time pass that attempts of killed processes count as abandoned."""
        self.clock.later += A_MINUTE
        if not self.store._database.is_sqlite:
            with self.store._database.begin() as transaction:
                older = text("UPDATE action SET asked_at = asked_at - interval '1 minute'")
                transaction.connection.execute(older)

    async def audit(self) -> tuple[AuditEntry, ...]:
        """Return every entry of the audit."""
        return await self.store.actions.last_decisions(PROJECT, limit=10_000)


_ACTS = tuple(f"/{action.value}" for action in JobAction)
#: For each action, a status in which it is legal.
_BEFORE = {JobAction.STOP: 8, JobAction.RESTART: 12}


@asynccontextmanager
async def on_stage(url: str, *, timeout: float = 5) -> AsyncIterator[Scene]:
    """Make a scene over a database."""
    cloud, clock = StandInCloud(clock=utc_now), Clock()
    await cloud.start()
    store = open_store(url, clock=clock)
    async with open_client() as client:
        source = a_cloud(client, cloud.url, timeout=timeout)
        yield Scene(
            cloud=cloud,
            store=store,
            url=url,
            clock=clock,
            performer=a_performer(source, store),
        )
        await source.close()
    await store.close()
    await cloud.close()


async def start(scene: Scene, id: str, fatal: int = 0) -> asyncio.subprocess.Process:
    """Start a process that presses once; it kills itself at point `fatal`, if that is not 0."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.proof.acting_replica"),
        *(scene.url, scene.cloud.url, id, str(fatal)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )


def chosen(last: int) -> Iterable[int]:
    """Return some of the points 1 to `last`, at equal distances, or all of them."""
    if IS_FULL:
        return range(1, last + 1)
    return sorted({round(last * (number + 0.5) / SAMPLE) for number in range(SAMPLE)})


async def hold(scene: Scene) -> None:
    """Check that after a death the same press, another press and a later press make one call in
    all, and that each allowed attempt gets an outcome."""
    again = await scene.press("first", 205, "U2")
    assert again.decision in (Decision.ACCEPTED, Decision.USED_ID, Decision.NOT_LEGAL)
    await scene.press("second", 205, "U3")
    await scene.wait_long()
    await scene.press("third", 205, "U4")
    await scene.wait_long()
    await scene.performer.conclude_abandoned(PROJECT)

    assert scene.calls == {"205": 1}
    allowed = [one for one in await scene.audit() if one.finding.decision is Decision.ALLOWED]
    assert allowed
    assert [one for one in allowed if one.outcome is None] == []


@pytest.mark.timeout(LONG)
async def test_whoever_presses_may_die_at_any_point(fresh: Fresh, results: Results) -> None:
    async with on_stage(fresh()) as scene:
        process = await start(scene, "first")
        out, _ = await process.communicate()
        told = json.loads(out)
        assert told["decision"] == Decision.ACCEPTED.value
        await hold(scene)
    killed = 0
    for point in chosen(told["points"]):
        async with on_stage(fresh()) as scene:
            process = await start(scene, "first", point)
            await process.communicate()
            assert process.returncode == -signal.SIGKILL
            killed += 1
            await hold(scene)
    kind = fresh().partition(":")[0]
    results.add(
        f"killed at a point of a stop, {kind}",
        f"{killed} of {told['points']} points, {killed} stops",
        faults=str(killed),
    )


@pytest.mark.timeout(LONG)
async def test_whoever_presses_may_die_after_the_cloud_has_the_call(fresh: Fresh) -> None:
    for applied in (True, False):
        async with on_stage(fresh()) as scene:
            scene.cloud.faults.add("never_answers", where="/stop$", applied=applied)
            process = await start(scene, "first")
            while not scene.calls:
                await asyncio.sleep(0.01)
            process.kill()
            await process.communicate()

            assert (await scene.press("first", 205, "U2")).decision in (
                Decision.USED_ID,
                Decision.NOT_LEGAL,
            )
            await scene.wait_long()
            await scene.press("second", 205, "U3")

            # If the cloud did not act on the first call, only a person's press calls again.
            assert scene.calls == {"205": 1 if applied else 2}


@pytest.mark.timeout(LONG)
async def test_of_two_operators_at_two_replicas_one_calls(fresh: Fresh, results: Results) -> None:
    url = fresh()
    async with on_stage(url) as ours, on_stage(url) as theirs:
        for job in crowd(utc_now(), ROUNDS, first_id=1000):
            ours.cloud.add_job(job)
            ours.cloud.push(job.job_id, 8)
        async with open_client() as client:
            other = a_performer(a_cloud(client, ours.cloud.url), theirs.store)
            for number in range(1000, 1000 + ROUNDS):
                same = f"id-{number}"
                deeds = await asyncio.gather(
                    ours.press(same, number, "U1"),
                    other.perform(an_attempt(same, number, "U2")),
                    ours.press(f"{same}-b", number, "U3"),
                    other.perform(an_attempt(f"{same}-c", number, "U4")),
                )
                assert [deed.decision for deed in deeds].count(Decision.ACCEPTED) == 1
        assert set(ours.calls.values()) == {1}
        assert len(ours.calls) == ROUNDS
    kind = url.partition(":")[0]
    results.add(f"four presses at once, two replicas, {kind}", f"{ROUNDS} stops", faults="0")


#: The faults that a call or a read may meet.
_BAD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("fail", {"code": "ModelArts.0010", "http_status": 500, "applied": True}),
    ("fail", {"code": "ModelArts.0010", "http_status": 500}),
    ("never_answers", {"applied": True}),
    ("never_answers", {}),
    ("reset", {"applied": True}),
    ("html", {"applied": True}),
    ("empty", {"status": 503}),
    ("fail", {"code": "ModelArts.0105", "http_status": 400}),
    ("throttled", {}),
    ("cut_json", {}),
)


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("action", JobAction)
async def test_a_bad_cloud_is_called_once_for_each_press_and_each_is_told(
    fresh: Fresh, results: Results, action: JobAction
) -> None:
    dice = random.Random(11)  # noqa: S311 - which faults, not a secret
    told: Counter[Decision] = Counter()
    async with on_stage(fresh(), timeout=0.4) as scene:
        for job in crowd(utc_now(), PRESSES, first_id=1000):
            scene.cloud.add_job(job)
            scene.cloud.push(job.job_id, _BEFORE[action])
        for number in range(1000, 1000 + PRESSES):
            scene.cloud.faults.clear()
            for where in (f"^POST .*/{number}/{action.value}$", f"^GET .*/{number}$"):
                if dice.random() < 0.3:
                    fault, options = dice.choice(_BAD)
                    scene.cloud.faults.add(fault, where=where, **options)
            deed = await scene.press(f"id-{number}", number, "U1", action)
            told[deed.decision] += 1
            assert scene.calls[str(number)] <= int(deed.decision is not Decision.UNREADABLE)
        entries = await scene.audit()
    assert len(entries) == PRESSES
    untold = [
        one for one in entries if one.finding.decision is Decision.ALLOWED and one.outcome is None
    ]
    assert untold == []
    assert set(told) >= {Decision.ACCEPTED, Decision.REFUSED, Decision.UNCLEAR}
    faults = PRESSES - told[Decision.ACCEPTED]
    results.add(
        f"a cloud with 30 % faults on {action.value}s",
        f"{PRESSES} {action.value}s",
        faults=str(faults),
    )
