"""Logging in: once for all, never with a burst, never in a loop that could lock the account."""

import asyncio
import json
import logging

import httpx
import pytest

from bot.core.errors import LoginRefused, SourceRefused, SourceUnavailable
from bot.core.job import JobId
from bot.modelarts.iam import PasswordCredentials, Token
from tests.fakes import ManualClock
from tests.make import NOW
from tests.modelarts.mock_cloud import Answer, MockCloud, http, token
from tests.modelarts.scripted import PROJECT, CloudRequest, a_key, a_login, job, modelarts

STALE = http(401, {"error_code": "ModelArts.0203", "error_message": "Invalid token"})
WRONG_PASSWORD = http(
    401, {"error": {"code": 401, "message": "The username or password is wrong.", "title": "x"}}
)
BAD_SIGNATURE = http(401, {"error_code": "APIG.0301", "error_msg": "verify aksk signature fail"})
LOCKED = http(
    401, {"error_code": "APIG.0301", "error_msg": "AK access failed to reach the limit,forbidden"}
)


async def test_fifty_callers_at_once_share_one_login() -> None:
    clock = ManualClock()

    def answer(asked: CloudRequest) -> Answer:
        return token() if asked.is_login else _good(asked)

    cloud = MockCloud(answer)
    login = a_login(cloud.url, clock)
    async with modelarts(cloud, login=login, clock=clock) as client:
        await asyncio.gather(*(client.get(JobId(n)) for n in range(1, 51)))

    assert (cloud.logins, cloud.reads) == (1, 50)
    assert {asked.headers.get("x-auth-token") for asked in cloud.asked} == {None, "token-1"}


async def test_the_login_asks_for_a_token_of_the_project_without_catalog() -> None:
    cloud = MockCloud(_logs_in)
    await _read(cloud, ManualClock())

    asked = cloud.asked[0]
    assert (asked.method, asked.target) == ("POST", "/v3/auth/tokens?nocatalog=true")
    assert asked.headers["content-type"] == "application/json"
    assert json.loads(asked.body)["auth"] == {
        "identity": {
            "methods": ["password"],
            "password": {
                "user": {"name": "bot", "password": "pass-word", "domain": {"name": "OTC-1"}}
            },
        },
        "scope": {"project": {"id": PROJECT}},
    }


async def test_a_token_is_renewed_half_an_hour_before_its_end() -> None:
    clock = ManualClock()
    cloud = MockCloud(_logs_in)
    login = a_login(cloud.url, clock)
    async with modelarts(cloud, login=login, clock=clock) as client:
        await client.get(JobId(205))
        clock.advance(hours=23, minutes=29)
        await client.get(JobId(205))
        assert cloud.logins == 1
        clock.advance(minutes=2)
        await client.get(JobId(205))
        assert cloud.logins == 2


async def test_our_clock_may_be_wrong_about_the_tokens_end() -> None:
    clock = ManualClock()
    clock.advance(days=400)
    cloud = MockCloud(_logs_in)
    login = a_login(cloud.url, clock)
    async with modelarts(cloud, login=login, clock=clock) as client:
        await client.get(JobId(205))
        await client.get(JobId(205))

    assert cloud.logins == 1


