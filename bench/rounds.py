"""Run rounds of load: each round puts each kind of work on each server."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import median

from bench.load import put_load
from bench.servers import Server
from bench.slash import PEOPLE, sign_each
from bench.work import ALL_WORK, CROWD, FIXED, Work

# A round that is this much quicker than the fastest one before still has enough requests.
_HEADROOM = 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The figures of one round, for one server and one kind of work."""

    cpu_seconds: float
    p50_seconds: float
    per_second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The number and length of the rounds, and the time of the warm-up."""

    rounds: int
    seconds: float
    warm_up_seconds: float


#: One sample per round, by work and name of the server.
Samples = Mapping[tuple[Work, str], Sequence[Sample]]


async def measure(servers: Sequence[Server], pace: Pace, *, say: Callable[[str], None]) -> Samples:
    """Warm up all servers, then measure. Raises WrongAnswer if a server gives a wrong answer."""
    cells = [(work, server) for work in ALL_WORK for server in servers if _does(server, work)]
    rates: dict[tuple[Work, str], float] = {}
    for server in servers:
        say(f"meeting everybody: {server.name}")
        await _meet_everybody(server)
    for work, server in cells:
        share = sum(1 for other, same in cells if same is server)
        say(f"warming up: {server.name}, {work.name}")
        rates[work, server.name] = await _warm_up(work, server, pace.warm_up_seconds / share)
    samples: dict[tuple[Work, str], list[Sample]] = {key: [] for key in rates}
    for number in range(pace.rounds):
        say(f"round {number + 1} of {pace.rounds}")
        # The order changes every round, so that a slow moment of the machine does not always hit
        # the same server.
        for work, server in cells if number % 2 == 0 else reversed(cells):
            key = work, server.name
            sample = await _measure_once(work, server, pace.seconds, rates[key])
            rates[key] = max(rates[key], sample.per_second)
            samples[key].append(sample)
    return samples


def _does(server: Server, work: Work) -> bool:
    return server.name in work.servers


async def _meet_everybody(server: Server) -> None:
    """Let each person ask once: the bot asks Slack for a person's language once a day, and how many
    people it knows must not depend on the speed of the machine."""
    asks = islice(sign_each(FIXED.texts()), PEOPLE)
    await put_load(server.port, asks, connections=CROWD)


async def _warm_up(work: Work, server: Server, seconds: float) -> float:
    """Put load on a server, and return its requests per second."""
    asks = sign_each(work.texts())
    load = await put_load(server.port, asks, connections=work.connections, seconds=seconds)
    return len(load.latencies) / load.seconds


async def _measure_once(work: Work, server: Server, seconds: float, rate: float) -> Sample:
    # Requests are signed beforehand, so that the server never waits for the caller.
    most = int(rate * seconds * _HEADROOM) + work.connections
    asks = list(islice(sign_each(work.texts()), most))
    before = server.process.cpu_seconds
    load = await put_load(server.port, iter(asks), connections=work.connections, seconds=seconds)
    answered = len(load.latencies)
    return Sample(
        cpu_seconds=(server.process.cpu_seconds - before) / answered,
        p50_seconds=median(load.latencies),
        per_second=answered / load.seconds,
    )


def say_to_terminal(words: str) -> None:
    """Print progress on standard error, because standard output is for the result."""
    sys.stderr.write(f"{words}\n")
