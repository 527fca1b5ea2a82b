"""A call: whatever the client raises becomes one of our errors, in words, with something to do."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from bot.core.errors import JobSourceError, SourceRefused, SourceUnavailable
from bot.core.job import JobId
from tests.fakes import ManualClock
from tests.modelarts.mock_cloud import MockCloud, http, token
from tests.modelarts.scripted import CloudRequest, a_login, job, modelarts


def _kinds(kind: type[httpx.RequestError]) -> Iterator[type[httpx.RequestError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


@pytest.mark.parametrize("kind", list(_kinds(httpx.RequestError)), ids=repr)
async def test_every_error_of_the_client_is_one_of_ours(kind: type[httpx.RequestError]) -> None:
    cloud = MockCloud(lambda _: kind("did this"))
    async with modelarts(cloud) as client:
        with pytest.raises(JobSourceError) as caught:
            await client.get(JobId(205))

    assert caught.value.hint
    assert isinstance(caught.value.__cause__, kind)


@pytest.mark.parametrize(
    ("error", "ours", "said"),
    [
        (httpx.ConnectError("x"), SourceUnavailable, "IAM cannot be reached at cloud.example."),
        (httpx.ReadError("x"), SourceUnavailable, "IAM's answer was cut off."),
        (httpx.ReadTimeout("x"), SourceUnavailable, "IAM did not answer in time."),
        (
            httpx.ProxyError("x"),
            SourceUnavailable,
            "The proxy does not connect to cloud.example.",
        ),
        (httpx.UnsupportedProtocol("x"), SourceRefused, "IAM cannot be asked at such an address."),
        (
            httpx.RemoteProtocolError("x"),
            SourceUnavailable,
            "What answers at cloud.example does not speak HTTP.",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
async def test_an_error_names_the_service_that_was_asked(
    error: httpx.TransportError, ours: type[JobSourceError], said: str
) -> None:
    cloud = MockCloud(lambda _: error)
    clock = ManualClock()
    async with modelarts(cloud, login=a_login(cloud.url, clock), clock=clock) as client:
        with pytest.raises(ours) as caught:
            await client.get(JobId(205))

    assert str(caught.value) == said


async def test_an_address_of_iam_that_is_no_url_is_refused() -> None:
    cloud = MockCloud(lambda _: http(200, job(205)))
    clock = ManualClock()
    login = a_login("https://iam.example:eighty", clock)
    async with modelarts(cloud, login=login, clock=clock) as client:
        with pytest.raises(SourceRefused, match="address of IAM") as caught:
            await client.get(JobId(205))

    assert "MODELARTS_IAM_ENDPOINT" in str(caught.value.hint)
    assert cloud.asked == []


async def test_login_and_read_go_through_the_one_client() -> None:
    def answer(asked: CloudRequest) -> httpx.Response:
        return token() if asked.is_login else http(200, job(205))

    cloud, clock = MockCloud(answer), ManualClock()
    async with modelarts(cloud, login=a_login(cloud.url, clock), clock=clock) as client:
        await client.get(JobId(205))

    assert [asked.is_login for asked in cloud.asked] == [True, False]
    for asked in cloud.asked:
        assert asked.headers["user-agent"] == "visjob"
        assert asked.headers["accept-encoding"] == "identity"


async def test_a_caller_that_gives_up_is_not_told_that_the_cloud_was_late() -> None:
    cloud = MockCloud(lambda _: http(200, job(205)))
    async with modelarts(cloud) as client:
        reading = asyncio.create_task(client.get(JobId(205)))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