async def test_an_old_token_that_still_holds_outlives_a_login_service_that_is_down() -> None:
    clock = ManualClock()

    def answer(asked: CloudRequest) -> Answer:
        if not asked.is_login:
            return _good(asked)
        return token() if cloud.logins == 1 else http(503, "")

    cloud = MockCloud(answer)
    login = a_login(cloud.url, clock)
    async with modelarts(cloud, login=login, clock=clock) as client:
        await client.get(JobId(205))
        clock.advance(hours=23, minutes=31)
        await client.get(JobId(205))
        await client.get(JobId(205))
        assert cloud.logins == 2
        clock.advance(minutes=31)
        with pytest.raises(SourceUnavailable, match="IAM isn't answering properly"):
            await client.get(JobId(205))


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"error_code": "ModelArts.0202", "error_message": "expired"}),
        (401, {"error_code": "ModelArts.0203", "error_message": "invalid"}),
        (403, {"error_code": "ModelArts.0203", "error_message": "invalid"}),
        (403, {"error_code": "ModelArts.2784", "error_message": "invalid"}),
        (401, {"error_code": "ModelArts.6620", "error_message": "invalid"}),
        (401, {"error_code": "ModelArts.4127", "error_message": "invalid"}),
        (401, {"error_code": "APIG.0301", "error_msg": "token expires, expires_at"}),
        (401, {"error_code": "APIGW.0301", "error_msg": "decrypt token fail"}),
        (401, {"error_code": "APIG.0307", "error_msg": "The token must be updated"}),
        (401, {"error_code": "IAM.0066", "error_msg": "expired"}),
        (401, {"error_code": "IAM.0067", "error_msg": "invalid"}),
        (401, {"error": {"code": 401, "message": "Unauthorized", "title": "Unauthorized"}}),
        (200, {"is_success": False, "error_code": "ModelArts.0202", "error_message": "expired"}),
    ],
)
async def test_a_stale_token_is_replaced_and_the_read_sent_once_more(
    status: int, body: dict[str, object]
) -> None:
    def answer(asked: CloudRequest) -> Answer:
        if asked.is_login:
            return token(f"token-{cloud.logins}")
        is_new = asked.headers["x-auth-token"] == "token-2"
        return _good(asked) if is_new else http(status, body)

    cloud = MockCloud(answer)
    await _read(cloud, ManualClock())

    assert (cloud.logins, cloud.reads) == (2, 2)


async def test_fifty_callers_with_a_stale_token_share_one_renewal() -> None:
    clock = ManualClock()

    def answer(asked: CloudRequest) -> Answer:
        if asked.is_login:
            return token(f"token-{cloud.logins}")
        return _good(asked) if asked.headers["x-auth-token"] == "token-2" else STALE

    cloud = MockCloud(answer)
    login = a_login(cloud.url, clock)
    async with modelarts(cloud, login=login, clock=clock) as client:
        await asyncio.gather(*(client.get(JobId(n)) for n in range(1, 51)))

    assert cloud.logins == 2
    assert cloud.reads <= 100


async def test_a_second_refusal_is_final_and_does_not_fetch_a_token_each_time() -> None:
    clock = ManualClock()

    def answer(asked: CloudRequest) -> Answer:
        return token(f"token-{cloud.logins}") if asked.is_login else STALE

    cloud = MockCloud(answer)
    login = a_login(cloud.url, clock)
    async with modelarts(cloud, login=login, clock=clock) as client:
        for _ in range(10):
            with pytest.raises(LoginRefused) as caught:
                await client.get(JobId(205))

    assert caught.value.code == "ModelArts.0203"
    assert (cloud.logins, cloud.reads) == (2, 11)


@pytest.mark.parametrize("code", ["ModelArts.0204", "ModelArts.0201", "ModelArts.9999"])
async def test_a_refusal_that_no_new_token_cures_is_not_replayed(code: str) -> None:
    refusal = http(401, {"error_code": code, "error_message": "no"})

    def answer(asked: CloudRequest) -> Answer:
        return token() if asked.is_login else refusal

    cloud = MockCloud(answer)
    with pytest.raises(LoginRefused):
        await _read(cloud, ManualClock())

    assert (cloud.logins, cloud.reads) == (1, 1)


async def test_after_a_wrong_password_nothing_is_sent_for_a_quarter_of_an_hour() -> None:
    clock = ManualClock()
    cloud = MockCloud(lambda _: WRONG_PASSWORD)
    login = a_login(cloud.url, clock)
    async with modelarts(cloud, login=login, clock=clock) as client:
        results = await asyncio.gather(
            *(client.get(JobId(n)) for n in range(1, 51)), return_exceptions=True
        )
        assert {type(result) for result in results} == {LoginRefused}
        clock.advance(minutes=14, seconds=59)
        with pytest.raises(LoginRefused) as paused:
            await client.get(JobId(205))
        assert len(cloud.asked) == 1
        clock.advance(seconds=1)
        with pytest.raises(LoginRefused):
            await client.get(JobId(205))
        assert len(cloud.asked) == 2

    assert "refused our login at 2026-03-24 14:17 UTC" in str(paused.value)
    assert "nothing is sent before 2026-03-24 14:32 UTC" in str(paused.value)
    assert "MODELARTS_PASSWORD" in str(paused.value.hint)
    assert paused.value.vendor_text == "The username or password is wrong."


