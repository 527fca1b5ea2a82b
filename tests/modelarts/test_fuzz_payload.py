"""Generated bodies and ids: never a crash, never a made-up job, never a request off the path."""

import json
import os
import random

import httpx
import pytest

from bot.core.errors import JobSourceError, SourceRefused
from bot.core.job import LARGEST_JOB_ID, JobId, VisualizationJob
from bot.modelarts.client import locate_job
from bot.modelarts.faults import find_login_fault, read_answer
from bot.modelarts.payload import LONGEST_LINK, LONGEST_TEXT, decode_job, decode_page
from tests.make import NOW
from tests.modelarts.scripted import JOBS, job

EXAMPLES = int(os.environ.get("VISJOB_FUZZ_EXAMPLES", "500"))
HOST = "https://modelarts.example"

ODD_VALUES: tuple[object, ...] = (
    None, True, False, 0, -1, 8, 37, 2**31, 2**63, 10**400, -(10**30), 0.5, 8.0, 1e308,
    float("nan"), float("inf"), "", "8", "-8", "8.0", "٨", "²", " 8", "8\n", "true", "false",
    "<!channel>", "\x00", "\u202e", "\ud800", "x" * 5000, [], {}, [[]], [None], {"job_id": 205},
    {"code": 401, "message": "m"}, {"code": [], "message": {}}, [{"job_id": 1, "status": 8}],
    "ModelArts.0102", "APIG.0101", "IAM.0061", "does not exist", "time:1 minute",
)  # fmt: skip
KEYS = (*job(), "error_code", "error_msg", "error_message", "error", "jobs", "job_total_count")
SNIPPETS = (
    b"{", b"}", b"[", b"]", b'"', b":", b",", b"null", b"NaN", b"\\u", b"\\ud800", b"\xff", b"\x00",
    b"\xef\xbb\xbf", b"<html>", b"-", b"9" * 400, b'{"a":' * 40, b"[" * 2000, b"1e999", b" ",
)  # fmt: skip
STATUSES = (200, 200, 200, 201, 204, 400, 401, 403, 404, 409, 429, 500, 502, 503, 504, 599)
KINDS = ("application/json", "application/json", "text/html", "", "application/problem+json", "é")
TYPED: tuple[object, ...] = (
    "../", "..", "?", "#", "%2e", "%2e%2e%2f", "//host", "http://evil.example/", "205/../../x", "@",
    "٢٠٥", "\u202e205", "2" * 400, "-205", "205 ", "205\n", "+205", "0x10", "1e3", "", "\x00", "²",
    None, True, 205.0, -205, 0, 10**400, b"205", [205], (), 2**63, LARGEST_JOB_ID, 205, 1,
)  # fmt: skip


def test_any_body_is_a_job_or_one_typed_error() -> None:
    choose = random.Random(205)  # noqa: S311 - repeatable, not secret
    good = 0
    for number in range(EXAMPLES):
        body = _make_body(choose)
        response = httpx.Response(
            choose.choice(STATUSES),
            content=body,
            headers=[(b"Content-Type", choose.choice(KINDS).encode())],
            request=httpx.Request("GET", HOST, extensions={"service": "ModelArts"}),
        )
        try:
            find_login_fault(response, now=NOW)
            members = read_answer(response, now=NOW, job_id=JobId(205))
            found = (
                {one.id: one for one in decode_page(members, read_at=NOW).jobs}
                if number % 2
                else {JobId(205): decode_job(members, asked=JobId(205), read_at=NOW)}
            )
        except JobSourceError as error:
            _check_error(error)
        else:
            good += 1
            assert 200 <= response.status_code < 300
            rows = (members["jobs"] or []) if number % 2 else [members]
            assert isinstance(rows, list)
            for one in found.values():
                _check_job(one, rows)
    assert 0 < good < EXAMPLES, "the generator makes good and bad answers"


def test_whatever_is_asked_for_stays_below_the_jobs() -> None:
    choose = random.Random(197)  # noqa: S311 - repeatable, not secret
    for _ in range(EXAMPLES):
        asked = choose.choice(TYPED)
        if isinstance(asked, str) and choose.random() < 0.5:
            asked = "".join(str(choose.choice(TYPED)) for _ in range(3))
        if isinstance(asked, int) and choose.random() < 0.5:
            asked = choose.randint(-(2**70), 2**70)
        try:
            url = locate_job(f"{HOST}{JOBS}", asked)  # type: ignore[arg-type]  # hostile callers
        except SourceRefused:
            continue
        assert type(asked) is int
        assert 0 < asked <= LARGEST_JOB_ID
        assert str(url) == f"{HOST}{JOBS}/{asked}"


@pytest.mark.parametrize("job_id", [1, 205, LARGEST_JOB_ID])
def test_good_ids_are_located(job_id: int) -> None:
    assert locate_job(f"{HOST}{JOBS}", JobId(job_id)).raw_path.decode() == f"{JOBS}/{job_id}"


def _make_body(choose: random.Random) -> bytes:
    members = job(205)
    for _ in range(choose.choice((0, 1, 1, 2, 3, 8))):
        key = choose.choice(KEYS)
        if choose.random() < 0.2:
            members.pop(key, None)
        else:
            members[key] = choose.choice(ODD_VALUES)
    if choose.random() < 0.5:
        members = {"jobs": [members, job(7)], "job_total_count": choose.choice(ODD_VALUES)}
    body = json.dumps(members).encode()
    if choose.random() < 0.3:
        body = _spoil(body, choose)
    return body


def _spoil(body: bytes, choose: random.Random) -> bytes:
    for _ in range(choose.randint(1, 4)):
        at = choose.randint(0, len(body))
        until = choose.choice((at, at, at + 1, at + 20, len(body)))
        body = body[:at] + choose.choice(SNIPPETS) + body[until:]
    return body


def _check_error(error: JobSourceError) -> None:
    assert str(error)
    assert error.hint
    assert len(str(error)) < 300
    assert len(error.vendor_text) <= LONGEST_TEXT
    assert len(error.code) <= 100
    (str(error) + str(error.hint) + error.vendor_text + error.code).encode()


def _check_job(found: VisualizationJob, rows: list[dict[str, object]]) -> None:
    # The truth, or nothing: each id and status was in the answer as it is.
    assert any(
        str(row.get("job_id")).removesuffix(".0") == str(int(found.id))
        and str(row.get("status")).removesuffix(".0") == str(found.status.value)
        for row in rows
    )
    assert len(found.service_url) <= LONGEST_LINK
    found.service_url.encode()
    for text in (found.name, found.description, found.train_url):
        assert len(text) <= LONGEST_TEXT
        text.encode()
