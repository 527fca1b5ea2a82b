"""The kinds of work: texts of commands, number of connections, and servers that can do the work."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle

from bench.servers import BOLT_JS, BOT, RAW, STOCK

#: Benchmarks of web servers usually have this many callers.
CROWD = 32
_FEW = 8
_FIRST_SHARED_ID = 5_000
_unasked_ids = count(1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A kind of work; `texts` yields pairs: a typed text, and words that the answer contains."""

    name: str
    texts: Callable[[], Iterator[tuple[str, str]]]
    connections: int
    servers: tuple[str, ...]


def _help() -> Iterator[tuple[str, str]]:
    while True:
        yield "help", "Last job"


def _new_jobs() -> Iterator[tuple[str, str]]:
    return (_job(job_id) for job_id in _unasked_ids)


def _same_jobs() -> Iterator[tuple[str, str]]:
    return (_job(job_id) for job_id in cycle(range(_FIRST_SHARED_ID, _FIRST_SHARED_ID + _FEW)))


def _job(job_id: int) -> tuple[str, str]:
    return str(job_id), f"flowers-tb-{job_id}"


FIXED = Work(name="fixed card", texts=_help, connections=CROWD, servers=(BOT, BOLT_JS, RAW, STOCK))
ALONE = Work(
    name="fixed card, one caller", texts=_help, connections=1, servers=(BOT, BOLT_JS, RAW, STOCK)
)
COLD = Work(
    name="a job, another each time",
    texts=_new_jobs,
    connections=CROWD,
    servers=(BOT, BOLT_JS, STOCK),
)
SHARED = Work(
    name=f"a job, one of {_FEW}", texts=_same_jobs, connections=CROWD, servers=(BOT, BOLT_JS, STOCK)
)
ALL_WORK = (FIXED, ALONE, COLD, SHARED)
