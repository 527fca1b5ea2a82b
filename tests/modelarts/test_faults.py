"""From a bad answer to whose fault it is, in the vendor's words and with something to do."""

from collections.abc import Mapping

import httpx
import pytest
from structlog.testing import capture_logs

from bot.core.errors import (
    JobNotFound,
    JobSourceError,
    LoginRefused,
    SourceRefused,
    SourceUnavailable,
)
from bot.core.job import JobId
from bot.modelarts.codes import JOB_NOT_FOUND, find_meaning
from bot.modelarts.faults import is_lock, read_answer
from tests.make import NOW

REFUSED = ["0101", "0103", "0104", "0105", "0106", "0107", "0108", "0112", "0113", "0116", "0118"]
REFUSED += ["0210", "1002", "1003", "2786", "2815", "2837"]
LOGIN = ["0201", "0202", "0203", "0204", "0206", "0207", "0212", "2784", "4127", "6620"]
DOWN = ["0010", "0012", "0013", "2799"]


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        *((400, f"ModelArts.{code}", SourceRefused) for code in REFUSED),
        *((401, f"ModelArts.{code}", LoginRefused) for code in LOGIN),
        *((500, f"ModelArts.{code}", SourceUnavailable) for code in DOWN),
        *((200, f"ModelArts.{code}", SourceUnavailable) for code in DOWN),
        (404, "ModelArts.0015", JobNotFound),
        (500, "ModelArts.0015", JobNotFound),
        (400, "ModelArts.0102", JobNotFound),
        (200, "ModelArts.0102", JobNotFound),
        (404, "APIG.0101", SourceRefused),
        (404, "APIGW.0101", SourceRefused),
        (400, "APIG.0201", SourceRefused),
        (413, "APIG.0201", SourceRefused),
        (502, "APIG.0201", SourceUnavailable),
        (504, "APIGW.0201", SourceUnavailable),
        (401, "APIG.0301", LoginRefused),
        (401, "APIGW.0303", LoginRefused),
        (401, "APIG.0305", LoginRefused),
        (401, "APIG.0307", LoginRefused),
        (403, "APIG.0302", SourceRefused),
        (403, "APIG.0306", SourceRefused),
        (403, "APIG.0310", SourceRefused),
        (429, "APIG.0308", SourceUnavailable),
        (500, "APIG.0601", SourceUnavailable),
        (500, "APIG.0606", SourceUnavailable),
        (500, "APIG.0608", SourceUnavailable),
        (500, "APIG.0611", SourceUnavailable),
        (502, "APIG.0610", SourceUnavailable),
        (503, "APIG.0613", SourceUnavailable),
        *((401, f"IAM.{code}", LoginRefused) for code in ("0001", "0061", "0062", "0066", "0067")),
        *((403, f"IAM.{code}", LoginRefused) for code in ("0002", "0003", "0081", "0082")),
        *((400, f"IAM.{code}", SourceRefused) for code in ("0007", "0011")),
        (429, "IAM.0012", SourceUnavailable),
        (500, "IAM.0006", SourceUnavailable),
    ],
)
@pytest.mark.parametrize("key", ["error_message", "error_msg"])
def test_every_documented_code_has_its_class_and_something_to_do(
    status: int, code: str, error: type[JobSourceError], key: str
) -> None:
    fault = _fault(status, {"error_code": code, key: "the vendor's words"})

    assert type(fault) is error
    assert (fault.code, fault.vendor_text) == (code, "the vendor's words")
    assert fault.hint
    assert find_meaning(code) is not None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, SourceRefused), (401, LoginRefused), (403, SourceRefused),
        (404, SourceUnavailable), (410, SourceUnavailable),
        (405, SourceRefused), (408, SourceUnavailable), (409, SourceRefused),
        (413, SourceRefused), (418, SourceRefused), (429, SourceUnavailable),
        (500, SourceUnavailable), (502, SourceUnavailable), (503, SourceUnavailable),
        (504, SourceUnavailable), (599, SourceUnavailable),
    ],
)  # fmt: skip
@pytest.mark.parametrize("body", ["", "<html>Bad Gateway</html>", "[]", "{}"])
def test_without_a_code_the_status_tells_who_is_at_fault(
    status: int, error: type[JobSourceError], body: str
) -> None:
    fault = _fault(status, body)

    assert type(fault) is error
    assert fault.hint
    assert fault.vendor_text == ""


@pytest.mark.parametrize("status", [200, 400, 404, 410, 500])
@pytest.mark.parametrize("code", sorted(JOB_NOT_FOUND))
def test_a_job_is_denied_by_modelarts_own_code_whatever_the_status(status: int, code: str) -> None:
    body = {"is_success": False, "error_code": code, "error_message": "resource does not exist"}
    fault = _fault(status, body)

    assert type(fault) is JobNotFound
    assert str(fault) == "ModelArts has no job 205."


