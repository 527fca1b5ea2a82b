"""The stub for watching whose jobs end, one a second: `python -m bench.changing_stub PORT JOBS`.

It prints `changed JOB TIME` when a job ends, and `posted JOB TIME` when its message arrives.
"""

import asyncio
import re
import sys
import time

import uvloop

from bench.watch_stub import LISTED_JOBS, WatchStub, make_pages, members_of, page_of

_ENDED = 9
_EVERY_SECONDS = 1.0
# By then the bot has read everything once.
_BEGINS_AFTER_SECONDS = 45.0
# The pattern matches the message of a change, not the card above it.
_MESSAGE = re.compile(rb'visjob_status_changed".{0,600}?"job_id": ?"?(\d+)', re.DOTALL)
_STRIDE = 37


class ChangingStub(WatchStub):
    """A stub that also reads posted messages, and prints the time of each."""

    ended: set[int]

    def data_received(self, data: bytes) -> None:
        """Print the job of a posted message, then answer. A message arrives in one piece."""
        if told := _MESSAGE.search(data):
            print("posted", int(told[1]), time.monotonic(), flush=True)
        super().data_received(data)

    def members(self, job_id: int) -> dict[str, object]:
        """Return the job in its present status."""
        return _members(job_id, self.ended)


def _members(job_id: int, ended: set[int]) -> dict[str, object]:
    return members_of(job_id) | ({"status": _ENDED} if job_id in ended else {})


async def _change(pages: list[bytes], jobs: int, ended: set[int]) -> None:
    await asyncio.sleep(_BEGINS_AFTER_SECONDS)
    for number in range(jobs):
        job_id = 1 + number * _STRIDE % jobs
        ended.add(job_id)
        index = (job_id - 1) // LISTED_JOBS
        pages[index] = page_of(index, jobs, lambda one: _members(one, ended))
        print("changed", job_id, time.monotonic(), flush=True)
        await asyncio.sleep(_EVERY_SECONDS)


async def _serve(port: int, jobs: int) -> None:
    pages, ended = make_pages(jobs), set[int]()

    def made() -> ChangingStub:
        stub = ChangingStub(pages)
        stub.ended = ended
        return stub

    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", port)
    changing = asyncio.ensure_future(_change(pages, jobs, ended))
    await server.serve_forever()
    changing.cancel()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
