"""Tokens and key pairs at the stand-in cloud's door, and how it locks."""

from datetime import timedelta

import pytest

from bot.demo.cloud.auth import CloudCredentials
from tests.demo.cloud_caller import Caller, Got, calling

JOB = "visualization-jobs/205"
PREFIX = "Incorrect IAM authentication information: "


def refusal(got: Got) -> tuple[int, str, str]:
    return got.status, got.data["error_code"], got.data["error_msg"].removeprefix(PREFIX)


async def test_request_without_credentials_is_refused() -> None:
    async with calling() as call:
        call.auth = False
        got = await call("GET", JOB)

    assert refusal(got) == (401, "APIG.0301", "x-auth-token not found")


async def test_token_comes_in_the_header_and_opens_the_project_for_a_day() -> None:
    async with calling() as call:
        login = await call.log_in()
        call.token = login.headers["X-Subject-Token"]
        call.clock.advance(hours=23, minutes=59)
        fresh = await call("GET", JOB)
        call.clock.advance(minutes=1)
        stale = await call("GET", JOB)

    assert login.status == 201
    assert login.data["token"]["expires_at"] == "2026-01-03T12:00:00.000000Z"
    assert login.data["token"]["issued_at"] == "2026-01-02T12:00:00.000000Z"
    assert login.data["token"]["project"]["id"] == call.cloud.project_id
    assert call.token not in login.body.decode()
    assert len(call.token) > 2000
    assert fresh.status == 200
    assert refusal(stale) == (
        401,
        "APIG.0301",
        "token expires, expires_at:2026-01-03T12:00:00.000000Z",
    )


async def test_new_token_leaves_the_old_one_good_until_all_are_voided() -> None:
    async with calling() as call:
        first, second = [(await call.log_in()).headers["X-Subject-Token"] for _ in range(2)]
        call.token = first
        before = await call("GET", JOB)
        call.cloud.void_tokens()
        after = await call("GET", JOB)

    assert first != second
    assert before.status == 200
    assert refusal(after) == (401, "APIG.0301", "decrypt token fail")


@pytest.mark.parametrize(
    ("query", "has_catalog"),
    [("", True), ("?nocatalog=", True), ("?nocatalog=true", False), ("?nocatalog=x", False)],
)
async def test_catalog_comes_unless_it_is_declined(query: str, has_catalog: bool) -> None:
    async with calling() as call:
        got = await call_with_scope(call, {"project": {"name": "eu-de"}}, query)
        url = call.cloud.url

    assert ("catalog" in got.data["token"]) is has_catalog
    if has_catalog:
        catalog = {one["type"]: one["endpoints"][0]["url"] for one in got.data["token"]["catalog"]}
        assert catalog["modelartsv1"] == f"{url}/v1/{call.cloud.project_id}"


async def call_with_scope(call: Caller, scope: object, query: str = "") -> Got:
    known = call.cloud.credentials
    user = {
        "name": known.username,
        "password": known.password,
        "domain": {"name": known.domain},
    }
    identity = {"methods": ["password"], "password": {"user": user}}
    auth = {"identity": identity, **({"scope": scope} if scope else {})}
    plain = Caller(call.cloud, call.clock, call.session, auth=False)
    return await plain("POST", f"/v3/auth/tokens{query}", {"auth": auth})


async def test_token_without_a_project_opens_nothing() -> None:
    async with calling() as call:
        login = await call_with_scope(call, None)
        call.token = login.headers["X-Subject-Token"]
        got = await call("GET", JOB)

    assert "project" not in login.data["token"]
    assert login.data["token"]["domain"]["name"] == call.cloud.credentials.domain
    assert (got.status, got.data["error_code"]) == (401, "ModelArts.0204")


async def test_login_to_an_unknown_project_is_not_found() -> None:
    async with calling() as call:
        got = await call_with_scope(call, {"project": {"name": "eu-nl"}})

    assert got.status == 404
    assert got.data["error"]["title"] == "Not Found"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"auth":{}}', b'{"auth":{"identity":1}}'])