SPRING = '{"timestamp":"2026-03-01T12:00:00Z","status":404,"error":"Not Found","path":"/v1/p/x"}'

NO_OBSERVATIONS = [
    (404, {"message": "no Route matched with those values"}),
    (404, {"message": "Not Found"}),
    (404, SPRING),
    (404, "<html><head><title>404 Not Found</title></head><body>nginx</body></html>"),
    (404, "404 page not found"),
    (404, "default backend - 404"),
    (404, ""),
    (404, {}),
    (404, "[]"),
    (410, ""),
    (410, {"error_msg": "The visualization job does not exist"}),
    (404, {"error": {"code": 404, "message": "Not Found", "title": "Not Found"}}),
    (404, {"error_code": "ModelArts.0050", "error_message": "the job does not exist"}),
    (404, {"error_code": "ModelArts.0050", "error_msg": "workspace not found"}),
    (404, {"error_code": "ModelArts.0010", "error_msg": "internal"}),
    (404, {"error_code": "ModelArts.2786", "error_message": "the resource does not exist"}),
    (404, {"error_code": "APIG.0101", "error_msg": "The API does not exist"}),
    (404, {"error_code": "APIG.9999", "error_msg": "job not found"}),
    (404, {"error_code": "0102", "error_msg": "job not found"}),
    (404, {"error_message": "Visualization job not found"}),
    (404, {"error_msg": "The project does not exist"}),
    (400, {"error_code": "ModelArts.0104", "error_msg": "The job does not exist."}),
    (400, {"error_code": "ModelArts.0102", "error_message": "Workspace does not exist"}),
    (400, {"error_code": "ModelArts.0210", "error_message": "project not found"}),
    (401, {"error_code": "APIG.0301", "error_msg": "ak does not exist"}),
    (401, {"error_msg": "x-auth-token not found"}),
    (503, {"error_msg": "backend not found"}),
    (200, {"is_success": False, "error_message": "Visualization job not found"}),
    (200, {"is_success": False, "error_message": "project does not exist"}),
]


@pytest.mark.parametrize(("status", "body"), NO_OBSERVATIONS)
def test_whatever_else_sounds_like_it_denies_no_job(
    status: int, body: Mapping[str, object] | str
) -> None:
    fault = _fault(status, body)

    assert isinstance(fault, SourceUnavailable | SourceRefused | LoginRefused)
    assert "no job" not in str(fault)
    assert fault.hint
    assert fault.is_missing is (status in {404, 410})


def test_a_not_found_in_nobodys_words_is_explained() -> None:
    fault = _fault(404, {"message": "no Route matched with those values"})

    assert type(fault) is SourceUnavailable
    assert str(fault) == ("“Not found” (HTTP 404), without ModelArts' own code for it.")
    assert "a gateway or a proxy" in str(fault.hint)
    assert fault.vendor_text == "no Route matched with those values"


@pytest.mark.parametrize("code", sorted(JOB_NOT_FOUND))
def test_only_an_answer_about_one_job_can_mean_that_it_is_gone(code: str) -> None:
    with pytest.raises(SourceRefused):
        read_answer(_response(404, {"error_code": code}), now=NOW)


@pytest.mark.parametrize("no", [False, "false", "False "])
def test_an_explicit_no_is_a_failure_even_with_http_200(no: object) -> None:
    fault = _fault(200, {"is_success": no, "job_id": 205, "status": 8})

    assert type(fault) is SourceRefused
    assert str(fault) == "ModelArts refused the request."


@pytest.mark.parametrize("yes", [True, None, "true"])
def test_success_need_not_be_said(yes: object) -> None:
    body = {"is_success": yes, "job_id": 205, "error_code": None, "error_message": ""}

    assert read_answer(_response(200, body), now=NOW)["job_id"] == 205


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_2xx_is_good(status: int) -> None:
    assert read_answer(_response(status, {"job_id": 205}), now=NOW) == {"job_id": 205}


def test_keystones_nested_error_is_read() -> None:
    body = {"error": {"code": 401, "message": "Unauthorized", "title": "Unauthorized"}}
    fault = _fault(401, body)

    assert (fault.code, fault.vendor_text) == ("401", "Unauthorized")


def test_the_vendors_words_stay_verbatim_but_for_their_length() -> None:
    words = "<!channel> *no* " + "x" * 5000

    assert _fault(400, {"error_msg": words}).vendor_text == words[:2000]


@pytest.mark.parametrize("odd", [5, None, [], {"a": 1}, True])
def test_odd_codes_and_words_do_no_harm(odd: object) -> None:
    fault = _fault(400, {"error_code": odd, "error_msg": odd, "error": odd})

    assert type(fault) is SourceRefused
    assert fault.vendor_text == ""


