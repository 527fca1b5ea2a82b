"""The client against the stand-in cloud, which was written from the vendor's pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.core.acting import JobAction
from bot.core.errors import JobNotFound, LoginRefused, SourceRefused, SourceUnavailable
from bot.core.job import JobId, JobStatus
from bot.core.ports.cloud import Cloud
from bot.demo.cloud import StandInCloud
from bot.demo.cloud.auth import CloudCredentials
from bot.demo.cloud.cast import crowd
from bot.demo.cloud.gateways import NO_ROUTES
from bot.demo.cloud.odd_lists import ODD_ROWS
from bot.modelarts.auth import KeySigning, TokenLogin
from bot.modelarts.client import ModelArts
from bot.modelarts.transport import open_client
from tests.fakes import ManualClock
from tests.make import NOW

MADE_UP = CloudCredentials()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def cloud(clock: ManualClock) -> AsyncIterator[StandInCloud]:
    cloud = StandInCloud(clock=clock)
    await cloud.start()
    yield cloud
    await cloud.close()


@pytest.fixture(params=["key", "token"])
async def client(
    request: pytest.FixtureRequest, cloud: StandInCloud, clock: ManualClock
) -> AsyncIterator[ModelArts]:
    login = _key(cloud, clock) if request.param == "key" else _token(cloud, clock)
    async with _client(cloud, clock, login) as client:
        yield client


def test_the_client_is_a_cloud(client: ModelArts) -> None:
    source: Cloud = client

    assert source.project_id == "04f679b17380d32a2f32c00335c4b5ba"


async def test_a_running_job_is_read_as_it_is(client: ModelArts) -> None:
    found = await client.get(JobId(205))

    assert found.name == "flowers-tb"
    assert found.status is JobStatus.RUNNING
    assert found.read_at == NOW
    assert found.created_at is not None
    assert timedelta(hours=2) < NOW - found.created_at < timedelta(hours=3)
    assert found.service_url.startswith("https://console.huaweicloud.com/")


async def test_the_list_is_whole_and_newest_first(client: ModelArts, cloud: StandInCloud) -> None:
    jobs = (await client.list_all()).jobs

    assert {job.id for job in jobs} == {view["job_id"] for view in cloud.snapshot()}
    created = [job.created_at for job in jobs if job.created_at is not None]
    assert created == sorted(created, reverse=True)
    assert await client.get(JobId(205)) in jobs


async def test_hundreds_of_jobs_with_a_shift_between_pages_are_all_there(
    client: ModelArts, cloud: StandInCloud
) -> None:
    for job in crowd(NOW, 250, first_id=1000):
        cloud.add_job(job)
    cloud.faults.add("shifted_pages", count=None)

    jobs = (await client.list_all()).jobs

    assert len(jobs) == len(cloud.snapshot()) == len({job.id for job in jobs})


async def test_an_unknown_job_is_not_found(client: ModelArts) -> None:
    with pytest.raises(JobNotFound) as caught:
        await client.get(JobId(999_999))

    assert caught.value.code == "ModelArts.0102"
    assert caught.value.vendor_text


async def test_an_unknown_job_is_not_found_with_http_200_either(
    client: ModelArts, cloud: StandInCloud
) -> None:
    cloud.faults.add("failures_as_200")

    with pytest.raises(JobNotFound):
        await client.get(JobId(999_999))


#: What the years, and the machines in between, do to an answer without changing what it says.
SHAPES: list[tuple[str, dict[str, Any]]] = [
    ("numbers_as_strings", {}),
    ("no_is_success", {}),
    ("schedule", {}),
    ("gzipped", {}),
    ("byte_order_mark", {}),
    ("wrong_content_type", {"value": "text/html"}),
    ("wrong_content_type", {"value": "text/plain; charset=utf-8"}),
    ("wrong_content_type", {"value": "text/plain; charset=latin-1"}),
    ("wrong_content_type", {"value": "application/octet-stream"}),
    ("wrong_content_type", {"value": ""}),
]


@pytest.mark.parametrize(("fault", "options"), SHAPES)
async def test_the_shapes_of_other_years_change_nothing(
    client: ModelArts, cloud: StandInCloud, fault: str, options: dict[str, Any]
) -> None:
    usual = await client.get(JobId(205))
    cloud.faults.add(fault, count=2, **options)

    assert await client.get(JobId(205)) == usual
    assert usual in (await client.list_all()).jobs


async def test_null_fields_leave_id_and_status(client: ModelArts, cloud: StandInCloud) -> None:
    cloud.faults.add("null_fields")

    found = await client.get(JobId(205))

    assert (found.id, found.status, found.name) == (205, JobStatus.RUNNING, "")


async def test_an_undocumented_status_keeps_its_number(
    client: ModelArts, cloud: StandInCloud
) -> None:
    cloud.faults.add("unknown_status")

    assert (await client.get(JobId(205))).status.value == 37


@pytest.mark.parametrize(
    "fault",
    ["html", "empty", "gzip_bomb", "wrong_id", "nan", "huge_body", "deep_nesting",
     "duplicate_keys", "cut_json", "reset", "never_answers", "slow_drip",
     "throttled", "no_route"],
)  # fmt: skip
async def test_what_cannot_be_trusted_is_no_observation_and_passes(
    client: ModelArts, cloud: StandInCloud, fault: str
) -> None:
    # aiohttp sends a GET once more on a kept connection that was reset, so reset it twice.
    cloud.faults.add(fault, count=None)

    with pytest.raises(SourceUnavailable) as caught:
        await client.get(JobId(205))

    assert caught.value.hint
    cloud.faults.clear()
    assert (await client.get(JobId(205))).id == 205


@pytest.mark.parametrize("fault", ["jobs_null", "jobs_missing"])
async def test_a_list_that_is_missing_is_not_empty(
    client: ModelArts, cloud: StandInCloud, fault: str
) -> None:
    cloud.faults.add(fault)

    with pytest.raises(SourceUnavailable):
        await client.list_all()


async def test_a_redirect_takes_nothing_elsewhere(client: ModelArts, cloud: StandInCloud) -> None:
    cloud.faults.add("redirect", to=cloud.elsewhere)

    with pytest.raises(SourceUnavailable):
        await client.get(JobId(205))

    assert {seen.place for seen in cloud.journal} == {"cloud"}


async def test_a_token_that_the_cloud_forgot_is_replaced_once(
    cloud: StandInCloud, clock: ManualClock
) -> None:
    async with _client(cloud, clock, _token(cloud, clock)) as client:
        await client.get(JobId(205))
        cloud.void_tokens()

        assert (await client.get(JobId(205))).id == 205

        logins = [seen for seen in cloud.journal if seen.path == "/v3/auth/tokens"]
        assert (len(logins), len(cloud.journal)) == (2, 5)


async def test_a_wrong_password_is_tried_once(cloud: StandInCloud, clock: ManualClock) -> None:
    async with _client(cloud, clock, _token(cloud, clock, password="wrong")) as client:
        for _ in range(10):
            with pytest.raises(LoginRefused):
                await client.get(JobId(205))

        assert len(cloud.journal) == 1


async def test_a_wrong_key_is_tried_twice_and_never_locks(
    cloud: StandInCloud, clock: ManualClock
) -> None:
    async with _client(cloud, clock, _key(cloud, clock, secret_key="wrong")) as wrong:
        for _ in range(10):
            with pytest.raises(LoginRefused):
                await wrong.get(JobId(205))
        assert len(cloud.journal) == 2

    async with _client(cloud, clock, _key(cloud, clock)) as right:
        assert (await right.get(JobId(205))).id == 205


async def test_a_wrong_project_is_refused_and_deletes_no_job(
    cloud: StandInCloud, clock: ManualClock
) -> None:
    project_id = "f" * 32
    async with _client(cloud, clock, _key(cloud, clock), project_id=project_id) as client:
        with pytest.raises(SourceRefused) as caught:
            await client.get(JobId(205))

        assert "MODELARTS_PROJECT_ID" in str(caught.value.hint)


async def test_checking_the_login_tells_good_from_bad(
    client: ModelArts, cloud: StandInCloud
) -> None:
    await client.check_login()
    cloud.faults.add("fail", code="ModelArts.0108", http_status=403)

    with pytest.raises(SourceRefused) as caught:
        await client.check_login()

    assert "modelarts:tensorboard:list" in str(caught.value.hint)


def _key(cloud: StandInCloud, clock: ManualClock, *, secret_key: str = "") -> KeySigning:
    return KeySigning(
        access_key=MADE_UP.access_key,
        secret_key=secret_key or MADE_UP.secret_key,
        project_id=cloud.project_id,
        clock=clock,
    )


def _token(cloud: StandInCloud, clock: ManualClock, *, password: str = "") -> TokenLogin:
    return TokenLogin(
        iam_endpoint=f"{cloud.url}/v3",
        username=MADE_UP.username,
        password=password or MADE_UP.password,
        domain=MADE_UP.domain,
        project_id=cloud.project_id,
        clock=clock,
    )


@asynccontextmanager
async def _client(
    cloud: StandInCloud,
    clock: ManualClock,
    login: KeySigning | TokenLogin,
    *,
    project_id: str = "",
    share_seconds: float = 0,
) -> AsyncIterator[ModelArts]:
    async with open_client() as client:
        yield ModelArts(
            client=client,
            endpoint=cloud.url,
            project_id=project_id or cloud.project_id,
            login=login,
            clock=clock,
            monotonic=clock.monotonic,
            timeout=1,
            share_seconds=share_seconds,
        )


@pytest.mark.parametrize("shape", ODD_ROWS)
async def test_one_odd_row_hides_no_other(
    client: ModelArts, cloud: StandInCloud, shape: str
) -> None:
    cloud.faults.add("odd_row", shape=shape, job_id=205)

    listing = await client.list_all()

    assert {job.id for job in listing.jobs} == {view["job_id"] for view in cloud.snapshot()} - {205}
    [odd] = listing.odd
    assert odd.job_id == (205 if "status" in shape else None)


async def test_a_total_of_one_too_many_is_seen_through(
    client: ModelArts, cloud: StandInCloud
) -> None:
    cloud.faults.add("wrong_total", count=None)

    assert len((await client.list_all()).jobs) == len(cloud.snapshot())


@pytest.mark.parametrize("gateway", NO_ROUTES)
@pytest.mark.parametrize("status", [404, 410])
async def test_a_gateway_without_the_route_denies_no_job(
    client: ModelArts, cloud: StandInCloud, gateway: str, status: int
) -> None:
    cloud.faults.add("no_route", count=None, gateway=gateway, status=status)

    for asking in (client.get(JobId(205)), client.list_all()):
        with pytest.raises((SourceUnavailable, SourceRefused)) as caught:
            await asking
        assert caught.value.is_missing


async def test_a_null_character_is_left_out(client: ModelArts, cloud: StandInCloud) -> None:
    cloud.faults.add("null_character")

    assert (await client.get(JobId(205))).description == "beforeafter"


async def test_a_project_that_lists_null_and_counts_none_is_empty(
    cloud: StandInCloud, client: ModelArts
) -> None:
    for view in cloud.snapshot():
        cloud.vanish(view["job_id"])
    cloud.faults.add("jobs_null")

    assert (await client.list_all()).jobs == ()


def _posts(cloud: StandInCloud) -> list[str]:
    """What was asked of jobs, in order."""
    return [
        seen.path.rpartition("jobs/")[2]
        for seen in cloud.journal
        if seen.method == "POST" and "visualization-jobs" in seen.path
    ]


async def test_a_job_is_stopped_and_restarted(client: ModelArts, cloud: StandInCloud) -> None:
    await client.act(JobId(205), JobAction.STOP)
    assert (await client.read_now(JobId(205))).status is JobStatus.KILLING

    cloud.push(205, JobStatus.KILLED)
    await client.act(JobId(205), JobAction.RESTART)

    assert (await client.read_now(JobId(205))).status is JobStatus.INIT
    assert _posts(cloud) == ["205/stop", "205/restart"]


TROUBLE: dict[str, Any] = {"code": "ModelArts.0010", "http_status": 500}
REFUSED = (
    '{"is_success": false, "error_code": "ModelArts.0105",'
    ' "error_message": "This job can\'t be stop. job status: 10"}'
)
#: What the cloud does with a stop, which error it is, and whether the job stops nevertheless.
STOPS: dict[str, tuple[str, dict[str, Any], type[Exception], bool]] = {
    "a stale token": ("token_expired", {}, LoginRefused, False),
    "a login that the gateway does not take": ("unauthorized", {}, LoginRefused, False),
    "a refusal by the job's status": ("stop_refused", {}, SourceRefused, False),
    "a job that vanished": ("vanished", {}, JobNotFound, False),
    "its own trouble, before": (
        "fail",
        TROUBLE,
        SourceUnavailable,
        False,
    ),
    "its own trouble, after": (
        "fail",
        {**TROUBLE, "applied": True},
        SourceUnavailable,
        True,
    ),
    "a page of a proxy": ("html", {"applied": True}, SourceUnavailable, True),
    "a good status and a page of a proxy": ("html", {"status": 200}, SourceUnavailable, False),
    "a status and nothing else": (
        "empty",
        {"status": 200, "applied": True},
        SourceUnavailable,
        True,
    ),
    "no answer": ("never_answers", {"applied": True}, SourceUnavailable, True),
    "a connection that ends": ("reset", {"applied": True}, SourceUnavailable, True),
    "half an answer": ("cut_json", {}, SourceUnavailable, True),
    "a redirect": ("redirect", {"to": "http://127.0.0.1:9/"}, SourceUnavailable, False),
    "too many requests": ("throttled", {}, SourceUnavailable, False),
    "a gateway without the route": ("no_route", {}, SourceUnavailable, False),
    "a refusal with HTTP 200": (
        "body",
        {"text": REFUSED},
        SourceRefused,
        False,
    ),
}


@pytest.mark.parametrize("case", STOPS)
async def test_a_stop_is_asked_for_once_whatever_the_answer(
    client: ModelArts, cloud: StandInCloud, case: str
) -> None:
    fault, options, error, stops = STOPS[case]
    await client.get(JobId(205))
    cloud.faults.add(fault, where="^POST .*/stop$", **options)

    with pytest.raises(error) as caught:
        await client.act(JobId(205), JobAction.STOP)

    assert type(caught.value) is error
    assert _posts(cloud) == ["205/stop"]
    status = (await client.read_now(JobId(205))).status
    assert status is (JobStatus.KILLING if stops else JobStatus.RUNNING)


async def test_what_was_read_before_is_not_shared_after_an_act(
    cloud: StandInCloud, clock: ManualClock
) -> None:
    async with _client(cloud, clock, _key(cloud, clock), share_seconds=60) as client:
        assert (await client.get(JobId(205))).status is JobStatus.RUNNING
        await client.list_all()
        await client.act(JobId(205), JobAction.STOP)

        assert (await client.get(JobId(205))).status is JobStatus.KILLING
        [listed] = [job for job in (await client.list_all()).jobs if job.id == 205]
        assert listed.status is JobStatus.KILLING


async def test_a_read_anew_is_not_shared(cloud: StandInCloud, clock: ManualClock) -> None:
    async with _client(cloud, clock, _key(cloud, clock), share_seconds=60) as client:
        await client.get(JobId(205))
        cloud.push(205, JobStatus.COMPLETED)

        assert (await client.read_now(JobId(205))).status is JobStatus.COMPLETED
