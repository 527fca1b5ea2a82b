"""The seven calls of the stand-in cloud over real HTTP."""

from datetime import timedelta

import pytest

from bot.demo.cloud.cast import cast_job
from bot.demo.cloud.jobs import CloudJob, life
from tests.demo.cloud_caller import NOON, Caller, Got, calling

JOBS = "visualization-jobs"
NEW = {"job_name": "fresh", "train_url": "/bucket/logs/"}


def many_jobs(count: int) -> list[CloudJob]:
    return [
        cast_job(number, f"job-{number:03}", life(8 if number % 2 else 12), began=NOON)
        for number in range(1, count + 1)
    ]


def said(got: Got) -> tuple[int, str, str]:
    return got.status, got.data["error_code"], got.data["error_message"]


async def ids(call: Caller, query: str) -> list[int]:
    return [job["job_id"] for job in (await call("GET", f"{JOBS}?{query}")).data["jobs"]]


async def test_detail_is_the_vendors_sample_key_by_key() -> None:
    async with calling() as call:
        got = await call("GET", f"{JOBS}/197")

    assert got.body == (
        b'{"duration":33000,"service_url":"https://console.huaweicloud.com/modelarts2/tensorboard'
        b'/04f679b17380d32a2f32c00335c4b5ba/197/","job_name":"apiTest-11",'
        b'"create_time":1565149736000,"train_url":"/wph-test/zl-test/Flowers-Set/ApiTest/",'
        b'"job_id":197,"job_desc":"ModelArts API Dialtest",'
        b'"resource_id":"e17dd874-b5e0-4e9b-aaf0-22b045ad8571","remaining_duration":null,'
        b'"is_success":true,"status":7}'
    )


async def test_list_has_the_keys_of_the_vendors_sample() -> None:
    async with calling(jobs=many_jobs(1)) as call:
        data = (await call("GET", JOBS)).data

    facts = "job_id job_name status create_time resource_id duration job_desc service_url train_url"
    assert list(data) == ["quotas", "is_success", "job_total_count", "job_count_limit", "jobs"]
    assert (data["quotas"], data["job_total_count"], data["job_count_limit"]) == (100, 1, 999)
    assert list(data["jobs"][0]) == facts.split()


async def test_every_answer_carries_a_request_id_and_the_rate_limit() -> None:
    async with calling() as call:
        first, second = await call("GET", JOBS), await call("GET", "/nowhere")

    assert first.headers["X-request-id"] != second.headers["X-request-id"]
    assert second.data["request_id"] == second.headers["X-request-id"]
    assert first.headers["X-ratelimit"] == "100000"
    assert first.headers["X-ratelimit-window"] == "hour"


async def test_date_of_an_answer_is_by_the_clouds_own_clock() -> None:
    async with calling() as call:
        call.clock.advance(minutes=20)
        got = await call("GET", JOBS)

    assert got.headers["Date"] == "Fri, 02 Jan 2026 12:20:00 GMT"


async def test_list_gives_ten_jobs_by_id_unless_asked_otherwise() -> None:
    async with calling(jobs=many_jobs(25)) as call:
        assert await ids(call, "") == list(range(1, 11))
        assert await ids(call, "per_page=10&page=3") == list(range(21, 26))
        assert await ids(call, "per_page=100&page=2") == []
        assert len(await ids(call, "per_page=100")) == 25


async def test_list_filters_by_status_and_name_and_counts_what_matches() -> None:
    async with calling(jobs=many_jobs(25)) as call:
        got = (await call("GET", f"{JOBS}?status=8&per_page=2")).data

        assert got["job_total_count"] == 13
        assert [job["job_id"] for job in got["jobs"]] == [1, 3]
        assert await ids(call, "search_content=JOB-01&status=12") == [10, 12, 14, 16, 18]


@pytest.mark.parametrize("key", ["job_id", "job_name", "job_desc", "create_time", "status"])
async def test_list_sorts_by_every_documented_key(key: str) -> None:
    async with calling() as call:
        up = (await call("GET", f"{JOBS}?sortBy={key}&per_page=100")).data["jobs"]
        down = (await call("GET", f"{JOBS}?sortBy={key}&order=desc&per_page=100")).data["jobs"]

    values = [job[key] for job in up]
    assert values == sorted(values)
    assert [job[key] for job in down] == sorted(values, reverse=True)


async def test_list_takes_the_longest_search_and_finds_nothing_in_it() -> None:
    async with calling() as call:
        assert await ids(call, "search_content=" + "x" * 64) == []


