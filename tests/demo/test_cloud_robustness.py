"""Whatever arrives, the stand-in cloud answers in one of its own shapes."""

import asyncio
import io
import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.demo.cloud import StandInCloud
from bot.demo.cloud.answer_faults import encode
from bot.demo.cloud.answers import Refused
from bot.demo.cloud.api import JobsApi
from bot.demo.cloud.auth import CloudCredentials, Gatekeeper
from bot.demo.cloud.cast import demo_jobs
from bot.demo.cloud.iam import Iam
from bot.demo.cloud.routes import MOST_BODY, Routes
from bot.demo.cloud.signature import SentRequest, is_signed, read_authorization
from tests.demo.cloud_caller import NOON, calling
from tests.fakes import ManualClock

# How fast inputs are made says nothing of the cloud.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

PROJECT = "0123456789abcdef0123456789abcdef"
# Text as JSON can have it, with halves of surrogate pairs, and as the wire can bring it.
ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=40)
WIRE = st.binary(max_size=40).map(lambda data: data.decode(errors="surrogateescape")) | st.text(
    max_size=40
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANYTHING,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANYTHING, inner, max_size=4),
    max_leaves=12,
)
CREATION = st.fixed_dictionaries(
    {},
    optional={
        "job_name": st.just("fresh") | JSON,
        "train_url": st.just("/a/") | JSON,
        "job_desc": ANYTHING | JSON,
        "schedule": JSON,
        "flavor": JSON,
    },
)
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "authorization", "x-sdk-date", "x-auth-token", "host"]),
    WIRE
    | st.sampled_from(
        [
            "application/json",
            "20260102T120000Z",
            "SDK-HMAC-SHA256 Access=VISJOBDEMOACCESSKEY1, SignedHeaders=host;x-sdk-date, "
            f"Signature={'0' * 64}",
        ]
    ),
)


class OpenGate(Gatekeeper):
    """Lets everybody in, so that what lies behind is reached."""

    def admit(self, request: SentRequest) -> None:
        """Let a request pass."""


def routes(*, is_open: bool) -> Routes:
    clock, credentials = ManualClock(NOON), CloudCredentials()
    kind = OpenGate if is_open else Gatekeeper
    gate = kind(credentials, PROJECT, clock)
    iam = Iam(gate=gate, credentials=credentials, project_id=PROJECT)
    return Routes(gate=gate, iam=iam, api=JobsApi(demo_jobs(NOON), clock, 1.0), project_id=PROJECT)


def shape_of(routes: Routes, request: SentRequest) -> set[str]:
    try:
        answer = routes.answer(request, "http://127.0.0.1")
    except Refused as refused:
        answer = refused.answer
    return set(json.loads(encode(answer).body))


KNOWN_KEYS = {"is_success", "error_code", "error", "version", "token", "projects"}


@patient
@given(method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]), tail=WIRE)
def test_any_path_and_query_is_answered(method: str, tail: str) -> None:
    for path in (f"/v1/{PROJECT}/visualization-jobs", "/v3/", "/"):
        line, _, query = f"{path}{tail}".partition("?")
        request = SentRequest(
            method=method, path=line, query=query, headers={"content-length": "0"}, body=b""
        )

        assert shape_of(routes(is_open=True), request) & KNOWN_KEYS


@patient
@given(query=st.dictionaries(st.sampled_from(["page", "per_page", "status", "sortBy"]), WIRE))
def test_any_value_of_a_known_parameter_is_answered(query: dict[str, str]) -> None:
    request = SentRequest(
        method="GET",
        path=f"/v1/{PROJECT}/visualization-jobs",
        query="&".join(f"{key}={value}" for key, value in query.items()),
        headers={},
        body=b"",
    )

    assert "is_success" in shape_of(routes(is_open=True), request)


@patient
@given(body=CREATION | JSON)
@pytest.mark.slow
def test_any_body_is_answered_and_what_was_created_can_be_listed(body: object) -> None:
    there = routes(is_open=True)
    path = f"/v1/{PROJECT}/visualization-jobs"
    headers = {"content-length": "1", "content-type": "application/json"}
    data = json.dumps(body).encode()

    for method, where in (("POST", path), ("PUT", f"{path}/205"), ("POST", "/v3/auth/tokens")):
        request = SentRequest(method=method, path=where, query="", headers=headers, body=data)
        assert shape_of(there, request) & KNOWN_KEYS
    listing = SentRequest(method="GET", path=path, query="per_page=100", headers={}, body=b"")
    assert "jobs" in shape_of(there, listing)


@patient
@given(headers=HEADERS, path=WIRE, query=WIRE)
def test_any_credentials_are_refused_in_the_gateways_shape(
    headers: dict[str, str], path: str, query: str
) -> None:
    request = SentRequest(
        method="GET",
        path=f"/v1/{PROJECT}/visualization-jobs/{path}",
        query=query,
        headers=headers,
        body=b"",
    )

    assert "error_code" in shape_of(routes(is_open=False), request)


@patient
@given(text=WIRE)
def test_any_claim_is_read_or_none_and_never_holds_by_chance(text: str) -> None:
    header = f"SDK-HMAC-SHA256 Access={text}, SignedHeaders=x-sdk-date, Signature={'0' * 64}"
    request = SentRequest(
        method="GET", path=text, query=text, headers={"x-sdk-date": text}, body=b""
    )
    authorization = read_authorization(header)

    assert authorization is None or not is_signed(request, authorization, "secret")


async def raw(cloud: StandInCloud, data: bytes) -> bytes:
    host, _, port = cloud.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(data)
    try:
        return await reader.readuntil(b"\r\n")
    finally:
        writer.close()


async def test_reset_is_a_reset_and_no_farewell() -> None:
    async with calling() as call:
        call.cloud.faults.add("reset")
        with pytest.raises(ConnectionResetError):
            await raw(call.cloud, f"GET /v1/{PROJECT}/x HTTP/1.1\r\nHost: x\r\n\r\n".encode())


async def test_bytes_that_are_no_text_are_refused_not_stumbled_over() -> None:
    async with calling() as call:
        line = f"GET /v1/{call.cloud.project_id}/visualization-jobs".encode()
        in_path = await raw(call.cloud, line + b"/%ff HTTP/1.1\r\nHost: x\r\n\r\n")
        in_header = await raw(
            call.cloud, line + b" HTTP/1.1\r\nHost: x\r\nX-Auth-Token: \xff\xfe\r\n\r\n"
        )

    assert b" 401 " in in_path
    assert b" 401 " in in_header


async def test_body_of_unknown_length_is_refused_and_so_is_one_too_long() -> None:
    async with calling() as call:
        url = f"{call.cloud.url}/v1/{call.cloud.project_id}/visualization-jobs"

        async def pieces() -> AsyncIterator[bytes]:
            yield b"{}"

        async with call.session.post(url, data=pieces()) as response:
            unknown = response.status
        big = io.BytesIO(b" " * MOST_BODY + b" ")
        async with call.session.post(url, data=big) as response:
            too_long = await response.json()

    assert unknown == 411
    assert too_long["error_msg"] == "Bad request: the body exceeds 12 MB"
