"""Hostile and broken answers over a real socket: each becomes one typed error in time."""

import asyncio
import json
import socket
import time
import zlib
from typing import Any
from urllib.parse import parse_qsl, unquote

import aiohttp
import httpx
import pytest
from aiohttp.abc import AbstractResolver

from bot.core.errors import JobSourceError, SourceUnavailable
from bot.core.job import JobId
from bot.modelarts.client import ModelArts
from bot.modelarts.signing import authorize
from bot.modelarts.transport import AiohttpTransport, UnknownHost, open_client
from tests.fakes import ManualClock
from tests.modelarts.scripted import (
    PROJECT,
    Answer,
    CloudRequest,
    a_key,
    a_login,
    gzipped,
    http,
    job,
    modelarts,
    running,
    token,
)

GOOD = json.dumps(job(205)).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
GZIPPED = gzipped(GOOD)
PACKED = zlib.compress(GOOD)
BOMB = gzipped(b"0" * 50_000_000)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (http(200, b'{"job_name":"' + b"x" * 1_100_000 + b'"}'), "more than 1024 KiB"),
        (
            HEAD
            + b"Transfer-Encoding: chunked\r\n\r\n"
            + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 20,
            "more than 1024 KiB",
        ),
        (http(200, BOMB, Content_Encoding="gzip"), "more than 1024 KiB"),
        (http(500, BOMB, Content_Encoding="gzip"), "more than 1024 KiB"),
        (http(200, GZIPPED[:-1], Content_Encoding="gzip"), "broken gzip"),
        (http(200, GZIPPED * 2, Content_Encoding="gzip"), "broken gzip"),
        (http(200, "", Content_Encoding="gzip"), "nothing at all"),
        (http(200, PACKED, Content_Encoding="br"), "encoded as `br`"),
        (http(200, PACKED, Content_Encoding="gzip, gzip"), "encoded as `gzip, gzip`"),
        (http(200, PACKED, Content_Encoding="z" * 500), "encoded as `zzzzzzzzzzzzzzzzzzzz`,"),
        (http(200, BOMB), "more than 1024 KiB"),
        (http(200, PACKED), "bytes that are not UTF-8"),
        (http(200, "<html>login</html>", kind="text/html"), "a web page instead of JSON"),
        (http(200, "<html>login</html>"), "a web page instead of JSON"),
        (http(200, GOOD[:-5]), "not whole JSON"),
        (http(200, ""), "nothing at all"),
        (http(204, ""), "nothing at all"),
        (HEAD + b"Content-Length: 500\r\n\r\n{", "answer was cut off"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{", "answer was cut off"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{", ""),
        (b"", "cannot be reached"),
        (b"HTTP/1.1 200", ""),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "does not speak HTTP"),
        (b"\x15\x03\x01\x00\x02\x02\x50\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 200 \xff\xfe\r\nContent-Length: 0\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nbroken\x00header: 1\r\n\r\n", "does not speak HTTP"),
        (http(503, "", kind=None), "isn't answering properly (HTTP 503)"),
        (http(302, "", Location="https://elsewhere.example/"), "a redirect (HTTP 302)"),
        (http(301, "", Location="::not an address::"), "a redirect (HTTP 301)"),
        (http(308, ""), "a redirect (HTTP 308)"),
    ],
    ids=lambda value: repr(value)[:50],
)
async def test_an_answer_that_cannot_be_trusted_is_named(answer: bytes, said: str) -> None:
    # After these bytes the connection closes.
    async with running(lambda _: [answer, b""]) as cloud, modelarts(cloud) as client:
        with pytest.raises(SourceUnavailable) as caught:
            await client.get(JobId(205))

    assert said in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("size", [1024 * 1024 - len(GOOD), 1024 * 1024 - len(GOOD) + 1])
async def test_one_mebibyte_is_the_most_that_is_read(size: int) -> None:
    body = GOOD + b" " * size
    async with running(lambda _: http(200, body)) as cloud, modelarts(cloud) as client:
        if len(body) <= 1024 * 1024:
            assert (await client.get(JobId(205))).id == 205
        else:
            with pytest.raises(SourceUnavailable):
                await client.get(JobId(205))


@pytest.mark.parametrize(
    "answer",
    [
        http(200, GZIPPED, Content_Encoding="gzip"),
        HEAD
        + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"".join(b"1\r\n%c\r\n" % byte for byte in GZIPPED)
        + b"0\r\n\r\n",
    ],
    ids=["whole", "byte by byte"],
)
async def test_gzip_is_read_although_nobody_asked_for_it(answer: bytes) -> None:
    async with running(lambda _: answer) as cloud, modelarts(cloud) as client:
        assert (await client.get(JobId(205))).id == 205

    assert cloud.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.slow
