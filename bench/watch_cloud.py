"""Measure reading a whole project: our sweep, one GET per job, and the least possible cost."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import msgspec

from bench.meter import Measured, Meter
from bench.watch_stub import LISTED_JOBS, PROJECT
from bot.modelarts.auth import KeySigning
from bot.modelarts.client import ModelArts
from bot.modelarts.transport import open_client

LISTED = 100_000
_LISTS = 3
SINGLE_GETS = 2_000


def utc_now() -> datetime:
    """Return the time, as the clock of what is measured."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_source(url: str) -> AsyncIterator[ModelArts]:
    """Open the real source, with a key pair."""
    login = KeySigning(access_key="A" * 20, secret_key="s" * 40, project_id=PROJECT, clock=utc_now)
    async with open_client() as client:
        yield ModelArts(
            client=client,
            endpoint=url,
            project_id=PROJECT,
            login=login,
            clock=utc_now,
            monotonic=time.monotonic,
            share_seconds=0,
        )


async def sweep(url: str) -> Measured:
    """Measure our sweep of the whole list, several times, as a poller does it."""
    async with open_source(url) as source:
        await source.check_login()
        with Meter() as meter:
            count = sum([len((await source.list_all()).jobs) for _ in range(_LISTS)])
    return meter.measured(count)


async def naive(url: str) -> Measured:
    """Measure one GET per job, fifty at a time, written like the first page of httpx's docs."""
    limit = asyncio.Semaphore(50)

    async def get(client: httpx.AsyncClient, number: int) -> None:
        async with limit:
            answer = await client.get(f"{url}/v1/{PROJECT}/visualization-jobs/{number}")
            answer.json()

    async with httpx.AsyncClient() as client:
        await get(client, 1)
        with Meter() as meter:
            await asyncio.gather(*(get(client, n) for n in range(1, SINGLE_GETS + 1)))
    return meter.measured(SINGLE_GETS)


class _Row(msgspec.Struct):
    job_id: int
    status: int
    job_name: str
    job_desc: str
    service_url: str
    train_url: str
    resource_id: str
    duration: int
    create_time: int


class _Page(msgspec.Struct):
    job_total_count: int
    jobs: list[_Row]


async def floor(url: str) -> Measured:
    """Measure the same pages over one bare socket, decoded to typed values by msgspec."""
    decode = msgspec.json.Decoder(_Page).decode
    jobs: dict[int, _Row] = {}
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=2**20)
    pages = LISTED // LISTED_JOBS
    with Meter() as meter:
        for page in range(1, pages + 1):
            path = f"/v1/{PROJECT}/visualization-jobs?page={page}&per_page={LISTED_JOBS}"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(int(head.rpartition(b"ength: ")[2]))
            jobs |= {row.job_id: row for row in decode(body).jobs}
    writer.close()
    return meter.measured(len(jobs))
