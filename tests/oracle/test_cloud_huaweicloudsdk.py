"""The stand-in cloud's signature check under the signer and the client of the vendor's own kit."""

import asyncio
import types
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.demo.cloud import StandInCloud
from bot.demo.cloud.signature import SentRequest, is_signed, read_authorization
from tests.fakes import ManualClock

# What other packages warn of is not ours to mend.
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

PROJECT = "0123456789abcdef0123456789abcdef"
JOBS = f"/v1/{PROJECT}/visualization-jobs"
SIGNED_AT = "20260102T030405Z"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The vendor's client writes a file into the home directory."""
    monkeypatch.setenv("HOME", str(tmp_path))


def sign(method: str, path: str, query: list[tuple[str, str]], body: str) -> tuple[Any, str]:
    """The kit's request after signing, and its query as the kit sends it."""
    signer = pytest.importorskip("huaweicloudsdkcore.signer.signer")
    request = pytest.importorskip("huaweicloudsdkcore.sdk_request")
    credentials = pytest.importorskip("huaweicloudsdkcore.auth.credentials")
    headers = {"X-Sdk-Date": SIGNED_AT, "X-Project-Id": PROJECT}
    if body:
        headers["Content-Type"] = "application/json"
    unsigned = request.SdkRequest(
        method=method,
        schema="https",
        host="modelarts.eu-de.otc.t-systems.com",
        resource_path=path,
        query_params=query,
        header_params=headers,
        body=body,
    )
    keys = credentials.BasicCredentials("AccessKey", "SecretKey", PROJECT)
    signed = signer.Signer(keys).sign(unsigned)
    return signed, signed.uri.partition("?")[2]


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", f"{JOBS}/197", [], ""),
        ("GET", JOBS, [("status", "8"), ("per_page", "100"), ("page", "1")], ""),
        ("GET", JOBS, [("search_content", "")], ""),
        ("GET", JOBS, [("search_content", "my job/α+1 ~*&=#?%")], ""),
        ("GET", JOBS, [("search_content", "日本語 🤖"), ("sortBy", "status")], ""),
        ("GET", JOBS, [("b", "1"), ("B", "2"), ("_", "3"), ("a", "2"), ("a", "10")], ""),
        ("POST", f"{JOBS}/197/stop", [], ""),
        ("DELETE", f"{JOBS}/197", [], ""),
        ("PUT", f"{JOBS}/197", [], '{"job_desc": "h\u00e9llo"}'),
        ("POST", JOBS, [], '{"job_name":"x","train_url":"/obs/name/"}'),
    ],
)
def test_vendors_signature_holds_here_and_with_another_key_it_does_not(
    method: str, path: str, query: list[tuple[str, str]], body: str
) -> None:
    signed, sent_query = sign(method, path, query, body)
    headers = {name.lower(): value for name, value in signed.header_params.items()}
    request = SentRequest(
        method=method, path=path, query=sent_query, headers=headers, body=body.encode()
    )
    authorization = read_authorization(headers["authorization"])

    assert authorization is not None
    assert authorization.access_key == "AccessKey"
    assert is_signed(request, authorization, "SecretKey")
    assert not is_signed(request, authorization, "SecretKez")


@pytest.fixture
async def cloud() -> AsyncIterator[StandInCloud]:
    # The kit signs with the time of the wall, so the cloud goes by it, too.
    cloud = StandInCloud(clock=ManualClock(datetime.now(UTC)))
    await cloud.start()
    yield cloud
    await cloud.close()


async def test_vendors_client_gets_through(cloud: StandInCloud) -> None:
    def call(method: str, path: str, query: list[tuple[str, object]], body: object) -> int:
        return call_as_vendor(cloud, method, path, query, body)

    statuses = [
        await asyncio.to_thread(call, *request)
        for request in [
            ("GET", "/197", [], None),
            ("GET", "", [("search_content", "a b/*~+ü"), ("per_page", 3)], None),
            ("POST", "/205/stop", [], None),
            ("PUT", "/205", [], {"job_desc": "h\u00e9llo"}),
            ("DELETE", "/188", [], None),
        ]
    ]

    assert statuses == [200] * 5
    assert {seen.auth for seen in cloud.journal} == {"key"}
    assert cloud.journal[1].query == "per_page=3&search_content=a%20b%2F%2A~%2B%C3%BC"


def call_as_vendor(
    cloud: StandInCloud,
    method: str,
    path: str,
    query: list[tuple[str, object]],
    body: object,
) -> int:
    credentials = pytest.importorskip("huaweicloudsdkcore.auth.credentials")
    kit = pytest.importorskip("huaweicloudsdkcore.client")
    answer = pytest.importorskip("huaweicloudsdkcore.sdk_response").SdkResponse
    known = cloud.credentials
    keys = credentials.BasicCredentials(known.access_key, known.secret_key, cloud.project_id)
    client = kit.ClientBuilder(kit.Client).with_credentials(keys).with_endpoint(cloud.url).build()
    # The kit looks for the class of the answer in a module of its own.
    empty: dict[str, object] = {"sensitive_list": [], "openapi_types": {}, "attribute_map": {}}
    client.model_package = types.SimpleNamespace(Told=type("Told", (answer,), empty))
    told = client.do_http_request(
        method=method,
        resource_path="/v1/{project_id}/visualization-jobs" + path,
        path_params={},
        query_params=query,
        header_params={"Content-Type": "application/json"},
        body=body,
        response_type="Told",
        collection_formats={},
    )
    return int(told.status_code)