async def test_very_many_small_chunks_are_parsed_in_many_steps() -> None:
    turns = 0
    body = GOOD + b" " * 200_000
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    answer = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with running(lambda _: answer) as cloud, modelarts(cloud) as client:
        other = asyncio.create_task(take_turns())
        assert (await client.get(JobId(205))).id == 205
        other.cancel()

    # So many chunks are some milliseconds of work.
    assert turns > len(body) / 4096


async def test_nothing_is_sent_but_what_was_meant_to_be() -> None:
    clock = ManualClock()

    def answer(asked: CloudRequest) -> Answer:
        return token() if asked.is_login else http(200, GOOD, Set_Cookie="spy=1")

    async with running(answer) as cloud:
        # A bare IP address would get no cookies back in any case.
        cloud.url = cloud.url.replace("127.0.0.1", "localhost")
        for login in (a_key(clock), a_login(cloud.url, clock)):
            async with modelarts(cloud, login=login, clock=clock) as client:
                await client.get(JobId(205))
                await client.get(JobId(205))

    always = {"host", "accept", "accept-encoding", "user-agent"}
    signature = {"connection", "authorization", "x-project-id", "x-sdk-date"}
    assert [asked.headers.keys() - always for asked in cloud.asked] == [
        *[signature] * 2,
        {"content-type", "content-length"},
        *[{"connection", "x-auth-token"}] * 2,
    ]
    assert {asked.headers["user-agent"] for asked in cloud.asked} == {"visjob"}


@pytest.mark.parametrize(
    "target",
    [
        "/a%20b",
        "/a%2Fb",
        "/%7Ea",
        "/~a",
        "/a+b",
        "/%C3%A9",
        "/a//b",
        "/a?b=%2F&c=+",
        "/a?b=1&b=0&a",
    ],
)
async def test_the_target_on_the_wire_is_the_one_that_was_signed(target: str) -> None:
    clock = ManualClock()
    async with running(lambda _: http(200, GOOD)) as cloud, open_client() as client:
        await client.get(f"{cloud.url}{target}", auth=a_key(clock))

    asked = cloud.asked[0]
    path, _, query = asked.target.partition("?")
    signed = {name: asked.headers[name] for name in ("host", "x-project-id", "x-sdk-date")}
    assert asked.target == target
    assert asked.headers["authorization"] == authorize(
        method="GET",
        path=unquote(path),
        query=parse_qsl(query, keep_blank_values=True),
        headers=signed,
        body=b"",
        access_key="AccessKey",
        secret_key="SecretKey",
    )


async def test_a_token_of_twenty_kilobytes_is_taken() -> None:
    long, clock = "t" * 20_000, ManualClock()

    def answer(asked: CloudRequest) -> Answer:
        return token(long) if asked.is_login else http(200, GOOD)

    async with running(answer) as cloud:
        login = a_login(cloud.url, clock)
        async with modelarts(cloud, login=login, clock=clock) as client:
            # The stub's own reader must take it, too: it is sent back with the read.
            await client.get(JobId(205))

    assert cloud.asked[1].headers["x-auth-token"] == long


@pytest.mark.slow
async def test_a_crowd_shares_a_hundred_connections() -> None:
    def answer(asked: CloudRequest) -> Answer:
        return [0.05, http(200, job(int(asked.target.rpartition("/")[2])))]

    async with running(answer) as cloud, modelarts(cloud) as client:
        # A first signature must be taken before others go out beside it.
        await client.get(JobId(1))
        await asyncio.gather(*(client.get(JobId(n)) for n in range(1, 151)))

    assert cloud.most_connections == 100


@pytest.mark.parametrize("location", ["{other}", "{other}/v3/auth/tokens", "/elsewhere"])
async def test_a_redirect_takes_no_credentials_anywhere(location: str) -> None:
    async with running(lambda _: http(200, GOOD)) as other:
        answer = http(307, "", Location=location.format(other=other.url))
        async with running(lambda _: answer) as cloud:
            clock = ManualClock()
            for login in (a_key(clock), a_login(cloud.url, clock)):
                async with modelarts(cloud, login=login, clock=clock) as client:
                    with pytest.raises(SourceUnavailable, match="a redirect"):
                        await client.get(JobId(205))

    assert other.asked == []
    assert len(cloud.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        [10.0],
        [HEAD, 10.0],
        [
            HEAD + b"Content-Length: 400\r\n\r\n",
            *(part for _ in range(100) for part in (b" ", 0.05)),
        ],
        [b"HTTP/1.1 200 OK\r\n", *(part for _ in range(100) for part in (b"X: y\r\n", 0.05))],
    ],
    ids=["silence", "head only", "slow body", "slow head"],
)
async def test_the_deadline_is_absolute(answer: Answer) -> None:
    async with running(lambda _: answer) as cloud, modelarts(cloud, timeout=0.3) as client:
        began = time.monotonic()
        with pytest.raises(SourceUnavailable, match=r"ModelArts did not answer within 0\.3 s"):
            await client.get(JobId(205))
        assert time.monotonic() - began < 1.5


