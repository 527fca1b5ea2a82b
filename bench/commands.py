"""The bars for commands: the comparisons, and the run that measures them."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.figures import AtLeast, AtMost, Spread, Unjudged, Verdict, spread
from bench.machine import QUIET_ENOUGH, find_spin_gap
from bench.rounds import Pace, Sample, Samples, measure
from bench.servers import BOLT_JS, BOT, RAW, STOCK, Place, bot_running, peers_running, stub_running
from bench.starting import Start, measure_starts
from bench.work import ALONE, COLD, FIXED, SHARED, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One bar: a comparison of the bot with a peer that does the same work."""

    work: Work
    peer: str
    bar: AtLeast | Unjudged
    by_wall_clock: bool = False

    def measured(self, sample: Sample) -> float:
        """Return the compared figure of a sample, in seconds."""
        return sample.p50_seconds if self.by_wall_clock else sample.cpu_seconds


BARS = (
    Comparison(work=FIXED, peer=BOLT_JS, bar=AtLeast(must=0.9, aim=1.2)),
    Comparison(work=FIXED, peer=RAW, bar=Unjudged()),
    Comparison(work=ALONE, peer=STOCK, bar=AtLeast(must=30, aim=80), by_wall_clock=True),
    Comparison(work=COLD, peer=BOLT_JS, bar=AtLeast(must=0.3, aim=0.5)),
    Comparison(work=SHARED, peer=BOLT_JS, bar=AtLeast(must=0.8, aim=1.2)),
    Comparison(work=COLD, peer=STOCK, bar=AtLeast(must=3, aim=3)),
)
START = AtMost(must=1.0, aim=0.5, unit="s")
IDLE = AtMost(must=120, aim=80, unit="MB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure with its bar and its verdict."""

    what: str
    beside: str
    figure: Spread
    bar: AtLeast | AtMost | Unjudged
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a run."""

    rows: tuple[Row, ...]
    samples: Samples
    #: The reason why a peer was left out, by name of the peer.
    missing: Mapping[str, str]
    spin_gap: float

    @property
    def is_good(self) -> bool:
        """True if no bar was missed."""
        return all(row.verdict is not Verdict.MISSED for row in self.rows)


async def run(pace: Pace, *, say: Callable[[str], None]) -> Outcome:
    """Start all servers, measure, and stop the servers. Raises NotStarted or WrongAnswer."""
    gap = await asyncio.to_thread(find_spin_gap)
    with tempfile.TemporaryDirectory() as folder, stub_running(Path(folder)) as (stub_port, stub):
        await stub.wait_for_port(stub_port)
        place = Place(folder=Path(folder), stub_port=stub_port)
        say("starting the bot a few times")
        start = await measure_starts(place)
        place.card.write_bytes(start.card)
        with bot_running(place) as bot, peers_running(place) as (peers, missing):
            servers = [bot, *peers]
            for server in servers:
                await server.process.wait_for_port(server.port)
            samples = await measure(servers, pace, say=say)
    gap = max(gap, await asyncio.to_thread(find_spin_gap))
    is_quiet = gap <= QUIET_ENOUGH
    rows = (*_compare(samples, is_quiet=is_quiet), *_judge_start(start, is_quiet=is_quiet))
    return Outcome(rows=rows, samples=samples, missing=missing, spin_gap=gap)


def _compare(samples: Samples, *, is_quiet: bool) -> Iterator[Row]:
    for comparison in BARS:
        work, peer = comparison.work, comparison.peer
        if (work, peer) not in samples:
            continue
        # Quotients are taken per round, so that both sides met the same load of the machine.
        pairs = zip(samples[work, BOT], samples[work, peer], strict=True)
        times = [comparison.measured(theirs) / comparison.measured(own) for own, theirs in pairs]
        figure = spread(times)
        is_judged = is_quiet or not comparison.by_wall_clock
        yield Row(
            what=f"{work.name}: {'p50' if comparison.by_wall_clock else 'CPU'}",
            beside=peer,
            figure=figure,
            bar=comparison.bar,
            verdict=comparison.bar.judge(figure.median) if is_judged else Verdict.NOT_JUDGED,
        )


def _judge_start(start: Start, *, is_quiet: bool) -> Iterator[Row]:
    took = spread(start.seconds)
    yield Row(
        what="start to the first signed 200",
        beside="–",
        figure=took,
        bar=START,
        verdict=START.judge(took.median) if is_quiet else Verdict.NOT_JUDGED,
    )
    held = spread([start.idle_bytes / 1e6])
    yield Row(
        what="memory of `serve`, idle",
        beside="–",
        figure=held,
        bar=IDLE,
        verdict=IDLE.judge(held.median),
    )
