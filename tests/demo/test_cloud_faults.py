"""What the stand-in cloud does when it is told to misbehave."""

import asyncio
import gzip
import json
from typing import Any

import aiohttp
import pytest

from bot.demo.cloud.cast import crowd
from bot.demo.cloud.faults import NAMES, Faults
from tests.demo.cloud_caller import NOON, Caller, Got, calling

JOB = "visualization-jobs/205"
JOBS = "visualization-jobs"


async def met(name: str, path: str = JOB, method: str = "GET", **options: Any) -> Got:
    """The answer of a call that meets a fault; the call after it must be well again."""
    async with calling() as call:
        call.cloud.faults.add(name, **options)
        got = await call(method, path)
        assert (await call("GET", JOB)).status == 200
        return got


@pytest.mark.parametrize(
    ("code", "status", "key"),
    [
        *(
            (f"ModelArts.{number}", status, "error_message")
            for number, status in [
                ("0010", 500),
                ("0012", 500),
                ("0013", 500),
                ("0015", 404),
                ("0101", 400),
                ("0102", 400),
                ("0107", 400),
                ("0108", 403),
                ("0112", 403),
                ("0113", 400),
                ("0201", 401),
                ("0202", 401),
                ("0203", 403),
                ("0206", 403),
                ("0207", 401),
                ("0212", 401),
                ("1002", 400),
                ("1003", 400),
                ("2784", 403),
                ("2786", 404),
                ("2799", 429),
                ("2837", 400),
                ("4127", 401),
                ("6620", 401),
            ]
        ),
        ("APIG.0201", 504, "error_msg"),
        ("APIGW.0302", 403, "error_msg"),
        ("APIG.0307", 401, "error_msg"),
        ("APIG.0613", 503, "error_msg"),
        ("IAM.0066", 401, "error_msg"),
    ],
)
async def test_any_documented_code_can_be_had_in_the_shape_of_its_origin(
    code: str, status: int, key: str
) -> None:
    got = await met("fail", code=code, http_status=status, text="so it is")

    assert got.status == status
    assert (got.data["error_code"], got.data[key]) == (code, "so it is")


@pytest.mark.parametrize("code", ["APIG.0301", "APIG.0307", "ModelArts.0203", "IAM.0067"])
async def test_a_401_comes_once(code: str) -> None:
    got = await met("unauthorized", code=code)

    assert (got.status, got.data["error_code"]) == (401, code)


async def test_token_can_expire_before_its_date() -> None:
    got = await met("token_expired")

    assert (got.status, got.data["error_code"]) == (401, "ModelArts.0202")


@pytest.mark.parametrize("retry_after", [None, "7", "Fri, 02 Jan 2026 12:00:07 GMT"])
async def test_throttling_names_its_limit(retry_after: str | None) -> None:
    got = await met("throttled", limit=5, retry_after=retry_after)

    assert (got.status, got.data["error_code"]) == (429, "APIG.0308")
    assert "policy user over ratelimit,limit:5,time:1 minute" in got.data["error_msg"]
    assert got.headers.get("Retry-After") == retry_after


async def test_proxies_answer_in_html_or_not_at_all() -> None:
    page = await met("html")
    nothing = await met("empty", status=504)

    assert (page.status, page.headers["Content-Type"]) == (502, "text/html")
    assert b"502 Bad Gateway" in page.body
    assert (nothing.status, nothing.body) == (504, b"")


async def test_stop_is_refused_with_a_status_that_the_job_did_not_have() -> None:
    async with calling() as call:
        call.cloud.faults.add("stop_refused", status=10)
        shown = await call("GET", JOB)
        refused = await call("POST", f"{JOB}/stop")
        stopped = await call("POST", f"{JOB}/stop")

    assert shown.status == stopped.status == 200
    assert refused.data["error_message"] == "This job can't be stop. job status: 10"


async def test_job_can_be_missing_this_once() -> None:
    got = await met("vanished", job_id=205)

    assert (got.status, got.data["error_code"]) == (404, "ModelArts.0102")


async def test_numbers_come_as_strings() -> None:
    one = (await met("numbers_as_strings")).data
    listed = (await met("numbers_as_strings", JOBS)).data

    assert (one["job_id"], one["status"], one["duration"]) == ("205", "8", "8040000")
    assert one["is_success"] is True
    assert {type(job["status"]) for job in listed["jobs"]} == {str}