@pytest.mark.parametrize(
    "failure", [http(503), httpx.ConnectError("down"), http(429, {"error_code": "IAM.0012"})]
)
async def test_fifty_callers_at_once_share_one_failed_login(failure: Answer) -> None:
    clock = ManualClock()
    cloud = MockCloud(lambda _: failure)
    login = a_login(cloud.url, clock)
    async with modelarts(cloud, login=login, clock=clock) as client:
        results = await asyncio.gather(
            *(client.get(JobId(n)) for n in range(1, 51)), return_exceptions=True
        )
        assert {type(result) for result in results} == {SourceUnavailable}
        assert len(cloud.asked) == 1
        with pytest.raises(SourceUnavailable):
            await client.get(JobId(205))
        assert len(cloud.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        http(201, {"token": {}}),
        http(201, {"token": {}}, X_Subject_Token="t"),
        http(201, {"token": {"expires_at": 5}}, X_Subject_Token="t"),
        http(201, {"token": {"expires_at": "soon"}}, X_Subject_Token="t"),
        http(201, {}, X_Subject_Token="t"),
        token(issued=NOW, hours=0),
        token(""),
        http(201, "<html>", X_Subject_Token="t"),
        http(302, "", Location="http://127.0.0.1:1/"),
    ],
)
async def test_a_login_answer_that_is_none_is_no_login(answer: Answer) -> None:
    cloud = MockCloud(lambda _: answer)
    with pytest.raises(SourceUnavailable):
        await _read(cloud, ManualClock())

    assert len(cloud.asked) == 1


async def test_two_refused_signatures_in_a_row_pause_for_five_minutes() -> None:
    clock = ManualClock()
    cloud = MockCloud(lambda _: BAD_SIGNATURE)
    async with modelarts(cloud, clock=clock) as client:
        for _ in range(5):
            with pytest.raises(LoginRefused):
                await client.get(JobId(205))
        assert len(cloud.asked) == 2
        clock.advance(minutes=5)
        for _ in range(5):
            with pytest.raises(LoginRefused):
                await client.get(JobId(205))
        assert len(cloud.asked) == 3


async def test_a_burst_of_callers_with_a_wrong_key_sends_two_signatures() -> None:
    cloud = MockCloud(lambda _: BAD_SIGNATURE)
    async with modelarts(cloud) as client:
        results = await asyncio.gather(
            *(client.get(JobId(n)) for n in range(1, 51)), return_exceptions=True
        )

    assert {type(result) for result in results} == {LoginRefused}
    assert len(cloud.asked) == 2


async def test_a_key_that_is_revoked_meets_a_burst_with_one_more_signature() -> None:
    def answer(asked: CloudRequest) -> Answer:
        return _good(asked) if len(cloud.asked) == 1 else BAD_SIGNATURE

    cloud = MockCloud(answer)
    async with modelarts(cloud) as client:
        await client.get(JobId(205))
        with pytest.raises(LoginRefused):
            await client.get(JobId(205))
        await asyncio.gather(*(client.get(JobId(n)) for n in range(1, 51)), return_exceptions=True)

    assert len(cloud.asked) == 3


async def test_a_locked_key_pauses_at_once() -> None:
    cloud = MockCloud(lambda _: LOCKED)
    async with modelarts(cloud) as client:
        for _ in range(5):
            with pytest.raises(LoginRefused) as caught:
                await client.get(JobId(205))

    assert len(cloud.asked) == 1
    assert "nothing is sent before 2026-03-24 14:22 UTC" in str(caught.value)


async def test_a_taken_signature_clears_the_count() -> None:
    answers = [BAD_SIGNATURE, http(200, job(205))] * 4

    cloud = MockCloud(lambda _: answers[len(cloud.asked) - 1])
    async with modelarts(cloud) as client:
        for _ in range(4):
            with pytest.raises(LoginRefused):
                await client.get(JobId(205))
            await client.get(JobId(205))

    assert len(cloud.asked) == 8