async def test_list_passes_over_the_sort_key_of_another_generation() -> None:
    async with calling(jobs=many_jobs(3)) as call:
        assert await ids(call, "sort_by=create_time&order=desc") == [3, 2, 1]
        assert await ids(call, "sort_by=nonsense") == [1, 2, 3]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("per_page=101", "The value of per_page should be in [1,100]"),
        ("per_page=0", "The value of per_page should be in [1,100]"),
        ("per_page=ten", "The value of per_page should be in [1,100]"),
        ("page=0", "The value of page should be in [1,2147483647]"),
        ("page=-1", "The value of page should be in [1,2147483647]"),
        ("search_content=" + "x" * 65, "The length of search content should be in [0,64]"),
        ("status=running", "Illegal status: running"),
        ("order=down", "The value of order should be one of asc, desc"),
        (
            "sortBy=duration",
            "The value of sortBy should be one of job_id, job_name, job_desc, create_time, status",
        ),
        ("workspace_id=7", "Invalid workspace id: 7"),
    ],
)
async def test_list_refuses_a_parameter_out_of_range(query: str, text: str) -> None:
    async with calling() as call:
        got = await call("GET", f"{JOBS}?{query}")

    assert said(got) == (400, "ModelArts.0104", text)
    assert got.data["is_success"] is False


async def test_create_answers_in_strings_and_the_job_walks_the_usual_life() -> None:
    async with calling(jobs=many_jobs(2)) as call:
        data = (await call("POST", JOBS, {**NEW, "job_desc": "x" * 256})).data
        shown = []
        for seconds in (0, 6, 8, 15):
            call.clock.advance(seconds=seconds)
            shown.append((await call("GET", f"{JOBS}/3")).data["status"])

    assert data == {
        "is_success": True,
        "job_id": "3",
        "job_name": "fresh",
        "status": "1",
        "create_time": "1767355200000",
    }
    assert shown == [1, 4, 7, 8]


@pytest.mark.parametrize("form", [list, lambda stop: stop[0]])
async def test_create_takes_an_auto_stop_as_object_or_array(form: type[list[object]]) -> None:
    stop = [{"type": "stop", "time_unit": "HOURS", "duration": 2}]
    async with calling(jobs=[]) as call:
        await call("POST", JOBS, {**NEW, "schedule": form(stop), "flavor": {"code": "a.b"}})
        seen = []
        for span in (timedelta(seconds=29), timedelta(hours=2), timedelta(seconds=8)):
            call.clock.now += span
            seen.append((await call("GET", f"{JOBS}/1")).data["status"])

    assert seen == [8, 9, 12]


@pytest.mark.parametrize(("hours", "ends"), [(0, False), (24, True)])
async def test_auto_stop_is_at_most_a_day_and_zero_is_never(hours: int, ends: bool) -> None:
    async with calling(jobs=[]) as call:
        stop = {"type": "stop", "time_unit": "HOURS", "duration": hours}
        assert (await call("POST", JOBS, {**NEW, "schedule": stop})).status == 200
        call.clock.advance(days=2)
        status = (await call("GET", f"{JOBS}/1")).data["status"]

    assert status == (12 if ends else 8)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"job_name": "%%123"}, "Illegal name: %%123"),
        ({"job_name": "x" * 21}, "Illegal name: " + "x" * 21),
        ({"job_name": "naïve"}, "Illegal name: naïve"),
        ({"job_name": "line\n"}, "Illegal name: line\n"),
        ({"job_name": None}, "Illegal name: None"),
        ({"train_url": ""}, "Illegal train url: "),
        ({"train_url": None}, "Illegal train url: None"),
        ({"job_desc": "x" * 257}, "The length of job description should be in [0,256]"),
        ({"job_type": "jupyter"}, "Illegal job type: jupyter"),
        ({"flavor": "gpu"}, "Illegal flavor."),
        (
            {"schedule": {"type": "stop", "time_unit": "HOURS", "duration": True}},
            "Illegal schedule: hours should be in [0,24]",
        ),
        ({"schedule": []}, "Illegal schedule: hours should be in [0,24]"),
        (
            {"schedule": [{"type": "stop", "time_unit": "HOURS", "duration": 25}]},
            "Illegal schedule: hours should be in [0,24]",
        ),
        (
            {"schedule": [{"type": "stop", "timeUnit": "HOURS", "duration": 1}]},
            "Illegal schedule: hours should be in [0,24]",
        ),
    ],
)
async def test_create_refuses_what_the_tables_do_not_allow(
    change: dict[str, object], text: str
) -> None:
    async with calling(jobs=[]) as call:
        got = await call("POST", JOBS, {**NEW, **change})

        assert said(got) == (400, "ModelArts.0104", text)
        assert await ids(call, "") == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