async def test_login_with_another_body_is_invalid(body: bytes) -> None:
    async with calling() as call:
        call.auth, call.extra = False, {"Content-Type": "application/json"}
        got = await call("POST", "/v3/auth/tokens", body)

    assert (got.status, got.data["error_code"]) == (400, "IAM.0011")


async def test_projects_are_found_by_the_name_of_their_region() -> None:
    async with calling() as call:
        found = await call("GET", "/v3/projects?name=eu-de")
        none = await call("GET", "/v3/projects?name=eu-nl")
        call.auth = False
        refused = await call("GET", "/v3/projects")

    assert [one["id"] for one in found.data["projects"]] == [call.cloud.project_id]
    assert none.data["projects"] == []
    assert refused.status == 401


async def test_version_document_points_to_itself_and_other_paths_are_unknown() -> None:
    async with calling() as call:
        call.auth = False
        version = (await call("GET", "/v3")).data["version"]
        unknown = await call("GET", "/v3/users")

        assert version["links"][0]["href"] == f"{call.cloud.url}/v3/"
    assert (unknown.status, unknown.data["error_code"]) == (404, "IAM.0004")


@pytest.mark.parametrize(
    "change", [{"password": "guess"}, {"name": "nobody"}, {"domain": "elsewhere"}]
)
async def test_wrong_login_is_refused_in_the_shape_of_keystone(change: dict[str, str]) -> None:
    async with calling() as call:
        got = await call.log_in(**change)

    assert got.status == 401
    assert got.data == {
        "error": {
            "code": 401,
            "message": "The username or password is wrong.",
            "title": "Unauthorized",
        }
    }


async def test_five_bad_passwords_lock_the_user_for_fifteen_minutes() -> None:
    async with calling() as call:
        for _ in range(5):
            assert (await call.log_in(password="guess")).data["error"]["code"] == 401
        locked = await call.log_in()
        call.clock.advance(minutes=14, seconds=59)
        still = await call.log_in()
        call.clock.advance(seconds=1)
        opened = await call.log_in()

    assert (locked.status, locked.data["error_code"]) == (401, "IAM.0061")
    assert still.status == 401
    assert opened.status == 201


async def test_five_bad_signatures_lock_the_key_pair_for_five_minutes() -> None:
    async with calling() as call:
        call.secret_key = "wrong"
        for _ in range(5):
            assert refusal(await call("GET", JOB)) == (
                401,
                "APIG.0301",
                "verify aksk signature fail",
            )
        call.secret_key = ""
        locked = await call("GET", JOB)
        call.clock.advance(minutes=4, seconds=59)
        still = await call("GET", JOB)
        call.clock.advance(seconds=1)
        opened = await call("GET", JOB)

    assert refusal(locked) == (401, "APIG.0301", "AK access failed to reach the limit,forbidden")
    assert still.status == 401
    assert opened.status == 200


async def test_only_failures_in_a_row_lock() -> None:
    async with calling() as call:
        for _ in range(3):
            call.secret_key = "wrong"
            for _ in range(4):
                await call("GET", JOB)
                await call.log_in(password="guess")
            call.secret_key = ""
            assert (await call("GET", JOB)).status == 200
            assert (await call.log_in()).status == 201


async def test_lock_of_the_key_pair_leaves_tokens_alone() -> None:
    async with calling() as call:
        token = (await call.log_in()).headers["X-Subject-Token"]
        call.secret_key = "wrong"
        for _ in range(5):
            await call("GET", JOB)
        call.token = token

        assert (await call("GET", JOB)).status == 200


@pytest.mark.parametrize(("minutes", "status"), [(15, 200), (-15, 200), (15.1, 401), (-15.1, 401)])
async def test_signature_may_be_fifteen_minutes_off(minutes: float, status: int) -> None:
    async with calling() as call:
        off = call.clock() + timedelta(minutes=minutes)
        server_now, call.clock.now = call.clock.now, off
        call.extra = call.signed("GET", f"/v1/{call.cloud.project_id}/{JOB}", {}, b"")
        call.clock.now, call.auth = server_now, False
        got = await call("GET", JOB)

    assert got.status == status
    if status == 401:
        assert got.data["error_code"] == "APIG.0303"
        assert "signature expired" in got.data["error_msg"]


