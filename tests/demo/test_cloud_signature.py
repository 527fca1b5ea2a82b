"""The stand-in cloud's own check of SDK-HMAC-SHA256 against recorded vectors."""

from urllib.parse import quote

import pytest

from bot.demo.cloud.signature import (
    AuthorizationHeader,
    SentRequest,
    canonical_hash,
    is_signed,
    read_authorization,
    signature_of,
)

PROJECT = "0123456789abcdef0123456789abcdef"
JOBS = f"/v1/{PROJECT}/visualization-jobs"
JSON = {"content-type": "application/json"}
SEARCH = "status=8&per_page=100&page=1&sortBy=create_time&order=desc&search_content=" + quote(
    "my job/α+1 ~*", safe=""
)

PUBLIC = [
    ("GET", b"", "cfb4171acec81de07d50e53d57eb77edd537414d66ddb1d7d780f128e12cd842"),
    (
        "POST",
        b'{"name":"test","id":1}',
        "436b1ac0a1ae03705934bb70ef2f2e09f7bfed2117d731a38235053199323a1f",
    ),
]
OURS = [
    pytest.param(
        SentRequest(method=method, path=path, query=query, headers=headers, body=body),
        signature,
        id=name,
    )
    for name, method, path, query, headers, body, signature in [
        (
            "detail",
            *("GET", f"{JOBS}/197", "", {}, b""),
            "5b6a643e27893eb65e966d9384c546b32d9a133cdba559043c57a356c1befd61",
        ),
        (
            "search with reserved characters",
            *("GET", JOBS, SEARCH, {}, b""),
            "42ce298ef03bb3240d402ec7b1c3980d0e3ff2ab8138b14c9faaa6538753ee05",
        ),
        (
            "empty value",
            *("GET", JOBS, "search_content=", {}, b""),
            "90b742e8d29be9dd92b71538712970e62f06fca32f71a346d1334dfba2588b20",
        ),
        (
            "repeated keys",
            *("GET", JOBS, "a=2&a=1&A=x", {}, b""),
            "44b6e71e360d78fb816846b97aa8edefb2925476ffd4789f0e522b7bb3ec3bd0",
        ),
        (
            "temporary key",
            *("GET", JOBS, "", {"x-security-token": "sts-token"}, b""),
            "e823be2bc328d45b37b2cabff1bfd4820127cf1f2004e6cee758e53406bc220d",
        ),
        (
            "stop",
            *("POST", f"{JOBS}/197/stop", "", {}, b""),
            "85b76bc6196dd1382a6c030c9324162a45cecb0533c767e373d309eff8915d47",
        ),
        (
            "delete",
            *("DELETE", f"{JOBS}/197", "", {}, b""),
            "a34d90d5c4a822398000789368fa985f8e4bb22c74b458ce4383683d3608dd68",
        ),
        (
            "update with an umlaut's cousin",
            *("PUT", f"{JOBS}/197", "", JSON, '{"job_desc": "héllo"}'.encode()),
            "400d643e1d9ace6f72cbbda0ac50a2fb2bcb041733e033c2fd1160512d947b11",
        ),
        (
            "create",
            "POST",
            JOBS,
            "",
            JSON,
            b'{"job_name":"visualization-job","train_url":"/obs/name/"}',
            "b0894ac0120bbc7e91cff8a2a6c4eabd1726fb9cac3bb19fc353f5316288ef50",
        ),
    ]
]


@pytest.mark.parametrize(("method", "body", "signature"), PUBLIC)
def test_signature_agrees_with_the_vectors_of_the_public_kit(
    method: str, body: bytes, signature: str
) -> None:
    headers = {"host": "service.endpoint.myhuaweicloud.com", "x-sdk-date": "20200608T023900Z"}
    request = SentRequest(
        method=method, path="/resources", query="size=1", headers=headers, body=body
    )

    assert signature_of(request, ("host", "x-sdk-date"), "SecretKey") == signature


def test_canonical_request_agrees_with_the_signing_guide() -> None:
    request = SentRequest(
        method="GET",
        path="/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs",
        query="limit=2&marker=13551d6b-755d-4757-b956-536f674975c0",
        headers={
            "content-type": "application/json",
            "host": "service.region.example.com",
            "x-sdk-date": "20191115T033655Z",
        },
        body=b"",
    )

    assert (
        canonical_hash(request, ("content-type", "host", "x-sdk-date"))
        == "b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"
    )


@pytest.mark.parametrize(("request_", "signature"), OURS)
def test_signature_agrees_with_the_vectors_of_this_api(
    request_: SentRequest, signature: str
) -> None:
    headers = {
        "host": "modelarts.eu-de.otc.t-systems.com",
        "x-project-id": PROJECT,
        "x-sdk-date": "20260102T030405Z",
        **request_.headers,
    }
    request = SentRequest(
        method=request_.method,
        path=request_.path,
        query=request_.query,
        headers=headers,
        body=request_.body,
    )

    assert signature_of(request, tuple(headers), "SecretKey") == signature


def test_claim_is_read_from_the_documented_form() -> None:
    header = f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature={'a' * 64}"

    assert read_authorization(header) == AuthorizationHeader(
        access_key="AK", signed_headers=("host", "x-sdk-date"), signature="a" * 64
    )


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer abc",
        f"SDK-HMAC-SHA256 Access=AK,SignedHeaders=host,Signature={'a' * 64}",
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature={'A' * 64}",
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature={'a' * 63}",
        f"SDK-HMAC-SHA256 Credential=AK/sdk_request, SignedHeaders=host, Signature={'a' * 64}",
    ],
)
def test_claim_in_another_form_is_none(header: str) -> None:
    assert read_authorization(header) is None


def test_signature_without_the_date_or_with_an_absent_header_does_not_hold() -> None:
    headers = {"x-sdk-date": "20260102T030405Z", "host": "h"}
    request = SentRequest(method="GET", path="/", query="", headers=headers, body=b"")

    def holds(*names: str, present: tuple[str, ...] = ()) -> bool:
        signature = signature_of(request, present or names, "secret")
        authorization = AuthorizationHeader(
            access_key="AK", signed_headers=names, signature=signature
        )
        return is_signed(request, authorization, "secret")

    assert holds("x-sdk-date")
    assert holds("host", "x-sdk-date")
    assert not holds("host")
    assert not holds("absent", "x-sdk-date", present=("x-sdk-date",))


def test_space_around_a_header_is_not_signed() -> None:
    def signature(host: str) -> str:
        headers = {"x-sdk-date": "20260102T030405Z", "host": host}
        request = SentRequest(method="GET", path="/", query="", headers=headers, body=b"")
        return signature_of(request, ("host", "x-sdk-date"), "secret")

    assert signature(" h\t") == signature("h")


def test_body_can_be_left_unsigned_by_the_header_that_says_so() -> None:
    headers = {"x-sdk-date": "20260102T030405Z", "x-sdk-content-sha256": "UNSIGNED-PAYLOAD"}

    def signature(body: bytes) -> str:
        request = SentRequest(method="PUT", path="/", query="", headers=headers, body=body)
        return signature_of(request, tuple(headers), "secret")

    assert signature(b"one") == signature(b"other")