async def test_success_is_not_claimed() -> None:
    assert "is_success" not in (await met("no_is_success")).data


async def test_failure_comes_under_the_older_key_and_as_200() -> None:
    async with calling() as call:
        call.cloud.faults.add("error_msg_key", count=None)
        call.cloud.faults.add("failures_as_200", count=None)
        missing = await call("GET", f"{JOBS}/99")
        found = await call("GET", JOB)

    assert missing.status == 200
    assert missing.data == {
        "is_success": False,
        "error_msg": "The job does not exist. job id: 99",
        "error_code": "ModelArts.0102",
    }
    assert found.data["status"] == 8


async def test_another_id_or_an_unknown_status_is_told() -> None:
    assert (await met("wrong_id")).data["job_id"] == 206
    assert (await met("unknown_status")).data["status"] == 37
    assert (await met("unknown_status", code=99)).data["status"] == 99


async def test_fields_are_null_where_a_job_can_do_without() -> None:
    data = (await met("null_fields")).data

    assert {key for key, value in data.items() if value is not None} == {"job_id", "status"}


async def test_list_can_be_null_or_missing() -> None:
    assert (await met("jobs_null", JOBS)).data["jobs"] is None
    assert "jobs" not in (await met("jobs_missing", JOBS)).data


@pytest.mark.parametrize("unit", ["timeUnit", "time_unit"])
async def test_schedule_comes_in_four_shapes(unit: str) -> None:
    stop = {"type": "stop", unit: "HOURS", "duration": 1}

    as_array = (await met("schedule", JOBS, unit=unit)).data
    as_object = (await met("schedule", shape="object", unit=unit)).data

    assert as_array["jobs"][0]["schedule"] == [stop]
    assert as_object["schedule"] == stop


async def test_bytes_are_spoiled_in_every_documented_way() -> None:
    plain = (await met("schedule")).body

    assert len((await met("huge_body")).body) > 1024 * 1024
    assert (await met("deep_nesting", levels=3)).body.startswith(b'{"deep":[[[]]],')
    assert (await met("duplicate_keys")).body.count(b'"status":') == 2
    assert b'"duration":NaN' in (await met("nan")).body
    assert (await met("byte_order_mark")).body.startswith(b"\xef\xbb\xbf{")
    assert (await met("wrong_content_type")).headers["Content-Type"] == "text/html"
    assert (await met("body", text="[1]")).data == [1]
    cut = (await met("cut_json")).body
    assert plain.startswith(cut)
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut)


async def test_huge_and_deep_answers_are_still_true() -> None:
    assert (await met("huge_body")).data["job_id"] == 205
    assert (await met("deep_nesting", levels=10)).data["job_id"] == 205


async def test_gzip_bomb_is_small_until_it_is_unpacked() -> None:
    got = await met("gzip_bomb", mebibytes=4)

    assert got.headers["Content-Encoding"] == "gzip"
    assert len(got.body) < 10_000
    assert len(gzip.decompress(got.body)) > 4 * 1024 * 1024


async def test_redirect_shows_in_the_journal_who_followed_it_with_credentials() -> None:
    async with calling() as call:
        call.cloud.faults.add("redirect", to=f"{call.cloud.elsewhere}/trap")
        got = await call("GET", JOB)
        async with call.session.get(got.headers["Location"], headers={"X-Auth-Token": "t"}):
            pass

        assert got.status == 302
        assert [(one.path, one.auth, one.place) for one in call.cloud.journal[1:]] == [
            ("/trap", "token", "elsewhere")
        ]


async def test_pages_overlap_by_one_job_as_if_the_list_had_moved() -> None:
    async with calling(jobs=crowd(NOON, 205)) as call:
        call.cloud.faults.add("shifted_pages", count=None)
        pages = [await listed(call, f"per_page=100&page={page}") for page in (1, 2, 3)]

        call.cloud.faults.add("shifted_pages", where="page=1$")
        first = await listed(call, "per_page=100&page=1")

    assert first == pages[0]
    assert (pages[0][-1], pages[1][0], pages[1][-1]) == (100, 100, 199)
    assert pages[2] == list(range(200, 206))