async def test_create_refuses_a_body_that_is_no_object(body: bytes) -> None:
    async with calling() as call:
        got = await call("POST", JOBS, body)

    assert said(got) == (400, "ModelArts.0104", "The request body is not a JSON object.")


async def test_create_refuses_a_name_twice_and_a_job_too_many() -> None:
    async with calling(jobs=many_jobs(999)) as call:
        assert (await call("POST", JOBS, NEW)).status == 200
        twice = await call("POST", JOBS, NEW)
        too_many = await call("POST", JOBS, {**NEW, "job_name": "other"})

    assert said(twice) == (400, "ModelArts.0103", "Duplicate name: fresh")
    assert said(too_many)[:2] == (400, "ModelArts.0106")


async def test_update_changes_the_description_alone() -> None:
    async with calling() as call:
        before = (await call("GET", f"{JOBS}/205")).data
        got = await call("PUT", f"{JOBS}/205", {"job_desc": "héllo"})
        after = (await call("GET", f"{JOBS}/205")).data
        refused = await call("PUT", f"{JOBS}/205", {"job_name": "new"})

    assert got.data == {"is_success": True}
    assert after == {**before, "job_desc": "héllo"}
    assert said(refused)[1:] == (
        "ModelArts.0104",
        "The length of job description should be in [0,256]",
    )


@pytest.mark.parametrize(
    ("status", "method", "action", "text"),
    [
        (10, "POST", "/stop", "This job can't be stop. job status: 10"),
        (9, "POST", "/stop", "This job can't be stop. job status: 9"),
        (37, "POST", "/stop", "This job can't be stop. job status: 37"),
        (8, "POST", "/restart", "This job can't be resubmit. job status: 8"),
        (7, "POST", "/restart", "This job can't be resubmit. job status: 7"),
        (9, "DELETE", "", "This job can't be delete. job status: 9"),
    ],
)
async def test_command_is_refused_with_the_status_that_forbids_it(
    status: int, method: str, action: str, text: str
) -> None:
    async with calling(jobs=[cast_job(5, "five", life(status), began=NOON)]) as call:
        got = await call(method, f"{JOBS}/5{action}")

        assert said(got) == (400, "ModelArts.0105", text)
        assert call.cloud.snapshot()[0]["status"] == status


@pytest.mark.parametrize("status", [1, 2, 4, 7, 8, 15])
async def test_stop_leads_by_killing_to_killed(status: int) -> None:
    async with calling(jobs=[cast_job(5, "five", life(status), began=NOON)]) as call:
        assert (await call("POST", f"{JOBS}/5/stop")).data == {"is_success": True}
        killing = (await call("GET", f"{JOBS}/5")).data["status"]
        call.clock.advance(seconds=8)
        killed = (await call("GET", f"{JOBS}/5")).data["status"]

    assert (killing, killed) == (9, 12)


@pytest.mark.parametrize("status", [3, 5, 10, 11, 12, 13, 14, 16, 17, 21, 22])
async def test_restart_runs_an_ended_job_again_with_its_time_counted_anew(status: int) -> None:
    ended = cast_job(5, "five", life(status), began=NOON, ran=timedelta(hours=1))
    async with calling(jobs=[ended]) as call:
        assert (await call("POST", f"{JOBS}/5/restart")).data == {"is_success": True}
        call.clock.advance(seconds=30)
        data = (await call("GET", f"{JOBS}/5")).data

    assert (data["status"], data["duration"]) == (8, 1000)


async def test_deleted_job_disappears_after_a_moment_and_its_id_is_not_given_again() -> None:
    async with calling(jobs=many_jobs(3)) as call:
        assert (await call("DELETE", f"{JOBS}/3")).data == {"is_success": True}
        at_once = await call("GET", f"{JOBS}/3")
        call.clock.advance(seconds=3)
        later = await call("GET", f"{JOBS}/3")
        listed = await ids(call, "")
        created = (await call("POST", JOBS, NEW)).data["job_id"]

    assert at_once.status == 200
    assert said(later) == (404, "ModelArts.0102", "The job does not exist. job id: 3")
    assert listed == [1, 2]
    assert created == "4"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{JOBS}/99"),
        ("PUT", f"{JOBS}/99"),
        ("DELETE", f"{JOBS}/99"),
        ("POST", f"{JOBS}/99/stop"),
        ("POST", f"{JOBS}/99/restart"),
    ],
)
async def test_unknown_job_is_404_in_the_older_generation_of_codes(method: str, path: str) -> None:
    async with calling() as call:
        got = await call(method, path, {"job_desc": ""} if method == "PUT" else None)

    assert said(got) == (404, "ModelArts.0102", "The job does not exist. job id: 99")


