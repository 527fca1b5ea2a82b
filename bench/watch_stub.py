"""A stand-in cloud with very many running jobs, and a stand-in Slack that accepts every post.

`python -m bench.watch_stub PORT JOBS [FILE]`; with a file of a certificate and its key, over TLS.
"""

import asyncio
import json
import re
import ssl
import sys
from collections.abc import Callable, Mapping
from itertools import count
from typing import cast

import uvloop

PROJECT = "0123456789abcdef0123456789abcdef"
#: The number of jobs on a page.
LISTED_JOBS = 100
#: The channel in answers to posts that name none of ours.
CHANNEL = "C0BENCH001"
#: 1 January 2026, the same in each run.
CREATED_AT_MS = 1_767_225_600_000

_PAGE = re.compile(rb"[?&]page=(\d+)")
_NEEDED = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_NAMED = re.compile(rb'"channel": ?"(C0BENCH\d{3})"')
_DETAIL = re.compile(rb"/visualization-jobs/(\d+)")


class WatchStub(asyncio.Protocol):
    """One connection, one request at a time; only answers about one job are made on demand."""

    def __init__(self, pages: list[bytes]) -> None:
        self._pages = pages
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport for the answers."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer as soon as the request is complete."""
        self._received += data
        head, gap, body = self._received.partition(b"\r\n\r\n")
        needed = _NEEDED.search(head)
        if gap and len(body) >= (int(needed[1]) if needed else 0):
            self._received = b""
            self._transport.write(self._find(head.split(b" ", 2)[1], body))

    def _find(self, target: bytes, body: bytes) -> bytes:
        if target.startswith(b"/api/"):
            return _slack(body)
        if detail := _DETAIL.search(target):
            return _answer({"is_success": True, **self.members(int(detail[1]))})
        page = _PAGE.search(target)
        return self._pages[int(page[1]) - 1 if page else 0]

    def members(self, job_id: int) -> dict[str, object]:
        """Return a job as the detail call answers it."""
        return members_of(job_id)


def members_of(job_id: int) -> dict[str, object]:
    """Return a job in the cloud's form."""
    return {
        "duration": 8_040_000,
        "service_url": f"https://console.huaweicloud.com/modelarts/tensorboard/{job_id}",
        "job_name": f"run-{job_id}",
        "create_time": CREATED_AT_MS,
        "train_url": "/bench/logs/",
        "job_id": job_id,
        "job_desc": "Learning rate and batch size of the flower net",
        "resource_id": "8f742231b10e8888abcd99eee1f285a5",
        "status": 8,
    }


def _answer(members: dict[str, object]) -> bytes:
    # The vendor's samples have no spaces either.
    body = json.dumps(members, separators=(",", ":")).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


def _slack(body: bytes) -> bytes:
    """Answer `auth.test` or a post: each answer has another `ts`. Channel ids are as long as ours,
    so the length of the answer stays right."""
    answer = _SLACK.replace(b"1767225600.000001", b"1767225600.%06d" % next(_posts))
    named = _NAMED.search(body)
    return answer.replace(CHANNEL.encode(), named[1]) if named else answer


_posts = count(1)
_SLACK = _answer({
    "ok": True, "team_id": "T0BENCH01", "team": "Bench", "user_id": "U0BENCHBOT",
    "bot_id": "B0BENCHBOT", "channel": CHANNEL, "ts": "1767225600.000001",
})  # fmt: skip


def make_pages(jobs: int) -> list[bytes]:
    """Return the answers with all pages of the list."""
    return [page_of(index, jobs, members_of) for index in range(-(-jobs // LISTED_JOBS))]


def page_of(index: int, jobs: int, members: Callable[[int], Mapping[str, object]]) -> bytes:
    """Return the answer with one page of the list of `jobs` jobs."""
    first = index * LISTED_JOBS + 1
    listed = [members(n) for n in range(first, min(first + LISTED_JOBS, jobs + 1))]
    return _answer({"is_success": True, "job_total_count": jobs, "jobs": listed})


async def _serve(port: int, jobs: int, certificate: str = "") -> None:
    pages = make_pages(jobs)
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: WatchStub(pages), "127.0.0.1", port, ssl=tls)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