async def listed(call: Caller, query: str) -> list[int]:
    return [job["job_id"] for job in (await call("GET", f"{JOBS}?{query}")).data["jobs"]]


async def test_fault_waits_for_the_request_that_it_is_for() -> None:
    async with calling() as call:
        call.cloud.faults.add("empty", where=r"[?&]page=2(&|$)")
        answers = [await call("GET", f"{JOBS}?page={page}") for page in (1, 2, 2)]

    assert [got.status for got in answers] == [200, 503, 200]


async def test_login_fails_only_where_it_is_asked_to() -> None:
    async with calling() as call:
        call.cloud.faults.add("empty", count=None)
        well = await call.log_in()
        call.cloud.faults.add("fail", where="/v3/auth/tokens", code="IAM.0012", http_status=429)
        ill = await call.log_in()
        call.cloud.faults.clear()

        assert (well.status, ill.status) == (201, 429)
        assert (await call("GET", JOB)).status == 200


async def test_faults_are_counted_and_met_one_after_the_other() -> None:
    async with calling() as call:
        call.cloud.faults.add("empty", count=2)
        call.cloud.faults.add("html")
        statuses = [(await call("GET", JOB)).status for _ in range(4)]

    assert statuses == [503, 503, 502, 200]


@pytest.mark.parametrize(("applied", "status"), [(False, 8), (True, 9)])
async def test_failed_call_has_its_effect_only_where_it_is_told_so(
    applied: bool, status: int
) -> None:
    async with calling() as call:
        call.cloud.faults.add("empty", applied=applied)
        failed = await call("POST", f"{JOB}/stop")
        shown = await call("GET", JOB)

    assert (failed.status, shown.data["status"]) == (503, status)


@pytest.mark.parametrize(("applied", "status"), [(False, 8), (True, 9)])
async def test_connection_is_reset_before_or_after_the_effect(applied: bool, status: int) -> None:
    async with calling() as call:
        call.cloud.faults.add("reset", applied=applied)
        with pytest.raises(aiohttp.ClientConnectionError):
            await call("POST", f"{JOB}/stop")
        shown = await call("GET", JOB)

    assert shown.data["status"] == status


async def test_silence_lasts_until_the_cloud_closes() -> None:
    async with calling() as call:
        call.cloud.faults.add("never_answers")
        waiting = asyncio.create_task(call("POST", f"{JOB}/stop"))
        while not call.cloud.journal:
            await asyncio.sleep(0)
        assert (await call("GET", JOB)).status == 200
        assert not waiting.done()
        await call.cloud.close()
        with pytest.raises(aiohttp.ClientError):
            await waiting


async def test_drip_sends_what_it_promised_byte_by_byte() -> None:
    async with calling() as call:
        call.cloud.faults.add("slow_drip")
        call.cloud.faults.add("body", text="{}")
        loop = asyncio.get_running_loop()
        began = loop.time()
        got = await call("GET", JOB)

        assert got.body == b"{}"
        assert loop.time() - began >= 0.1


async def test_drip_ends_when_the_cloud_closes() -> None:
    async with calling() as call:
        call.cloud.faults.add("slow_drip")
        dripping = asyncio.create_task(call("GET", JOB))
        while not call.cloud.journal:
            await asyncio.sleep(0)
        await call.cloud.close()
        with pytest.raises(aiohttp.ClientError):
            await dripping


def test_unknown_fault_or_option_is_refused_at_once() -> None:
    faults = Faults()

    with pytest.raises(ValueError, match="no fault 'rain'"):
        faults.add("rain")
    with pytest.raises(TypeError):
        faults.add("empty", colour="blue")
    with pytest.raises(TypeError):
        faults.add("nan", colour="blue")


def test_every_fault_can_be_added_by_name() -> None:
    needed: dict[str, dict[str, Any]] = {
        "fail": {"code": "APIG.0101"},
        "body": {"text": ""},
        "redirect": {"to": "/"},
    }
    faults = Faults()
    for name in NAMES - {"gzip_bomb"}:
        faults.add(name, **needed.get(name, {}))

    assert faults.take("GET /v1/p/visualization-jobs").names
