"""The stand-in cloud under a client nobody here wrote: Open Telekom Cloud's own extensions."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

import pytest

from bot.demo.cloud import Seen, StandInCloud
from bot.demo.cloud.cast import cast_job
from bot.demo.cloud.jobs import CloudJob, life
from tests.demo.cloud_caller import NOON
from tests.fakes import ManualClock

# What other packages warn of is not ours to mend.
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]
T = TypeVar("T")


@pytest.fixture
async def cloud() -> AsyncIterator[StandInCloud]:
    jobs = [
        cast_job(205, "flowers-tb", life(8), began=NOON),
        cast_job(188, "vae-digits", life(12), began=NOON),
        *(_finished(number) for number in range(1, 24)),
    ]
    cloud = StandInCloud(clock=ManualClock(NOON), jobs=jobs)
    await cloud.start()
    yield cloud
    await cloud.close()


def _finished(number: int) -> CloudJob:
    return cast_job(number, f"job-{number}", life(10), began=NOON)


def connect(cloud: StandInCloud) -> Any:
    openstack = pytest.importorskip("openstack")
    extensions = pytest.importorskip("otcextensions.sdk")
    known = cloud.credentials
    connection = openstack.connect(
        auth_type="password",
        auth={
            "auth_url": f"{cloud.url}/v3",
            "username": known.username,
            "password": known.password,
            "user_domain_name": known.domain,
            "project_name": "eu-de",
            "project_domain_name": known.domain,
        },
        region_name="eu-de",
        load_yaml_config=False,
        load_envvars=False,
    )
    extensions.register_otc_extensions(connection)
    return connection.modelartsv1


async def ask(cloud: StandInCloud, question: Callable[[Any], T]) -> T:
    """Ask through the foreign client, which blocks, in a thread of its own."""
    return await asyncio.to_thread(lambda: question(connect(cloud)))


def calls(cloud: StandInCloud) -> list[tuple[str, str, str]]:
    prefix = f"/v1/{cloud.project_id}/"
    return [_line(seen, prefix) for seen in cloud.journal if seen.path.startswith(prefix)]


def _line(seen: Seen, prefix: str) -> tuple[str, str, str]:
    return seen.method, seen.path.removeprefix(prefix), seen.auth


async def test_foreign_client_reads_a_job(cloud: StandInCloud) -> None:
    job = await ask(cloud, lambda modelarts: modelarts.get_visualization_job(205))

    assert (job.job_id, job.job_name, job.status) == (205, "flowers-tb", 8)
    assert job.service_url.endswith("/205/")
    assert calls(cloud) == [("GET", "visualization-jobs/205", "token")]


async def test_foreign_client_lists_its_first_page(cloud: StandInCloud) -> None:
    found = await ask(cloud, lambda modelarts: list(modelarts.visualization_jobs()))
    limited = await ask(cloud, lambda modelarts: list(modelarts.visualization_jobs(limit=5)))

    assert [job.job_id for job in found] == list(range(1, 11))
    assert len(limited) == 5


async def test_foreign_client_creates_updates_and_deletes(cloud: StandInCloud) -> None:
    def live(modelarts: Any) -> Any:
        made = modelarts.create_visualization_job(
            job_name="made",
            train_url="/bucket/logs/",
            schedule=[{"type": "stop", "time_unit": "HOURS", "duration": 1}],
        )
        modelarts.update_visualization_job(made.job_id, "text")
        shown = modelarts.get_visualization_job(made.job_id)
        modelarts.delete_visualization_job(made.job_id)
        return made, shown

    made, shown = await ask(cloud, live)

    assert (made.job_id, made.status, made.is_success) == (206, 1, True)
    assert (shown.job_name, shown.job_desc) == ("made", "text")
    assert [method for method, _, _ in calls(cloud)] == ["POST", "PUT", "GET", "DELETE"]


async def test_foreign_client_stops_and_restarts(cloud: StandInCloud) -> None:
    await ask(cloud, lambda modelarts: modelarts.stop_visualization_job(205))
    await ask(cloud, lambda modelarts: modelarts.restart_visualization_job(188))

    shown = {job["job_id"]: job["status"] for job in cloud.snapshot()}
    assert (shown[205], shown[188]) == (9, 1)
    assert calls(cloud) == [
        ("POST", "visualization-jobs/205/stop", "token"),
        ("POST", "visualization-jobs/188/restart", "token"),
    ]


async def test_foreign_client_logs_in_again_after_one_401(cloud: StandInCloud) -> None:
    cloud.faults.add("unauthorized")

    job = await ask(cloud, lambda modelarts: modelarts.get_visualization_job(205))

    assert job.job_id == 205
    assert [(seen.method, seen.path.split("/")[-1]) for seen in cloud.journal[-4:]] == [
        ("POST", "tokens"),
        ("GET", "205"),
        ("POST", "tokens"),
        ("GET", "205"),
    ]


async def test_foreign_client_calls_an_unknown_job_not_found(cloud: StandInCloud) -> None:
    exceptions = pytest.importorskip("openstack.exceptions")

    with pytest.raises(exceptions.NotFoundException):
        await ask(cloud, lambda modelarts: modelarts.get_visualization_job(99))


async def test_foreign_client_reads_numbers_that_come_as_strings(cloud: StandInCloud) -> None:
    cloud.faults.add("numbers_as_strings")

    job = await ask(cloud, lambda modelarts: modelarts.get_visualization_job(205))

    assert (job.job_id, job.status) == (205, 8)