@pytest.mark.parametrize(("minutes_before", "status"), [(0, 200), (0.9, 200), (1.1, 401)])
async def test_what_was_on_its_way_in_a_jump_was_signed_in_time(
    minutes_before: float, status: int
) -> None:
    async with calling() as call:
        call.extra = call.signed("GET", f"/v1/{call.cloud.project_id}/{JOB}", {}, b"")
        call.auth = False
        call.clock.now += timedelta(minutes=minutes_before)
        call.cloud.carry(timedelta(days=1))
        call.clock.now += timedelta(days=1)

        got = await call("GET", JOB)

    assert got.status == status


async def test_unknown_key_is_named_and_locks_nothing() -> None:
    async with calling() as call:
        call.auth = False
        signed = call.signed("GET", f"/v1/{call.cloud.project_id}/{JOB}", {}, b"")
        stranger = signed["Authorization"].replace(call.cloud.credentials.access_key, "STRANGER")
        call.extra = {**signed, "Authorization": stranger}
        answers = [await call("GET", JOB) for _ in range(6)]
        call.extra = signed
        known = await call("GET", JOB)

    text = "Get secretKey failed,ak:STRANGER,err:ak not exist"
    assert {refusal(got) for got in answers} == {(401, "APIG.0301", text)}
    assert known.status == 200


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"Authorization": "Bearer x"}, "authorization format is wrong"),
        ({"X-Sdk-Date": "2026-01-02"}, "x-sdk-date is missing or malformed"),
        ({"Host": "elsewhere"}, "verify aksk signature fail"),
    ],
)
async def test_spoiled_signature_headers_are_refused(change: dict[str, str], text: str) -> None:
    async with calling() as call:
        call.auth = False
        signed = call.signed("GET", f"/v1/{call.cloud.project_id}/{JOB}", {}, b"")
        call.extra = {**signed, **change}
        got = await call("GET", JOB)

    assert refusal(got) == (401, "APIG.0301", text)


async def test_signature_covers_path_query_and_body() -> None:
    async with calling() as call:
        path = f"/v1/{call.cloud.project_id}/{JOB}"
        kind = {"Content-Type": "application/json"}
        signed = call.signed("PUT", path, kind, b'{"job_desc":"mine"}')
        call.auth, call.extra = False, {**kind, **signed}

        other_body = await call("PUT", JOB, b'{"job_desc":"yours"}')
        other_path = await call("PUT", "visualization-jobs/231", b'{"job_desc":"mine"}')
        other_query = await call("PUT", f"{JOB}?a=1", b'{"job_desc":"mine"}')
        as_signed = await call("PUT", JOB, b'{"job_desc":"mine"}')

    assert [got.status for got in (other_body, other_path, other_query)] == [401] * 3
    assert as_signed.status == 200


async def test_temporary_key_needs_its_security_token_signed() -> None:
    known = CloudCredentials(security_token="sts")
    async with calling(credentials=known) as call:
        good = await call("GET", JOB)
        call.cloud.credentials = CloudCredentials()
        missing = await call("GET", JOB)
        call.cloud.credentials = CloudCredentials(security_token="other")
        wrong = await call("GET", JOB)
        call.cloud.credentials = CloudCredentials()
        signed = call.signed("GET", f"/v1/{call.cloud.project_id}/{JOB}", {}, b"")
        call.auth, call.extra = False, {**signed, "X-Security-Token": "sts"}
        unsigned = await call("GET", JOB)

    assert good.status == 200
    assert {refusal(got)[2] for got in (missing, wrong, unsigned)} == {"verify aksk signature fail"}


async def test_signed_request_for_another_project_is_refused() -> None:
    async with calling() as call:
        call.extra = {"X-Project-Id": "f" * 32}
        got = await call("GET", JOB)

    assert (got.status, got.data["error_code"]) == (400, "ModelArts.0210")
