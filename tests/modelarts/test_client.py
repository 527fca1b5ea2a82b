"""What is asked of the cloud, and what a whole answer becomes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.core.errors import JobNotFound, SourceRefused, SourceUnavailable
from bot.core.job import JobId, JobStatus
from bot.modelarts.client import MOST_WALKS, PAGE_SIZE, ModelArts
from tests.fakes import ManualClock
from tests.make import NOW
from tests.modelarts.mock_cloud import Answer, MockCloud, http
from tests.modelarts.scripted import JOBS, PROJECT, CloudRequest, a_key, job, modelarts


async def test_a_job_is_read_from_its_own_address_and_decoded() -> None:
    cloud = MockCloud(lambda _: http(200, job(205)))
    async with modelarts(cloud) as client:
        found = await client.get(JobId(205))

    assert [(asked.method, asked.target) for asked in cloud.asked] == [("GET", f"{JOBS}/205")]
    assert found.id == 205
    assert found.status is JobStatus.RUNNING
    assert found.read_at == NOW
    assert found.created_at == datetime(2019, 8, 7, 3, 48, 56, tzinfo=UTC)
    assert found.duration == timedelta(seconds=33)


async def test_read_at_is_before_the_answer() -> None:
    clock = ManualClock()

    def answer(_: CloudRequest) -> Answer:
        clock.advance(seconds=7)
        return http(200, job(205))

    cloud = MockCloud(answer)
    async with modelarts(cloud, clock=clock) as client:
        found = await client.get(JobId(205))

    assert found.read_at == NOW


async def test_the_cloud_clock_is_compared_with_ours() -> None:
    answer = http(200, job(205), Date="Tue, 24 Mar 2026 14:19:05 GMT")
    cloud = MockCloud(lambda _: answer)
    async with modelarts(cloud) as client:
        assert client.last_server_skew is None
        await client.get(JobId(205))
        assert client.last_server_skew == timedelta(minutes=2)


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 99 Mar 2026 14:19:05 GMT"])
async def test_an_unreadable_date_gives_no_skew(date: str) -> None:
    answer = http(200, job(205), Date=date)
    cloud = MockCloud(lambda _: answer)
    async with modelarts(cloud) as client:
        await client.get(JobId(205))
        assert client.last_server_skew is None


async def test_an_answer_about_another_job_is_no_observation() -> None:
    cloud = MockCloud(lambda _: http(200, job(197)))
    async with modelarts(cloud) as client:
        with pytest.raises(SourceUnavailable, match="job 197 instead of job 205"):
            await client.get(JobId(205))


@pytest.mark.parametrize("job_id", [0, -1, 2**63, True, 1.0, "205", "../x", None])
async def test_what_is_no_job_id_is_refused_before_anything_is_sent(job_id: object) -> None:
    cloud = MockCloud(lambda _: http(200, job(205)))
    async with modelarts(cloud) as client:
        with pytest.raises(SourceRefused):
            await client.get(job_id)  # type: ignore[arg-type]  # what a caller must not do

    assert cloud.asked == []


async def test_the_list_is_read_newest_first_in_pages_of_a_hundred() -> None:
    cloud_jobs = [job(n, create_time=1565149736000 + n) for n in range(1, 251)]
    cloud = MockCloud(_pages(cloud_jobs))
    async with modelarts(cloud) as client:
        jobs = (await client.list_all()).jobs

    assert [found.id for found in jobs] == list(range(250, 0, -1))
    assert [asked.target for asked in cloud.asked] == [
        f"{JOBS}?order=desc&page={n}&per_page=100&sortBy=create_time" for n in (1, 2, 3)
    ]


async def test_an_empty_project_is_one_request_and_no_jobs() -> None:
    cloud = MockCloud(_pages([]))
    async with modelarts(cloud) as client:
        assert (await client.list_all()).jobs == ()

    assert len(cloud.asked) == 1


async def test_a_full_last_page_needs_no_further_request() -> None:
    cloud_jobs = [job(n) for n in range(1, 201)]
    cloud = MockCloud(_pages(cloud_jobs))
    async with modelarts(cloud) as client:
        assert len((await client.list_all()).jobs) == 200

    assert len(cloud.asked) == 2


async def test_without_a_total_the_list_ends_at_a_page_without_news() -> None:
    cloud_jobs = [job(n) for n in range(1, 151)]
    cloud = MockCloud(_pages(cloud_jobs, total=None))
    async with modelarts(cloud) as client:
        assert len((await client.list_all()).jobs) == 150

    assert len(cloud.asked) == 3


async def test_a_job_created_while_reading_is_listed_once() -> None:
    cloud_jobs = [job(n) for n in range(1, 151)]

    def answer(asked: CloudRequest) -> Answer:
        page = _pages(cloud_jobs)(asked)
        if len(cloud_jobs) == 150:
            cloud_jobs.insert(0, job(151))
        return page

    cloud = MockCloud(answer)
    async with modelarts(cloud) as client:
        jobs = (await client.list_all()).jobs

    assert sorted(found.id for found in jobs) == list(range(1, 151))


async def test_a_job_deleted_while_reading_is_no_failure() -> None:
    cloud_jobs = [job(n) for n in range(1, 151)]

    def answer(asked: CloudRequest) -> Answer:
        page = _pages(cloud_jobs)(asked)
        if len(cloud_jobs) == 150:
            del cloud_jobs[0]
        return page

    cloud = MockCloud(answer)
    async with modelarts(cloud) as client:
        assert len((await client.list_all()).jobs) == 149


async def test_a_job_created_and_one_deleted_while_reading_is_no_failure() -> None:
    cloud_jobs = [job(n) for n in range(1, 151)]

    def answer(asked: CloudRequest) -> Answer:
        page = _pages(cloud_jobs)(asked)
        if len(cloud.asked) == 1:
            cloud_jobs.insert(0, job(151))
            del cloud_jobs[-1]
        return page

    cloud = MockCloud(answer)
    async with modelarts(cloud) as client:
        jobs = (await client.list_all()).jobs

    assert sorted(found.id for found in jobs) == list(range(1, 150))


@pytest.mark.parametrize("is_repeated", [False, True])
async def test_a_list_shorter_than_its_total_is_believed_when_it_is_read_twice_alike(
    is_repeated: bool,
) -> None:
    cloud_jobs = [job(n) for n in range(1, 131)]

    def answer(asked: CloudRequest) -> Answer:
        target = asked.target.replace("page=3", "page=2") if is_repeated else asked.target
        return _pages(cloud_jobs, total=131)(replace(asked, target=target))

    cloud = MockCloud(answer)
    async with modelarts(cloud) as client:
        assert len((await client.list_all()).jobs) == 130

    assert len(cloud.asked) == 6


#: The total that each page tells of 250 jobs, and whether the list proves that there are no others.
TOTALS = [
    ((250, 250, 250), True),
    ((None, None, None), True),
    ((251, 251, 251), False),
    ((257, 257, 257), False),
    ((249, 249, 249), False),
    ((150, 150, 150), False),
    ((0, 0, 0), False),
    ((250, 250, 249), False),
    ((250, None, 250), True),
]


@pytest.mark.parametrize(("totals", "is_whole"), TOTALS)
async def test_every_job_is_listed_whatever_the_total_and_only_the_right_one_makes_it_whole(
    totals: tuple[int | None, ...], is_whole: bool
) -> None:
    cloud_jobs = [job(n) for n in range(1, 251)]

    def answer(asked: CloudRequest) -> Answer:
        page = int(asked.target.partition("page=")[2].partition("&")[0])
        return _pages(cloud_jobs, total=totals[min(page, 3) - 1])(asked)

    async with modelarts(MockCloud(answer)) as client:
        listing = await client.list_all()

    assert {found.id for found in listing.jobs} == set(range(1, 251))
    assert listing.is_whole is is_whole


async def test_a_list_that_is_short_once_is_read_again() -> None:
    cloud_jobs = [job(n) for n in range(1, 31)]

    def answer(asked: CloudRequest) -> Answer:
        is_first = len(cloud.asked) <= 2
        return _pages(cloud_jobs[1:] if is_first else cloud_jobs, total=30)(asked)

    cloud = MockCloud(answer)
    async with modelarts(cloud) as client:
        assert len((await client.list_all()).jobs) == 30


async def test_a_short_list_of_which_no_two_reads_agree_is_no_observation() -> None:
    cloud_jobs = [job(n) for n in range(1, 91)]

    def answer(asked: CloudRequest) -> Answer:
        return _pages(cloud_jobs[len(cloud.asked) :], total=95)(asked)

    cloud = MockCloud(answer)
    async with modelarts(cloud) as client:
        with pytest.raises(SourceUnavailable, match=r"jobs that should have 95"):
            await client.list_all()

    assert len(cloud.asked) == 2 * MOST_WALKS


async def test_a_server_that_ignores_the_page_number_is_noticed() -> None:
    same = http(200, {"jobs": [job(n) for n in range(1, 101)], "job_total_count": 150})
    cloud = MockCloud(lambda _: same)
    async with modelarts(cloud) as client:
        with pytest.raises(SourceUnavailable, match="same page"):
            await client.list_all()

    assert len(cloud.asked) == 2


async def test_rows_that_are_no_jobs_count_and_hide_no_other() -> None:
    cloud_jobs = [job(n) for n in range(1, 131)]
    cloud_jobs[3] = job(4, status=None)
    cloud_jobs[110] = job(111) | {"job_id": None}
    cloud = MockCloud(_pages(cloud_jobs))
    async with modelarts(cloud) as client:
        listing = await client.list_all()

    assert {found.id for found in listing.jobs} == set(range(1, 131)) - {4, 111}
    assert [row.job_id for row in listing.odd] == [4, None]
    assert len(cloud.asked) == 2


async def test_pages_of_nothing_but_odd_rows_come_to_an_end() -> None:
    cloud = MockCloud(lambda _: http(200, {"jobs": [None]}))
    async with modelarts(cloud) as client:
        listing = await client.list_all()

    assert (listing.jobs, len(listing.odd)) == ((), 1)
    assert len(cloud.asked) == 4


async def test_a_failed_page_fails_the_whole_list() -> None:
    pages = _pages([job(n) for n in range(1, 251)])

    def answer(asked: CloudRequest) -> Answer:
        return http(503, "") if "page=3" in asked.target else pages(asked)

    cloud = MockCloud(answer)
    async with modelarts(cloud) as client:
        with pytest.raises(SourceUnavailable):
            await client.list_all()


async def test_a_missing_list_is_not_a_missing_job() -> None:
    body: dict[str, object] = {"error_code": "ModelArts.0102", "error_message": "does not exist"}
    cloud = MockCloud(lambda _: http(404, body))
    async with modelarts(cloud) as client:
        with pytest.raises(SourceRefused):
            await client.list_all()
        with pytest.raises(JobNotFound):
            await client.get(JobId(205))


async def test_checking_the_login_reads_one_line() -> None:
    cloud = MockCloud(_pages([job(1), job(2)]))
    async with modelarts(cloud) as client:
        await client.check_login()

    assert "per_page=1&" in cloud.asked[0].target


@pytest.mark.parametrize(
    "endpoint",
    ["", "modelarts.example", "ftp://modelarts.example", "https://", "https://u:p@modelarts.example",
     "https://modelarts.example/v1", "https://modelarts.example/?a=1", "https://modelarts.example/#x"],
)  # fmt: skip
def test_an_endpoint_must_be_a_bare_address(endpoint: str) -> None:
    with pytest.raises(ValueError, match="endpoint"):
        _source(endpoint)


@pytest.mark.parametrize("project_id", ["", "..", "a/b", "a b", "a?b", "%2e", "x" * 65, "é"])
def test_a_project_id_cannot_change_the_path(project_id: str) -> None:
    with pytest.raises(ValueError, match="project id"):
        _source("https://modelarts.example", project_id)


def _source(endpoint: str, project_id: str = PROJECT) -> ModelArts:
    clock = ManualClock()
    return ModelArts(
        client=httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))),
        endpoint=endpoint,
        project_id=project_id,
        login=a_key(clock),
        clock=clock,
        monotonic=clock.monotonic,
    )


def _pages(
    jobs: list[dict[str, object]], *, total: int | None = -1
) -> Callable[[CloudRequest], Answer]:
    def answer(asked: CloudRequest) -> Answer:
        query = dict(part.split("=") for part in asked.target.partition("?")[2].split("&"))
        start = (int(query["page"]) - 1) * PAGE_SIZE
        body: dict[str, object] = {"jobs": jobs[start : start + PAGE_SIZE]}
        if total is not None:
            body["job_total_count"] = len(jobs) if total < 0 else total
        return http(200, body)

    return answer
