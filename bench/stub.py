"""A cheap stand-in for ModelArts, IAM and the parts of Slack that a command needs, on one port.

`python -m bench.stub PORT`. It checks no login and keeps no state, so that its own cost distorts
the figures little. It takes one request at a time from a connection, as HTTP clients send them.
"""

import asyncio
import json
import re
import sys
import time
from typing import cast

import uvloop

#: The number of jobs in the list; the detail call answers for every id.
LISTED = 100
FIRST_ID = 1000
PROJECT = "0123456789abcdef0123456789abcdef"
TEAM = "T0BENCH01"

_NEEDED = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_DAY_IN_MILLISECONDS = 86_400_000
# A placeholder for the id; no other number of an answer contains these digits.
_ANY_ID = 777_777_777


class Stub(asyncio.Protocol):
    """One connection; its answers consist of parts that were encoded before."""

    def __init__(self, answers: "Answers") -> None:
        self._answers = answers
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
            self._transport.write(self._answers.find(head.split(b" ", 2)[1]))


class Answers:
    """Complete HTTP answers, by path."""

    def __init__(self, *, now: float) -> None:
        created = int(now * 1000) - _DAY_IN_MILLISECONDS
        self._jobs = f"/v1/{PROJECT}/visualization-jobs".encode()
        one = _members(_ANY_ID, created) | {"is_success": True, "remaining_duration": None}
        self._job = json.dumps(one).replace(str(_ANY_ID), "%(id)b").encode()
        ids = range(FIRST_ID, FIRST_ID + LISTED)
        self._list = _answer({
            "is_success": True, "quotas": LISTED, "job_total_count": LISTED, "job_count_limit": 0,
            "jobs": [_members(job_id, created) for job_id in ids],
        })  # fmt: skip
        self._token = _token(now)
        self._slack = _answer({
            "ok": True, "url": "https://bench.slack.com/", "team": "Bench", "user": "visjob",
            "team_id": TEAM, "user_id": "U0BENCHBOT", "bot_id": "B0BENCHBOT",
        })  # fmt: skip
        self._person = _answer({
            "ok": True,
            "user": {"id": "U0BENCH", "team_id": TEAM, "tz": "Europe/Berlin", "locale": "en-US"},
        })  # fmt: skip

    def find(self, path: bytes) -> bytes:
        """Return the answer to a request for `path`, whatever its method."""
        if path.startswith(self._jobs):
            job_id = path[len(self._jobs) + 1 :]
            if job_id.isdigit():
                return _whole(self._job % {b"id": job_id})
            return self._list
        if path.startswith(b"/api/users.info"):
            return self._person
        return self._token if b"/auth/tokens" in path else self._slack


def _members(job_id: int, created: int) -> dict[str, object]:
    return {
        "duration": 8_040_000,
        "service_url": f"https://console.huaweicloud.com/modelarts/tensorboard/{job_id}",
        "job_name": f"flowers-tb-{job_id}",
        "create_time": created,
        "train_url": "/bench/flowers/logs/",
        "job_id": job_id,
        "job_desc": "Learning rate and batch size of the flower net",
        "resource_id": "8f742231b10e8888abcd99eee1f285a5",
        "status": 8,
    }


def _token(now: float) -> bytes:
    days = [time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(now + s)) for s in (0, 86_400)]
    token = {"issued_at": days[0], "expires_at": days[1], "project": {"id": PROJECT}}
    return _answer({"token": token}, status="201 Created", header="X-Subject-Token: bench\r\n")


def _answer(members: dict[str, object], *, status: str = "200 OK", header: str = "") -> bytes:
    return _whole(json.dumps(members).encode(), status=status, header=header)


def _whole(body: bytes, *, status: str = "200 OK", header: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{header}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _serve(port: int) -> None:
    answers = Answers(now=time.time())
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Stub(answers), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