@pytest.mark.parametrize("job_id", ["apiTest-11", "-1", "1e3", "%D9%A1", "..", "9" * 400, "1%2F2"])
async def test_job_id_that_is_no_number_is_a_parameter_error(job_id: str) -> None:
    async with calling() as call:
        got = await call("GET", f"{JOBS}/{job_id}")

    assert got.status == 400
    assert got.data["error_code"] == "ModelArts.0104"


async def test_wrong_project_is_404_with_its_own_code() -> None:
    async with calling() as call:
        got = await call("GET", f"/v1/{'f' * 32}/{JOBS}/205")

    assert said(got)[:2] == (404, "ModelArts.2786")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v2/x"),
        ("GET", "/v1/p/training-jobs"),
        ("PATCH", f"{JOBS}/205"),
        ("DELETE", JOBS),
        ("GET", f"{JOBS}/205/stop"),
        ("POST", f"{JOBS}/205/push"),
        ("GET", f"{JOBS}/"),
        ("POST", "job/resource-specs"),
    ],
)
async def test_unknown_path_or_method_is_the_gateways_404(method: str, path: str) -> None:
    async with calling() as call:
        got = await call(method, path)

    assert (got.status, got.data["error_code"]) == (404, "APIG.0101")


async def test_flavors_are_listed() -> None:
    async with calling() as call:
        data = (await call("GET", "job/resource-specs?job_type=train")).data

    assert data["spec_total_count"] == len(data["specs"]) == 2
    assert data["specs"][0]["spec_code"] == "modelarts.vm.cpu.2u"


async def test_frame_of_a_request_is_checked_by_the_gateway() -> None:
    async with calling() as call:
        call.extra = {"Content-Length": "0"}
        on_get = await call("GET", JOBS)
        call.extra = {"Content-Type": "text/plain"}
        no_json = await call("PUT", f"{JOBS}/205", b"{}")
        call.extra = {}
        long = await call("GET", f"{JOBS}?search_content={'x' * 33_000}")

    assert (on_get.status, on_get.data["error_code"]) == (400, "APIG.0201")
    assert (no_json.status, no_json.data["error_code"]) == (415, "APIG.0201")
    assert (long.status, long.data["error_code"]) == (414, "APIG.0201")


async def test_push_and_vanish_are_seen_at_once_and_told() -> None:
    async with calling() as call:
        told: list[int] = []
        call.cloud.on_change(lambda: told.append(len(call.cloud.snapshot())))

        call.cloud.push(205)
        call.cloud.push(231, 14)
        call.cloud.vanish(812)
        await call("POST", f"{JOBS}/244/stop")
        await call("POST", f"{JOBS}/188/stop")
        await call("GET", JOBS)

        shown = {job["job_id"]: job["status"] for job in call.cloud.snapshot()}
        assert (shown[205], shown[231], shown[244]) == (9, 14, 9)
        assert 812 not in shown
        assert len(told) == 4
        with pytest.raises(KeyError):
            call.cloud.push(812)


async def test_snapshot_says_what_the_api_says() -> None:
    async with calling() as call:
        call.clock.advance(minutes=3)
        listed = (await call("GET", f"{JOBS}?per_page=100")).data["jobs"]
        shown = call.cloud.snapshot()

    facts = ("job_id", "job_name", "status", "service_url")
    assert [[job[fact] for fact in facts] for job in listed] == [
        [view["job_id"], view["job_name"], view["status"], view["service_url"]] for view in shown
    ]
    assert [job["duration"] for job in listed] == [view["duration_ms"] for view in shown]


async def test_journal_keeps_requests_in_order_without_their_secrets() -> None:
    async with calling() as call:
        token = (await call.log_in()).headers["X-Subject-Token"]
        await call("GET", f"{JOBS}?page=1")
        call.token = token
        await call("POST", f"{JOBS}/1/stop")

        seen = [(one.method, one.query, one.auth, one.place) for one in call.cloud.journal]
        assert seen == [
            ("POST", "nocatalog=true", "none", "cloud"),
            ("GET", "page=1", "key", "cloud"),
            ("POST", "", "token", "cloud"),
        ]
        assert token not in repr(call.cloud.journal)
        assert call.cloud.credentials.password not in repr(call.cloud.credentials)


async def test_two_clouds_under_the_same_clock_say_the_same() -> None:
    said_by = []
    for _ in range(2):
        async with calling() as call:
            call.clock.advance(seconds=42)
            said_by.append((await call("GET", f"{JOBS}?per_page=100")).body)

    assert said_by[0] == said_by[1]
