"""After an outage of Slack, the changes of several jobs come in grouped messages, each change
once."""

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from bot.core.job import JobStatus
from bot.demo.workspace.cast import EXPERIMENTS
from bot.demo.workspace.faults import Fault
from tests.fakes import FakeSource
from tests.make import a_job
from tests.waiting import until
from tests.world import Json, World, open_world, settle

JOBS = range(1, 9)

#: How Slack fails, and how many calls fail at least before Slack is well again.
OUTAGES: dict[str, tuple[Fault, int]] = {
    "posts end with a 503": (Fault(kind="http_error", method="chat.postMessage"), 3),
    "posts are refused by a proxy's page": (Fault(kind="html", method="chat.postMessage"), 3),
    "Slack has a problem of its own": (Fault(kind="error", error="internal_error"), 4),
    "connections break": (Fault(kind="reset"), 4),
    "Slack asks to wait": (
        Fault(kind="rate_limited", method="chat.postMessage", retry_after=5),
        1,
    ),
}


def notices(world: World, event_type: str) -> list[Json]:
    """Return the metadata of all messages of a kind in #experiments, in order."""
    found = [one.get("metadata") or {} for one in world.workspace.messages(EXPERIMENTS)]
    return [one["event_payload"] for one in found if one.get("event_type") == event_type]


def grouped(world: World) -> list[list[Any]]:
    """Return the jobs of each grouped message."""
    payloads = notices(world, "visjob_status_changes")
    return [[change["job_id"] for change in payload["changes"]] for payload in payloads]


def singles(world: World) -> list[Any]:
    """Return the jobs whose change has a message of its own."""
    return [payload["job_id"] for payload in notices(world, "visjob_status_changed")]


def told(world: World) -> Counter[Any]:
    """Return how many messages show the change of each job."""
    return Counter([*singles(world), *chain.from_iterable(grouped(world))])


async def run(outage: str, target: str, world: World, source: FakeSource) -> None:
    """Let every job begin to run while Slack is down, then end the outage."""
    fault, failures = OUTAGES[outage]
    faults = world.workspace.faults
    before = source.sweeps
    await world.type(f"/visjob subscribe {target} for all")

    async def is_swept_twice() -> bool:
        return source.sweeps > before + 4

    async def has_failed() -> bool:
        return len(faults.injected) >= failures

    async def is_told() -> bool:
        world.clock.advance(seconds=0.2)
        return set(told(world)) == set(JOBS)

    await until(is_swept_twice)
    faults.choose_with(lambda method, channel: fault if fault.matches(method, channel) else None)
    source.jobs = [job._replace(status=JobStatus.RUNNING) for job in source.jobs]
    await until(has_failed)
    faults.choose_with(None)
    await until(is_told)


@pytest.mark.parametrize(
    ("target", "outage"),
    [(("project", "job-*")[at % 2], outage) for at, outage in enumerate(OUTAGES)],
)
@pytest.mark.slow
async def test_changes_of_several_jobs_come_grouped_after_it(
    tmp_path: Path, target: str, outage: str
) -> None:
    source = FakeSource([a_job(number, 7, name=f"job-{number}") for number in JOBS])
    async with open_world(
        tmp_path, jobs=source, VISJOB_POLL_SECONDS="0.5", VISJOB_SETTLE_SECONDS="1"
    ) as world:
        source.clock = world.clock
        await settle(world)

        await run(outage, target, world, source)

        assert told(world) == dict.fromkeys(JOBS, 1)
        assert max(map(len, grouped(world)), default=0) > 3
        assert len(singles(world)) <= 1