async def test_the_first_answer_frees_all_who_wait() -> None:
    cloud = MockCloud(_good)
    async with modelarts(cloud, timeout=3) as client:
        jobs = await asyncio.gather(*(client.get(JobId(n)) for n in range(1, 51)))

    assert [found.id for found in jobs] == list(range(1, 51))


async def test_a_temporary_key_sends_and_signs_its_security_token() -> None:
    clock = ManualClock()
    cloud = MockCloud(lambda _: http(200, job(205)))
    login = a_key(clock, security_token="sts-token")
    async with modelarts(cloud, login=login, clock=clock) as client:
        await client.get(JobId(205))

    headers = cloud.asked[0].headers
    assert headers["x-security-token"] == "sts-token"
    assert headers["x-sdk-date"] == "20260324T141705Z"
    assert (
        "SignedHeaders=host;x-project-id;x-sdk-date;x-security-token," in headers["authorization"]
    )


async def test_no_secret_is_shown_anywhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = ManualClock()
    quoting: dict[str, object] = {
        "error_code": "ModelArts.0104",
        "error_message": "bad: token-1 SecretKey pass-word sts-token",
    }

    def answer(asked: CloudRequest) -> Answer:
        return token() if asked.is_login else http(400, quoting)

    cloud = MockCloud(answer)
    shown = ""
    for login in (a_login(cloud.url, clock), a_key(clock, security_token="sts-token")):
        async with modelarts(cloud, login=login, clock=clock) as client:
            with pytest.raises(SourceRefused) as caught:
                await client.get(JobId(205))
            error = caught.value
            shown += f"{error!r} {vars(error)} {login!r} {client!r} {caplog.text}"

    # Each login knows its own secrets only.
    first, second = shown.split("TokenLogin")[0], shown.split("TokenLogin")[1]
    assert "bad: [hidden] SecretKey [hidden] sts-token" in first
    assert "bad: token-1 [hidden] pass-word [hidden]" in second
    assert "pass-word" not in caplog.text


async def test_a_long_token_is_hidden_where_the_clouds_words_are_cut() -> None:
    clock = ManualClock()
    secret = "MIIE" + "x" * 3000
    quoting = http(401, {"error_code": "ModelArts.0204", "error_message": f"cannot read {secret}"})

    def answer(asked: CloudRequest) -> Answer:
        return token(secret) if asked.is_login else quoting

    cloud = MockCloud(answer)
    with pytest.raises(LoginRefused) as caught:
        await _read(cloud, clock)

    assert caught.value.vendor_text == "cannot read [hidden]"


def test_tokens_and_passwords_do_not_show_themselves() -> None:
    credentials = PasswordCredentials(
        iam_endpoint="https://iam.example",
        username="bot",
        password="pass-word",
        domain="OTC-1",
        project_id=PROJECT,
    )

    assert "token-1" not in repr(Token(value="token-1", ends_at=NOW))
    assert "pass-word" not in repr(credentials)
    assert "pass-word" not in repr(credentials.to_request())


@pytest.mark.parametrize("ending", ["", "/", "/v3", "/v3/"])
def test_the_address_of_iam_may_be_written_as_openstack_writes_it(ending: str) -> None:
    credentials = PasswordCredentials(
        iam_endpoint=f"https://iam.example{ending}",
        username="bot",
        password="pass-word",
        domain="OTC-1",
        project_id=PROJECT,
    )

    assert str(credentials.to_request().url) == "https://iam.example/v3/auth/tokens?nocatalog=true"


def _good(asked: CloudRequest) -> Answer:
    return http(200, job(int(asked.target.rpartition("/")[2])))


def _logs_in(asked: CloudRequest) -> Answer:
    return token() if asked.is_login else _good(asked)


async def _read(cloud: MockCloud, clock: ManualClock) -> None:
    async with modelarts(cloud, login=a_login(cloud.url, clock), clock=clock) as client:
        await client.get(JobId(205))
