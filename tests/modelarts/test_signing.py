"""The signature against vectors made by the vendor's own code, and against a second derivation."""

import hashlib
import hmac
from urllib.parse import quote_from_bytes

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.modelarts.signing import authorize, canonical_query, canonical_request
from tests.modelarts.scripted import JOBS, PROJECT

HOST = "modelarts.eu-de.otc.t-systems.com"
DATED = {"Host": HOST, "X-Project-Id": PROJECT, "X-Sdk-Date": "20260102T030405Z"}
JSON = {**DATED, "Content-Type": "application/json"}
FILTER = [
    ("status", "8"),
    ("per_page", "100"),
    ("page", "1"),
    ("sortBy", "create_time"),
    ("order", "desc"),
    ("search_content", "my job/α+1 ~*"),
]

Query = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "body", "signature"),
    [
        pytest.param(
            "GET", f"{JOBS}/197", [], DATED, "",
            "5b6a643e27893eb65e966d9384c546b32d9a133cdba559043c57a356c1befd61",
            id="detail",
        ),
        pytest.param(
            "GET", JOBS, FILTER, DATED, "",
            "42ce298ef03bb3240d402ec7b1c3980d0e3ff2ab8138b14c9faaa6538753ee05",
            id="list with odd text",
        ),
        pytest.param(
            "GET", JOBS, [("search_content", "")], DATED, "",
            "90b742e8d29be9dd92b71538712970e62f06fca32f71a346d1334dfba2588b20",
            id="empty value",
        ),
        pytest.param(
            "GET", JOBS, [("a", "2"), ("a", "1"), ("A", "x")], DATED, "",
            "44b6e71e360d78fb816846b97aa8edefb2925476ffd4789f0e522b7bb3ec3bd0",
            id="repeated keys",
        ),
        pytest.param(
            "GET", JOBS, [], {**DATED, "X-Security-Token": "sts-token"}, "",
            "e823be2bc328d45b37b2cabff1bfd4820127cf1f2004e6cee758e53406bc220d",
            id="security token",
        ),
        pytest.param(
            "POST", f"{JOBS}/197/stop", [], DATED, "",
            "85b76bc6196dd1382a6c030c9324162a45cecb0533c767e373d309eff8915d47",
            id="stop",
        ),
        pytest.param(
            "DELETE", f"{JOBS}/197", [], DATED, "",
            "a34d90d5c4a822398000789368fa985f8e4bb22c74b458ce4383683d3608dd68",
            id="delete",
        ),
        pytest.param(
            "PUT", f"{JOBS}/197", [], JSON, '{"job_desc": "héllo"}',
            "400d643e1d9ace6f72cbbda0ac50a2fb2bcb041733e033c2fd1160512d947b11",
            id="update",
        ),
        pytest.param(
            "POST", JOBS, [], JSON,
            '{"job_name":"visualization-job","train_url":"/obs/name/"}',
            "b0894ac0120bbc7e91cff8a2a6c4eabd1726fb9cac3bb19fc353f5316288ef50",
            id="create",
        ),
    ],
)  # fmt: skip
def test_requests_of_this_api_are_signed_as_the_vendor_signs_them(
    method: str, path: str, query: Query, headers: dict[str, str], body: str, signature: str
) -> None:
    authorization = authorize(
        method=method,
        path=path,
        query=query,
        headers=headers,
        body=body.encode(),
        access_key="AccessKey",
        secret_key="SecretKey",
    )

    names = ";".join(sorted(name.lower() for name in headers))
    assert authorization == (
        f"SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders={names}, Signature={signature}"
    )


# github.com/huaweicloud/huaweicloud-sdk-python-v3, huaweicloud-sdk-core/tests/test_signer.py
@pytest.mark.parametrize(
    ("method", "body", "signature"),
    [
        ("GET", "", "cfb4171acec81de07d50e53d57eb77edd537414d66ddb1d7d780f128e12cd842"),
        (
            "POST",
            '{"name":"test","id":1}',
            "436b1ac0a1ae03705934bb70ef2f2e09f7bfed2117d731a38235053199323a1f",
        ),
    ],
)
def test_the_vendors_published_vectors_hold(method: str, body: str, signature: str) -> None:
    authorization = authorize(
        method=method,
        path="/resources",
        query=[("size", "1")],
        headers={
            "host": "service.endpoint.myhuaweicloud.com",
            "x-sdk-date": "20200608T023900Z",
        },
        body=body.encode(),
        access_key="AccessKey",
        secret_key="SecretKey",
    )

    assert authorization.endswith(f"Signature={signature}")


# support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
def test_the_published_canonical_request_holds() -> None:
    request = canonical_request(
        method="GET",
        path="/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs",
        query=[("limit", "2"), ("marker", "13551d6b-755d-4757-b956-536f674975c0")],
        headers={
            "content-type": "application/json",
            "host": "service.region.example.com",
            "x-sdk-date": "20191115T033655Z",
        },
        body=b"",
    )

    assert hashlib.sha256(request.encode()).hexdigest() == (
        "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"
    )


def test_the_query_that_is_sent_is_the_one_that_is_signed() -> None:
    query = canonical_query(FILTER)

    assert query == (
        "order=desc&page=1&per_page=100&search_content=my%20job%2F%CE%B1%2B1%20~%2A"
        "&sortBy=create_time&status=8"
    )
    assert httpx.URL(f"https://{HOST}{JOBS}?{query}").query.decode() == query


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(st.tuples(texts, texts), max_size=6), st.binary(max_size=50), texts)
@settings(deadline=None)
def test_any_request_is_signed_as_a_second_derivation_signs_it(
    query: Query, body: bytes, secret_key: str
) -> None:
    authorization = authorize(
        method="GET",
        path=f"{JOBS}/197",
        query=query,
        headers=DATED,
        body=body,
        access_key="AccessKey",
        secret_key=secret_key,
    )

    assert authorization.rpartition("=")[2] == _derive_again(query, body, secret_key)


def _derive_again(query: Query, body: bytes, secret_key: str) -> str:
    """The vendor's nine steps over bytes, sharing nothing with the code under test."""

    def percent(text: str) -> bytes:
        return quote_from_bytes(text.encode("utf-8"), safe=b"").encode()

    pairs = sorted((key, value) for key, value in query)
    text = (
        b"GET\n"
        + f"{JOBS}/197/\n".encode()
        + b"&".join(percent(key) + b"=" + percent(value) for key, value in pairs)
        + f"\nhost:{HOST}\nx-project-id:{PROJECT}\nx-sdk-date:20260102T030405Z\n\n".encode()
        + b"host;x-project-id;x-sdk-date\n"
        + hashlib.sha256(body).hexdigest().encode()
    )
    to_sign = b"SDK-HMAC-SHA256\n20260102T030405Z\n" + hashlib.sha256(text).hexdigest().encode()
    return hmac.new(secret_key.encode(), to_sign, "sha256").hexdigest()