async def test_the_deadline_covers_the_login_and_names_it() -> None:
    def answer(asked: CloudRequest) -> Answer:
        return [10.0] if asked.is_login else http(200, GOOD)

    clock = ManualClock()
    async with running(answer) as cloud:
        login = a_login(cloud.url, clock)
        async with modelarts(cloud, login=login, clock=clock, timeout=0.3) as client:
            results = await asyncio.gather(
                *(client.get(JobId(n)) for n in range(1, 11)), return_exceptions=True
            )

    said = {str(result) for result in results}
    # Who waited for the attempt of another may hear of its end just before their own.
    assert "IAM did not answer within 0.3 s." in said
    assert said <= {"IAM did not answer within 0.3 s.", "IAM gave us no token."}
    assert cloud.logins == 1


async def test_a_login_that_hung_does_not_hang_the_next() -> None:
    def answer(asked: CloudRequest) -> Answer:
        if asked.is_login:
            return [10.0] if cloud.logins == 1 else token()
        return http(200, GOOD)

    clock = ManualClock()
    async with running(answer) as cloud:
        login = a_login(cloud.url, clock)
        async with modelarts(cloud, login=login, clock=clock, timeout=0.3) as client:
            with pytest.raises(SourceUnavailable):
                await client.get(JobId(205))
            assert (await client.get(JobId(205))).id == 205


async def test_a_cloud_that_is_not_there_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        fault = await _fail(f"http://127.0.0.1:{port}")

    assert str(fault) == "ModelArts cannot be reached at 127.0.0.1."
    assert "MODELARTS_ENDPOINT" in str(fault.hint)


async def test_a_kept_connection_that_was_closed_is_no_failure() -> None:
    async with running(lambda _: [http(200, GOOD), b""]) as cloud, modelarts(cloud) as client:
        for _ in range(5):
            assert (await client.get(JobId(205))).id == 205

    assert len(cloud.asked) == 5


async def test_a_read_that_fails_is_not_sent_again() -> None:
    async with running(lambda _: http(503, "")) as cloud, modelarts(cloud) as client:
        with pytest.raises(SourceUnavailable):
            await client.get(JobId(205))

    assert len(cloud.asked) == 1


async def test_the_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with running(lambda _: http(200, GOOD)) as cloud, modelarts(cloud) as client:
        assert (await client.get(JobId(205))).id == 205


async def test_the_proxy_of_the_settings_is_used_and_gets_only_its_own_login() -> None:
    async with running(lambda _: http(407, "")) as proxy:
        proxy_url = proxy.url.replace("//", "//me:pw@")
        fault = await _fail("https://modelarts.example", proxy_url=proxy_url)

    asked = proxy.asked[0]
    assert (asked.method, asked.target) == ("CONNECT", "modelarts.example:443")
    assert asked.headers["proxy-authorization"] == "Basic bWU6cHc="
    assert "authorization" not in asked.headers
    assert str(fault) == "The proxy does not connect to modelarts.example."


async def test_a_proxy_that_is_not_there_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        proxy_url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        fault = await _fail("https://modelarts.example", proxy_url=proxy_url)

    assert str(fault) == "The proxy does not connect to modelarts.example."


class NoNames(AbstractResolver):
    """A resolver that knows no name."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[Any]:
        raise OSError(f"no such name: {host}:{port} {family}")

    async def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(
    ("proxy_url", "expected"),
    [("http://proxy.example:3128", httpx.ProxyError), (None, UnknownHost)],
)
async def test_of_two_names_the_unknown_one_is_at_fault(
    proxy_url: str | None, expected: type[Exception]
) -> None:
    connector = aiohttp.TCPConnector(resolver=NoNames())
    async with aiohttp.ClientSession(connector=connector) as session:
        transport = AiohttpTransport(session, proxy_url=proxy_url)
        with pytest.raises(expected):
            await transport.handle_async_request(httpx.Request("GET", "https://modelarts.example"))


async def _fail(endpoint: str, *, proxy_url: str | None = None) -> JobSourceError:
    async with open_client(proxy_url=proxy_url) as client:
        with pytest.raises(JobSourceError) as caught:
            await _source(client, endpoint).get(JobId(205))
    return caught.value


def _source(client: httpx.AsyncClient, endpoint: str) -> ModelArts:
    clock = ManualClock()
    return ModelArts(
        client=client,
        endpoint=endpoint,
        project_id=PROJECT,
        login=a_key(clock),
        clock=clock,
        monotonic=clock.monotonic,
    )