@pytest.mark.parametrize(
    "kind",
    ["application/json;charset=utf8", "Application/JSON", "", "text/plain; charset=utf-8",
     "text/html", "application/octet-stream"],
)  # fmt: skip
def test_the_body_tells_that_it_is_json_and_not_the_header(kind: str) -> None:
    assert read_answer(_response(200, {"job_id": 205}, {"Content-Type": kind}), now=NOW)


@pytest.mark.parametrize(
    ("header", "words", "seconds"),
    [
        ("17", "", 17),
        (" 0 ", "", 0),
        ("3600", "", 3600),
        ("3601", "", 3600),
        ("1000000000000000000", "", 3600),
        ("9" * 5000, "", 3600),
        ("1e18", "", 3600),
        ("1e999", "", 3600),
        ("1.5", "", 1.5),
        ("inf", "", None),
        ("nan", "", None),
        ("-1000000000000000000", "", None),
        ("Tue, 24 Mar 2026 14:18:05 GMT", "", 60),
        ("Tue, 24 Mar 2026 14:13:00 GMT", "", 0),
        ("Fri, 02 Jan 9999 03:00:00 GMT", "", 3600),
        ("Tue, 24 Mar 2026 14:18:05", "", None),
        ("Tue, 99 Mar 2026 14:18:05 GMT", "", None),
        ("", "limit:1,time:5 day", 3600),
        ("5", "policy user over ratelimit,limit:60,time:1 minute", 5),
        ("", "policy user over ratelimit,limit:60,time:1 minute", 60),
        ("soon", "limit:2000,time:30 second", 30),
        ("-5", "10 times per 60 seconds", 60),
        ("1e3", "", 1000),
        ("٣", "", None),
        ("", "", None),
    ],
)
def test_how_long_the_cloud_asks_us_to_wait(header: str, words: str, seconds: float | None) -> None:
    fault = _fault(429, {"error_code": "APIG.0308", "error_msg": words}, retry_after=header)

    assert isinstance(fault, SourceUnavailable)
    assert fault.retry_after == seconds
    assert str(fault) == "ModelArts asks us to slow down."


@pytest.mark.parametrize(
    ("header", "event"),
    [
        ("1000000000000000000", "retry_after_capped"),
        ("Fri, 02 Jan 9999 03:00:00 GMT", "retry_after_capped"),
        ("-5", "retry_after_unreadable"),
        ("soon", "retry_after_unreadable"),
        ("3600", None),
        ("", None),
    ],
)
def test_a_wait_that_nobody_can_mean_is_logged(header: str, event: str | None) -> None:
    with capture_logs() as logs:
        _fault(429, {"error_code": "APIG.0308"}, retry_after=header)

    assert [line["event"] for line in logs] == ([event] if event else [])


def test_the_request_id_is_quoted_for_the_clouds_support() -> None:
    response = _response(500, "", {"X-Request-Id": "4f5c-01"})
    with pytest.raises(SourceUnavailable) as caught:
        read_answer(response, now=NOW)

    assert str(caught.value.hint).endswith("Request id: 4f5c-01.")


def test_an_odd_request_id_is_not_repeated() -> None:
    response = _response(500, "", {"X-Request-Id": "<!channel>"})
    with pytest.raises(SourceUnavailable) as caught:
        read_answer(response, now=NOW)

    assert "channel" not in str(caught.value.hint)


@pytest.mark.parametrize(
    ("code", "words", "locked"),
    [
        ("IAM.0061", "", True),
        ("APIG.0301", "AK access failed to reach the limit,forbidden", True),
        ("APIG.0301", "verify aksk signature fail", False),
        ("IAM.0062", "wrong password", False),
    ],
)
def test_a_lock_is_known_by_its_code_or_its_words(code: str, words: str, *, locked: bool) -> None:
    assert is_lock(_fault(401, {"error_code": code, "error_msg": words})) is locked


def _fault(
    status: int, body: Mapping[str, object] | str, *, retry_after: str = ""
) -> JobSourceError:
    headers = {"Retry-After": retry_after.encode()}
    with pytest.raises(JobSourceError) as caught:
        read_answer(_response(status, body, headers), now=NOW, job_id=JobId(205))
    return caught.value


def _response(
    status: int,
    body: Mapping[str, object] | str,
    headers: dict[str, str] | dict[str, bytes] | None = None,
) -> httpx.Response:
    request = httpx.Request(
        "GET", "https://modelarts.example/", extensions={"service": "ModelArts"}
    )
    raw = [(name.encode(), _raw(value)) for name, value in (headers or {}).items()]
    if isinstance(body, str):
        return httpx.Response(status, content=body.encode(), headers=raw, request=request)
    return httpx.Response(status, json=body, headers=raw, request=request)


def _raw(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
